// Findings of `validate`: how many there are per rule, and each with its line.

import { button, element, isolated, oneLine } from './dom.mjs';
import { readExcerpt } from './excerpt.mjs';
import { formatNumber, word } from './words.mjs';

/** Findings that are shown at once. */
const FINDINGS_PER_PAGE = 50;

function excerpt({ before, marked, after }) {
  return element('pre', { class: 'excerpt', dir: 'ltr' },
    oneLine(before), element('mark', {}, oneLine(marked)), oneLine(after));
}

function message({ expected, found }) {
  const text = expected ? `expected ${expected}, found ${found}` : found;
  return isolated(text, { lang: 'en' });
}

/**
 * One finding as an item of a list. `findFile` returns the file of a source, or `undefined`.
 * `calls`, if it is given, says with
 * `isShown(id)` if the call with an id is shown, and opens it with `showCall(id)`.
 */
export function findingItem(finding, findFile, calls) {
  const { rule, level, source, start, end, pointer, help, call } = finding;
  const place = `${source}, ${word('line', { line: start.line })}`;
  const item = element('li', { class: 'finding-item' },
    element('p', { class: 'finding-head' },
      element('span', { class: `level ${level}` }, word(`level_${level}`)),
      ' ', element('code', {}, oneLine(rule)),
      pointer && [' ', element('code', { class: 'pointer' }, oneLine(pointer))]),
    element('p', {}, message(finding)),
    help && element('p', { class: 'note' }, isolated(help, { lang: 'en' })),
    element('p', { class: 'note place' }, isolated(place),
      call !== null && calls?.isShown(call) && [' ', button(
        word('show_call', { id: oneLine(String(call)) }), () => calls.showCall(call), { class: 'link' })]));
  const file = findFile(source);
  if (file) {
    readExcerpt(file, start.offset, end.offset).then((found) => {
      if (found) item.children[1].after(excerpt(found));
    });
  }
  return item;
}

function rulesTable(rules, chosen, choose) {
  const heading = (key, name) => element('th', { scope: 'col', class: name }, word(key));
  const rows = rules.map(({ rule, level, findings }) => element('tr', {},
    element('th', { scope: 'row' }, button(oneLine(rule), () => choose(rule), {
      class: 'link', 'aria-pressed': String(rule === chosen),
      'aria-label': word('show_rule', { rule: oneLine(rule) }),
    })),
    element('td', {}, element('span', { class: `level ${level}` }, word(`level_${level}`))),
    element('td', { class: 'n' }, formatNumber(findings))));
  return element('table', { class: 'rules' },
    element('caption', { class: 'hidden' }, word('findings')),
    element('thead', {}, element('tr', {}, heading('rule'), heading('level'), heading('number', 'n'))),
    element('tbody', {}, rows));
}

/** The view of all findings. `report` is the result of `validate --format json`. */
export function findingsView(report, findFile, calls) {
  const view = element('div', { class: 'findings' });
  const { rules } = report.summary;
  if (report.findings.length === 0) {
    view.append(element('p', { class: 'all-valid' }, word('findings_none')));
    return view;
  }
  let [chosen, shown] = [null, FINDINGS_PER_PAGE];
  const draw = () => {
    const chosenFindings = report.findings.filter(({ rule }) => !chosen || rule === chosen);
    const count = rules.filter(({ rule }) => !chosen || rule === chosen)
      .reduce((sum, { findings }) => sum + findings, 0);
    const items = chosenFindings.slice(0, shown).map((it) => findingItem(it, findFile, calls));
    view.replaceChildren(
      element('p', { class: 'note' }, word('findings_text')),
      element('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': word('findings') },
        rulesTable(rules, chosen, (rule) => {
          [chosen, shown] = [rule === chosen ? null : rule, FINDINGS_PER_PAGE];
          draw();
          const name = word('show_rule', { rule: oneLine(rule) });
          view.querySelector(`[aria-label="${CSS.escape(name)}"]`)?.focus();
        })),
      element('p', { class: 'shown', role: 'status' }, word('findings_shown', { n: items.length, all: count }),
        chosen && [' ', button(word('show_all_rules'), () => {
          chosen = null;
          draw();
        }, { class: 'link' })]),
      element('ol', { class: 'finding-list' }, items));
    if (shown < chosenFindings.length) {
      view.append(button(word('more_findings'), () => {
        const next = shown;
        shown += FINDINGS_PER_PAGE;
        draw();
        const item = view.querySelectorAll('.finding-item')[next];
        item.tabIndex = -1;
        item.focus();
      }, { class: 'button' }));
    }
  };
  draw();
  return view;
}
