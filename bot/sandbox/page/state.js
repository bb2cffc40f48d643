// What the page itself knows: the last snapshot, who I act as, what is open, and drafts.
// Everything else is the server's.

import { fetchState, followChanges, postAct } from "./api.js";

/** The last snapshot, or null before the first. */
export let server = null;

export const ui = {
  as: new URLSearchParams(location.search).get("as"),
  connected: true,
  working: 0, // acts that the server has not answered yet
  popup: null, // {key, …}: the one open menu or list
  dialog: null, // a question that the page itself asks before acting
  errors: [], // refusals to show: {id, text}
  notices: [], // what Slack itself told me since I last did something
  hintClosed: null, // the hint that was closed by hand
};

const drafts = new Map();
let draw = () => {};
let scheduled = false;
let fetching = null;
let following = null;
let errorId = 0;

/** Redraw soon, once, however often this is called. */
export function changed() {
  if (scheduled) return;
  scheduled = true;
  queueMicrotask(() => {
    scheduled = false;
    draw();
  });
}

/** Start: fetch the first snapshot, then follow changes. */
export function start(drawPage) {
  draw = drawPage;
  addEventListener("hashchange", () => {
    ui.popup = null;
    changed();
  });
  followChanges(
    (version) => {
      if (server === null || version !== server.version) refresh();
    },
    (yes) => {
      const back = yes && !ui.connected;
      ui.connected = yes;
      if (back) refresh();
      changed();
    },
  );
  refresh();
}

/** Fetch the snapshot again. Resolves when one that was asked for after this call is here. */
export function refresh() {
  if (!fetching) {
    fetching = fetchOnce().finally(() => {
      fetching = null;
    });
    return fetching;
  }
  // Calls made while one is under way share the next one.
  following ??= fetching.then(() => {
    following = null;
    return refresh();
  });
  return following;
}

async function fetchOnce() {
  const asked = ui.as;
  try {
    const fresh = await fetchState(asked);
    if (!asked) ui.as = firstPerson(fresh);
    if (fresh.me === ui.as) {
      server = fresh;
      ui.notices = [...new Set([...ui.notices, ...(fresh.notices ?? [])])];
    } else {
      // Nobody has that id, or I have become somebody else meanwhile.
      if (asked === ui.as) ui.as = null;
      setTimeout(refresh);
    }
    ui.connected = true;
  } catch {
    if (server === null) setTimeout(refresh, 1500);
    ui.connected = false;
  }
  changed();
}

/** Who one is before choosing: whom the server names, else somebody who installed nothing. */
function firstPerson(fresh) {
  return fresh.start_as ?? fresh.people.find((one) => one.kind === "external")?.id ?? fresh.me;
}

/** Do something as the person I am. Refusals are shown; resolves to whether it was done. */
export async function act(verb, details = {}) {
  ui.working += 1;
  Object.assign(ui, { errors: [], notices: [] });
  changed();
  let answer;
  try {
    answer = await postAct({ as: ui.as, do: verb, ...details });
  } catch {
    answer = { ok: false, error: "The sandbox does not answer. Is it still running?" };
    ui.connected = false;
  }
  ui.working -= 1;
  if (!answer.ok) complain(answer.error ?? "That did not work.");
  await refresh();
  changed();
  return answer;
}

/** Tell the server that I have seen what is in a channel; nobody waits for it. */
export async function markRead(channel) {
  try {
    await postAct({ as: ui.as, do: "read", channel });
  } catch {
    return; // it stays unread
  }
  refresh();
}

/** Show a refusal until it is closed, or until the next one. */
export function complain(text) {
  errorId += 1;
  ui.errors = [{ id: errorId, text }];
  changed();
}

/** Become somebody else. */
export function actAs(id) {
  const address = new URL(location.href);
  address.searchParams.set("as", id);
  address.hash = "";
  history.replaceState(null, "", address);
  Object.assign(ui, { as: id, popup: null, dialog: null, errors: [], hintClosed: null, notices: [] });
  refresh();
}

// ---- what is open -------------------------------------------------------------------------

/** Where I am: {view: "list" | "channel" | "home", channel?, thread?}, from the address. */
export function route() {
  const parts = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  if (parts[0] === "home") return { view: "home" };
  if (parts[0] === "channel" && parts[1]) {
    return { view: "channel", channel: parts[1], thread: parts[2] === "thread" ? parts[3] : null };
  }
  return { view: "list" };
}

/** The address of a place, for links. */
export function placeOf(channel, thread = null) {
  const base = `#/channel/${encodeURIComponent(channel)}`;
  return thread ? `${base}/thread/${encodeURIComponent(thread)}` : base;
}

/** Go to a place. */
export function go(hash) {
  if (location.hash === hash) changed();
  else location.hash = hash;
}

// ---- drafts -------------------------------------------------------------------------------

/** What I have typed or chosen and not sent; `made` is forgotten when `basis` is another one. */
export function draft(key, basis = null) {
  const found = drafts.get(`${ui.as}|${key}`);
  return found !== undefined && (basis === null || found.basis === basis) ? found.value : undefined;
}

export function setDraft(key, value, basis = null) {
  drafts.set(`${ui.as}|${key}`, { value, basis });
  changed();
}

export function dropDrafts(prefix) {
  for (const key of drafts.keys()) if (key.startsWith(`${ui.as}|${prefix}`)) drafts.delete(key);
}

// ---- people -------------------------------------------------------------------------------

export function me() {
  return person(server.me);
}

export function person(id) {
  return server.people.find((one) => one.id === id) ?? null;
}

export function channelOf(id) {
  return server.channels.find((one) => one.id === id) ?? null;
}

/** The app that this sandbox is for, as the people in it see it. */
export function app() {
  return server.people.find((one) => one.kind === "app") ?? null;
}

/** The direct messages between me and the app, if there are any yet. */
export function appDirect() {
  const id = app()?.id;
  return server.channels.find((one) => one.kind === "dm" && (one.members ?? []).includes(id)) ?? null;
}
