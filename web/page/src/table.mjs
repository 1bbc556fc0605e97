// The table of calls. Only the rows that are in sight are elements, so 100,000 rows scroll as fast
// as 100; two rows without content keep the height. Assistive technology gets the real numbers of
// rows (`aria-rowcount`, `aria-rowindex`).

import { element, oneLine } from './dom.mjs';

/** Rows above and below the visible ones. */
const EXTRA_ROWS = 8;

/** Browsers limit the height of an element: to 17.9 million px in Firefox. */
const MAX_HEIGHT = 12_000_000;

/** Characters of a cell; the card of the call has the whole text. */
const MAX_CELL_LENGTH = 200;

export class CallTable {
  /**
   * `columns` are `{ key, label, value(index), class, sort }`: the text of a cell, and the name of
   * the column in `sort` requests. `onOpen(position)` and `onSort(column)` are called on request.
   */
  constructor({ columns, label, help, onOpen, onSort }) {
    Object.assign(this, { columns, onOpen });
    this.count = 0;
    this.active = 0;
    this.rows = new Map();
    this.headings = columns.map((column) => this.#heading(column, onSort));
    this.above = this.#spacer();
    this.below = this.#spacer();
    this.body = element('tbody', {}, this.above, this.below);
    this.table = element('table', { class: 'calls' },
      element('caption', { class: 'hidden' }, `${label}. ${help}`),
      element('thead', {}, element('tr', { 'aria-rowindex': 1 }, this.headings)), this.body);
    this.scroller = element('div', {
      class: 'rows', tabindex: 0, role: 'region', 'aria-label': label,
      onscroll: () => this.#requestRender(), onkeydown: (event) => this.#move(event),
    }, this.table);
    new ResizeObserver(() => this.#requestRender()).observe(this.scroller);
  }

  /** Shows `count` rows, from the start. */
  show(count) {
    this.count = count;
    this.active = 0;
    this.scroller.scrollTop = 0;
    this.refresh();
  }

  /** Shows changed or additional rows. */
  refresh(count = this.count) {
    this.count = count;
    this.table.setAttribute('aria-rowcount', count + 1);
    for (const row of this.rows.values()) row.remove();
    this.rows.clear();
    this.#render();
  }

  /** Marks the column by which the rows are sorted; `direction` as in `aria-sort`. */
  markSorted(key, direction) {
    for (const [index, column] of this.columns.entries()) {
      if (column.key === key) this.headings[index].setAttribute('aria-sort', direction);
      else this.headings[index].removeAttribute('aria-sort');
    }
  }

  /** Replaces the heading of a column. */
  rename(key, label) {
    const index = this.columns.findIndex((column) => column.key === key);
    this.headings[index].firstChild.textContent = label;
  }

  /** Puts the focus on the row at this position. */
  focusRow(position) {
    this.active = position;
    const [top, height] = [this.scroller.scrollTop, this.#viewHeight()];
    const [start, end] = [this.#offset(position), this.#offset(position) + this.#rowHeight()];
    if (start < top) this.scroller.scrollTop = start;
    else if (end > top + height) this.scroller.scrollTop = end - height;
    this.#render();
    this.rows.get(position)?.querySelector('button').focus({ preventScroll: true });
  }

  #heading(column, onSort) {
    return element('th', { scope: 'col', class: column.class },
      element('button', { type: 'button', onclick: () => onSort(column) }, column.label));
  }

  #spacer() {
    return element('tr', { 'aria-hidden': 'true', class: 'spacer' },
      element('td', { colspan: this.columns.length }));
  }

  #rowHeight() {
    this.measured ||= this.rows.values().next().value?.offsetHeight;
    return this.measured || 40;
  }

  #viewHeight() {
    return this.scroller.clientHeight - this.table.tHead.offsetHeight;
  }

  /** Height of all rows, and the number of pixels of content that one pixel of it stands for. */
  #height() {
    const full = this.count * this.#rowHeight();
    const height = Math.min(full, MAX_HEIGHT);
    const view = this.#viewHeight();
    return { height, scale: height < full ? (full - view) / (height - view) : 1 };
  }

  #offset(position) {
    return (position * this.#rowHeight()) / this.#height().scale;
  }

  #requestRender() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.#render();
    });
  }

  #render() {
    const rowHeight = this.#rowHeight();
    const { height, scale } = this.#height();
    const visible = Math.ceil(this.#viewHeight() / rowHeight) + 2 * EXTRA_ROWS;
    const top = Math.floor((this.scroller.scrollTop * scale) / rowHeight) - EXTRA_ROWS;
    const first = Math.max(0, Math.min(top, this.count - visible));
    const last = Math.min(this.count, first + visible);
    this.#removeOutside(first, last);
    this.#place(first, last);
    const shown = (last - first) * rowHeight;
    const above = scale === 1 ? first * rowHeight
      : Math.min(height - shown, Math.max(0, this.scroller.scrollTop - EXTRA_ROWS * rowHeight));
    this.#setHeight(this.above, above);
    this.#setHeight(this.below, height - above - shown);
    this.#markActive(first, last);
  }

  #setHeight(spacer, height) {
    spacer.hidden = height <= 0;
    spacer.firstChild.style.height = `${Math.max(0, height)}px`;
  }

  #removeOutside(first, last) {
    for (const [position, row] of this.rows) {
      if (position >= first && position < last) continue;
      // The keys still work if the row with the focus is scrolled out of sight.
      if (row.contains(document.activeElement)) this.scroller.focus({ preventScroll: true });
      row.remove();
      this.rows.delete(position);
    }
  }

  /** Creates the rows in sight that are missing, each in its place. */
  #place(first, last) {
    let previous = this.above;
    for (let position = first; position < last; position += 1) {
      if (!this.rows.has(position)) {
        this.rows.set(position, this.#row(position));
        previous.after(this.rows.get(position));
      }
      previous = this.rows.get(position);
    }
  }

  #row(position) {
    const cells = this.columns.map((column, index) => {
      const text = oneLine((column.value(position) ?? '–').slice(0, MAX_CELL_LENGTH));
      const mark = column.mark && element('span', { class: `dot ${column.mark(position)}` });
      const attributes = { class: column.class, title: text.length > 16 ? text : null };
      if (index > 0) return element('td', attributes, mark, element('bdi', {}, text));
      return element('th', { ...attributes, scope: 'row' },
        element('button', { type: 'button', tabindex: -1 }, element('bdi', {}, text)));
    });
    const open = () => {
      this.active = position;
      this.onOpen(position);
    };
    return element('tr', { 'aria-rowindex': position + 2, onclick: open }, cells);
  }

  /** One row is in the order of the Tab key: the active one, or the first in sight. */
  #markActive(first, last) {
    const position = this.active >= first && this.active < last ? this.active : first;
    for (const [other, row] of this.rows) {
      row.querySelector('button').tabIndex = other === position ? 0 : -1;
    }
  }

  #move(event) {
    const page = Math.max(1, Math.floor(this.#viewHeight() / this.#rowHeight()) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const step = steps[event.key];
    // The headings have keys of their own.
    const isElsewhere = this.table.tHead.contains(event.target) || event.ctrlKey || event.altKey;
    if (step === undefined || isElsewhere || this.count === 0) return;
    event.preventDefault();
    const isOnRow = this.body.contains(event.target);
    const target = isOnRow || !Number.isFinite(step) ? this.active + step : this.active;
    this.focusRow(Math.max(0, Math.min(this.count - 1, target)));
  }
}
