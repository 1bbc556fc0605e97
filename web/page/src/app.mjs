// The page: opens sources, runs the engine on them, and shows the results.

import { CallDialog } from './call_dialog.mjs';
import { callCard } from './card.mjs';
import { Calls } from './calls.mjs';
import { callColumns } from './columns.mjs';
import { button, element, isolated, oneLine } from './dom.mjs';
import { DOWNLOADS, downloadBar, safeFileName, save } from './downloads.mjs';
import { Engine } from './engine.mjs';
import { Figures } from './figures.mjs';
import { Filters } from './filters.mjs';
import { findingsView } from './findings.mjs';
import { offsetOf } from './formats.mjs';
import { JsonObject, parseJson, plain } from './json.mjs';
import { noteItem, notes } from './notes.mjs';
import { Runner } from './runner.mjs';
import { acceptDrops, acceptPastes, startSection } from './start.mjs';
import { Status } from './status.mjs';
import { CallTable } from './table.mjs';
import { Tabs } from './tabs.mjs';
import { formatNumber, word } from './words.mjs';
import { ZoneChoice } from './zone_choice.mjs';

/** Findings that are shown; all are counted. */
const MAX_FINDINGS = '1000';

/** Calls whose variables are offered in the filters. */
const CALLS_FOR_NAMES = '200';

/** Time for which a message without notes is shown, in milliseconds. */
const MESSAGE_TIME = 10_000;

/** Calls whose times are compared with those of this computer. */
const TIMES_FOR_ZONE = 200;

