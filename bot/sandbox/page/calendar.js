// The sandbox's own calendar: which moment it is there, and going to the next day or week.

import { h } from "./dom.js";
import { act, server, ui } from "./state.js";
import { calendarDate, clock } from "./time.js";

const STEPS = [["next_day", "Next day"], ["next_week", "Next week"]];

function steps() {
  return server.calendar_steps === false ? [] : STEPS;
}

/** The date, with buttons to move on. */
export function calendar() {
  const now = new Date(server.now);
  return h("div", { class: "calendar", role: "group", "aria-label": "The sandbox's calendar" },
    h("time", { datetime: server.now, class: "calendar-now" }, h("strong", null, calendarDate(now)), " ", h("span", { class: "quiet" }, clock(now))),
    steps().map(([verb, label]) =>
      h("button", { type: "button", key: verb, class: "button small", "aria-disabled": ui.working > 0 ? true : null, onclick: () => ui.working || act(verb) }, label)));
}

/** The same steps as entries of a menu, for narrow screens. */
export function stepItems() {
  if (!matchMedia("(max-width: 760px)").matches) return [];
  return steps().map(([verb, label], at) => ({
    heading: at === 0 ? calendarDate(new Date(server.now)) : null, label, run: () => ui.working || act(verb),
  }));
}
