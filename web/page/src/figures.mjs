// The figures: the report of `stats`, with the settings that change it. `addTableButtons` is the
// script of the report, which the build script puts before the modules.

import { element, field, select } from './dom.mjs';
import { copyReport } from './report_copy.mjs';
import { language, word } from './words.mjs';

/** Values of `--by` that the form offers; others are names of variables. */
const GROUPS = ['campaign', 'status', 'week', 'weekday', 'hour', 'country'];

export class Figures {
  /** `onChange` is called when the settings are different. */
  constructor(onChange) {
    this.goal = element('input', {
      id: 'page-goal', type: 'text', autocomplete: 'off', spellcheck: 'false', onchange: onChange,
    });
    const groups = [['', word('group_none')], ...GROUPS.map((group) => [group, word(`group_${group}`)])];
    this.by = select('page-by', groups, '', onChange);
    this.withCalls = element('input', {
      id: 'page-with-calls', type: 'checkbox', onchange: onChange, 'aria-describedby': 'page-with-calls-hint',
    });
    this.report = element('div', { class: 'report' });
    this.notes = element('div', {});
    this.error = element('p', { class: 'alarm', role: 'alert', lang: 'en', hidden: true });
    this.element = element('div', {},
      element('form', { class: 'field-grid', onsubmit: (event) => event.preventDefault() },
        field(word('goal'), this.goal, word('goal_hint')),
        field(word('group_by'), this.by),
        element('div', { class: 'field' },
          element('label', { class: 'chip' }, this.withCalls, word('with_calls')),
          element('small', { id: 'page-with-calls-hint' }, word('with_calls_hint')))),
      this.error, this.notes, this.report);
  }

  /** The options of `stats`, which apply to the downloaded report, too. */
  options() {
    const options = {};
    if (this.goal.value.trim()) options.goal = this.goal.value.trim();
    if (this.by.value) options.by = this.by.value;
    if (this.withCalls.checked) options['with-calls'] = true;
    return options;
  }

  /** Removes all settings and the report. */
  clear() {
    this.element.querySelector('form').reset();
    this.show('');
  }

  /**
   * Shows the report, which is an HTML document, or the error instead of it, and the notes of the
   * run.
   */
  show(html, error, notes = []) {
    this.notes.replaceChildren(...notes);
    this.error.hidden = !error;
    this.error.textContent = error ?? '';
    this.report.replaceChildren(...(error ? [] : copyReport(html)));
    addTableButtons(this.report, {
      copy: word('copy_csv'), copied: word('copied'), isGerman: language === 'de',
    });
  }
}
