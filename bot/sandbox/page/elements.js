// The elements of Block Kit that people press, choose from and type into.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { mrkdwn, textLine, withEmoji } from "./mrkdwn.js";
import { picker } from "./picker.js";
import { idOf, menuButton } from "./popup.js";
import { act, person, server } from "./state.js";
import { localInput, momentOf, spelledDate } from "./time.js";
import { setValue, valueOf } from "./values.js";

const remembered = new Map(); // words of options that came from the bot while searching

/**
 * One element. `place` says where it stands:
 * {key, keeps, blockId, channel?, send(element, change), ask(confirm), sends, label, aria}.
 */
export function element(one, place) {
  const draw = DRAWN[one.type];
  if (!draw) return unknown(one.type);
  return draw(one, place);
}

export function unknown(type) {
  return h("span", { class: "unknown" }, `Not shown here: ${type}`);
}

const DRAWN = {
  button, workflow_button: workflowButton, overflow, icon_button: iconButton, feedback_buttons: feedbackButtons, image,
  static_select: select, external_select: select, users_select: select, conversations_select: select, channels_select: select,
  multi_static_select: select, multi_external_select: select, multi_users_select: select,
  multi_conversations_select: select, multi_channels_select: select,
  datepicker, timepicker, datetimepicker, radio_buttons: radioButtons, checkboxes,
  plain_text_input: textInput, email_text_input: textInput, url_text_input: textInput, number_input: textInput,
  rich_text_input: textInput, file_input: fileInput,
};

// ---- pressed --------------------------------------------------------------------------------

async function press(one, place, change) {
  if (one.confirm && !(await place.ask(one.confirm))) return;
  place.send(one, change);
}

function hiddenFrom(one) {
  return one.visible_to_user_ids && !one.visible_to_user_ids.includes(server.me);
}

function button(one, place) {
  if (hiddenFrom(one)) return null;
  const style = ["primary", "danger"].includes(one.style) ? ` ${one.style}` : "";
  const props = {
    class: `button${style}`, "aria-label": one.accessibility_label,
    onclick: () => press(one, place, { click: true, value: one.value }),
  };
  const safe = /^https?:/i.test(one.url ?? "");
  if (!safe) return h("button", { type: "button", ...props }, textLine(one.text));
  return h("a", { href: one.url, target: "_blank", rel: "noopener noreferrer", ...props },
    textLine(one.text), icon("out"), h("span", { class: "hidden-text" }, " (opens a new tab)"));
}

function workflowButton(one) {
  return h("button", { type: "button", class: "button", disabled: true, title: "Workflows do not run here" }, textLine(one.text));
}

function iconButton(one, place) {
  if (hiddenFrom(one)) return null;
  return h("button", {
    type: "button", class: "button quiet-button", "aria-label": one.accessibility_label,
    onclick: () => press(one, place, { click: true, value: one.value }),
  }, icon(one.icon), textLine(one.text));
}

function feedbackButtons(one, place) {
  const side = (which, drawing) =>
    which
      ? h("button", {
          type: "button", class: "button quiet-button", "aria-label": which.accessibility_label,
          onclick: () => press(one, place, { click: true, value: which.value }),
        }, icon(drawing), textLine(which.text))
      : null;
  return h("span", { class: "row" }, side(one.positive_button, "thumb"), side(one.negative_button, "thumbdown"));
}

function overflow(one, place) {
  return h("span", { class: "overflow" }, menuButton({
    key: `${place.key}|${place.blockId}|${one.action_id}`, label: "More choices", content: icon("more"),
    className: "button overflow-button",
    items: (one.options ?? []).map((option) => ({
      label: textLine(option.text), note: option.description ? textLine(option.description) : null,
      run: () => {
        if (/^https?:/i.test(option.url ?? "")) open(option.url, "_blank", "noopener,noreferrer");
        press(one, place, { click: true, value: option.value });
      },
    })),
  }));
}

