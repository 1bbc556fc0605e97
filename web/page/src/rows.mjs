// The rows of the table of calls, from the lines that `list` writes.

import { parseJson, plain } from './json.mjs';

/**
 * Values that the parser of the browser may change: lists, and numbers with a fraction, exponent,
 * many digits, or `-0`.
 */
const INEXACT = /":(?:\[|-0|-?(?:\d+[.eE]|\d{16}))/;

/** A value as text; `null` for a missing one. */
function textOf(value) {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A row from a line of `list --format jsonl`: texts as in the body, `null` if missing. */
export function rowOfLine(line) {
  // The parser of the browser is five times as fast.
  const call = INEXACT.test(line) ? plain(parseJson(line)) : JSON.parse(line);
  const { id, name } = call.campaign ?? {};
  return {
    hash: hashOf(line),
    id: textOf(call.id),
    created: textOf(call.created_at),
    status: textOf(call.status),
    duration: textOf(call.duration),
    customer: textOf(call.customer_phone),
    campaign: textOf(name) ?? textOf(id),
    campaignId: textOf(id),
  };
}

/** A hash of 53 bits (cyrb53 by bryc, public domain), which finds the row of a line again. */
export function hashOf(line) {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let index = 0; index < line.length; index += 1) {
    const unit = line.charCodeAt(index);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}

/**
 * The indices of `rows` in the order of `hashes`, which are those of the same rows, sorted by the
 * program. Equal rows keep their order, as the program's sort is stable. `null` if the rows differ.
 */
export function orderOf(rows, hashes) {
  if (rows.length !== hashes.length) return null;
  const indices = new Map();
  // From the end, so that the first index is the last element.
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const known = indices.get(rows[index].hash);
    if (known) known.push(index);
    else indices.set(rows[index].hash, [index]);
  }
  const order = Array.from(hashes, (hash) => indices.get(hash)?.pop());
  return order.includes(undefined) ? null : order;
}
