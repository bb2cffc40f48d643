// A person as a colored circle with initials; the app as a simple mark of its own.

import { h } from "./dom.js";

const COLORS = ["#0f6355", "#8a4b12", "#1f5f99", "#7a3e8e", "#9c2f4b", "#3f6212", "#5b5bd6", "#6b4f2a"];

/** The circle for a person, the app (two overlapping rings), or somebody not known. */
export function avatar(person, { app = false, small = false } = {}) {
  const isApp = app || person?.kind === "app";
  const className = `avatar${small ? " small" : ""}${isApp ? " app" : ""}`;
  if (isApp) {
    return h("span", { class: className, "aria-hidden": true },
      h("svg", { viewBox: "0 0 32 32", focusable: "false" },
        h("circle", { cx: 12.5, cy: 16, r: 6.5 }), h("circle", { cx: 19.5, cy: 16, r: 6.5 })));
  }
  const color = readable(person?.color) ?? COLORS[sum(person?.id ?? "") % COLORS.length];
  return h("span", { class: className, "aria-hidden": true, style: { "background-color": color } }, person?.initials ?? "?");
}

function sum(text) {
  return [...text].reduce((total, letter) => total + letter.charCodeAt(0), 0);
}

/** The color, darkened until white letters on it have a contrast of 4.5 to 1; null if it is none. */
function readable(color) {
  const match = /^#?([0-9a-f]{6})$/i.exec(color ?? "");
  if (!match) return null;
  let parts = [0, 2, 4].map((at) => parseInt(match[1].slice(at, at + 2), 16));
  while (1.05 / (luminance(parts) + 0.05) < 4.6) parts = parts.map((part) => Math.floor(part * 0.92));
  return `rgb(${parts.join(" ")})`;
}

function luminance(parts) {
  const [red, green, blue] = parts.map((part) => {
    const share = part / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