/** Pictures are described, never fetched: a sandbox asks nothing of other machines. */
export function image(one) {
  const words = one.alt_text || "without a description";
  return h("span", { class: "picture small", role: "img", "aria-label": `Image: ${words}`, title: words }, icon("picture"));
}

// ---- chosen ---------------------------------------------------------------------------------

function choose(one, place, value) {
  const before = valueOf(one, place);
  setValue(one, place, value);
  if (place.sends) sendChoice(one, place, value, before);
}

async function sendChoice(one, place, value, before) {
  if (one.confirm && !(await place.ask(one.confirm))) {
    setValue(one, place, before);
    return;
  }
  place.send(one, { selected: value });
}

function select(one, place) {
  const multi = one.type.startsWith("multi_");
  const kind = one.type.replace("multi_", "");
  const key = `${place.key}|${place.blockId}|${one.action_id}`;
  const value = valueOf(one, place);
  const selected = multi ? value : value === null ? [] : [value];
  const options = optionsOf(one, kind, place);
  const textOf = (wanted) => options.find((option) => option.value === wanted)?.text ?? remembered.get(`${key}|${wanted}`) ?? initialText(one, wanted);
  const placeholder = one.placeholder?.text ?? (multi ? "Choose some" : "Choose one");
  let opened = JSON.stringify(selected);
  return picker({
    key, multi, selected, options, textOf, placeholder, aria: place.aria, most: one.max_selected_items,
    label: place.label ?? placeholder, clearable: multi || (place.optional && !place.sends),
    load: kind === "external_select" ? (text) => suggestions(one, place, text) : null,
    least: kind === "external_select" ? one.min_query_length ?? 3 : 0,
    remember: (option) => remembered.set(`${key}|${option.value}`, option.text),
    onpick: (values) => {
      if (!multi) choose(one, place, values[0] ?? null);
      else setValue(one, place, values);
    },
    // Several choices are one act, made when the list closes.
    onclosed: multi && place.sends
      ? () => {
          const now = valueOf(one, place);
          if (JSON.stringify(now) !== opened) sendChoice(one, place, now, JSON.parse(opened));
        }
      : null,
  });
}

function optionsOf(one, kind, place) {
  if (kind === "static_select") {
    const plain = (option, group) => ({
      value: option.value, text: option.text?.text ?? option.value, note: option.description?.text ?? null, group,
    });
    if (one.option_groups) return one.option_groups.flatMap((group) => group.options.map((option) => plain(option, group.label?.text)));
    return (one.options ?? []).map((option) => plain(option, null));
  }
  if (kind === "users_select") {
    return server.people.filter((each) => each.kind !== "app").map((each) => ({ value: each.id, text: each.name, note: each.organization }));
  }
  if (kind === "channels_select" || kind === "conversations_select") {
    const channels = server.channels.filter((each) => !each.archived && (each.kind === "channel" || kind === "conversations_select"));
    return channels.map((each) => ({ value: each.id, text: each.kind === "channel" ? `#${each.name}` : each.name, note: null }));
  }
  return [];
}

function initialText(one, value) {
  const initial = [one.initial_option, ...(one.initial_options ?? [])].find((option) => option?.value === value);
  return initial?.text?.text ?? person(value)?.name ?? null;
}

async function suggestions(one, place, text) {
  const answer = await act("suggest", { ...place.address, block_id: place.blockId, action_id: one.action_id, text });
  const found = answer.option_groups
    ? answer.option_groups.flatMap((group) => group.options.map((option) => ({ ...option, group: group.label?.text ?? group.label })))
    : answer.options ?? [];
  return found.map((option) => ({ value: option.value, text: option.text?.text ?? option.text, note: option.description?.text ?? null, group: option.group ?? null }));
}

function datepicker(one, place) {
  const value = valueOf(one, place);
  return h("span", { class: "date-field" },
    pickedInput(one, place, { type: "date", value: value ?? "", take: (typed) => typed || null }),
    h("span", { class: "quiet" }, spelledDate(value) || one.placeholder?.text || ""));
}

