// Puts the panes together and keeps the page, the focus and the announcements in step with the state.

import { calendar } from "./calendar.js";
import { channelPane, threadPane } from "./channel.js";
import { h, patchChildren } from "./dom.js";
import { home, leaveHome } from "./home.js";
import { icon } from "./icons.js";
import { modal, question } from "./modal.js";
import { app, changed, channelOf, markRead, me, route, server, start, ui } from "./state.js";
import { sidebar } from "./sidebar.js";

const root = document.getElementById("app");
const wide = matchMedia("(min-width: 761px)");

function draw() {
  const page = document.documentElement;
  page.dataset.connected = String(ui.connected);
  if (server === null) {
    patchChildren(root, [h("p", { class: "loading", role: "status" }, ui.connected ? "Opening the sandbox…" : "The sandbox does not answer. Trying again…")]);
    return;
  }
  const here = place();
  const focus = rememberFocus();
  patchChildren(root, [pageOf(here)]);
  returnFocus(focus);
  announce(here);
  read(here.channel);
  document.title = `${me()?.name ?? "Sandbox"} · ${here.view === "home" ? app()?.name : here.channel?.name ?? "Sandbox"}`;
  Object.assign(page.dataset, { version: String(server.version), me: server.me, working: String(isWorking()), view: here.view });
}

/** What is open, as objects; on a wide screen something always is. */
function place() {
  const asked = route();
  if (asked.view === "home") return { view: "home" };
  leaveHome();
  let channel = asked.channel ? channelOf(asked.channel) : null;
  if (!channel && wide.matches) channel = server.channels.find((one) => one.kind === "channel") ?? server.channels[0] ?? null;
  if (!channel) return { view: wide.matches ? "channel" : "list", channel: null };
  return { view: asked.thread ? "thread" : "channel", channel, thread: asked.thread ?? null };
}

/** The way back to the list on a narrow screen, with how much is unread elsewhere: answers to a mention come as direct messages. */
function backTo(here) {
  const news = server.channels.reduce((sum, one) => (one.id === here.channel?.id ? sum : sum + one.unread), 0);
  const label = `Back to the list of channels${news ? `, ${news} unread` : ""}`;
  return h("a", { class: "icon-button back narrow-only", href: "#/", "aria-label": label }, icon("back"),
    news ? h("span", { class: "badge", "aria-hidden": true }, news) : null);
}

function pageOf(here) {
  const back = backTo(here);
  return h("div", { class: `page view-${here.view}${here.thread ? " has-thread" : ""}`, key: "page" },
    h("a", { class: "skip", href: "#main", onclick: (event) => skip(event, ".main-pane .scroll") }, "To the messages"),
    h("a", { class: "skip", href: "#main", onclick: (event) => skip(event, ".composer-field") }, "To the message box"),
    top(),
    hint("in-top"),
    notices(),
    h("div", { class: "panes" },
      sidebar(),
      here.view === "home"
        ? home(back)
        : here.channel
          ? channelPane(here.channel, back, hint("narrow-only"))
          : h("main", { class: "pane main-pane", id: "main" }, h("p", { class: "empty-note" }, "Choose a channel.")),
      here.thread ? threadPane(here.channel, here.thread) : null),
    modal(server.modal),
    question());
}

function skip(event, selector) {
  event.preventDefault();
  document.querySelector(selector)?.focus();
}

function isWorking() {
  return ui.working > 0 || Boolean(server.working);
}

function top() {
  return h("header", { class: "top" },
    h("p", { class: "brand" }, h("strong", null, "Sandbox"), h("span", { class: "quiet" }, " a Slack on this machine")),
    h("p", { class: isWorking() ? "working" : "working idle", role: "status" }, isWorking() ? `${app()?.name ?? "The bot"} is working…` : ""),
    calendar());
}

function hint(className) {
  if (!server.hint || ui.hintClosed === server.hint) return null;
  return h("div", { class: `hint ${className}`, role: "note", "aria-label": "What to try" },
    h("span", { class: "hint-words" }, h("strong", null, "Try this: "), server.hint),
    h("button", {
      type: "button", class: "icon-button", "aria-label": "Hide this hint",
      onclick: () => { ui.hintClosed = server.hint; changed(); },
    }, icon("close")));
}

// Refusals, what Slack itself would say, and the state of the connection.
function notices() {
  return h("div", { class: "notices", role: "status" },
    ui.connected ? null : h("div", { key: "lost", class: "notice lost" }, h("span", null, "Connection lost. Trying again…")),
    ui.errors.map((one) => notice(`error-${one.id}`, one.text, () => { ui.errors = ui.errors.filter((each) => each !== one); }, "refusal")),
    ui.notices.map((text) => notice(`notice-${text}`, text, () => { ui.notices = ui.notices.filter((each) => each !== text); }, "")));
}

function notice(key, text, close, kind) {
  return h("div", { key, class: `notice ${kind}` }, h("span", null, text),
    h("button", { type: "button", class: "icon-button", "aria-label": "Close this notice", onclick: () => { close(); changed(); } }, icon("close")));
}

let reading = ""; // the news that was last marked as read

function read(channel) {
  if (!channel?.unread || document.visibilityState !== "visible") return;
  const news = `${server.me}|${channel.id}|${(server.messages[channel.id] ?? []).at(-1)?.ts}|${channel.unread}`;
  if (news === reading) return;
  reading = news;
  markRead(channel.id);
}

// ---- focus --------------------------------------------------------------------------------------

function rememberFocus() {
  const held = document.activeElement;
  if (!held || held === document.body) return null;
  return { held, article: held.closest("[data-message]")?.dataset.message ?? null, pane: held.closest(".pane") };
}

// A button that was pressed often becomes a line of text; the focus then stays with its message.
function returnFocus(before) {
  if (!before || document.contains(before.held) || (document.activeElement && document.activeElement !== document.body)) return;
  const dialog = document.querySelector("dialog[open]");
  const pane = before.pane && document.contains(before.pane) ? before.pane : document;
  const article = before.article ? pane.querySelector(`[data-message="${CSS.escape(before.article)}"]`) : null;
  (dialog?.querySelector(".dialog-body") ?? article ?? document.querySelector(".main-pane .scroll"))?.focus({ preventScroll: true });
}

// ---- announcements ------------------------------------------------------------------------------

let heard = null; // {place, latest}: up to where messages have been announced

function announce(here) {
  const channel = here.channel;
  if (!channel) return;
  const key = `${server.me}|${channel.id}|${here.thread ?? ""}`;
  const all = [...(server.messages[channel.id] ?? []), ...(here.thread ? server.threads[`${channel.id}:${here.thread}`] ?? [] : [])];
  const latest = new Set(all.map((one) => one.ts));
  if (heard?.key === key) {
    const fresh = all.filter((one) => !heard.latest.has(one.ts) && one.user !== server.me && !one.deleted);
    if (fresh.length) {
      const said = fresh.map((one) => `${one.name}${one.ephemeral ? ", only to you" : ""}: ${spoken(one.text)}`);
      document.getElementById("announcements").textContent = said.join(" ");
    }
  }
  heard = { key, latest };
}

function spoken(text) {
  return (text ?? "").replace(/<@(\w+)[^>]*>/g, (_, id) => server.people.find((one) => one.id === id)?.name ?? "somebody")
    .replace(/<[^|>]*\|([^>]*)>/g, "$1").replace(/[*_~`<>]/g, "");
}

wide.addEventListener("change", changed);
document.addEventListener("visibilitychange", changed);
if (!location.hash && !wide.matches) history.replaceState(null, "", `${location.pathname}${location.search}#/`);
start(draw);

