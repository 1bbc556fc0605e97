// Reads JSON without loss: numbers keep their digits, and objects keep the order of their members
// and members with the same name.

/** A number as it is written: `1.10`, or an id of 20 digits. */
export class JsonNumber {
  constructor(text) {
    this.text = text;
  }
}

/** An object: its members are pairs of a name and a value. */
export class JsonObject {
  constructor(members) {
    this.members = members;
  }

  /** The value of the last member with this name, as other programs read it. */
  get(name) {
    return this.members.findLast((member) => member[0] === name)?.[1];
  }
}

const TOKEN = /\s*(?:([{}[\]:,])|("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null))/y;

class Parser {
  constructor(text) {
    this.text = text;
    this.pattern = new RegExp(TOKEN);
  }

  next() {
    const token = this.pattern.exec(this.text);
    if (token === null) throw new SyntaxError(`not JSON: ${this.text.slice(0, 60)}`);
    return token;
  }

  value([, mark, string, number, word] = this.next()) {
    if (string !== undefined) return JSON.parse(string);
    if (number !== undefined) return new JsonNumber(number);
    if (word !== undefined) return word === 'null' ? null : word === 'true';
    if (mark === '[') return this.list(']', (token) => this.value(token));
    if (mark === '{') return new JsonObject(this.list('}', (token) => this.member(token)));
    throw new SyntaxError(`not JSON: unexpected ${mark}`);
  }

  member(token) {
    const name = JSON.parse(token[2]);
    this.next();
    return [name, this.value()];
  }

  list(end, item) {
    const items = [];
    let token = this.next();
    while (token[1] !== end) {
      items.push(item(token));
      token = this.next();
      if (token[1] === ',') token = this.next();
    }
    return items;
  }
}

/** Parses JSON that the engine wrote. Throws a `SyntaxError` if it is none. */
export function parseJson(text) {
  return new Parser(text).value();
}

/** A string or a number as text; `null` for a missing value; any other value as JSON. */
export function scalarText(value) {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  return formatJson(value);
}

/** Writes a value as JSON, indented by two spaces per level. */
export function formatJson(value, indent = '') {
  if (value instanceof JsonNumber) return value.text;
  const inner = `${indent}  `;
  const block = (start, items, end) =>
    items.length === 0 ? start + end : `${start}\n${inner}${items.join(`,\n${inner}`)}\n${indent}${end}`;
  if (Array.isArray(value)) {
    return block('[', value.map((item) => formatJson(item, inner)), ']');
  }
  if (value instanceof JsonObject) {
    const members = value.members.map(
      ([name, item]) => `${JSON.stringify(name)}: ${formatJson(item, inner)}`);
    return block('{', members, '}');
  }
  return JSON.stringify(value);
}

/**
 * The value with plain objects and numbers, for documents whose members are known. A number that
 * JavaScript would change becomes text.
 */
export function plain(value) {
  if (value instanceof JsonNumber) {
    const number = Number(value.text);
    return String(number) === value.text ? number : value.text;
  }
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof JsonObject) {
    const object = Object.create(null);
    for (const [name, item] of value.members) object[name] = plain(item);
    return object;
  }
  return value;
}
