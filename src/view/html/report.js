// Adds buttons that sort the tables and copy them as CSV.
(() => {
  'use strict';
  const { copy, copied } = document.body.dataset;
  const isGerman = document.documentElement.lang === 'de';
  const text = (cell) => cell.textContent.replace(/\s+/g, ' ').trim();
  const button = (label, action) => {
    const added = document.createElement('button');
    added.type = 'button';
    added.textContent = label;
    added.addEventListener('click', action);
    return added;
  };

  // An apostrophe before each operator that could begin a formula.
  const guard = (value) => /^\+?\d+$/.test(value) ? value
    : value.replace(/(^|[,;])([\s"'\p{Cf}]*)(?=[=+\-@＝＋－＠])/gu, "$1$2'");
  const quote = (value) => `"${guard(value).replaceAll('"', '""')}"`;
  // Rates have two columns: the value and the number that it divides by. Bars have none.
  const values = (cell) => {
    const { v, n } = cell.dataset;
    const { classList } = cell;
    if (classList.contains('b')) return [];
    const isHeading = cell.scope === 'col';
    const value = v === undefined ? quote(text(cell)) : isGerman ? v.replace('.', ',') : v;
    if (!classList.contains('r')) return [value];
    return [value, isHeading ? quote(`${text(cell)} (n)`) : n ?? ''];
  };
  const csv = (table) => [...table.rows]
    .map((row) => [...row.cells].flatMap(values).join(isGerman ? ';' : ',') + '\r\n').join('');

  const key = ({ dataset, textContent }) => dataset.v === undefined ? textContent : +dataset.v;
  const isNumber = (value) => typeof value === 'number';
  const compare = (a, b) => isNumber(a) && isNumber(b) ? a - b
    : isNumber(a) - isNumber(b) || a.localeCompare(b);
  const sort = (heading) => {
    const order = heading.getAttribute('aria-sort') === 'descending' ? 'ascending' : 'descending';
    for (const other of heading.parentNode.cells) other.removeAttribute('aria-sort');
    heading.setAttribute('aria-sort', order);
    const sign = order === 'ascending' ? 1 : -1;
    const cell = (row) => key(row.cells[heading.cellIndex]);
    const body = heading.closest('table').tBodies[0];
    body.append(...[...body.rows].sort((a, b) => sign * compare(cell(a), cell(b))));
  };

  for (const table of document.querySelectorAll('table')) {
    const copying = button(copy, async () => {
      await navigator.clipboard.writeText(csv(table));
      copying.textContent = copied;
      setTimeout(() => { copying.textContent = copy; }, 2000);
    });
    copying.className = 'copy';
    if (navigator.clipboard) table.parentNode.before(copying);
    if (!table.classList.contains('sortable')) continue;
    for (const heading of table.tHead.rows[0].cells) {
      if (heading.classList.contains('b')) continue;
      heading.replaceChildren(button(text(heading), () => sort(heading)));
    }
  }
})();
