// Small lists that open over the page: menus of things to do. One is open at a time.

import { h } from "./dom.js";
import { changed, ui } from "./state.js";

/** A name for `id` attributes made of anything. */
export function idOf(...parts) {
  return parts.join("-").replace(/[^A-Za-z0-9_-]/g, "_");
}

export function isOpen(key) {
  return ui.popup?.key === key;
}

export function openPopup(key, details = {}) {
  ui.popup = { key, query: "", active: -1, ...details };
  changed();
}

/** Close what is open; the focus goes back to the button that opened it. */
export function closePopup(focusBack = true) {
  if (!ui.popup) return;
  const { key, onclosed } = ui.popup;
  ui.popup = null;
  onclosed?.();
  if (focusBack) document.getElementById(idOf(key, "anchor"))?.focus();
  changed();
}

/** The floating box. It stands in the top layer, so that nothing clips it, next to its button. */
export function popup(key, props, ...children) {
  const { onshown, ...rest } = props;
  return h("div", {
    ...rest,
    key: `popup-${key}`,
    class: `popup ${props.class ?? ""}`,
    popover: "manual",
    onmount: (box) => {
      box.showPopover?.();
      place(box, key);
      onshown?.(box);
    },
    onpatch: (box) => place(box, key),
  }, children);
}

function place(box, key) {
  const anchor = document.getElementById(idOf(key, "anchor"));
  if (!anchor || matchMedia("(max-width: 600px)").matches) {
    // A sheet at the foot of the screen; the style sheet does it.
    box.style.removeProperty("left");
    box.style.removeProperty("top");
    box.style.removeProperty("max-height");
    return;
  }
  const at = anchor.getBoundingClientRect();
  box.style.setProperty("min-width", `${Math.min(at.width, 420)}px`);
  box.style.removeProperty("max-height");
  const [room, above] = [innerHeight - at.bottom - 12, at.top - 12];
  const [width, wanting] = [box.offsetWidth, box.offsetHeight];
  const upward = wanting > room && above > room;
  const height = Math.max(160, Math.min(wanting, upward ? above : room));
  if (height < wanting) box.style.setProperty("max-height", `${height}px`);
  const top = upward ? Math.max(8, at.top - height - 4) : at.bottom + 4;
  const wanted = box.dataset.align === "end" ? at.right - width : at.left;
  box.style.setProperty("top", `${top}px`);
  box.style.setProperty("left", `${Math.max(8, Math.min(wanted, innerWidth - width - 8))}px`);
}

/**
 * A button that opens a menu.
 * `items`: {label, note?, run, danger?, checked?, heading?} in order; `heading` begins a group.
 */
export function menuButton({ key, label, content, items, className = "icon-button", align = "end", expandedHint = null }) {
  const open = isOpen(key);
  return [
    h("button", {
      type: "button", key: `anchor-${key}`, id: idOf(key, "anchor"), class: className,
      "aria-haspopup": "menu", "aria-expanded": open, "aria-label": label, title: expandedHint,
      onclick: () => (open ? closePopup() : openPopup(key)),
      onkeydown: (event) => {
        if (event.key === "ArrowDown" && !open) {
          event.preventDefault();
          openPopup(key);
        }
      },
    }, content),
    open ? menu(key, label, items, align) : null,
  ];
}

function menu(key, label, items, align) {
  return popup(key, {
    role: "menu", "aria-label": label, class: "menu", "data-align": align,
    onshown: (box) => (box.querySelector("[aria-checked='true']") ?? box.querySelector("[role^='menuitem']"))?.focus(),
    onkeydown: (event) => menuKeys(event),
  },
  items.map((item, at) => [
    item.heading ? h("p", { key: `heading-${at}`, class: "menu-heading" }, item.heading) : null,
    h("button", {
      type: "button", key: `item-${at}`, tabindex: "-1",
      role: item.checked === undefined ? "menuitem" : "menuitemradio", "aria-checked": item.checked,
      class: item.danger ? "menu-item danger" : "menu-item",
      onclick: () => {
        closePopup();
        item.run();
      },
    }, item.icon ?? null, h("span", { class: "menu-words" }, h("span", null, item.label), item.note ? h("span", { class: "quiet" }, item.note) : null)),
  ]));
}

function menuKeys(event) {
  const items = [...event.currentTarget.querySelectorAll("[role^='menuitem']")];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    items[(to + items.length) % items.length]?.focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation();
    closePopup();
  } else if (/^\S$/.test(event.key)) {
    const begins = (item) => item.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase());
    (items.slice(at + 1).find(begins) ?? items.find(begins))?.focus();
  }
}

document.addEventListener("pointerdown", (event) => {
  if (!ui.popup || event.target.closest(".popup")) return;
  const anchor = document.getElementById(idOf(ui.popup.key, "anchor"));
  if (!anchor?.contains(event.target)) closePopup(false);
});

addEventListener("resize", () => changed());
document.addEventListener("scroll", (event) => {
  if (!ui.popup || event.target.closest?.(".popup")) return;
  const box = document.querySelector(".popup");
  if (box) place(box, ui.popup.key);
}, true);
