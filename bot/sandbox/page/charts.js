// The `data_visualization` block: line, bar, area and pie charts as drawings, with every figure in a
// table besides. Series differ by shape or stroke as well as by color.

import { h } from "./dom.js";
import { scrollingTable } from "./tables.js";

const HEIGHT = 260;
const FRAME = { left: 44, right: 12, top: 26, bottom: 34 };
const narrow = matchMedia("(max-width: 760px)");

// On a narrow screen the drawing is narrower instead of shrunk, so that its words stay legible.
function width() {
  return narrow.matches ? 320 : 560;
}
const DASHES = [null, "7 4", "2 4", "10 4 2 4", "5 2", "1 3"];

/** The whole block: title, drawing, legend, figures. */
export function chart(block) {
  const given = block.chart ?? {};
  const pie = given.type === "pie";
  const known = ["pie", "bar", "line", "area"].includes(given.type);
  const table = pie ? pieTable(given) : seriesTable(given);
  const drawing = !known ? null : pie ? pieDrawing(given) : seriesDrawing(given);
  const summary = `${block.title ?? "Chart"}. ${words(given)}`;
  return h("figure", { class: "chart" },
    h("figcaption", null, block.title ?? "Chart"),
    drawing
      ? h("svg", {
          viewBox: pie ? "0 0 220 220" : `0 0 ${width()} ${HEIGHT}`, role: "img", "aria-label": summary,
          class: pie ? "pie" : "plot", focusable: "false",
        }, drawing)
      : h("p", { class: "quiet" }, `A chart of the kind “${given.type}”.`),
    legend(given),
    h("details", null, h("summary", null, "Show the figures"), table),
  );
}

function words(given) {
  if (given.type === "pie") {
    return (given.segments ?? []).map((one) => `${one.label}: ${number(one.value)}`).join(", ") + ".";
  }
  return (given.series ?? [])
    .map((one) => `${one.name}: ${(one.data ?? []).map((point) => `${point.label} ${number(point.value)}`).join(", ")}`)
    .join("; ") + ".";
}

function number(value) {
  return new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 }).format(value ?? 0);
}

function legend(given) {
  const names = given.type === "pie" ? (given.segments ?? []).map((one) => one.label) : (given.series ?? []).map((one) => one.name);
  if (names.length < 2) return null;
  return h("ul", { class: "legend", "aria-hidden": true },
    names.map((name, at) =>
      h("li", null,
        h("svg", { viewBox: "0 0 24 12", class: "legend-mark" },
          given.type === "line"
            ? [h("line", { x1: 0, y1: 6, x2: 24, y2: 6, class: `stroke-${at % 6}`, "stroke-dasharray": DASHES[at % 6] }), marker(12, 6, at)]
            : h("rect", { x: 5, y: 0, width: 12, height: 12, rx: 2, class: `fill-${at % 6}` }),
        ),
        name,
      ),
    ),
  );
}

// ---- bars, lines, areas ---------------------------------------------------------------------

function seriesDrawing(given) {
  const categories = given.axis_config?.categories ?? (given.series?.[0]?.data ?? []).map((point) => point.label);
  const values = (given.series ?? []).map((one) => {
    const known = new Map((one.data ?? []).map((point) => [point.label, point.value]));
    return categories.map((category) => known.get(category) ?? null);
  });
  const highest = Math.max(0, ...values.flat().map((value) => value ?? 0));
  const lowest = Math.min(0, ...values.flat().map((value) => value ?? 0));
  const counts = values.flat().every((value) => Number.isInteger(value ?? 0));
  const ticks = tickValues(lowest, highest, counts ? 1 : 0);
  const [bottom, top] = [ticks[0], ticks.at(-1)];
  const whole = width();
  const inner = { width: whole - FRAME.left - FRAME.right, height: HEIGHT - FRAME.top - FRAME.bottom };
  const y = (value) => FRAME.top + inner.height * (1 - (value - bottom) / (top - bottom || 1));
  const slot = inner.width / Math.max(1, categories.length);
  const x = (at) => FRAME.left + slot * (at + 0.5);
  const every = Math.ceil(categories.length / (whole / 70));
  const { x_label: xLabel, y_label: yLabel } = given.axis_config ?? {};
  return [
    ticks.map((tick) => [
      h("line", { class: tick === 0 ? "axis" : "grid", x1: FRAME.left, x2: whole - FRAME.right, y1: y(tick), y2: y(tick) }),
      h("text", { class: "tick", x: FRAME.left - 8, y: y(tick) + 4, "text-anchor": "end" }, short(tick)),
    ]),
    categories.map((category, at) =>
      at % every ? null : h("text", { class: "tick", x: x(at), y: HEIGHT - FRAME.bottom + 16, "text-anchor": "middle" }, clipped(category, (slot * every) / 6.4)),
    ),
    xLabel ? h("text", { class: "tick", x: FRAME.left + inner.width / 2, y: HEIGHT - 3, "text-anchor": "middle" }, xLabel) : null,
    yLabel ? h("text", { class: "tick", x: 2, y: 11 }, yLabel) : null,
    given.type === "bar" ? bars(values, x, y, slot) : curves(values, x, y, given.type === "area"),
  ];
}

