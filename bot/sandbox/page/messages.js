// Messages of a channel or thread: who, when, what, what was answered, and what one can do with them.

import { avatar } from "./avatar.js";
import { blocks, carries } from "./blocks.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { ask } from "./modal.js";
import { emojiNode, mrkdwn } from "./mrkdwn.js";
import { idOf, menuButton } from "./popup.js";
import { OFFERED, emoji } from "./emoji.js";
import { act, draft, dropDrafts, go, person, placeOf, server, setDraft } from "./state.js";
import { clock, dayHeading, fullMoment, isoDay } from "./time.js";
import { valuesOf } from "./values.js";

const TOGETHER = 5 * 60_000; // messages of one person this close are shown under one name

// What Slack itself reports in a channel, as one quiet line.
const SYSTEM = new Set([
  "channel_join", "channel_leave", "channel_archive", "channel_unarchive", "channel_name", "channel_topic", "channel_purpose",
  "group_join", "group_leave", "group_archive", "group_unarchive", "group_name", "bot_add", "bot_remove",
]);

/** The messages of one place, oldest first, with a line where a day begins. */
export function messageList(channel, messages, { thread = null, label }) {
  const items = [];
  let before = null;
  for (const message of messages) {
    const moment = new Date(message.time);
    const newDay = !before || isoDay(new Date(before.time)) !== isoDay(moment);
    if (newDay) {
      items.push(h("li", { key: `day-${isoDay(moment)}`, class: "day" }, h("h3", null, dayHeading(moment))));
    }
    items.push(messageItem(channel, message, { thread, follows: !newDay && follows(before, message) }));
    before = message;
  }
  return h("ol", { class: "messages", "aria-label": label }, items);
}

function follows(before, message) {
  return before !== null && !message.app && before.user === message.user && !SYSTEM.has(before.subtype) && before.ephemeral === message.ephemeral && !message.ephemeral &&
    !before.deleted && !message.deleted && !before.reply_count && new Date(message.time) - new Date(before.time) < TOGETHER;
}

/** One message. */
export function messageItem(channel, message, { thread = null, follows: joined = false } = {}) {
  const key = `${message.ephemeral ? "private" : "message"}-${message.ts}`;
  const id = idOf(channel.id, thread ?? "top", key);
  if (message.deleted) {
    return h("li", { key, class: "message gone" },
      h("span", { class: "avatar empty", "aria-hidden": true }, "–"),
      h("div", { class: "message-body" }, h("p", { class: "quiet" }, "This message was deleted."), replies(channel, message, thread)));
  }
  if (SYSTEM.has(message.subtype)) {
    return h("li", { key, class: "message system" }, h("div", null, mrkdwn(message.text)), h("time", { datetime: message.time }, clock(new Date(message.time))));
  }
  const mine = message.user === server.me && !message.ephemeral;
  const who = person(message.user);
  const editing = draft(`edit|${channel.id}|${message.ts}`);
  const classes = ["message", message.ephemeral ? "only-you" : "", joined ? "joined" : ""].filter(Boolean).join(" ");
  return h("li", { key, class: classes, "data-ts": message.ts },
    h("article", { "aria-labelledby": `${id}-head`, tabindex: "-1", "data-message": message.ts },
      joined ? h("span", { class: "avatar empty", "aria-hidden": true }) : avatar(who, { app: message.app }),
      h("div", { class: "message-body" },
        message.ephemeral ? h("p", { class: "only-you-mark" }, icon("eye"), "Only visible to you") : null,
        head(message, id, joined),
        broadcastNote(channel, message, thread),
        editing === undefined ? content(channel, message, thread) : editor(channel, message, editing),
        reactions(channel, message),
        replies(channel, message, thread)),
      tools(channel, message, { thread, mine, id })));
}

function head(message, id, joined) {
  const moment = new Date(message.time);
  const about = message.app ? h("span", { class: "tag" }, "App") : h("span", { class: "organization" }, message.organization);
  return h("header", { id: `${id}-head`, class: joined ? "message-head hidden-text" : "message-head" },
    h("strong", { class: "author" }, message.name), " ", about, " ",
    h("time", { datetime: message.time, title: fullMoment(moment) }, clock(moment)),
    message.ephemeral ? h("span", { class: "hidden-text" }, ", only visible to you") : null);
}

function broadcastNote(channel, message, thread) {
  if (thread || !message.thread_ts || message.thread_ts === message.ts) return null;
  return h("p", { class: "quiet" }, "replied to ", h("a", { href: placeOf(channel.id, message.thread_ts) }, "a thread"));
}

function content(channel, message, thread) {
  const surface = surfaceOf(channel, message, thread);
  const edited = message.edited ? h("span", { class: "edited" }, "(edited)") : null;
  const list = message.blocks ?? [];
  if (!list.length) return h("div", { class: "content words" }, mrkdwn(message.text), edited, attachments(message, surface));
  const unsaid = message.text && !carries(list, message.text);
  return h("div", { class: "content" },
    // What the bot wrote for notifications and screen readers, where the blocks do not say it.
    unsaid ? h("div", { class: "hidden-text", "data-summary": true }, mrkdwn(message.text)) : null,
    blocks(list, surface), edited, attachments(message, surface));
}

function attachments(message, surface) {
  return (message.attachments ?? []).map((one, at) =>
    h("div", { key: `attachment-${at}`, class: "attachment" },
      one.pretext ? h("div", { class: "words" }, mrkdwn(one.pretext)) : null,
      one.title ? h("strong", null, one.title) : null,
      one.text ? h("div", { class: "words" }, mrkdwn(one.text)) : null,
      blocks(one.blocks, surface)));
}

