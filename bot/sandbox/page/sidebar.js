// The left pane: who I am, the app, the channels.

import { avatar } from "./avatar.js";
import { h } from "./dom.js";
import { writeToApp } from "./home.js";
import { icon } from "./icons.js";
import { menuButton } from "./popup.js";
import { actAs, app, appDirect, me, placeOf, route, server } from "./state.js";

const KINDS = { member: null, external: "from another workspace", guest: "guest" };

/** The left pane. */
export function sidebar() {
  const here = route();
  const channels = server.channels.filter((one) => one.kind === "channel");
  const direct = appDirect();
  const others = server.channels.filter((one) => one.kind === "dm" && one !== direct);
  return h("nav", { class: "pane sidebar", "aria-label": "Channels" },
    who(),
    h("div", { class: "scroll sidebar-lists" },
      h("h2", { id: "list-channels" }, "Channels"),
      h("ul", { "aria-labelledby": "list-channels" },
        channels.map((one) => place({
          key: one.id, href: placeOf(one.id), current: here.channel === one.id, unread: one.unread,
          mark: mark(one.archived ? "box" : one.private ? "lock" : "hash"),
          words: one.name, note: one.archived ? "archived" : null, shared: one.shared_with,
        }))),
      channels.length ? null : h("p", { class: "quiet pad" }, "You are in no channel."),
      h("h2", { id: "list-apps" }, "App"),
      h("ul", { "aria-labelledby": "list-apps" }, server.home?.available ? [homePlace(here), directPlace(here, direct)] : directPlace(here, direct, app())),
      others.length ? h("h2", { id: "list-direct" }, "Direct messages") : null,
      others.length
        ? h("ul", { "aria-labelledby": "list-direct" },
            others.map((one) => place({ key: one.id, href: placeOf(one.id), current: here.channel === one.id, unread: one.unread, mark: mark("person"), words: one.name })))
        : null));
}

function homePlace(here) {
  return place({ key: "home", href: "#/home", current: here.view === "home", unread: 0, mark: avatar(app(), { small: true }), words: app()?.name ?? "App" });
}

// Who has no Home tab finds the app under its own name; the others find its messages below it.
function directPlace(here, direct, named = null) {
  const sign = named ? avatar(named, { small: true }) : mark("mail");
  const words = named?.name ?? "Messages";
  if (direct) return place({ key: direct.id, href: placeOf(direct.id), current: here.channel === direct.id, unread: direct.unread, mark: sign, words });
  return h("li", { key: "write" },
    h("button", { type: "button", class: "place", onclick: writeToApp, "aria-label": `Write to ${app()?.name ?? "the app"}` }, sign, h("span", { class: "place-name" }, words)));
}

function mark(name) {
  return h("span", { class: "hash" }, icon(name));
}

function place({ key, href, current, unread, mark: sign, words, note = null, shared = [] }) {
  const news = unread > 0 && !current;
  return h("li", { key },
    h("a", { class: news ? "place unread" : "place", href, "aria-current": current ? "page" : null },
      sign, h("span", { class: "place-name" }, words),
      shared?.length ? h("span", { class: "shared", title: `Shared with ${shared.join(", ")}` }, icon("shared"), h("span", { class: "hidden-text" }, `shared with ${shared.join(", ")}`)) : null,
      note ? h("span", { class: "quiet" }, note) : null,
      news ? h("span", { class: "badge" }, unread, h("span", { class: "hidden-text" }, " unread")) : null));
}

function who() {
  const mine = me();
  const people = server.people.filter((one) => one.kind !== "app");
  const organizations = [...new Set(people.map((one) => one.organization))];
  const items = organizations.flatMap((organization) =>
    people.filter((one) => one.organization === organization).map((one, at) => ({
      heading: at === 0 ? organization : null, label: one.name, note: KINDS[one.kind], icon: avatar(one, { small: true }),
      checked: one.id === server.me, run: () => actAs(one.id),
    })));
  return h("div", { class: "who" },
    menuButton({
      key: "who", className: "who-button", align: "start", items, label: `You are ${mine?.name}, ${mine?.organization}. Be somebody else`,
      content: [
        avatar(mine),
        h("span", { class: "who-words" },
          h("span", { class: "quiet" }, "You are"),
          h("strong", null, mine?.name ?? "nobody"),
          h("span", { class: "quiet" }, [mine?.organization, KINDS[mine?.kind]].filter(Boolean).join(" · "))),
        icon("down"),
      ],
    }));
}
