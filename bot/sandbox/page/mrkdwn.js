// Slack's own text format: *bold*, _italic_, ~strike~, `code`, ```blocks```, > quotes, bullet lines,
// <links>, mentions, dates and :emoji:. Everything becomes described elements, never markup.

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { channelOf, person, placeOf, server } from "./state.js";
import { fillTokens, fullMoment } from "./time.js";

const MARKS = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;

/** The three escapes that Slack knows, undone. */
export function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Formatted text as a list of block elements. */
export function mrkdwn(text) {
  const parts = String(text ?? "").split(/```\n?([\s\S]+?)\n?```/);
  return parts.flatMap((part, index) =>
    index % 2 === 1 ? [h("pre", { tabindex: "0" }, plainInline(part))] : lines(part),
  );
}

/** Formatted text within one line. */
export function inline(text) {
  const out = [];
  let pending = "";
  const flush = () => {
    if (pending) out.push(unescape(pending));
    pending = "";
  };
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const special = specialAt(rest, text[at - 1]);
    if (special) {
      flush();
      out.push(special.node);
      at += special.length;
      continue;
    }
    const tag = MARKS[text[at]];
    const end = tag && closing(text, at);
    if (end) {
      flush();
      out.push(h(tag, null, inline(text.slice(at + 1, end))));
      at = end + 1;
      continue;
    }
    pending += text[at];
    at += 1;
  }
  flush();
  return out;
}

/** A text object of Block Kit: {type: "plain_text" | "mrkdwn", text}. */
export function textObject(object) {
  if (!object) return [];
  if (typeof object === "string") return withEmoji(object);
  return object.type === "mrkdwn" ? mrkdwn(object.text) : [h("p", null, withEmoji(object.text ?? ""))];
}

/** A text object within one line. */
export function textLine(object) {
  if (!object) return [];
  if (typeof object === "string") return withEmoji(object);
  return object.type === "mrkdwn" ? inline(object.text ?? "") : withEmoji(object.text ?? "");
}

