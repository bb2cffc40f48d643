// Moments in words, in the zone of the person I act as, counted from the sandbox's own calendar.

import { me, server } from "./state.js";

const DAY = 86_400_000;

function zone() {
  return me()?.zone ?? "UTC";
}

function words(moment, options) {
  const made = new Intl.DateTimeFormat("en-US", { timeZone: zone(), ...options }).format(moment);
  return made.replaceAll("\u202f", " ");
}

/** The calendar day of a moment, as a number of days; only differences mean something. */
function dayNumber(moment) {
  const [year, month, day] = isoDay(moment).split("-").map(Number);
  return Date.UTC(year, month - 1, day) / DAY;
}

function now() {
  return new Date(server.now);
}

/** "2026-11-30" in my zone. */
export function isoDay(moment) {
  return new Intl.DateTimeFormat("en-CA", {
    timeZone: zone(), year: "numeric", month: "2-digit", day: "2-digit",
  }).format(moment);
}

export function clock(moment) {
  return words(moment, { hour: "numeric", minute: "2-digit" });
}

export function calendarDate(moment) {
  return words(moment, { weekday: "short", month: "short", day: "numeric", year: "numeric" });
}

export function fullMoment(moment) {
  return words(moment, {
    weekday: "long", month: "long", day: "numeric", year: "numeric", hour: "numeric", minute: "2-digit",
  });
}

/** "Today", "Yesterday" or the date, for the line between days. */
export function dayHeading(moment) {
  const apart = dayNumber(moment) - dayNumber(now());
  if (apart === 0) return "Today";
  if (apart === -1) return "Yesterday";
  const options = { weekday: "long", month: "long", day: "numeric" };
  if (words(moment, { year: "numeric" }) !== words(now(), { year: "numeric" })) options.year = "numeric";
  return words(moment, options);
}

/** "Mon, Nov 30, 2026" for a date as inputs hold it ("2026-11-30"), or "" when it is none. */
export function spelledDate(iso) {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso ?? "");
  if (!match) return "";
  const moment = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]), 12));
  return new Intl.DateTimeFormat("en-US", {
    timeZone: "UTC", weekday: "short", month: "short", day: "numeric", year: "numeric",
  }).format(moment);
}

const PATTERNS = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date_slash: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  time: { hour: "numeric", minute: "2-digit" },
  time_secs: { hour: "numeric", minute: "2-digit", second: "2-digit" },
};

/** Fill Slack's date tokens ("{date_short_pretty} at {time}") for a moment in unix seconds. */
export function fillTokens(seconds, pattern) {
  const moment = new Date(Number(seconds) * 1000);
  if (Number.isNaN(moment.getTime())) return null;
  return pattern.replace(/\{(\w+)\}/g, (whole, token) => {
    if (token === "date_num") return isoDay(moment);
    if (token === "ago") return ago(moment);
    const pretty = token.endsWith("_pretty") ? token.slice(0, -"_pretty".length) : null;
    const shape = PATTERNS[pretty ?? token] ?? (token === "day_divider_pretty" ? PATTERNS.date_long : null);
    if (!shape) return whole;
    const apart = dayNumber(moment) - dayNumber(now());
    if (pretty && apart === 0) return "today";
    if (pretty && apart === -1) return "yesterday";
    if (pretty && apart === 1) return "tomorrow";
    return words(moment, shape);
  });
}

function ago(moment) {
  const minutes = Math.round((moment - now()) / 60_000);
  const format = new Intl.RelativeTimeFormat("en-US", { numeric: "auto" });
  if (Math.abs(minutes) < 60) return format.format(minutes, "minute");
  if (Math.abs(minutes) < 60 * 24) return format.format(Math.round(minutes / 60), "hour");
  return format.format(Math.round(minutes / (60 * 24)), "day");
}

/** "2026-11-30T10:00" in my zone, for a moment in unix seconds. */
export function localInput(seconds) {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-CA", {
      timeZone: zone(), hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
      hour: "2-digit", minute: "2-digit",
    }).formatToParts(new Date(seconds * 1000)).map((part) => [part.type, part.value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

/** The moment, in unix seconds, that clocks in my zone show as "2026-11-30T10:00"; null if none. */
export function momentOf(local) {
  const wanted = Date.parse(`${local}:00Z`);
  if (Number.isNaN(wanted)) return null;
  // Two rounds: the offset at the first guess may differ from the one that holds at the moment.
  let guess = wanted;
  for (let round = 0; round < 2; round += 1) {
    const shown = Date.parse(`${localInput(guess / 1000)}:00Z`);
    guess += wanted - shown;
  }
  return guess / 1000;
}
