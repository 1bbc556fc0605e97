// The calls that are open: their rows, their order, and where each one is in the input.

import { orderOf } from './rows.mjs';

/** Ids that `--id` takes as one value. */
const PLAIN_ID = /^[\w-]+$/;

export class Calls {
  constructor(rows) {
    this.rows = rows;
    this.order = null;
  }

  get count() {
    return this.rows.length;
  }

  /** The row at a position of the table. */
  at(position) {
    return this.rows[this.#index(position)];
  }

  /** Sorts by the hashes of the rows as the program sorted them. */
  sort(hashes) {
    this.order = hashes && orderOf(this.rows, hashes);
  }

  /** True if exactly one call has this id. */
  hasOnce(id) {
    return this.rows.filter((row) => row.id === String(id)).length === 1;
  }

  /** The position of the first call with this id, or -1. */
  positionOf(id) {
    const index = this.rows.findIndex((row) => row.id === String(id));
    return this.order ? this.order.indexOf(index) : index;
  }

  /**
   * How `show` finds the call at a position: `options` for it, and `line`, the index of the call in
   * its output, of `count` lines. Without an id, all calls up to this one are read, and `line` is
   * `null`: it is the last.
   */
  request(position) {
    const index = this.#index(position);
    const { id } = this.rows[index];
    const all = { options: { limit: String(index + 1) }, line: null };
    if (id === null || !PLAIN_ID.test(id)) return { ...all, fallback: all };
    const isSame = (row) => row.id === id;
    const line = this.rows.slice(0, index).filter(isSame).length;
    const count = line + this.rows.slice(index).filter(isSame).length;
    return { options: { id: [id] }, line, count, fallback: all };
  }

  #index(position) {
    return this.order ? this.order[position] : position;
  }
}
