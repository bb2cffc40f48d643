// Windows over the page: the modal that a bot opened for me, and the page's own questions.

import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { act, changed, draft, setDraft, ui } from "./state.js";
import { textLine, textObject } from "./mrkdwn.js";
import { holdsValue, problemWith, valueOf, valuesOf } from "./values.js";

/** Ask before acting. `confirm` is Block Kit's confirmation object. Resolves to yes or no. */
export function ask(confirm) {
  return new Promise((resolve) => {
    ui.dialog = { confirm, resolve };
    changed();
  });
}

let leaving = null; // the view that was asked to close last

/** Show something in a window of its own, to be read and closed. */
export function show(title, ...content) {
  ui.dialog = { title, content };
  changed();
}

/** The question that the page asks now, or what it shows, if anything. */
export function question() {
  if (!ui.dialog) return null;
  if (ui.dialog.content) return reading(ui.dialog);
  const { confirm, resolve } = ui.dialog;
  const answer = (yes) => {
    ui.dialog = null;
    resolve(yes);
    changed();
  };
  return h("dialog", {
    ...dialogProps(() => answer(false)), key: "question", class: "dialog question", "aria-labelledby": "question-title",
    "aria-describedby": "question-text",
  },
  h("h2", { id: "question-title" }, textLine(confirm.title)),
  h("div", { id: "question-text", class: "words" }, textObject(confirm.text)),
  h("div", { class: "dialog-foot" },
    h("button", { type: "button", class: "button", onclick: () => answer(false) }, textLine(confirm.deny ?? "Cancel")),
    h("button", { type: "button", class: confirm.style === "danger" ? "button danger" : "button primary", onclick: () => answer(true) },
      textLine(confirm.confirm ?? "Yes"))));
}

function reading({ title, content }) {
  const close = () => {
    ui.dialog = null;
    changed();
  };
  return h("dialog", { ...dialogProps(close), key: "reading", class: "dialog question", "aria-labelledby": "question-title" },
    h("h2", { id: "question-title" }, title),
    content,
    h("div", { class: "dialog-foot" }, h("button", { type: "button", class: "button", onclick: close }, "Close")));
}

/** The modal that is open for me, if any: `open` is {id, view, errors}. */
export function modal(open) {
  if (!open) return null;
  const { id, view } = open;
  const key = `modal|${id}`;
  const own = draft(`${key}#problems`) ?? {};
  const errors = { ...open.errors, ...own };
  const surface = surfaceOf(id, view, key, errors);
  const close = () => {
    if (leaving === id) return; // one press of Escape can cancel a dialog twice
    leaving = id;
    act("close", { view_id: id });
  };
  const count = Object.keys(errors).length;
  return h("dialog", { ...dialogProps(close), key, class: "dialog modal", "aria-labelledby": "modal-title", "data-view": id },
    h("form", { novalidate: true, onsubmit: (event) => { event.preventDefault(); submit(id, view, key); } },
      h("header", { class: "dialog-head" },
        h("h2", { id: "modal-title" }, textLine(view.title)),
        h("button", { type: "button", class: "icon-button", "aria-label": "Close", onclick: close }, icon("close"))),
      h("div", { class: "dialog-body", tabindex: "-1" },
        count ? h("p", { class: "error-text", role: "alert" }, count === 1 ? "One answer needs another look." : `${count} answers need another look.`) : null,
        blocks(view.blocks, surface)),
      h("footer", { class: "dialog-foot" },
        h("button", { type: "button", class: "button", onclick: close }, textLine(view.close ?? (view.submit ? "Cancel" : "Close"))),
        view.submit ? h("button", { type: "submit", class: "button primary", "aria-busy": ui.working > 0 }, textLine(view.submit)) : null)));
}

function dialogProps(close) {
  return {
    onmount: (box) => {
      box.showModal();
      const first = box.querySelector("[data-focus=first]") ??
        box.querySelector(".dialog-body :is(input, textarea, .picker-button, select, .actions button)") ??
        box.querySelector(".dialog-foot .primary, .dialog-foot .danger, .dialog-foot button");
      first?.focus();
    },
    // Closing gives the focus back to where it was.
    onremove: (box) => box.close(),
    oncancel: (event) => {
      if (event.target !== event.currentTarget) return;
      event.preventDefault();
      close();
    },
  };
}

/** What the elements of a view share; App Home uses it too. */
export function surfaceOf(id, view, key, errors = {}) {
  return {
    key, keeps: true, address: { view_id: id }, ask, errors,
    send: (blockId, element, change) =>
      act("act_in_modal", {
        view_id: id, block_id: blockId, action_id: element.action_id,
        ...(change.click ? { value: change.value } : { selected: change.selected }),
        values: valuesOf(view.blocks, { key, keeps: true }),
      }),
  };
}

async function submit(id, view, key) {
  if (ui.working) return;
  const problems = {};
  for (const block of view.blocks ?? []) {
    if (block.type !== "input" || !block.element || !holdsValue(block.element)) continue;
    const problem = problemWith(block, valueOf(block.element, { key, keeps: true, blockId: block.block_id }));
    if (problem) problems[block.block_id] = problem;
  }
  setDraft(`${key}#problems`, problems);
  if (!Object.keys(problems).length) await act("submit", { view_id: id, values: valuesOf(view.blocks, { key, keeps: true }) });
  // After the redraw: to the first answer that needs another look.
  setTimeout(() => {
    const wrong = document.querySelector("dialog.modal .has-error");
    wrong?.querySelector("input, textarea, .picker-button")?.focus();
  });
}