/** Plain text, in which only shortcodes mean something. */
export function withEmoji(text) {
  return String(text)
    .split(/(:[a-z0-9_+'-]+:)/)
    .map((part, index) => (index % 2 === 1 ? emojiNode(part.slice(1, -1)) : part));
}

export function emojiNode(name) {
  const character = emoji(name);
  const label = name.replaceAll("_", " ");
  if (!character) return `:${name}:`;
  return h("span", { class: "emoji", role: "img", "aria-label": `${label} emoji`, title: `:${name}:` }, character);
}

/** A link, if the address is one that a person may safely follow; else just its words. */
export function link(address, words, title = null) {
  if (!/^(https?:|mailto:|tel:)/i.test(address)) return h("span", { title: "Not a web address" }, words);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer", title }, words);
}

export function userMention(id, fallback = null) {
  const found = person(id);
  const name = found?.name ?? fallback?.replace(/^@/, "") ?? "somebody";
  const mine = id === server.me;
  return h("span", { class: mine ? "mention mine" : "mention", title: found?.organization ?? null }, `@${name}`);
}

export function channelMention(id, fallback = null) {
  const found = channelOf(id);
  if (!found) return h("span", { class: "mention" }, `#${fallback || "a private channel"}`);
  return h("a", { class: "mention", href: placeOf(id) }, `#${found.name}`);
}

export function broadcast(range) {
  return h("span", { class: "mention mine" }, `@${range}`);
}

export function dateNode(seconds, pattern, address, fallback) {
  const words = fillTokens(seconds, pattern);
  if (words === null) return fallback ?? "";
  const moment = new Date(Number(seconds) * 1000);
  const node = h("time", { datetime: moment.toISOString(), title: fullMoment(moment) }, words);
  return address ? link(address, node) : node;
}

// ---- lines ----------------------------------------------------------------------------------

function lines(text) {
  const out = [];
  const all = text.replace(/^\n+|\n+$/g, "").split("\n");
  if (all.length === 1 && all[0] === "") return out;
  for (let at = 0; at < all.length; ) {
    const rest = /^(?:&gt;|>){3} ?(.*)$/.exec(all[at]);
    if (rest) {
      out.push(h("blockquote", null, lines([rest[1], ...all.slice(at + 1)].join("\n"))));
      return out;
    }
    const kind = kindOf(all[at]);
    const group = [];
    while (at < all.length && kindOf(all[at]) === kind) group.push(all[at++]);
    if (kind === "quote") {
      const inner = group.map((line) => line.replace(/^(&gt;|>) ?/, "")).join("\n");
      out.push(h("blockquote", null, lines(inner)));
    } else if (kind === "bullet") {
      out.push(h("ul", null, group.map((line) => h("li", null, inline(line.replace(/^\s*[•◦▪] ?/, ""))))));
    } else {
      // A blank line divides paragraphs; a single line end stays one.
      const paragraphs = group.join("\n").split(/\n{2,}/).map((one) => one.replace(/^\n+|\n+$/g, ""));
      for (const paragraph of paragraphs) if (paragraph) out.push(h("p", null, inline(paragraph)));
    }
  }
  return out;
}

function kindOf(line) {
  if (/^(&gt;|>)/.test(line)) return "quote";
  if (/^\s*[•◦▪] ?/.test(line)) return "bullet";
  return "text";
}

// ---- within a line ----------------------------------------------------------------------------

function specialAt(rest, before) {
  const code = /^`([^`\n]+)`/.exec(rest);
  if (code) return { node: h("code", null, plainInline(code[1])), length: code[0].length };
  const entity = /^<([^<>\n]+)>/.exec(rest);
  if (entity) return { node: entityNode(entity[1]), length: entity[0].length };
  const short = /^:([a-z0-9_+'-]+)(?:::skin-tone-\d)?:/.exec(rest);
  if (short && emoji(short[1])) return { node: emojiNode(short[1]), length: short[0].length };
  if (!before || !WORD.test(before)) {
    const bare = /^https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)'"*_~]/.exec(rest);
    if (bare) return { node: link(unescape(bare[0]), unescape(bare[0])), length: bare[0].length };
  }
  return null;
}

/** Where emphasis that starts at `start` ends, or 0: marks count only at the edges of words. */
function closing(text, start) {
  const mark = text[start];
  const before = text[start - 1];
  if (before && WORD.test(before)) return 0;
  if (!text[start + 1] || /\s/.test(text[start + 1]) || text[start + 1] === mark) return 0;
  for (let at = start + 1; at < text.length && text[at] !== "\n"; at += 1) {
    const skipped = /^(`[^`\n]+`|<[^<>\n]+>)/.exec(text.slice(at));
    if (skipped) {
      at += skipped[0].length - 1;
      continue;
    }
    const after = text[at + 1];
    if (text[at] === mark && !/\s/.test(text[at - 1]) && !(after && WORD.test(after)) && after !== mark) {
      return at;
    }
  }
  return 0;
}

/** What stands between < and >: a mention, a date, a broadcast or a link. */
export function entityNode(body) {
  const bar = body.indexOf("|");
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? null : unescape(body.slice(bar + 1));
  if (/^@[UW]/.test(target)) return userMention(target.slice(1), label);
  if (target.startsWith("#")) return channelMention(target.slice(1), label);
  if (target.startsWith("!date^")) {
    const [, seconds, pattern, address] = target.split("^");
    return dateNode(seconds, unescape(pattern ?? ""), address && unescape(address), label);
  }
  if (target.startsWith("!subteam")) return h("span", { class: "mention" }, label ?? "@group");
  if (target.startsWith("!")) return broadcast(target.slice(1).split("^")[0]);
  if (target.startsWith("@")) return h("span", { class: "mention" }, label ?? target);
  // Neither a mention nor an address: it stands as it was written.
  if (label === null && !/^[a-z][a-z0-9+.-]*:/i.test(target)) return `<${unescape(body)}>`;
  return link(unescape(target), label ?? unescape(target).replace(/^(mailto|tel):/, ""));
}

/** The words of text in which nothing is formatted: in code, links show as their address. */
function plainInline(text) {
  return text.split(/<([^<>\n]+)>/).map((part, index) => {
    if (index % 2 === 0) return unescape(part);
    return /^[@#!]/.test(part) ? entityNode(part) : unescape(part.split("|").pop());
  });
}