// A thread's first message may stand in both panes; what is open in one is not open in the other.
function surfaceOf(channel, message, thread) {
  const address = { channel: channel.id, ts: message.ts };
  const key = `message|${channel.id}|${message.ts}|${thread ? "thread" : "channel"}`;
  return {
    key, keeps: false, address, ask,
    send: (blockId, element, change) => {
      const details = { ...address, block_id: blockId, action_id: element.action_id };
      const values = valuesOf(message.blocks, { key, keeps: false, channel: channel.id });
      if (change.click) return act("click", { ...details, value: change.value, values });
      return act("choose", { ...details, selected: change.selected, values });
    },
  };
}

// ---- reactions and replies ---------------------------------------------------------------------

function reactions(channel, message) {
  if (!message.reactions?.length) return null;
  return h("ul", { class: "reactions", "aria-label": "Reactions" },
    message.reactions.map((one) => {
      const names = one.users.map((id) => person(id)?.name ?? "somebody").join(", ");
      const mine = one.users.includes(server.me);
      return h("li", { key: one.name },
        h("button", {
          type: "button", class: "reaction", "aria-pressed": mine, title: names,
          "aria-label": `${one.name.replaceAll("_", " ")}: ${names}`,
          onclick: () => act("react", { channel: channel.id, ts: message.ts, name: one.name }),
        }, h("span", { "aria-hidden": true }, emoji(one.name) ?? `:${one.name}:`), h("span", { "aria-hidden": true }, one.users.length)));
    }));
}

function replies(channel, message, thread) {
  if (thread || !message.reply_count) return null;
  const count = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  return h("a", { class: "replies", href: placeOf(channel.id, message.ts) },
    message.reply_users?.length ? h("span", { class: "faces" }, message.reply_users.slice(0, 4).map((id) => avatar(person(id), { small: true }))) : null,
    count, h("span", { class: "hidden-text" }, " in the thread"));
}

// ---- what one can do with a message ------------------------------------------------------------

function tools(channel, message, { thread, mine, id }) {
  if (message.ephemeral || channel.archived) return null;
  const place = placeOf(channel.id, message.ts);
  const reacting = OFFERED.map((name) => ({
    label: [emojiNode(name), " ", name === "+1" ? "thumbs up" : name.replaceAll("_", " ")],
    run: () => act("react", { channel: channel.id, ts: message.ts, name }),
  }));
  const own = mine
    ? [
        { label: "Edit", run: () => setDraft(`edit|${channel.id}|${message.ts}`, named(message.text)) },
        { label: "Delete", danger: true, run: () => remove(channel, message) },
      ]
    : [];
  const shortcuts = (server.shortcuts ?? []).filter((one) => one.type === "message").map((one) => ({
    label: one.name, run: () => act("shortcut", { callback_id: one.callback_id, channel: channel.id, ts: message.ts }),
  }));
  const changing = [...shortcuts, ...own];
  const replying = thread ? [] : [{ label: "Reply in a thread", run: () => go(place) }];
  return [
    h("div", { class: "tools wide-only" },
      menuButton({ key: `${id}-react`, label: "Add a reaction", content: icon("smile"), className: "tool", items: reacting }),
      thread ? null : h("a", { class: "tool", href: place, "aria-label": "Reply in a thread", title: "Reply in a thread" }, icon("reply")),
      changing.length ? menuButton({ key: `${id}-more`, label: "More about this message", content: icon("more"), className: "tool", items: changing }) : null),
    // On a narrow screen one button holds them all.
    h("div", { class: "tools narrow-only" },
      menuButton({
        key: `${id}-all`, label: "Reply, react and more", content: icon("more"), className: "tool",
        items: [...replying, ...changing, ...reacting.slice(0, 6).map((one, at) => ({ ...one, heading: at === 0 ? "React" : null }))],
      })),
  ];
}

async function remove(channel, message) {
  const sure = await ask({
    title: { text: "Delete this message?" }, text: { text: "It disappears for everybody." },
    confirm: { text: "Delete" }, deny: { text: "Keep it" }, style: "danger",
  });
  if (sure) act("delete", { channel: channel.id, ts: message.ts });
}

function editor(channel, message, text) {
  const key = `edit|${channel.id}|${message.ts}`;
  const stop = () => {
    dropDrafts(key);
    setDraft(key, undefined);
    document.querySelector(`[data-message="${CSS.escape(message.ts)}"]`)?.focus();
  };
  const save = async () => {
    const wanted = text.trim();
    stop();
    if (wanted && wanted !== named(message.text)) await act("edit", { channel: channel.id, ts: message.ts, text: wanted });
  };
  return h("div", { class: "editor", key: "editor" },
    h("textarea", {
      class: "field", rows: Math.min(8, text.split("\n").length + 1), "aria-label": "Edit your message", value: text,
      onmount: (field) => { field.focus(); field.setSelectionRange(text.length, text.length); },
      oninput: (event) => setDraft(key, event.target.value),
      onkeydown: (event) => {
        if (event.key === "Escape") { event.preventDefault(); stop(); }
        if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); save(); }
      },
    }),
    h("div", { class: "actions" },
      h("button", { type: "button", class: "button small", onclick: stop }, "Cancel"),
      h("button", { type: "button", class: "button small primary", onclick: save }, "Save")));
}

/** Text as a person would type it: names instead of ids. */
function named(text) {
  return (text ?? "")
    .replace(/<@(\w+)(?:\|[^>]*)?>/g, (whole, id) => (person(id) ? `@${person(id).name}` : whole))
    .replace(/<#(\w+)(?:\|([^>]*))?>/g, (whole, id, name) => {
      const known = server.channels.find((one) => one.id === id)?.name ?? name;
      return known ? `#${known}` : whole;
    })
    .replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
