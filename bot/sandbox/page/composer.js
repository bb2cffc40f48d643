// Where one writes: Enter sends, Shift+Enter begins a line. Names, channels and commands are completed.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { idOf } from "./popup.js";
import { act, changed, complain, draft, person, server, setDraft } from "./state.js";

let completion = null; // {key, kind, start, query, active} while there is something to complete

/** The box for writing in a channel or thread. */
export function composer(channel, thread = null) {
  const key = `composer|${channel.id}|${thread ?? ""}`;
  const text = draft(key) ?? "";
  const found = completion?.key === key ? candidates(completion, channel, thread) : [];
  const active = found.length ? Math.min(completion.active, found.length - 1) : -1;
  const listId = idOf(key, "list");
  const where = thread ? "the thread" : channel.kind === "dm" ? channel.name : `#${channel.name}`;
  const note = noteOn(text, thread);
  const write = (field) => {
    setDraft(key, field.value);
    completion = lookBack(key, field);
    changed();
  };
  return h("form", {
    class: "composer", key, "aria-label": `Write in ${where}`,
    onsubmit: (event) => { event.preventDefault(); send(channel, thread, key); },
  },
  found.length
    ? h("ul", { class: "completions", id: listId, role: "listbox", "aria-label": "Suggestions" },
        found.map((one, at) =>
          h("li", {
            key: one.insert, id: `${listId}-${at}`, role: "option", "aria-selected": at === active, class: at === active ? "option active" : "option",
            onpatch: (item) => at === active && item.scrollIntoView({ block: "nearest" }),
            onmousedown: (event) => { event.preventDefault(); accept(key, one); },
          }, h("span", { class: "menu-words" }, h("span", null, one.label), one.note ? h("span", { class: "quiet" }, one.note) : null))))
    : null,
  note ? h("p", { class: "composer-note", id: `${listId}-note`, role: "status" }, note) : null,
  h("div", { class: "composer-box" },
    h("textarea", {
      class: "composer-field", id: idOf(key, "field"), rows: Math.min(8, text.split("\n").length), value: text,
      "aria-label": `Message to ${where}`, placeholder: thread ? "Reply…" : `Message ${where}`,
      "aria-autocomplete": "list", "aria-controls": found.length ? listId : null,
      "aria-activedescendant": active >= 0 ? `${listId}-${active}` : null, "aria-describedby": note ? `${listId}-note` : null,
      oninput: (event) => write(event.target),
      onclick: (event) => write(event.target),
      onblur: () => {
        if (completion?.key === key) { completion = null; changed(); }
      },
      onkeydown: (event) => keys(event, { channel, thread, key, found, active }),
    }),
    h("button", { type: "submit", class: "send", "aria-label": "Send", disabled: !text.trim() }, icon("up"))));
}

function noteOn(text, thread) {
  if (!text.startsWith("/")) return null;
  if (thread) return "Slash commands do not work in threads, for anybody. Mention the app instead.";
  if (!server.commands?.length) return server.commands_note ?? "There are no slash commands for you here.";
  const word = text.split(/\s/)[0];
  const known = server.commands.find((one) => one.command === word);
  return known && text.length > word.length ? `${known.command} ${known.usage_hint ?? ""}` : null;
}

function keys(event, { channel, thread, key, found, active }) {
  if (event.isComposing) return;
  if (found.length) {
    const to = { ArrowDown: (active + 1) % found.length, ArrowUp: (active - 1 + found.length) % found.length }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      completion.active = to;
      changed();
      return;
    }
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      completion = null;
      changed();
      return;
    }
    if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey)) {
      event.preventDefault();
      accept(key, found[active]);
      return;
    }
  }
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    send(channel, thread, key);
  }
}

/** What stands before the cursor and may be completed, or null. */
function lookBack(key, field) {
  const before = field.value.slice(0, field.selectionStart);
  const command = /^\/\S*$/.exec(before);
  if (command) return { key, kind: "/", start: 0, query: before.toLowerCase(), active: 0 };
  const mention = /(?:^|[\s(])([@#])([\p{L}\p{N}_. -]{0,30})$/u.exec(before);
  if (!mention) return null;
  return { key, kind: mention[1], start: before.length - mention[2].length - 1, query: mention[2].toLowerCase(), active: 0 };
}

function candidates({ kind, query }, channel, thread) {
  if (kind === "/") {
    if (thread) return [];
    const fitting = (server.commands ?? []).filter((one) => one.command.startsWith(query) && one.command !== query);
    return fitting.map((one) => ({ insert: `${one.command} `, label: `${one.command} ${one.usage_hint ?? ""}`, note: one.description }));
  }
  if (kind === "#") {
    const fitting = server.channels.filter((one) => one.kind === "channel" && one.name.toLowerCase().startsWith(query) && one.name.toLowerCase() !== query);
    return fitting.map((one) => ({ insert: `#${one.name} `, label: `#${one.name}`, note: null }));
  }
  const members = (channel.members ?? []).map(person).filter(Boolean);
  const fitting = members.filter((one) => one.name.toLowerCase().startsWith(query));
  // A name that is written out needs no help, and Enter sends it.
  if (fitting.length === 1 && fitting[0].name.toLowerCase() === query) return [];
  return fitting.map((one) => ({
    insert: `@${one.name} `, label: `@${one.name}`, note: one.kind === "app" ? "App" : one.organization,
  }));
}

function accept(key, chosen) {
  const field = document.getElementById(idOf(key, "field"));
  const after = field.value.slice(field.selectionStart);
  const start = field.value.slice(0, completion.start) + chosen.insert;
  completion = null;
  field.value = start + after;
  field.setSelectionRange(start.length, start.length);
  setDraft(key, field.value);
  field.focus();
}

async function send(channel, thread, key) {
  const text = (draft(key) ?? "").trim();
  if (!text) return;
  if (text.startsWith("/") && thread) {
    complain("Slash commands do not work in threads. Write it in the channel, or mention the app here.");
    return;
  }
  completion = null;
  setDraft(key, "");
  const answer = text.startsWith("/")
    ? await act("slash", { channel: channel.id, text })
    : await act("say", { channel: channel.id, text, ...(thread ? { thread_ts: thread } : {}) });
  // What was refused is given back, to be mended, unless something new is being written.
  if (!answer.ok && !draft(key)) setDraft(key, text);
}
