// The middle pane with a channel, and the right one with a thread.

import { composer } from "./composer.js";
import { h } from "./dom.js";
import { appTabs } from "./home.js";
import { icon } from "./icons.js";
import { messageItem, messageList } from "./messages.js";
import { show } from "./modal.js";
import { menuButton } from "./popup.js";
import { act, app, appDirect, go, person, placeOf, server } from "./state.js";
import { stepItems } from "./calendar.js";
import { avatar } from "./avatar.js";

const NEAR = 60; // pixels from the foot that still count as being there

/** A channel or direct message. `extra` goes between its head and its messages. */
export function channelPane(channel, back, extra) {
  const messages = server.messages[channel.id] ?? [];
  const direct = channel.kind === "dm";
  const withApp = channel === appDirect();
  const name = direct ? channel.name : `#${channel.name}`;
  return h("main", { class: "pane main-pane", id: "main", key: `channel-${channel.id}`, "aria-label": name },
    h("header", { class: "pane-head" }, back,
      direct ? avatar(withApp ? app() : null) : null,
      h("div", { class: "pane-title" }, h("h2", null, name), direct ? null : about(channel)),
      channelMenu(channel, direct)),
    withApp ? appTabs("messages") : null,
    extra,
    scroller(`messages-${channel.id}`, "Messages",
      messages.length
        ? messageList(channel, messages, { label: `Messages in ${name}` })
        : h("p", { class: "empty-note" }, direct ? "Nothing has been said here yet." : "Nothing has been said in this channel yet.")),
    channel.archived
      ? h("p", { class: "empty-note foot" }, "This channel is archived: it can be read, not written in.")
      : composer(channel));
}

function about(channel) {
  const people = (channel.members ?? []).map(person).filter((one) => one && one.kind !== "app").length;
  const shared = channel.shared_with?.length ? `Shared with ${channel.shared_with.join(", ")}` : null;
  const count = people ? `${people} ${people === 1 ? "person" : "people"}` : null;
  return h("p", { class: "quiet" }, [shared, count, channel.bot_in ? null : `${app()?.name ?? "The app"} is not here`].filter(Boolean).join(" · "));
}

function channelMenu(channel, direct) {
  const name = app()?.name ?? "the app";
  const members = (channel.members ?? []).map(person).filter(Boolean);
  const items = direct ? [] : [{ label: "Who is here", run: () => show(`Who is in #${channel.name}`, memberList(members)) }];
  if (!direct && !channel.archived) {
    items.push(channel.bot_in
      ? { label: `Remove ${name}`, run: () => act("remove_bot", { channel: channel.id }) }
      : { label: `Invite ${name}`, run: () => act("invite_bot", { channel: channel.id }) });
    items.push({ label: "Archive this channel", danger: true, run: () => act("archive", { channel: channel.id }) });
  }
  if (!direct && channel.archived) items.push({ label: "Bring this channel back", run: () => act("unarchive", { channel: channel.id }) });
  (server.shortcuts ?? []).filter((one) => one.type === "global").forEach((one, at) => items.push({
    heading: at === 0 ? "Shortcuts" : null, label: one.name, run: () => act("shortcut", { callback_id: one.callback_id }),
  }));
  items.push(...stepItems());
  if (!items.length) return null;
  return menuButton({ key: `channel-${channel.id}`, label: `More about ${direct ? channel.name : `#${channel.name}`}`, items, content: icon("more") });
}

function memberList(members) {
  return h("ul", { class: "members" }, members.map((one) =>
    h("li", { key: one.id }, avatar(one),
      h("span", { class: "menu-words" }, h("strong", null, one.name), h("span", { class: "quiet" }, one.kind === "app" ? "App" : one.organization)))));
}

/** A thread, to the right of its channel. */
export function threadPane(channel, ts) {
  const parent = (server.messages[channel.id] ?? []).find((one) => one.ts === ts && !one.ephemeral);
  const replies = server.threads[`${channel.id}:${ts}`] ?? [];
  const count = replies.filter((one) => !one.ephemeral).length;
  const close = () => go(placeOf(channel.id));
  return h("aside", {
    class: "pane thread-pane", key: `thread-${channel.id}-${ts}`, "aria-label": "Thread",
    // On a touch screen the focus would bring up the keyboard over what one came to read.
    onmount: (pane) => matchMedia("(min-width: 761px)").matches && pane.querySelector(".composer-field")?.focus(),
    onkeydown: (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) {
        close();
        document.querySelector(`.main-pane [data-message="${CSS.escape(ts)}"]`)?.focus();
      }
    },
  },
  h("header", { class: "pane-head" },
    h("button", { type: "button", class: "icon-button thread-close", "aria-label": "Close the thread", onclick: close },
      h("span", { class: "wide-only" }, icon("close")), h("span", { class: "narrow-only" }, icon("back"))),
    h("div", { class: "pane-title" }, h("h2", null, "Thread"), h("p", { class: "quiet" }, channel.kind === "dm" ? channel.name : `#${channel.name}`))),
  scroller(`thread-${channel.id}-${ts}`, "Thread",
    parent
      ? h("ol", { class: "messages parent", "aria-label": "First message" }, messageItem(channel, parent, { thread: ts }))
      : h("p", { class: "empty-note" }, "The message that this thread answers is not here."),
    h("p", { class: "reply-line" }, h("span", null, count === 1 ? "1 reply" : count ? `${count} replies` : "No replies yet")),
    messageList(channel, replies, { thread: ts, label: "Replies" })),
  channel.archived ? null : composer(channel, ts));
}

// Stays at the foot while a person is there, and lets them be while they read further up.
function scroller(key, label, ...children) {
  const stick = (box) => {
    const away = box.stuckAt !== undefined && box.scrollTop < box.stuckAt - NEAR;
    if (away && box.scrollHeight - box.scrollTop - box.clientHeight > NEAR) return;
    box.scrollTop = box.scrollHeight;
    box.stuckAt = box.scrollTop;
  };
  return h("div", {
    key, class: "scroll", tabindex: "0", role: "region", "aria-label": label,
    onmount: stick, onpatch: stick,
  }, children);
}