export class App {
  /** `module` is the compiled engine. */
  constructor(module) {
    this.views = new Engine(module);
    this.downloads = new Engine(module);
    this.status = new Status();
    this.runner = new Runner(this.status, (message) => this.#fail(message));
    this.sort = null;
    this.start = startSection((sources) => this.open(sources));
    this.messages = element('div', { class: 'messages' });
    this.tray = element('div', { class: 'tray' }, this.status.element, this.messages);
    this.result = element('section', { class: 'result', hidden: true });
    this.#createResult();
    acceptPastes((sources) => this.open(sources));
    acceptDrops((sources) => this.open(sources), (message) => this.#fail(message));
  }

  /** The elements of the page below its head. */
  elements() {
    return [this.start, this.result, this.tray, this.dialog.element];
  }

  #createResult() {
    this.heading = element('h1', { tabindex: -1 });
    this.notes = element('div', {});
    this.filters = new Filters({ onChange: () => this.#reload(), onOpen: () => this.#offerNames() });
    this.table = new CallTable({
      columns: callColumns((position) => this.calls.at(position), () => this.shownZone),
      label: word('table_label'), help: word('table_help'),
      onOpen: (position) => this.dialog.open(position, this.calls.count),
      onSort: (column) => this.#sortBy(column),
    });
    this.noMatch = element('div', { class: 'no-match', hidden: true },
      element('p', {}, word('no_match')), element('p', { class: 'note' }, word('no_match_hint')),
      button(word('clear_filters'), () => this.filters.clear(), { class: 'button' }));
    this.zones = new ZoneChoice((zone) => {
      this.runner.zone = zone;
      this.#reload();
    });
    this.figures = new Figures(() => this.#showFigures());
    this.dialog = new CallDialog({
      load: (position) => this.#loadCard(position),
      // From other views, the browser returns the focus to the button that opened the call.
      onClose: (position) => {
        if (this.tabs.shown === 'calls' && position < this.calls.count) this.table.focusRow(position);
      },
    });
    const names = ['calls', 'findings', 'figures'].map((key) => [key, word(`tab_${key}`)]);
    this.tabs = new Tabs(word('views'), names, (key) => this.#showTab(key));
    this.tabs.panels.get('calls').append(this.table.scroller, this.noMatch);
    this.tabs.panels.get('figures').append(this.figures.element);
    this.content = element('div', {},
      downloadBar((kind, options) => this.#download(kind, options)),
      this.filters.element, this.tabs.element);
    this.tabs.element.firstChild.after(this.zones.element);
    this.result.append(
      element('div', { class: 'result-head' }, this.heading,
        button(word('open_other'), () => this.#close(), { class: 'button' })),
      this.notes, this.content);
  }

  #fail(message) {
    const box = element('div', { class: 'message alarm', role: 'alert' },
      element('p', {}, message), button(word('close'), () => box.remove(), { class: 'button' }));
    this.messages.append(box);
  }

  // --- Opening -----------------------------------------------------------------------------------

  /** Opens sources instead of those that are open. */
  async open(sources) {
    this.views.cancel();
    this.downloads.cancel();
    this.dialog.close();
    this.messages.replaceChildren();
    if (sources.length === 0) {
      this.#fail(word('folder_empty'));
      return;
    }
    Object.assign(this.runner, { sources, zone: null });
    this.#forget();
    this.result.hidden = true;
    const rows = [];
    const done = await this.runner.run(this.views, {
      command: 'list', options: { format: 'jsonl' }, output: 'rows',
      onRows: (more) => rows.push(...more),
    });
    if (!done) {
      if (sources === this.runner.sources) this.#close();
      return;
    }
    this.start.hidden = true;
    this.result.hidden = false;
    [this.allCount, this.calls] = [rows.length, new Calls(rows)];
    this.filters.offer(rows);
    this.figures.clear();
    this.#showList(done.result);
    this.tabs.show('calls');
    this.heading.focus();
    if (rows.length > 0) await this.#showFindings();
  }

  /** Removes the calls from the page, so that no data of a closed file stays in it. */
  #forget() {
    this.sort = null;
    /** The options of the filters that the shown calls have. */
    this.applied = {};
    this.calls = new Calls([]);
    this.dialog.clear();
    this.figures.clear();
    this.tabs.panels.get('findings').replaceChildren();
    this.filters.offerNames([]);
  }

  #close() {
    this.views.cancel();
    this.downloads.cancel();
    this.runner.sources = [];
    this.#forget();
    this.table.show(0);
    this.result.hidden = true;
    this.start.hidden = false;
    this.start.querySelector('h1').focus();
  }

  /** Reads the calls again, with changed filters or another time zone. */
  async #reload() {
    this.views.cancel();
    const { sources } = this.runner;
    const options = this.filters.options();
    const rows = [];
    const done = await this.runner.run(this.views, {
      command: 'list', options: { format: 'jsonl', ...options }, output: 'rows',
      onRows: (more) => rows.push(...more),
    });
    if (!done) {
      // The calls that are shown stay those of the filters before.
      if (sources === this.runner.sources) this.filters.forgetChange();
      return;
    }
    this.filters.showError(done.result.error);
    if (done.result.error) return;
    this.applied = options;
    this.calls = new Calls(rows);
    this.#showList(done.result);
    this.figures.show('');
    this.status.say(this.heading.textContent);
    const { sort } = this;
    this.sort = null;
    if (sort) await this.#applySort(sort);
    await this.#showFindings();
    if (this.tabs.shown === 'figures') await this.#showFigures();
  }

  #showList(result) {
    const { allCount: all } = this;
    const n = this.calls.count;
    const count = n === all ? word('calls', { n }) : word('calls_of', { n, all });
    const [first] = this.runner.sources;
    const place = this.runner.sources.length === 1 ? [word('in_file'), ' ', isolated(first.name)]
      : word('in_files', { n: this.runner.sources.length });
    this.heading.replaceChildren(all === 0 ? word('no_calls') : count, ' ',
      element('small', {}, place));
    this.notes.replaceChildren(...notes(result, all > 0));
    this.content.hidden = all === 0;
    this.noMatch.hidden = n > 0;
    this.table.scroller.hidden = n === 0;
    this.#showZone();
    this.table.markSorted(this.sort?.key, this.sort?.direction);
    this.table.show(n);
  }

  // --- Time zone ---------------------------------------------------------------------------------

  #showZone() {
    const times = this.calls.rows.slice(0, TIMES_FOR_ZONE).map(({ created }) => created);
    this.zones.show(this.runner.zone, times);
    // Without a zone, the program shows all times with the offset of the first one.
    this.shownZone = this.runner.zone ?? times.map(offsetOf).find((offset) => offset !== null) ?? null;
    const name = word('column_created');
    const zone = this.shownZone?.split('/').at(-1).replaceAll('_', ' ');
    this.table.rename('created', zone ? `${name} (${zone})` : name);
  }

  // --- Sorting -----------------------------------------------------------------------------------

  #sortBy(column) {
    const isAscending = this.sort?.key === column.key && this.sort.direction === 'ascending';
    const direction = isAscending ? 'descending' : 'ascending';
    this.#applySort({ key: column.key, direction, option: isAscending ? `${column.sort}:desc` : column.sort });
  }

  /** Sorts the calls. They keep their order if that is cancelled or fails. */
  async #applySort(sort) {
    const { calls } = this;
    this.wantedSort = sort;
    const done = await this.runner.run(this.views, {
      command: 'list', options: { format: 'jsonl', ...this.applied, sort: sort.option }, output: 'hashes',
    });
    if (!done || calls !== this.calls || sort !== this.wantedSort) return;
    if (done.result.error) {
      this.#fail(oneLine(done.result.error));
      return;
    }
    this.sort = sort;
    calls.sort(done.output);
    this.table.markSorted(sort.key, sort.direction);
    this.table.show(calls.count);
    this.status.say(word('sorted', { column: word(`column_${sort.key}`) }));
  }

