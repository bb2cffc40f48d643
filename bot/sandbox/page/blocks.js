// Block Kit: what each block looks like. A block that is not known is shown as a labeled box.

import { chart } from "./charts.js";
import { h } from "./dom.js";
import { element, image } from "./elements.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { link, textLine, textObject } from "./mrkdwn.js";
import { idOf } from "./popup.js";
import { richText } from "./richtext.js";
import { draft, setDraft } from "./state.js";
import { dataTable, table } from "./tables.js";

/**
 * All blocks of a message or view. `surface`: {key, keeps, address, send(blockId, element, change), ask(confirm), errors?}
 * where `key` names the place for drafts and `address` tells the server where it is.
 */
export function blocks(list, surface) {
  return (list ?? []).map((block, at) => {
    const blockId = block.block_id ?? `block-${at}`;
    const draw = DRAWN[block.type];
    return h("div", { key: `${blockId}-${block.type}`, class: `block block-${draw ? block.type : "unknown"}`, "data-block": block.type },
      draw ? draw(block, surface, blockId) : unknownBlock(block));
  });
}

const DRAWN = {
  section, header, context, divider, actions, input, image: imageBlock, rich_text: richText, markdown: (block) => markdown(block.text),
  table, data_table: (block, surface, blockId) => dataTable(block, `${surface.key}|${blockId}|table`), data_visualization: chart,
  card, carousel, alert, container, context_actions: actions, task_card: taskCard, plan, video, file, call,
};

function placeFor(surface, blockId, more = {}) {
  return {
    key: surface.key, keeps: surface.keeps, channel: surface.address.channel, address: surface.address, blockId,
    ask: surface.ask, sends: true, send: (one, change) => surface.send(blockId, one, change), ...more,
  };
}

function unknownBlock(block) {
  return h("div", { class: "unknown" }, h("strong", null, `Not shown here: ${block.type}`),
    h("details", null, h("summary", null, "What was sent"), h("pre", { tabindex: "0" }, JSON.stringify(block, null, 2))));
}

function section(block, surface, blockId) {
  const words = firstWords(block.text ?? block.fields?.[0]);
  const accessory = block.accessory ? element(block.accessory, placeFor(surface, blockId, { label: labelOf(block.accessory, words) })) : null;
  return h("div", { class: block.accessory ? `section with-${sizeOf(block.accessory)}` : "section" },
    h("div", { class: "section-words" },
      block.text ? h("div", { class: "words" }, textObject(block.text)) : null,
      block.fields ? h("div", { class: "fields" }, block.fields.map((field) => h("div", { class: "words" }, textObject(field)))) : null),
    accessory ? h("div", { class: "accessory" }, accessory) : null);
}

function sizeOf(accessory) {
  return ["radio_buttons", "checkboxes"].includes(accessory.type) ? "list" : accessory.type === "image" ? "picture" : "control";
}

// An element without words of its own is named after what stands beside it.
function labelOf(one, words) {
  if (one.type === "button") return null;
  return words || one.placeholder?.text || null;
}

