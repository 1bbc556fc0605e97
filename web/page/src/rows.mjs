// The rows of the table of calls, from the lines that `list` writes.

import { JsonObject, parseJson, scalarText } from './json.mjs';

const nested = (object, name) => (object instanceof JsonObject ? object.get(name) : undefined);

/** A row from a line of `list --format jsonl`: texts as in the body, `null` if missing. */
export function rowOfLine(line) {
  const call = parseJson(line);
  const text = (name) => scalarText(call.get(name));
  const campaign = call.get('campaign');
  return {
    hash: hashOf(line),
    id: text('id'),
    created: text('created_at'),
    status: text('status'),
    duration: text('duration'),
    customer: text('customer_phone'),
    campaign: scalarText(nested(campaign, 'name')) ?? scalarText(nested(campaign, 'id')),
    campaignId: scalarText(nested(campaign, 'id')),
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
