// What a person has chosen or typed in the elements of a message or view: first what the bot set,
// then the draft. Shapes as the server takes them: text, one value, a list of values, a date, seconds.

import { draft, setDraft } from "./state.js";

const TEXTS = ["plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input"];
const INITIAL = {
  static_select: (one) => one.initial_option?.value ?? null,
  external_select: (one) => one.initial_option?.value ?? null,
  users_select: (one) => one.initial_user ?? null,
  conversations_select: (one, place) => one.initial_conversation ?? (one.default_to_current_conversation ? place.channel ?? null : null),
  channels_select: (one) => one.initial_channel ?? null,
  multi_static_select: (one) => (one.initial_options ?? []).map((option) => option.value),
  multi_external_select: (one) => (one.initial_options ?? []).map((option) => option.value),
  multi_users_select: (one) => one.initial_users ?? [],
  multi_conversations_select: (one) => one.initial_conversations ?? [],
  multi_channels_select: (one) => one.initial_channels ?? [],
  datepicker: (one) => one.initial_date ?? null,
  timepicker: (one) => one.initial_time ?? null,
  datetimepicker: (one) => one.initial_date_time ?? null,
  radio_buttons: (one) => one.initial_option?.value ?? null,
  checkboxes: (one) => (one.initial_options ?? []).map((option) => option.value),
  file_input: () => [],
};

/** Whether an element holds a value at all (a button does not). */
export function holdsValue(element) {
  return TEXTS.includes(element.type) || element.type in INITIAL;
}

export function isText(element) {
  return TEXTS.includes(element.type);
}

/** What the element says now. `place`: {key, channel?, keeps}; see `placeFor` in blocks.js. */
export function valueOf(element, place) {
  const found = draft(draftKey(element, place), basis(element, place));
  return found === undefined ? initial(element, place) : found;
}

export function setValue(element, place, value) {
  setDraft(draftKey(element, place), value, basis(element, place));
}

/** Every value of these blocks: {block_id: {action_id: value}}. */
export function valuesOf(blocks, surface) {
  const all = {};
  for (const [element, blockId] of elementsOf(blocks)) {
    if (!holdsValue(element)) continue;
    const value = valueOf(element, { ...surface, blockId });
    all[blockId] = { ...all[blockId], [element.action_id]: value === "" ? null : value };
  }
  return all;
}

/** Each interactive element of these blocks with the id of its block. */
export function elementsOf(blocks) {
  return (blocks ?? []).flatMap((block, at) => {
    const blockId = block.block_id ?? `block-${at}`;
    if (block.type === "container") return elementsOf(block.child_blocks);
    const inside = [block.element, block.accessory, ...(["actions", "context_actions"].includes(block.type) ? block.elements ?? [] : [])];
    return inside.filter(Boolean).map((element) => [element, blockId]);
  });
}

/** Why the value of an input block cannot be sent as it is, or null. */
export function problemWith(block, value) {
  const element = block.element ?? {};
  const empty = value === null || value === "" || (Array.isArray(value) && value.length === 0);
  if (empty) return block.optional ? null : "Please complete this required field.";
  if (isText(element)) {
    const text = String(value);
    if (element.min_length && text.length < element.min_length) return `Please write at least ${element.min_length} characters.`;
    if (element.max_length && text.length > element.max_length) return `Please write at most ${element.max_length} characters.`;
  }
  if (element.type === "email_text_input" && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value)) return "Please enter an email address, like name@example.org.";
  if (element.type === "url_text_input" && !/^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(value)) return "Please enter a web address, like https://example.org.";
  if (element.type === "number_input") {
    const wanted = element.is_decimal_allowed ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
    if (!wanted.test(value)) return element.is_decimal_allowed ? "Please enter a number." : "Please enter a whole number.";
    if (element.min_value !== undefined && Number(value) < Number(element.min_value)) return `Please enter ${element.min_value} or more.`;
    if (element.max_value !== undefined && Number(value) > Number(element.max_value)) return `Please enter ${element.max_value} or less.`;
  }
  return null;
}

function initial(element, place) {
  return isText(element) ? element.initial_value ?? "" : INITIAL[element.type](element, place);
}

function draftKey(element, place) {
  return `${place.key}|${place.blockId}|${element.action_id}`;
}

// A view that the bot updates keeps what was typed under the same ids, as Slack does; a message that
// the bot changed shows what the bot now says.
function basis(element, place) {
  return place.keeps ? "kept" : JSON.stringify(initial(element, place));
}
