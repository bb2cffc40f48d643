// The app's own place: its Home tab, and its direct messages.

import { avatar } from "./avatar.js";
import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { surfaceOf } from "./modal.js";
import { act, app, appDirect, go, placeOf, server } from "./state.js";

let opened = null; // for whom the tab was opened, so that the bot is told once a visit

/** The tabs above the app's Home and its messages. */
export function appTabs(current) {
  const direct = appDirect();
  const messages = direct
    ? h("a", { href: placeOf(direct.id), "aria-current": current === "messages" ? "page" : null }, "Messages")
    : h("button", { type: "button", onclick: writeToApp }, "Messages");
  return h("nav", { class: "tabs", "aria-label": app()?.name ?? "App" },
    h("a", { href: "#/home", "aria-current": current === "home" ? "page" : null }, "Home"), messages);
}

/** Open the direct messages with the app, beginning them if there are none. */
export async function writeToApp() {
  if (!appDirect()) await act("open_dm");
  if (appDirect()) go(placeOf(appDirect().id));
}

/** The Home tab as I see it. */
export function home(back) {
  const { available, view, note } = server.home ?? {};
  visit(available);
  return h("main", { class: "pane main-pane", id: "main", "aria-label": "App Home" },
    h("header", { class: "pane-head" }, back, avatar(app()), h("div", { class: "pane-title" }, h("h2", null, app()?.name ?? "App"))),
    appTabs("home"),
    h("div", { class: "scroll home-body", tabindex: "0", role: "region", "aria-label": "Home tab" },
      available && view
        ? h("div", { class: "home-view" }, blocks(view.blocks, surfaceOf(view.id ?? "home", view, `home|${view.id ?? ""}`)))
        : h("p", { class: "empty-note" }, note ?? (available ? "The app has not put anything here yet." : "The app's Home is only for people of the workspace that installed it."))));
}

function visit(available) {
  if (opened === server.me) return;
  opened = server.me;
  if (available) setTimeout(() => act("home"));
}

/** The Home tab was left. */
export function leaveHome() {
  opened = null;
}
