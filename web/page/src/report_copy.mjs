// Shows the report that the engine writes as an HTML file. The file is parsed into a document that
// runs nothing and loads nothing, and only known elements and attributes are created again.

const HTML = [
  'section', 'header', 'main', 'div', 'p', 'h2', 'h3', 'ul', 'ol', 'li', 'dl', 'dt', 'dd', 'table',
  'caption', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td', 'bdi', 'abbr', 'small', 'span', 'strong',
  'br', 'a',
];
const SVG = ['svg', 'g', 'rect'];

const ATTRIBUTES = new Set([
  'class', 'id', 'lang', 'dir', 'title', 'role', 'tabindex', 'scope', 'colspan', 'rowspan', 'data-v',
  'data-n', 'aria-hidden', 'aria-label', 'aria-labelledby', 'focusable', 'viewBox', 'x', 'y', 'width',
  'height', 'preserveAspectRatio', 'fill',
]);

const NAMESPACE = 'http://www.w3.org/2000/svg';

function copy(node) {
  if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
  const name = node.localName;
  let created;
  if (HTML.includes(name)) created = document.createElement(name);
  else if (SVG.includes(name)) created = document.createElementNS(NAMESPACE, name);
  else return null;
  for (const { name: attribute, value } of node.attributes) {
    if (ATTRIBUTES.has(attribute)) created.setAttribute(attribute, value);
    // Links lead to other parts of the report only.
    if (name === 'a' && attribute === 'href' && value.startsWith('#')) created.setAttribute('href', value);
  }
  created.append(...copies(node.childNodes));
  return created;
}

const copies = (nodes) => Array.from(nodes, copy).filter((node) => node !== null);

/** The parts of a report below its title, as new elements of this page. */
export function copyReport(html) {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  const parts = parsed.querySelectorAll('body > header > p, body > main > *');
  return copies(parts);
}
