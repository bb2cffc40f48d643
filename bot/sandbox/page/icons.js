// Small line drawings, so that no sign depends on which fonts a machine has.

import { h } from "./dom.js";

const PATHS = {
  back: ["M15 5l-7 7 7 7"],
  close: ["M6 6l12 12M18 6L6 18"],
  more: ["M6 12h.01M12 12h.01M18 12h.01"],
  send: ["M5 12h13M12 6l6 6-6 6"],
  reply: ["M10 7L5 12l5 5", "M5 12h9a5 5 0 0 1 5 5v1"],
  smile: ["M12 3.5a8.5 8.5 0 1 0 .01 0", "M9 10h.01M15 10h.01", "M8.5 14a4.2 4.2 0 0 0 7 0"],
  down: ["M7 10l5 5 5-5"],
  right: ["M10 7l5 5-5 5"],
  hash: ["M9.5 5L8 19M16 5l-1.500 14M5.500 9.500h14M4.500 14.500h14"],
  lock: ["M6.500 11h11v8h-11z", "M9 11V8.500a3 3 0 0 1 6 0V11"],
  mail: ["M4 6.500h16v11H4z", "M4 7l8 6 8-6"],
  box: ["M4 5h16v4H4z", "M5.500 9v10h13V9", "M10 12.500h4"],
  shared: ["M4 9h14l-4-4", "M20 15H6l4 4"],
  eye: ["M3 12s3.500-6 9-6 9 6 9 6-3.500 6-9 6-9-6-9-6z", "M12 9.500a2.500 2.500 0 1 0 .01 0"],
  picture: ["M4 5h16v14H4z", "M4 16l5-5 4 4 3-3 4 4", "M15.500 8.500h.01"],
  play: ["M8 5.500v13l10-6.500z"],
  out: ["M9 6h9v9", "M18 6L7 17"],
  warning: ["M12 4.500L21 19H3z", "M12 10v4M12 16.500h.01"],
  person: ["M12 5a3.500 3.500 0 1 0 .01 0", "M5 20c.500-4 3.500-6 7-6s6.500 2 7 6"],
  up: ["M12 19V6M6.500 11L12 5.500l5.500 5.500"],
  thumb: ["M7 11v8H4v-8z", "M7 11l4-7c1.500 0 2.500 1 2.500 2.500L13 10h5.500c1 0 1.700 1 1.500 2l-1.200 5.500c-.200 1-1 1.500-1.800 1.500H7"],
  thumbdown: ["M7 13V5H4v8z", "M7 13l4 7c1.500 0 2.500-1 2.500-2.500L13 14h5.500c1 0 1.700-1 1.500-2l-1.200-5.500c-.200-1-1-1.500-1.800-1.500H7"],
  trash: ["M5 7h14M9.500 7V4.500h5V7M7 7l1 12.500h8L17 7"],
};

/** A drawing without words of its own; what it means has to stand beside it or in a label. */
export function icon(name) {
  return h("svg", { class: `icon icon-${name}`, viewBox: "0 0 24 24", "aria-hidden": true, focusable: "false" },
    (PATHS[name] ?? []).map((path) => h("path", { d: path })));
}