function firstWords(object) {
  const text = object?.text ?? "";
  return text.split("\n")[0].replace(/[*_~`]/g, "").replace(/<[^>|]*\|?([^>]*)>/g, "$1").slice(0, 80);
}

function header(block) {
  return h("h3", { class: "block-heading" }, textLine(block.text));
}

function context(block) {
  return h("div", { class: "context" }, (block.elements ?? []).map((one) =>
    one.type === "image" ? image(one) : h("span", { class: "context-text" }, textObject(one))));
}

function divider() {
  return h("hr");
}

function actions(block, surface, blockId) {
  return h("div", { class: block.type === "context_actions" ? "actions quiet-actions" : "actions" },
    (block.elements ?? []).map((one, at) =>
      h("div", { key: one.action_id ?? `element-${at}`, class: "action" },
        element(one, placeFor(surface, blockId, { label: one.placeholder?.text ?? null })))));
}

function input(block, surface, blockId) {
  const one = block.element ?? { type: "nothing" };
  const id = idOf(surface.key, blockId);
  const error = surface.errors?.[blockId] ?? null;
  const describedBy = [block.hint ? `${id}-hint` : null, error ? `${id}-error` : null].filter(Boolean).join(" ") || null;
  const place = placeFor(surface, blockId, {
    label: block.label?.text ?? "", sends: Boolean(block.dispatch_action), optional: Boolean(block.optional),
    aria: { labelledBy: `${id}-label`, describedBy, invalid: Boolean(error), required: !block.optional, field: blockId },
  });
  return h("div", { class: error ? "input has-error" : "input" },
    h("span", { class: "label", id: `${id}-label` }, textLine(block.label), block.optional ? h("span", { class: "quiet" }, " (optional)") : null),
    element(one, place),
    block.hint ? h("p", { class: "quiet hint-text", id: `${id}-hint` }, textLine(block.hint)) : null,
    error ? h("p", { class: "error-text", id: `${id}-error` }, icon("warning"), error) : null);
}

function imageBlock(block) {
  const words = block.alt_text || "without a description";
  return h("figure", { class: "picture-frame" },
    block.title ? h("figcaption", null, textLine(block.title)) : null,
    h("div", { class: "picture", role: "img", "aria-label": `Image: ${words}` },
      icon("picture"), h("span", { "aria-hidden": true }, words)));
}

function card(block, surface, blockId) {
  return h("article", { class: "card" },
    block.hero_image ? h("div", { class: "card-hero" }, image(block.hero_image), h("span", { class: "quiet", "aria-hidden": true }, block.hero_image.alt_text)) : null,
    block.icon || block.title || block.subtitle
      ? h("div", { class: "card-top" }, block.icon ? image(block.icon) : null,
          h("div", null, block.title ? h("h4", null, textLine(block.title)) : null, block.subtitle ? h("p", { class: "quiet" }, textLine(block.subtitle)) : null))
      : null,
    block.body ? h("div", { class: "words" }, textObject(block.body)) : null,
    block.actions?.length
      ? h("div", { class: "actions" }, block.actions.map((one) => h("div", { class: "action" }, element(one, placeFor(surface, blockId)))))
      : null);
}

function carousel(block, surface, blockId) {
  return h("div", { class: "carousel", role: "group", "aria-label": "Cards" },
    (block.elements ?? []).map((one, at) => h("div", { class: "carousel-item", key: one.block_id ?? `card-${at}` }, card(one, surface, one.block_id ?? blockId))));
}

const LEVELS = { default: "Note", info: "For your information", warning: "Please note", error: "Problem", success: "Done" };

function alert(block) {
  const level = block.level in LEVELS ? block.level : "default";
  return h("div", { class: `alert alert-${level}`, role: "note" },
    h("strong", { class: "alert-level" }, LEVELS[level]), h("div", { class: "words" }, textObject(block.text)));
}

function container(block, surface, blockId) {
  const key = `${surface.key}|${blockId}|folded`;
  const folded = block.is_collapsible && (draft(key) ?? Boolean(block.default_collapsed));
  const title = [
    block.icon ? image(block.icon) : null,
    h("span", { class: "menu-words" },
      h("strong", null, block.rich_text_title ? richText(block.rich_text_title).map((one) => one.children ?? one) : textLine(block.title)),
      block.subtitle ? h("span", { class: "quiet" }, textLine(block.subtitle)) : null),
  ];
  return h("section", { class: block.has_header_divider ? "container divided" : "container" },
    block.is_collapsible
      ? h("button", { type: "button", class: "container-top fold", "aria-expanded": !folded, onclick: () => setDraft(key, !folded) },
          icon(folded ? "right" : "down"), title)
      : h("div", { class: "container-top" }, title),
    folded ? null : h("div", { class: "container-inner" }, blocks(block.child_blocks, surface)));
}

const STATUS = { pending: "To do", in_progress: "In progress", complete: "Done", error: "Stopped by an error" };

function taskCard(block) {
  return h("article", { class: "card task" },
    h("div", { class: "card-top" }, h("h4", null, block.title), h("span", { class: "tag" }, STATUS[block.status] ?? block.status)),
    block.details ? h("div", { class: "words" }, richText(block.details)) : null,
    block.output ? h("div", { class: "words" }, richText(block.output)) : null,
    (block.sources ?? []).length ? h("p", { class: "quiet" }, "Sources: ", block.sources.map((one) => [link(one.url, one.text ?? one.url), " "])) : null);
}

function plan(block) {
  return h("section", { class: "plan" }, h("h4", null, block.title), (block.tasks ?? []).map((task) => taskCard(task)));
}

function video(block) {
  return h("div", { class: "picture", role: "group", "aria-label": "Video" },
    icon("play"),
    h("span", null, block.title_url ? link(block.title_url, textLine(block.title)) : textLine(block.title),
      block.description ? h("span", { class: "quiet" }, " ", textLine(block.description)) : null,
      h("span", { class: "hidden-text" }, block.alt_text ?? "")));
}

function file(block) {
  return h("div", { class: "unknown" }, `A file: ${block.external_id ?? "without a name"}`);
}

function call() {
  return h("div", { class: "unknown" }, "A call");
}

// ---- what screen readers get ------------------------------------------------------------------

/** Whether the words of `text` stand in the blocks too, so that it need not be said besides. */
export function carries(list, text) {
  const said = bare(allWords(list).join(" "));
  return text.split("\n").every((line) => said.includes(bare(line)));
}

function allWords(value) {
  if (Array.isArray(value)) return value.flatMap(allWords);
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    if (typeof inner === "string") return ["text", "title", "caption", "label", "name", "alt_text", "fallback"].includes(name) ? [inner] : [];
    return allWords(inner);
  });
}

function bare(text) {
  return text.toLowerCase().replace(/&(lt|gt|amp);/g, " ").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}