function timepicker(one, place) {
  return h("span", { class: "date-field" },
    pickedInput(one, place, { type: "time", value: valueOf(one, place) ?? "", take: (typed) => typed || null }),
    one.timezone ? h("span", { class: "quiet" }, one.timezone) : null);
}

function datetimepicker(one, place) {
  const value = valueOf(one, place);
  const shown = value === null ? "" : localInput(value);
  return h("span", { class: "date-field" },
    pickedInput(one, place, { type: "datetime-local", value: shown, take: (typed) => (typed ? momentOf(typed.slice(0, 16)) : null) }),
    h("span", { class: "quiet" }, spelledDate(shown.slice(0, 10))));
}

// A date typed on the keyboard passes through other dates; it is sent when the person is finished:
// on Enter or on leaving the field. One picked from the calendar is sent at once.
function pickedInput(one, place, { type, value, take }) {
  const field = idOf(place.key, place.blockId, one.action_id, "field");
  const finish = (input) => {
    if (!input.typing) return;
    input.typing = false;
    if (place.sends && input.before !== input.value) sendChoice(one, place, take(input.value), take(input.before ?? ""));
  };
  return h("input", {
    type, id: field, class: "field", value, "data-field": place.aria?.field,
    "aria-label": place.aria?.labelledBy ? null : place.label ?? one.placeholder?.text ?? "Date",
    "aria-labelledby": place.aria?.labelledBy, "aria-describedby": place.aria?.describedBy,
    "aria-invalid": place.aria?.invalid ? true : null, "aria-required": place.aria?.required ? true : null,
    onkeydown: (event) => {
      if (event.key === "Enter") {
        if (place.sends) event.preventDefault();
        finish(event.target);
      } else if (event.key !== "Tab" && !event.target.typing) {
        Object.assign(event.target, { typing: true, before: event.target.value });
      }
    },
    oninput: (event) => {
      if (event.target.typing || !place.sends) setValue(one, place, take(event.target.value));
    },
    onchange: (event) => {
      if (!event.target.typing) choose(one, place, take(event.target.value));
    },
    onblur: (event) => finish(event.target),
  });
}

function radioButtons(one, place) {
  const value = valueOf(one, place);
  const name = idOf(place.key, place.blockId, one.action_id);
  return h("div", { class: "choices", role: "radiogroup", ...groupAria(place), onkeydown: place.sends ? moveOnly : null },
    (one.options ?? []).map((option, at) =>
      choice({ type: "radio", name, key: `${name}-${at}`, option, checked: option.value === value, onchange: () => choose(one, place, option.value) })));
}

// Where a choice acts at once, arrow keys move without choosing and the space bar chooses.
function moveOnly(event) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const all = [...event.currentTarget.querySelectorAll("input")];
  all[(all.indexOf(document.activeElement) + step + all.length) % all.length]?.focus();
}

function checkboxes(one, place) {
  const values = valueOf(one, place);
  const name = idOf(place.key, place.blockId, one.action_id);
  return h("div", { class: "choices", role: "group", ...groupAria(place) },
    (one.options ?? []).map((option, at) =>
      choice({
        type: "checkbox", name, key: `${name}-${at}`, option, checked: values.includes(option.value),
        onchange: (event) => choose(one, place, event.target.checked ? [...values, option.value] : values.filter((each) => each !== option.value)),
      })));
}

function groupAria(place) {
  return {
    "aria-label": place.aria?.labelledBy ? null : place.label, "aria-labelledby": place.aria?.labelledBy,
    "aria-describedby": place.aria?.describedBy, "aria-invalid": place.aria?.invalid ? true : null, "data-field": place.aria?.field,
  };
}

function choice({ type, name, key, option, checked, onchange }) {
  return h("label", { class: "choice", key },
    h("input", { type, name, checked, onchange, value: option.value }),
    h("span", { class: "menu-words" },
      h("span", null, option.text?.type === "mrkdwn" ? mrkdwn(option.text.text) : withEmoji(option.text?.text ?? "")),
      option.description ? h("span", { class: "quiet" }, textLine(option.description)) : null));
}

