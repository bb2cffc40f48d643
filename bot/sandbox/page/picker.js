// Choosing one or several of a list: a button that opens a list box, with a filter when the list is
// long or comes from the bot.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { closePopup, idOf, isOpen, openPopup, popup } from "./popup.js";
import { changed, ui } from "./state.js";

const MANY = 8;

/**
 * `options`: [{value, text, note?, group?}]; `selected`: values; `textOf(value)`: words for a value.
 * `onpick(values)` is called for each choice, `onclosed(values)` once the list is closed.
 * `load(text)`, for lists that the bot fills, resolves to options; `least` is how much to type first.
 */
export function picker(settings) {
  const { key, label, placeholder, selected, textOf, multi, aria } = settings;
  const open = isOpen(key);
  const words = selected.map((value) => textOf(value) ?? value);
  return h("div", { class: "picker" },
    h("button", {
      type: "button", id: idOf(key, "anchor"), class: words.length ? "picker-button" : "picker-button empty",
      "aria-haspopup": "listbox", "aria-expanded": open, "aria-label": words.length || label !== placeholder ? `${label}: ${words.join(", ") || placeholder}` : label,
      "aria-describedby": aria?.describedBy, "aria-invalid": aria?.invalid ? true : null, "data-field": aria?.field,
      onclick: () => (open ? close(settings) : show(settings)),
      onkeydown: (event) => {
        if (!open && ["ArrowDown", "ArrowUp"].includes(event.key)) {
          event.preventDefault();
          show(settings);
        }
      },
    },
    multi && words.length
      ? h("span", { class: "picker-chips" }, words.map((word) => h("span", { class: "chip" }, word)))
      : h("span", { class: "picker-text" }, words[0] ?? placeholder),
    icon("down")),
    open ? list(settings) : null,
  );
}

function show(settings) {
  const start = Math.max(0, settings.options.findIndex((one) => settings.selected.includes(one.value)));
  openPopup(settings.key, {
    active: start, loaded: null, asked: 0, before: settings.selected,
    onclosed: () => settings.onclosed?.(),
  });
  if (settings.load && !(settings.least > 0)) ask(settings, "");
}

function close() {
  closePopup();
}

async function ask(settings, text) {
  const mine = ui.popup;
  if (!mine) return;
  mine.asked += 1;
  const round = mine.asked;
  mine.loading = true;
  changed();
  const options = text.length < (settings.least ?? 0) ? null : await settings.load(text);
  // Only the answer to the latest question counts.
  if (ui.popup !== mine || round !== mine.asked) return;
  Object.assign(mine, { loaded: options, loading: false, active: 0 });
  changed();
}

function shownOptions(settings) {
  const state = ui.popup;
  if (settings.load) return state.loaded ?? [];
  const wanted = state.query.trim().toLowerCase();
  if (!wanted) return settings.options;
  return settings.options.filter((one) => `${one.text} ${one.note ?? ""}`.toLowerCase().includes(wanted));
}

function list(settings) {
  const { key, label, multi, selected } = settings;
  const state = ui.popup;
  const options = shownOptions(settings);
  const active = Math.min(state.active, options.length - 1);
  const optionId = (at) => idOf(key, "option", at);
  const typed = Boolean(settings.load) || settings.options.length > MANY;
  const current = active >= 0 && options.length ? optionId(active) : null;
  const listId = idOf(key, "list");
  const keys = (event) => pickerKeys(event, settings, options, active, typed);
  return popup(key, {
    class: "picker-popup",
    onshown: (box) => box.querySelector(typed ? "input" : "[role=listbox]").focus(),
  },
  typed
    ? h("input", {
        class: "picker-filter", role: "combobox", "aria-expanded": true, "aria-controls": listId, "aria-autocomplete": "list",
        "aria-activedescendant": current, "aria-label": `Search ${label}`, placeholder: "Type to search", autocomplete: "off",
        value: state.query, onkeydown: keys,
        oninput: (event) => {
          Object.assign(state, { query: event.target.value, active: 0 });
          if (settings.load) ask(settings, event.target.value);
          changed();
        },
      })
    : null,
  h("ul", {
    id: listId, role: "listbox", "aria-label": label, "aria-multiselectable": multi ? true : null,
    tabindex: typed ? null : "0", "aria-activedescendant": typed ? null : current, onkeydown: typed ? null : keys,
  },
  options.map((one, at) => [
    one.group && one.group !== options[at - 1]?.group
      ? h("li", { key: `group-${at}`, class: "menu-heading", role: "presentation" }, one.group)
      : null,
    h("li", {
      key: `option-${one.value}-${at}`, id: optionId(at), role: "option", "aria-selected": selected.includes(one.value),
      class: at === active ? "option active" : "option",
      onclick: () => pick(settings, one),
      onpatch: (item) => at === active && item.scrollIntoView({ block: "nearest" }),
    },
    h("span", { class: "option-mark", "aria-hidden": true }, selected.includes(one.value) ? "✓" : ""),
    h("span", { class: "menu-words" }, h("span", null, one.text), one.note ? h("span", { class: "quiet" }, one.note) : null)),
  ])),
  options.length
    ? null
    : h("p", { class: "quiet picker-nothing", role: "status" },
        state.loading ? "Looking…" : settings.load && state.loaded === null ? "Type to search." : "Nothing found."),
  h("div", { class: "picker-foot" },
    selected.length && settings.clearable
      ? h("button", { type: "button", class: "button small", onclick: () => { settings.onpick([]); if (!multi) closePopup(); } }, "Clear")
      : null,
    multi ? h("button", { type: "button", class: "button small primary", onclick: () => closePopup() }, "Done") : null,
  ));
}

function pick(settings, option) {
  settings.remember?.(option);
  if (!settings.multi) {
    settings.onpick([option.value]);
    closePopup();
    return;
  }
  const has = settings.selected.includes(option.value);
  if (!has && settings.most && settings.selected.length >= settings.most) return;
  settings.onpick(has ? settings.selected.filter((one) => one !== option.value) : [...settings.selected, option.value]);
}

function pickerKeys(event, settings, options, active, typed) {
  const last = options.length - 1;
  const to = { ArrowDown: Math.min(last, active + 1), ArrowUp: Math.max(0, active - 1), Home: 0, End: last }[event.key];
  if (to !== undefined && !(typed && ["Home", "End"].includes(event.key))) {
    event.preventDefault();
    ui.popup.active = to;
    changed();
  } else if (event.key === "Enter" || (event.key === " " && !typed)) {
    event.preventDefault();
    if (options[active]) pick(settings, options[active]);
  } else if (event.key === "Escape" || (event.key === "Tab" && !settings.multi)) {
    event.preventDefault();
    event.stopPropagation();
    closePopup();
  } else if (!typed && /^\S$/.test(event.key)) {
    const begins = (one) => one.text.toLowerCase().startsWith(event.key.toLowerCase());
    const later = options.findIndex((one, at) => at > active && begins(one));
    const found = later >= 0 ? later : options.findIndex(begins);
    if (found >= 0) ui.popup.active = found;
    changed();
  }
}
