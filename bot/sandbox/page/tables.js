// The `table` block, and the `data_table` block with its paging, sorting and filtering.

import { h } from "./dom.js";
import { richText } from "./richtext.js";
import { draft, setDraft } from "./state.js";

/** A table that scrolls within itself on narrow screens, reachable by keyboard. */
export function scrollingTable(label, ...children) {
  return h("div", { class: "table-frame", role: "region", "aria-label": label, tabindex: "0" }, h("table", null, children));
}

/** The `table` block: the first row is the header. */
export function table(block) {
  const [head, ...rows] = block.rows ?? [];
  const look = (at) => {
    const settings = block.column_settings?.[at] ?? {};
    const classes = [settings.align ? `align-${settings.align}` : "", settings.is_wrapped ? "wrapped" : ""];
    return classes.filter(Boolean).join(" ") || null;
  };
  return scrollingTable(
    "Table",
    h("thead", null, h("tr", null, (head ?? []).map((cell, at) => h("th", { scope: "col", class: look(at) }, cellContent(cell))))),
    h("tbody", null, rows.map((row) => h("tr", null, row.map((cell, at) => h("td", { class: look(at) }, cellContent(cell)))))),
  );
}

/** The `data_table` block. `key` names its place, for where a person has paged and sorted to. */
export function dataTable(block, key) {
  const view = draft(key) ?? { page: 0, column: null, down: false, filter: "" };
  const change = (part) => setDraft(key, { ...view, ...part });
  const [head = [], ...all] = block.rows ?? [];
  const rows = arranged(all, view);
  const size = block.page_size ?? 5;
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const page = Math.min(view.page, pages - 1);
  const shown = rows.slice(page * size, (page + 1) * size);
  const nameColumn = block.row_header_column_index ?? 0;
  const caption = block.caption ?? "Table";
  return h("div", { class: "data-table" },
    h("div", { class: "data-table-top" },
      h("span", { class: "data-table-caption", "aria-hidden": true }, caption),
      all.length > size
        ? h("input", {
            type: "search", class: "data-table-filter", "aria-label": `Filter ${caption}`, placeholder: "Filter",
            value: view.filter, oninput: (event) => change({ filter: event.target.value, page: 0 }),
          })
        : null,
    ),
    scrollingTable(
      caption,
      h("caption", { class: "hidden-text" }, caption),
      h("thead", null, h("tr", null, head.map((cell, at) => heading(cell, at, all[0]?.[at]?.type === "raw_number", view, change)))),
      h("tbody", null, shown.map((row) =>
        h("tr", null, row.map((cell, at) =>
          at === nameColumn
            ? h("th", { scope: "row" }, cellContent(cell))
            : h("td", { class: cell.type === "raw_number" ? "align-right" : null }, cellContent(cell)),
        )),
      )),
    ),
    shown.length ? null : h("p", { class: "quiet" }, "No row matches."),
    pages > 1
      ? h("div", { class: "pager" },
          h("button", { type: "button", class: "button small", disabled: page === 0, onclick: () => change({ page: page - 1 }) }, "Previous"),
          h("span", { role: "status" }, `Page ${page + 1} of ${pages}`),
          h("button", { type: "button", class: "button small", disabled: page === pages - 1, onclick: () => change({ page: page + 1 }) }, "Next"),
        )
      : null,
  );
}

function heading(cell, at, numeric, view, change) {
  const sorted = view.column === at;
  const order = !sorted ? "none" : view.down ? "descending" : "ascending";
  const mark = { none: "↕", ascending: "↑", descending: "↓" }[order];
  return h("th", { scope: "col", "aria-sort": order, class: numeric ? "align-right" : null },
    h("button", { type: "button", class: "sort", onclick: () => change({ column: at, down: sorted && !view.down, page: 0 }) },
      h("span", null, cellContent(cell)), h("span", { class: "sort-mark", "aria-hidden": true }, mark),
    ),
  );
}

function arranged(rows, view) {
  const wanted = view.filter.trim().toLowerCase();
  const found = wanted ? rows.filter((row) => row.some((cell) => cellText(cell).toLowerCase().includes(wanted))) : [...rows];
  if (view.column === null) return found;
  const sign = view.down ? -1 : 1;
  return found.sort((one, other) => {
    const [a, b] = [one[view.column], other[view.column]];
    if (a?.type === "raw_number" && b?.type === "raw_number") return sign * (a.value - b.value);
    return sign * cellText(a).localeCompare(cellText(b), "en", { numeric: true });
  });
}

function cellContent(cell) {
  if (cell?.type === "rich_text") return richText(cell);
  return cellText(cell);
}

function cellText(cell) {
  if (!cell) return "";
  if (cell.type === "rich_text") return JSON.stringify(cell.elements).match(/"text":"[^"]*"/g)?.map((one) => one.slice(8, -1)).join(" ") ?? "";
  return String(cell.text ?? cell.value ?? "");
}
