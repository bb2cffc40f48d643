// The `markdown` block: standard Markdown, the part of it that Slack renders.

import { h } from "./dom.js";
import { emojiNode, entityNode, link } from "./mrkdwn.js";
import { scrollingTable } from "./tables.js";

const BULLET = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;

/** Markdown as a list of block elements. */
export function markdown(text) {
  return blocks(String(text ?? "").split("\n"));
}

function blocks(lines) {
  const out = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at];
    const fence = /^\s*(```|~~~)/.exec(line);
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
    if (!line.trim()) {
      at += 1;
    } else if (fence) {
      let end = at + 1;
      while (end < lines.length && !lines[end].trim().startsWith(fence[1])) end += 1;
      out.push(h("pre", { tabindex: "0" }, lines.slice(at + 1, end).join("\n")));
      at = end + 1;
    } else if (heading) {
      // The page's own headings take the first three levels.
      out.push(h(`h${Math.min(6, heading[1].length + 3)}`, { class: "markdown-heading" }, span(heading[2])));
      at += 1;
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) {
      out.push(h("hr"));
      at += 1;
    } else if (/^\s*>/.test(line)) {
      const quoted = [];
      while (at < lines.length && /^\s*>/.test(lines[at])) quoted.push(lines[at++].replace(/^\s*> ?/, ""));
      out.push(h("blockquote", null, blocks(quoted)));
    } else if (line.includes("|") && /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(lines[at + 1] ?? "")) {
      const rows = [cells(line)];
      at += 2;
      while (at < lines.length && lines[at].includes("|") && lines[at].trim()) rows.push(cells(lines[at++]));
      out.push(table(rows));
    } else if (BULLET.test(line)) {
      const items = [];
      while (at < lines.length && (BULLET.test(lines[at]) || (/^\s+\S/.test(lines[at]) && items.length))) {
        items.push(lines[at++]);
      }
      out.push(list(items));
    } else {
      const paragraph = [];
      while (at < lines.length && lines[at].trim() && !startsBlock(lines[at], paragraph.length)) {
        paragraph.push(lines[at++]);
      }
      out.push(h("p", null, span(paragraph.join("\n"))));
    }
  }
  return out;
}

function startsBlock(line, already) {
  return already > 0 && (/^(#{1,6})\s/.test(line) || /^\s*(```|~~~|>)/.test(line) || BULLET.test(line));
}

function list(lines) {
  const first = BULLET.exec(lines[0]);
  const items = [];
  for (const line of lines) {
    const match = BULLET.exec(line);
    if (match && match[1].length <= first[1].length) items.push({ text: match[3], inner: [] });
    else items.at(-1).inner.push(line.replace(/^\s{1,4}/, ""));
  }
  const ordered = /\d/.test(first[2]);
  return h(
    ordered ? "ol" : "ul",
    ordered ? { start: parseInt(first[2], 10) } : null,
    items.map((item) => {
      const task = /^\[([ xX])\]\s+(.*)$/.exec(item.text);
      const done = task && task[1] !== " ";
      const words = task
        ? [h("span", { role: "img", "aria-label": done ? "done" : "to do" }, done ? "\u2611\ufe0e " : "\u2610\ufe0e "), span(task[2])]
        : span(item.text);
      return h("li", task ? { class: "task" } : null, words, item.inner.length ? blocks(item.inner) : null);
    }),
  );
}

function cells(line) {
  return line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function table([head, ...rows]) {
  return scrollingTable(
    "Table",
    h("thead", null, h("tr", null, head.map((cell) => h("th", { scope: "col" }, span(cell))))),
    h("tbody", null, rows.map((row) => h("tr", null, head.map((_, at) => h("td", null, span(row[at] ?? "")))))),
  );
}

const RULES = [
  [/^`+([^`]+)`+/, (m) => h("code", null, m[1])],
  [/^!\[([^\]]*)\]\(([^)\s]+)[^)]*\)/, (m) => h("span", { class: "inline-image" }, `Image: ${m[1] || "without a description"}`)],
  [/^\[([^\]]+)\]\(([^)\s]+)[^)]*\)/, (m) => link(m[2], span(m[1]))],
  [/^<((?:https?:|mailto:|[@#!])[^<>\n]+)>/, (m) => entityNode(m[1])],
  [/^\*\*(?=\S)([\s\S]+?\S|\S)\*\*/, (m) => h("strong", null, span(m[1]))],
  [/^__(?=\S)([\s\S]+?\S|\S)__/, (m) => h("strong", null, span(m[1]))],
  [/^~~(?=\S)([\s\S]+?\S|\S)~~/, (m) => h("s", null, span(m[1]))],
  [/^\*(?=\S)([^*]*[^*\s]|\S)\*/, (m) => h("em", null, span(m[1]))],
  [/^_(?=\S)([^_]*[^_\s]|\S)_(?![\p{L}\p{N}])/u, (m) => h("em", null, span(m[1]))],
  [/^:([a-z0-9_+'-]+):/, (m) => emojiNode(m[1])],
  [/^https?:\/\/[^\s<>|)]+[^\s<>|.,;:!?)'"*_~]/, (m) => link(m[0], m[0])],
  [/^\\([\\`*_{}[\]()#+.!~|>-])/, (m) => m[1]],
];

function span(text) {
  const out = [];
  let pending = "";
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at);
    const within = /[\p{L}\p{N}]/u.test(text[at - 1] ?? "") && /^[_h]/.test(rest);
    let found = null;
    if (!within) {
      for (const [pattern, make] of RULES) {
        const match = pattern.exec(rest);
        if (match) {
          found = { node: make(match), length: match[0].length };
          break;
        }
      }
    }
    if (found) {
      if (pending) out.push(pending);
      pending = "";
      out.push(found.node);
      at += found.length;
    } else {
      pending += text[at];
      at += 1;
    }
  }
  if (pending) out.push(pending);
  return out;
}
