// The `rich_text` block: sections, lists, quotes and preformatted text made of small parts.

import { h } from "./dom.js";
import { broadcast, channelMention, dateNode, emojiNode, link, userMention } from "./mrkdwn.js";

/** A rich_text block as a list of block elements. */
export function richText(block) {
  return grouped(block.elements ?? []);
}

// Slack gives a list within a list as a flat run of lists with an `indent`.
function grouped(elements) {
  const out = [];
  for (let at = 0; at < elements.length; ) {
    if (elements[at].type !== "rich_text_list") {
      out.push(container(elements[at++]));
      continue;
    }
    const run = [];
    while (at < elements.length && elements[at].type === "rich_text_list") run.push(elements[at++]);
    out.push(...nested(run));
  }
  return out;
}

function nested(run) {
  const out = [];
  for (let at = 0; at < run.length; ) {
    const list = run[at++];
    const level = list.indent ?? 0;
    const deeper = [];
    while (at < run.length && (run[at].indent ?? 0) > level) deeper.push(run[at++]);
    const items = (list.elements ?? []).map((item) => h("li", null, parts(item.elements ?? [])));
    const inner = nested(deeper);
    if (inner.length && items.length) items.at(-1).children.push(...inner);
    const ordered = list.style === "ordered";
    out.push(h(ordered ? "ol" : "ul", ordered ? { start: (list.offset ?? 0) + 1 } : null, items));
  }
  return out;
}

function container(element) {
  const inner = parts(element.elements ?? []);
  switch (element.type) {
    case "rich_text_section":
      return h("p", null, inner);
    case "rich_text_quote":
      return h("blockquote", null, h("p", null, inner));
    case "rich_text_preformatted":
      return h("pre", { tabindex: "0" }, inner);
    default:
      return h("p", { class: "unknown" }, `Not shown here: ${element.type}`);
  }
}

function parts(elements) {
  return elements.map((part) => styled(leaf(part), part.style));
}

function leaf(part) {
  switch (part.type) {
    case "text":
      return part.text ?? "";
    case "link":
      return link(part.url ?? "", part.text || part.url || "");
    case "user":
      return userMention(part.user_id);
    case "channel":
      return channelMention(part.channel_id);
    case "emoji":
      return emojiNode(part.name ?? "");
    case "broadcast":
      return broadcast(part.range);
    case "date":
      return dateNode(part.timestamp, part.format ?? "{date}", part.url, part.fallback);
    case "usergroup":
      return h("span", { class: "mention" }, "@group");
    case "team":
      return h("span", { class: "mention" }, "a workspace");
    case "color":
      return h("span", null, h("span", { class: "swatch", style: { "background-color": part.value } }), part.value);
    default:
      return h("span", { class: "unknown" }, part.text ?? `[${part.type}]`);
  }
}

function styled(node, style) {
  if (!style) return node;
  let made = node;
  if (style.code) made = h("code", null, made);
  if (style.strike) made = h("s", null, made);
  if (style.underline) made = h("u", null, made);
  if (style.italic) made = h("em", null, made);
  if (style.bold) made = h("strong", null, made);
  return made;
}
