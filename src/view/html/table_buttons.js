// Adds buttons that sort the tables in `root` and copy them as CSV.
const addTableButtons = (root, { copy, copied, isGerman }) => {
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
  const number = (value) => isGerman ? value.replace('.', ',') : value;
  // Rates and ranges have two columns, bars have none.
  const values = (cell) => {
    const { v, n } = cell.dataset;
    if (cell.classList.contains('b')) return [];
    const isPair = cell.classList.contains('r');
    const name = text(cell);
    if (cell.scope === 'col') {
      return (isPair ? [v, n] : [v]).map((part) => quote(part ? `${name} (${part})` : name));
    }
    const value = v === undefined ? quote(name) : number(v);
    return isPair ? [value, number(n ?? '')] : [value];
  };
  const csv = (table) => [...table.rows]
    .map((row) => [...row.cells].flatMap(values).join(isGerman ? ';' : ',') + '\r\n').join('');

  const key = ({ dataset: { v }, textContent }) => v === undefined || isNaN(v) ? v ?? textContent : +v;
  const isNumber = (value) => typeof value === 'number';
  const compare = (a, b) => isNumber(a) && isNumber(b) ? a - b
    : isNumber(a) - isNumber(b) || a.localeCompare(b, undefined, { numeric: true });
  const sort = (heading) => {
    const order = heading.getAttribute('aria-sort') === 'descending' ? 'ascending' : 'descending';
    for (const other of heading.parentNode.cells) other.removeAttribute('aria-sort');
    heading.setAttribute('aria-sort', order);
    const sign = order === 'ascending' ? 1 : -1;
    const cell = (row) => key(row.cells[heading.cellIndex]);
    const body = heading.closest('table').tBodies[0];
    body.append(...[...body.rows].sort((a, b) => sign * compare(cell(a), cell(b))));
  };

  for (const table of root.querySelectorAll('table')) {
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
};