// ---- typed ----------------------------------------------------------------------------------

const INPUT_TYPES = { email_text_input: "email", url_text_input: "url", number_input: "text" };

function textInput(one, place) {
  const value = String(valueOf(one, place) ?? "");
  const long = one.multiline || one.type === "rich_text_input";
  const triggers = one.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const props = {
    id: idOf(place.key, place.blockId, one.action_id, "field"), class: "field", value,
    placeholder: one.placeholder?.text, maxlength: one.max_length, "data-field": place.aria?.field,
    "data-focus": one.focus_on_load ? "first" : null,
    "aria-label": place.aria?.labelledBy ? null : place.label ?? one.placeholder?.text, "aria-labelledby": place.aria?.labelledBy,
    "aria-describedby": place.aria?.describedBy, "aria-invalid": place.aria?.invalid ? true : null,
    "aria-required": place.aria?.required ? true : null,
    oninput: (event) => {
      setValue(one, place, event.target.value);
      if (place.sends && triggers.includes("on_character_entered")) place.send(one, { selected: event.target.value });
    },
    onkeydown: (event) => {
      if (event.key !== "Enter" || event.isComposing || event.shiftKey || long || !place.sends) return;
      event.preventDefault();
      if (triggers.includes("on_enter_pressed")) place.send(one, { selected: event.target.value });
    },
  };
  const count = one.max_length && value.length > one.max_length * 0.7
    ? h("span", { class: "quiet count", "aria-live": "polite" }, `${one.max_length - value.length} characters left`)
    : null;
  if (long) return h("span", { class: "text-field" }, h("textarea", { ...props, rows: "4" }), count);
  return h("span", { class: "text-field" },
    h("input", {
      ...props, type: INPUT_TYPES[one.type] ?? "text", autocomplete: "off",
      inputmode: one.type === "number_input" ? (one.is_decimal_allowed ? "decimal" : "numeric") : null,
    }), count);
}

// ---- files ----------------------------------------------------------------------------------

const uploaded = new Map(); // files that went to the server, by the id it gave them

/** A chosen file goes to the server at once, as in Slack; the field holds its id. */
function fileInput(one, place) {
  const held = valueOf(one, place);
  const only = one.max_files === 1;
  const show = (input) => {
    const all = new DataTransfer();
    for (const id of held) if (uploaded.has(id)) all.items.add(uploaded.get(id));
    input.files = all.files; // the browser's own words say what is chosen, too
  };
  return h("span", { class: "file-field" },
    h("input", {
      type: "file", id: idOf(place.key, place.blockId, one.action_id, "field"), class: "field", multiple: !only,
      accept: (one.filetypes ?? []).map((type) => `.${type}`).join(",") || null, "data-field": place.aria?.field,
      "aria-label": place.aria?.labelledBy ? null : place.label, "aria-labelledby": place.aria?.labelledBy,
      "aria-describedby": place.aria?.describedBy, "aria-invalid": place.aria?.invalid ? true : null,
      "aria-required": place.aria?.required ? true : null,
      onchange: async (event) => {
        for (const file of [...event.target.files]) await upload(one, place, file, only);
      },
      onmount: show, onpatch: show,
    }),
    held.map((id) => h("span", { class: "file-chosen", key: id },
      h("span", { role: "status" }, `Chosen: ${uploaded.get(id)?.name ?? "a file"}`),
      h("button", {
        type: "button", class: "button quiet-button", "aria-label": `Take out ${uploaded.get(id)?.name ?? "the file"}`,
        onclick: () => setValue(one, place, valueOf(one, place).filter((each) => each !== id)),
      }, "Take out"))));
}

async function upload(one, place, file, only) {
  const data = await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
  const answer = await act("upload", { ...place.address, block_id: place.blockId, action_id: one.action_id, name: file.name, data });
  if (!answer.ok) return;
  uploaded.set(answer.file.id, file);
  setValue(one, place, only ? [answer.file.id] : [...valueOf(one, place), answer.file.id]);
}