function bars(values, x, y, slot) {
  const broad = Math.min(46, (slot * 0.72) / Math.max(1, values.length));
  return values.flatMap((series, which) =>
    series.map((value, at) => {
      if (value === null) return null;
      const left = x(at) - (broad * values.length) / 2 + which * broad;
      const [high, low] = [Math.min(y(value), y(0)), Math.max(y(value), y(0))];
      const label = broad >= 16 ? h("text", { class: "figure", x: left + broad / 2, y: high - 4, "text-anchor": "middle" }, short(value)) : null;
      return [h("rect", { class: `fill-${which % 6}`, x: left + 1, y: high, width: Math.max(1, broad - 2), height: Math.max(1, low - high), rx: 2 }), label];
    }),
  );
}

function curves(values, x, y, filled) {
  return values.map((series, which) => {
    const points = series.map((value, at) => (value === null ? null : [x(at), y(value)])).filter(Boolean);
    if (!points.length) return null;
    const path = points.map(([left, top], at) => `${at ? "L" : "M"}${left.toFixed(1)} ${top.toFixed(1)}`).join(" ");
    return [
      filled
        ? h("path", { class: `area-${which % 6}`, d: `${path} L${points.at(-1)[0].toFixed(1)} ${y(0).toFixed(1)} L${points[0][0].toFixed(1)} ${y(0).toFixed(1)} Z` })
        : null,
      h("path", { class: `stroke-${which % 6}`, d: path, "stroke-dasharray": DASHES[which % 6] }),
      points.map(([left, top]) => marker(left, top, which)),
    ];
  });
}

function marker(x, y, which) {
  const look = { class: `fill-${which % 6}` };
  switch (which % 4) {
    case 1:
      return h("rect", { ...look, x: x - 3.5, y: y - 3.5, width: 7, height: 7 });
    case 2:
      return h("path", { ...look, d: `M${x} ${y - 5}L${x + 5} ${y + 4}L${x - 5} ${y + 4}Z` });
    case 3:
      return h("path", { ...look, d: `M${x} ${y - 5}L${x + 5} ${y}L${x} ${y + 5}L${x - 5} ${y}Z` });
    default:
      return h("circle", { ...look, cx: x, cy: y, r: 4 });
  }
}

/** Round numbers from at or under the lowest value to at or over the highest, `least` apart. */
function tickValues(lowest, highest, least) {
  const span = highest - lowest || 1;
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const round = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= rough);
  const step = Math.max(least, least ? Math.ceil(round) : round);
  const first = Math.floor(lowest / step);
  const last = Math.ceil((lowest + span) / step);
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

function short(value) {
  return new Intl.NumberFormat("en-US", { notation: Math.abs(value) >= 10_000 ? "compact" : "standard", maximumFractionDigits: 1 }).format(value);
}

function clipped(text, room) {
  return text.length > room ? `${text.slice(0, Math.max(1, Math.floor(room) - 1))}…` : text;
}

// ---- pie --------------------------------------------------------------------------------------

function pieDrawing(given) {
  const segments = (given.segments ?? []).filter((one) => one.value > 0);
  const total = segments.reduce((sum, one) => sum + one.value, 0) || 1;
  let turn = -Math.PI / 2;
  return segments.map((one) => {
    const at = given.segments.indexOf(one);
    const share = one.value / total;
    const [from, to] = [turn, turn + share * 2 * Math.PI];
    turn = to;
    const point = (angle, radius) => `${(110 + radius * Math.cos(angle)).toFixed(2)} ${(110 + radius * Math.sin(angle)).toFixed(2)}`;
    const middle = (from + to) / 2;
    const slice =
      share > 0.9999
        ? h("circle", { class: `fill-${at % 6} slice`, cx: 110, cy: 110, r: 100 })
        : h("path", { class: `fill-${at % 6} slice`, d: `M110 110L${point(from, 100)}A100 100 0 ${share > 0.5 ? 1 : 0} 1 ${point(to, 100)}Z` });
    const [left, top] = point(middle, share > 0.9999 ? 0 : 66).split(" ");
    return [
      slice,
      share >= 0.06 ? h("text", { class: `on-fill-${at % 6}`, x: left, y: Number(top) + 4, "text-anchor": "middle" }, `${Math.round(share * 100)}%`) : null,
    ];
  });
}

// ---- figures ----------------------------------------------------------------------------------

function pieTable(given) {
  return scrollingTable("Figures",
    h("thead", null, h("tr", null, h("th", { scope: "col" }, "Part"), h("th", { scope: "col", class: "align-right" }, "Value"))),
    h("tbody", null, (given.segments ?? []).map((one) =>
      h("tr", null, h("th", { scope: "row" }, one.label), h("td", { class: "align-right" }, number(one.value))))),
  );
}

function seriesTable(given) {
  const series = given.series ?? [];
  const categories = given.axis_config?.categories ?? (series[0]?.data ?? []).map((point) => point.label);
  const valueAt = (one, category) => (one.data ?? []).find((point) => point.label === category)?.value;
  return scrollingTable("Figures",
    h("thead", null, h("tr", null,
      h("th", { scope: "col" }, given.axis_config?.x_label ?? ""),
      series.map((one) => h("th", { scope: "col", class: "align-right" }, one.name)))),
    h("tbody", null, categories.map((category) =>
      h("tr", null, h("th", { scope: "row" }, category), series.map((one) => {
        const value = valueAt(one, category);
        return h("td", { class: "align-right" }, value === undefined ? "–" : number(value));
      })))),
  );
}