  #sortOptions() {
    return this.sort ? { sort: this.sort.option } : {};
  }

  // --- One call ----------------------------------------------------------------------------------

  /** The card of the call at a position of the table; `null` if it cannot be shown. */
  async #loadCard(position) {
    const { fallback, ...request } = this.calls.request(position);
    const line = await this.#readCall(request) ?? await this.#readCall(fallback);
    if (!line) {
      this.dialog.close();
      return null;
    }
    return callCard(line, {
      zone: this.runner.zone, search: this.filters.searchedText(), findFile: (name) => this.#findFile(name),
    });
  }

  async #readCall({ options, line, count }) {
    const done = await this.runner.run(this.views, {
      command: 'show', options: { format: 'jsonl', ...this.applied, ...options },
      output: line === null ? 'lastLine' : 'text',
    });
    if (!done || line === null) return done?.output;
    const lines = done.output.split('\n').slice(0, -1);
    return lines.length === count ? lines[line] : null;
  }

  #findFile(name) {
    return this.runner.sources.find((source) => source.name === name)?.file;
  }

  /** Offers the names of the extracted variables of the first calls. */
  async #offerNames() {
    const done = await this.runner.run(this.views, {
      command: 'show', options: { format: 'jsonl', limit: CALLS_FOR_NAMES }, output: 'text',
    });
    const names = new Set();
    for (const line of done?.output.split('\n').slice(0, -1) ?? []) {
      const variables = parseJson(line).get('body').get('extracted_variables');
      if (variables instanceof JsonObject) variables.members.forEach(([name]) => names.add(name));
    }
    this.filters.offerNames([...names].map(oneLine).toSorted());
  }

  // --- Other views -------------------------------------------------------------------------------

  #showTab(key) {
    if (key === 'figures') this.#showFigures();
  }

  async #showFindings() {
    const panel = this.tabs.panels.get('findings');
    const { sources } = this.runner;
    panel.replaceChildren();
    this.tabs.rename('findings', word('tab_findings'));
    const done = await this.runner.run(this.views, {
      command: 'validate', options: { format: 'json', 'max-findings': MAX_FINDINGS, ...this.applied },
      output: 'text',
    });
    if (!done) {
      if (sources === this.runner.sources) {
        panel.replaceChildren(button(word('check_again'), () => this.#showFindings(), { class: 'button' }));
      }
      return;
    }
    panel.replaceChildren(...notes(done.result, true));
    // Nothing was checked, for a reason that is in the notes.
    if (done.result.error || done.result.calls === 0) return;
    const report = plain(parseJson(done.output));
    const { summary } = report;
    const count = formatNumber(summary.errors + summary.warnings + summary.notes);
    this.tabs.rename('findings', `${word('tab_findings')} (${count})`);
    // Of several bodies with one id, it is not known which one the finding is in.
    const isShown = (id) => this.calls.hasOnce(id);
    const showCall = (id) => this.dialog.open(this.calls.positionOf(id), this.calls.count);
    panel.append(findingsView(report, (name) => this.#findFile(name), { isShown, showCall }));
  }

  async #showFigures() {
    const { command, options } = DOWNLOADS.report;
    const done = await this.runner.run(this.views, {
      command, options: { ...options, ...this.applied, ...this.figures.options() }, output: 'text',
    });
    const ownNotes = done && !done.result.error ? notes(done.result, true) : [];
    this.figures.show(done?.output ?? '', done?.result.error, ownNotes);
  }

  // --- Downloads ---------------------------------------------------------------------------------

  async #download(kind, more) {
    const { command, options, ...file } = DOWNLOADS[kind];
    // The name of a file may be that of a person.
    const name = safeFileName(kind === 'redacted' ? [] : this.runner.sources, file);
    const extra = { export: this.#sortOptions(), stats: this.figures.options() }[command];
    const done = await this.runner.run(this.downloads, {
      command, options: { ...options, ...this.applied, ...extra, ...more }, output: 'blob',
      label: word('writing', { name }),
    });
    if (!done) return;
    const { result, output } = done;
    if (result.error) {
      this.#fail(`${word('not_saved', { name })} ${oneLine(result.error)}`);
      return;
    }
    save(output, name);
    this.#reportDownload(name, result.messages);
  }

  #reportDownload(name, messages) {
    const box = element('div', { class: 'message saved', role: 'status' }, element('p', {}, word('saved', { name })),
      messages.length > 0 && element('ul', { class: 'notes' },
        messages.map((line) => noteItem(line))),
      button(word('close'), () => box.remove(), { class: 'button' }));
    this.messages.querySelector('.saved')?.remove();
    this.messages.append(box);
    if (messages.length === 0) setTimeout(() => box.remove(), MESSAGE_TIME);
  }
}
