// Builds elements of the page. Text becomes text nodes and is never parsed as HTML.

/**
 * Creates an element. Attributes that are `undefined`, `null` or `false` are left out, `true` is an
 * empty attribute, and functions (`onclick`) become listeners. Children are nodes or texts; those
 * that are `undefined`, `null` or `false` are left out.
 */
export function element(name, attributes = {}, ...children) {
  const created = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === 'function') created.addEventListener(attribute.slice(2), value);
    else created.setAttribute(attribute, value === true ? '' : value);
  }
  created.append(...children.flat().filter((child) => child !== false && child !== null && child !== undefined));
  return created;
}

/** Characters that are not shown as they are: those of `is_unsafe` in `src/text/safe_text.rs`. */
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

const escaped = (character) => `\\u{${character.codePointAt(0).toString(16)}}`;

/** The text on one line, with control characters and bidirectional marks as escapes. */
export function oneLine(text) {
  const flat = text.replace(/[\n\t]/g, ' ').replaceAll('\r', '');
  return flat.replace(UNSAFE, escaped);
}

/** Like `oneLine`, but keeps line breaks. */
export function safeLines(text) {
  return text.split('\n').map(oneLine).join('\n');
}

/** Text of strangers as an element, which keeps its direction to itself. */
export function isolated(text, attributes = {}) {
  return element('bdi', attributes, oneLine(text));
}

/** A button with a listener. */
export function button(label, onclick, attributes = {}) {
  return element('button', { type: 'button', onclick, ...attributes }, label);
}

/**
 * A button that shows and hides `content`, for a row of buttons: `{ button, panel }`. `onOpen` is
 * called when the content is shown.
 */
export function disclosure(label, content, { id, onOpen }) {
  const panel = element('div', { id, class: 'disclosed', hidden: true }, content);
  const toggle = button(label, () => {
    panel.hidden = !panel.hidden;
    toggle.setAttribute('aria-expanded', String(!panel.hidden));
    if (!panel.hidden) onOpen?.();
  }, { class: 'button disclose', 'aria-expanded': 'false', 'aria-controls': id });
  return { button: toggle, panel };
}

/** A label with its input or select, which must have an id. */
export function field(label, input, hint) {
  const describedBy = hint && `${input.id}-hint`;
  if (describedBy) input.setAttribute('aria-describedby', describedBy);
  return element('div', { class: 'field' },
    element('label', { for: input.id }, label), input,
    hint && element('small', { id: describedBy }, hint));
}

/** A select with options, each a value with its label. */
export function select(id, options, value, onchange) {
  const items = options.map(([key, label]) =>
    element('option', { value: key, selected: key === value }, label));
  return element('select', { id, onchange }, items);
}
