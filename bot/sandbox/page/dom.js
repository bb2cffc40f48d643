// Describes the page as plain objects and brings the document into line with them, touching only
// what differs: what a person is typing, where the focus is and what is scrolled all survive.
// Text only ever becomes text nodes; there is no way to pass markup.

const SVG = "http://www.w3.org/2000/svg";
const LIVE = new Set(["value", "checked"]); // what people change themselves: compared with the element
const afterwards = [];
const HOOKS = new Set(["key", "onmount", "onpatch", "onremove"]);

/** Describe an element. `props.key` tells siblings apart; `on…` are handlers; children nest freely. */
export function h(tag, props, ...children) {
  return { tag, props: props ?? {}, key: props?.key ?? null, children: flat(children) };
}

/**
 * Make the children of `parent` equal to `children`. When all of it stands in the document, new
 * elements hear `onmount` and those that stayed `onpatch`.
 */
export function patchChildren(parent, children) {
  reconcile(parent, flat(children), parent.namespaceURI === SVG);
  for (const tell of afterwards.splice(0)) tell();
}

function flat(children, into = []) {
  for (const child of children) {
    if (Array.isArray(child)) flat(child, into);
    else if (child === null || child === undefined || child === false || child === true) continue;
    else into.push(typeof child === "object" ? child : String(child));
  }
  return into;
}

function create(node, svg) {
  if (typeof node === "string") return document.createTextNode(node);
  const inSvg = svg || node.tag === "svg";
  const element = inSvg ? document.createElementNS(SVG, node.tag) : document.createElement(node.tag);
  element.described = { props: {}, key: node.key, tag: node.tag };
  update(element, node, inSvg);
  return element;
}

function update(element, node, inSvg) {
  const before = element.described.props;
  // Options of a select have to exist before its value can be set, so children go first.
  reconcile(element, node.children, inSvg);
  for (const name of Object.keys(before)) if (!(name in node.props)) apply(element, name, null, before[name]);
  for (const [name, value] of Object.entries(node.props)) apply(element, name, value, before[name]);
  element.described = { props: node.props, key: node.key, tag: node.tag };
}

function apply(element, name, value, before) {
  if (HOOKS.has(name)) return;
  if (name.startsWith("on")) {
    element[name] = value ?? null;
  } else if (LIVE.has(name)) {
    if (value !== null && element[name] !== value) element[name] = value;
  } else if (name === "style") {
    for (const property of Object.keys(before ?? {})) {
      if (!(property in (value ?? {}))) element.style.removeProperty(property);
    }
    for (const [property, setting] of Object.entries(value ?? {})) {
      element.style.setProperty(property, setting);
    }
  } else if (value !== before) {
    const aria = name.startsWith("aria-");
    if (value === null || value === undefined || (value === false && !aria)) {
      element.removeAttribute(name);
    } else {
      element.setAttribute(name, value === true && !aria ? "" : String(value));
    }
  }
}

function fits(dom, node) {
  if (typeof node === "string") return dom.nodeType === Node.TEXT_NODE;
  return dom.described?.tag === node.tag && dom.described.key === node.key;
}

function reconcile(parent, nodes, svg) {
  const keyed = new Map();
  const loose = [];
  for (const dom of parent.childNodes) {
    const key = dom.described?.key ?? null;
    if (key === null) loose.push(dom);
    else keyed.set(key, dom);
  }
  // Choose which present nodes stay before anything moves: moving an element would take its focus.
  const kept = new Set();
  let next = 0;
  const chosen = nodes.map((node) => {
    let dom = null;
    if (typeof node === "object" && node.key !== null) {
      dom = keyed.get(node.key) ?? null;
    } else {
      const found = loose.findIndex((one, index) => index >= next && fits(one, node));
      if (found >= 0) {
        dom = loose[found];
        next = found + 1;
      }
    }
    if (dom === null || kept.has(dom) || !fits(dom, node)) return null;
    kept.add(dom);
    return dom;
  });
  for (const dom of [...parent.childNodes]) if (!kept.has(dom)) remove(dom);
  let place = parent.firstChild;
  nodes.forEach((node, index) => {
    const present = chosen[index];
    if (present === null) {
      const made = create(node, svg);
      parent.insertBefore(made, place);
      if (node.props?.onmount) afterwards.push(() => node.props.onmount(made));
      return;
    }
    if (typeof node === "string") {
      if (present.data !== node) present.data = node;
    } else {
      update(present, node, svg || node.tag === "svg");
      if (node.props.onpatch) afterwards.push(() => node.props.onpatch(present));
    }
    if (present === place) place = place.nextSibling;
    else parent.insertBefore(present, place);
  });
}

function remove(dom) {
  leave(dom);
  dom.remove();
}

function leave(dom) {
  for (const child of dom.childNodes) leave(child);
  dom.described?.props.onremove?.(dom);
}
