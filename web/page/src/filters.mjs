// The form with the filters of the program. Its values become options of a request.

import { button, disclosure, element, field, oneLine, select } from './dom.mjs';
import { formatStatus } from './formats.mjs';
import { word } from './words.mjs';

/** Campaigns that the list offers. */
const MAX_CAMPAIGNS = 200;

/** The options of a search for this text, which is not a regular expression. */
function searchPattern(text) {
  // Lower case matches both cases.
  return text.toLowerCase().replace(/[\\^$.*+?()[\]{}|#&~-]/g, '\\$&');
}

const PARTS = ['lead', 'campaign', 'recording', 'transcript'];

/** Text inputs: the option that each sets, the word of its label, and that of its hint. */
const INPUTS = [
  ['since', 'filter_since', null, 'date'],
  ['until', 'filter_until', null, 'date'],
  ['phone', 'filter_phone', 'filter_phone_hint', 'text'],
  ['id', 'filter_id', null, 'text'],
  ['var', 'filter_variable', 'filter_variable_hint', 'text'],
  ['min-duration', 'filter_min', 'filter_duration_hint', 'text'],
  ['max-duration', 'filter_max', 'filter_duration_hint', 'text'],
];

/** Options of the command line that can be given several times are lists in a request. */
const LISTS = new Set(['phone', 'id', 'var', 'campaign', 'grep', 'status', 'has']);

export class Filters {
  /** `onChange` is called when the options are different; `onOpen` when the form is opened. */
  constructor({ onChange, onOpen }) {
    this.onChange = onChange;
    this.search = element('input', {
      id: 'page-search', type: 'search', autocomplete: 'off', spellcheck: 'false',
      placeholder: word('search'), 'aria-label': word('search'), oninput: () => this.#changeSoon(),
    });
    this.names = element('datalist', { id: 'page-variable-names' });
    this.form = element('form', { class: 'filters', onchange: () => this.#change(), onsubmit: (event) => {
      event.preventDefault();
      this.#change();
    } });
    this.error = element('p', { class: 'alarm', role: 'alert', lang: 'en', hidden: true });
    const { button: toggle, panel } = disclosure(word('filters'), this.form, { id: 'page-filters', onOpen });
    this.toggle = toggle;
    this.element = element('div', { role: 'search' },
      element('div', { class: 'search-row' }, this.search, toggle), this.error, panel);
    this.last = '{}';
  }

  /** Offers the statuses and campaigns of `rows`, and clears all values. */
  offer(rows) {
    const [statuses, campaigns] = [new Map(), new Map()];
    for (const { status, campaign, campaignId } of rows) {
      if (status !== null) statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const key = campaignId ?? campaign;
      if (key !== null && campaigns.size < MAX_CAMPAIGNS) campaigns.set(key, campaign);
    }
    this.search.value = '';
    this.last = '{}';
    this.form.replaceChildren(...this.#fields(statuses, campaigns));
    this.#mark({});
  }

  /** Offers names of variables. */
  offerNames(names) {
    this.names.replaceChildren(...names.map((name) => element('option', { value: `${name}=` })));
  }

  /** The searched text in lower case, to mark it in conversations. */
  searchedText() {
    return this.search.value.trim().toLowerCase();
  }

  /** The options of the filters, as the engine takes them. */
  options() {
    const options = {};
    const add = (name, value) => {
      if (value) options[name] = LISTS.has(name) ? [...(options[name] ?? []), value] : value;
    };
    const text = this.search.value.trim();
    if (text) add('grep', searchPattern(text));
    for (const input of this.form.elements) {
      const isChosen = input.type !== 'checkbox' || input.checked;
      if (input.name && isChosen) add(input.name, input.value.trim());
    }
    return options;
  }

  /** Shows why the engine refused the options, or nothing. */
  showError(message) {
    this.error.hidden = !message;
    this.error.textContent = message ? oneLine(message) : '';
  }

  clear() {
    this.search.value = '';
    this.form.reset();
    this.#change();
  }

  #fields(statuses, campaigns) {
    const group = (label, boxes) => element('fieldset', {}, element('legend', {}, label),
      element('div', { class: 'chips' }, boxes));
    const box = (name, value, label) => element('label', { class: 'chip' },
      element('input', { type: 'checkbox', name, value }), element('bdi', {}, label));
    const sorted = [...statuses].toSorted(([, first], [, second]) => second - first).slice(0, 20);
    const choices = [['', word('all')], ...[...campaigns].map(([key, name]) => [key, oneLine(name ?? key)])];
    const campaign = select('filter-campaign', choices, '');
    campaign.name = 'campaign';
    const inputs = INPUTS.map(([name, label, hint, type]) => field(word(label), element('input', {
      id: `filter-${name}`, name, type, autocomplete: 'off', spellcheck: 'false',
      list: name === 'var' ? this.names.id : null,
    }), hint && word(hint)));
    return [
      group(word('filter_status'), sorted.map(([status, count]) =>
        box('status', status, `${oneLine(formatStatus(status))} (${count})`))),
      element('div', { class: 'field-grid' }, field(word('filter_campaign'), campaign), inputs),
      group(word('filter_has'), PARTS.map((part) => box('has', part, word(`has_${part}`)))),
      element('div', { class: 'chips' }, box('dedupe', 'last', word('filter_dedupe'))),
      element('div', { class: 'buttons' }, button(word('clear_filters'), () => this.clear(), { class: 'button' })),
      this.names,
    ];
  }

  #changeSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#change(), 300);
  }

  /** Forgets the last change, which was not applied: the same options are a change again. */
  forgetChange() {
    this.last = null;
  }

  #change() {
    clearTimeout(this.timer);
    const options = this.options();
    const text = JSON.stringify(options);
    if (text === this.last) return;
    this.last = text;
    this.#mark(options);
    this.onChange();
  }

  #mark({ grep: _, ...options }) {
    const n = Object.keys(options).length;
    this.toggle.textContent = n === 0 ? word('filters') : word('filters_active', { n });
  }
}
