// The page: opens sources, runs the engine on them, and shows the results.

import { CallDialog } from './call_dialog.mjs';
import { callCard } from './card.mjs';
import { Calls } from './calls.mjs';
import { button, element, isolated, oneLine, select } from './dom.mjs';
import { DOWNLOADS, downloadBar, safeFileName, save } from './downloads.mjs';
import { Cancelled, Engine, EngineFault } from './engine.mjs';
import { Figures } from './figures.mjs';
import { Filters } from './filters.mjs';
import { findingsView } from './findings.mjs';
import { differsIn, formatDuration, formatStatus, formatTime, offsetOf, statusClass } from './formats.mjs';
import { JsonObject, parseJson, plain } from './json.mjs';
import { acceptDrops, startSection } from './start.mjs';
import { Status } from './status.mjs';
import { CallTable } from './table.mjs';
import { Tabs } from './tabs.mjs';
import { formatNumber, word } from './words.mjs';

/** Findings that are shown; all are counted. */
const MAX_FINDINGS = '1000';

/** Notes that are shown. */
const MAX_NOTES = 12;

/** Calls whose variables are offered in the filters. */
const CALLS_FOR_NAMES = '200';

/** The time zone of this computer. */
const LOCAL_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export class App {
  /** `module` is the compiled engine. */
  constructor(module) {
    this.views = new Engine(module);
    this.downloads = new Engine(module);
    this.status = new Status();
    this.zone = null;
    this.sort = null;
    this.start = startSection((sources) => this.open(sources));
    this.messages = element('div', { class: 'messages' });
    this.result = element('section', { class: 'result', hidden: true });
    this.#createResult();
    acceptDrops((sources) => this.open(sources), (message) => this.#fail(message));
  }

  /** The elements of the page below its head. */
  elements() {
    return [this.start, this.status.element, this.messages, this.result, this.dialog.element];
  }

  #createResult() {
    this.heading = element('h1', { tabindex: -1 });
    this.notes = element('div', {});
    this.filters = new Filters({ onChange: () => this.#reload(), onOpen: () => this.#offerNames() });
    this.table = new CallTable({
      columns: this.#columns(), label: word('table_label'), help: word('table_help'),
      onOpen: (position) => this.dialog.open(position, this.calls.count),
      onSort: (column) => this.#sortBy(column),
    });
    this.noMatch = element('div', { class: 'no-match', hidden: true },
      element('p', {}, word('no_match')), element('p', { class: 'note' }, word('no_match_hint')),
      button(word('clear_filters'), () => this.filters.clear(), { class: 'button' }));
    this.zoneRow = element('div', { class: 'zone-row' });
    this.figures = new Figures(() => this.#showFigures());
    this.dialog = new CallDialog({
      load: (position) => this.#loadCard(position),
      // From other views, the browser returns the focus to the button that opened the call.
      onClose: (position) => {
        if (this.tabs.shown === 'calls') this.table.focusRow(position);
      },
    });
    const names = ['calls', 'findings', 'figures'].map((key) => [key, word(`tab_${key}`)]);
    this.tabs = new Tabs(word('views'), names, (key) => this.#showTab(key));
    this.tabs.panels.get('calls').append(this.table.scroller, this.noMatch);
    this.tabs.panels.get('figures').append(this.figures.element);
    this.content = element('div', {},
      downloadBar((kind, options) => this.#download(kind, options)),
      this.filters.element, this.tabs.element);
    this.tabs.element.firstChild.after(this.zoneRow);
    this.result.append(
      element('div', { class: 'result-head' }, this.heading,
        button(word('open_other'), () => this.#close(), { class: 'button' })),
      this.notes, this.content);
  }

  #columns() {
    const row = (position) => this.calls.at(position);
    const column = (key, sort, name, value, mark) =>
      ({ key, sort, class: name, value, mark, label: word(`column_${key}`) });
    return [
      column('created', 'created_at', 'c-time', (at) => formatTime(row(at).created, this.shownZone)),
      column('status', 'status', 'c-status', (at) => formatStatus(row(at).status), (at) => statusClass(row(at).status)),
      column('duration', 'duration', 'c-talk n', (at) => formatDuration(row(at).duration)),
      column('customer', 'customer_phone', 'c-phone', (at) => row(at).customer),
      column('campaign', 'campaign.name', 'c-campaign', (at) => row(at).campaign),
      column('id', 'id', 'c-id n', (at) => row(at).id),
    ];
  }

  // --- Runs of the engine ------------------------------------------------------------------------

  /**
   * Runs a command on the open sources with progress. Returns `{ result, output }`, or `null` if it
   * was cancelled or failed, which is shown.
   */
  async #run(engine, { command, options, output, label, onRows }) {
    const { sources } = this;
    const total = sources.reduce((sum, { file }) => sum + file.size, 0);
    const cancel = () => {
      engine.cancel();
      this.status.say(word('cancelled'));
    };
    const progress = this.status.start(label ?? this.#readingLabel(), total, cancel);
    const request = { command, options: { ...this.#zoneOptions(), ...options }, now: Math.floor(Date.now() / 1000) };
    try {
      const done = await engine.run({ request, sources, output, onRows, onProgress: progress.update });
      return sources === this.sources ? done : null;
    } catch (error) {
      if (error instanceof EngineFault) this.#fail(word('fault', { reason: oneLine(error.message) }));
      else if (!(error instanceof Cancelled)) throw error;
      return null;
    } finally {
      progress.end();
    }
  }

  #readingLabel() {
    const { sources } = this;
    return sources.length === 1 ? word('reading', { name: oneLine(sources[0].name) })
      : word('reading_files', { n: sources.length });
  }

  #zoneOptions() {
    return this.zone === null ? {} : { tz: this.zone };
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
    [this.sources, this.zone, this.sort] = [sources, null, null];
    this.result.hidden = true;
    const rows = [];
    const done = await this.#run(this.views, {
      command: 'list', options: { format: 'jsonl' }, output: 'rows',
      onRows: (more) => rows.push(...more),
    });
    if (!done) {
      if (sources === this.sources) this.#close();
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

  #close() {
    this.views.cancel();
    this.result.hidden = true;
    this.start.hidden = false;
    this.start.querySelector('h1').focus();
  }

  /** Reads the calls again, with changed filters or another time zone. */
  async #reload() {
    this.views.cancel();
    const rows = [];
    const done = await this.#run(this.views, {
      command: 'list', options: { format: 'jsonl', ...this.filters.options() }, output: 'rows',
      onRows: (more) => rows.push(...more),
    });
    if (!done) return;
    this.filters.showError(done.result.error);
    if (done.result.error) return;
    this.calls = new Calls(rows);
    this.#showList(done.result);
    this.status.say(this.heading.textContent);
    if (this.sort) await this.#applySort();
    await this.#showFindings();
    if (this.tabs.shown === 'figures') await this.#showFigures();
  }

  #showList(result) {
    const { allCount: all } = this;
    const n = this.calls.count;
    const count = n === all ? word('calls', { n }) : word('calls_of', { n, all });
    const [first] = this.sources;
    const place = this.sources.length === 1 ? [word('in_file'), ' ', isolated(first.name)]
      : word('in_files', { n: this.sources.length });
    this.heading.replaceChildren(all === 0 ? word('no_calls') : count, ' ',
      element('small', {}, place));
    this.notes.replaceChildren(...this.#notes(result));
    this.content.hidden = all === 0;
    this.noMatch.hidden = n > 0;
    this.table.scroller.hidden = n === 0;
    this.#showZone();
    this.table.markSorted(this.sort?.key, this.sort?.direction);
    this.table.show(n);
  }

  #notes({ messages, error }) {
    const lines = error ? [...messages, error] : messages;
    const items = lines.slice(0, MAX_NOTES).map((line) => {
      const isError = line === error || line.startsWith('error');
      return element('li', { class: isError ? 'alarm' : null, lang: 'en' }, isolated(line));
    });
    const more = lines.length - items.length;
    if (more > 0) items.push(element('li', {}, word('more_notes', { n: more })));
    const list = items.length > 0 && element('ul', { class: 'notes', 'aria-label': word('notes') }, items);
    const hint = this.allCount === 0 && element('p', { class: 'lead' }, word('no_calls_hint'));
    return [hint, list].filter(Boolean);
  }

  // --- Time zone ---------------------------------------------------------------------------------

  #showZone() {
    const zones = [['', word('zone_file')], ...new Set([LOCAL_ZONE, 'UTC'])].map(
      (zone) => (Array.isArray(zone) ? zone : [zone, zone]));
    const choice = select('page-zone', zones, this.zone ?? '', () => this.#setZone(choice.value || null));
    const sample = this.calls.rows.slice(0, 200);
    const isOther = this.zone === null && sample.some(({ created }) => differsIn(created, LOCAL_ZONE));
    this.zoneRow.replaceChildren(
      element('label', { for: choice.id }, word('zone')), choice,
      ...(isOther ? [button(word('zone_use', { zone: LOCAL_ZONE }), () => this.#setZone(LOCAL_ZONE), { class: 'link' })] : []));
    // Without a zone, the program shows all times with the offset of the first one.
    const offsets = sample.map(({ created }) => offsetOf(created));
    this.shownZone = this.zone ?? offsets.find((offset) => offset !== null) ?? null;
    const name = word('column_created');
    const zone = this.shownZone?.split('/').at(-1).replaceAll('_', ' ');
    this.table.rename('created', zone ? `${name} (${zone})` : name);
  }

  #setZone(zone) {
    this.zone = zone;
    this.#reload();
    document.getElementById('page-zone').focus();
  }

  // --- Sorting -----------------------------------------------------------------------------------

  #sortBy(column) {
    const isAscending = this.sort?.key === column.key && this.sort.direction === 'ascending';
    const direction = isAscending ? 'descending' : 'ascending';
    this.sort = { key: column.key, direction, option: isAscending ? `${column.sort}:desc` : column.sort };
    this.#applySort();
  }

  async #applySort() {
    const { calls, sort } = this;
    const done = await this.#run(this.views, {
      command: 'list', options: { format: 'jsonl', ...this.filters.options(), ...this.#sortOptions() },
      output: 'hashes',
    });
    if (!done || calls !== this.calls || sort !== this.sort) return;
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
      zone: this.zone, search: this.filters.searchedText(), findFile: (name) => this.#findFile(name),
    });
  }

  async #readCall({ options, line, count }) {
    const done = await this.#run(this.views, {
      command: 'show', options: { format: 'jsonl', ...this.filters.options(), ...options },
      output: line === null ? 'lastLine' : 'text',
    });
    if (!done || line === null) return done?.output;
    const lines = done.output.split('\n').slice(0, -1);
    return lines.length === count ? lines[line] : null;
  }

  #findFile(name) {
    return this.sources.find((source) => source.name === name)?.file;
  }

  /** Offers the names of the extracted variables of the first calls. */
  async #offerNames() {
    const done = await this.#run(this.views, {
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
    const done = await this.#run(this.views, {
      command: 'validate', options: { format: 'json', 'max-findings': MAX_FINDINGS, ...this.filters.options() },
      output: 'text',
    });
    if (!done || !done.output) return;
    const report = plain(parseJson(done.output));
    const { errors, warnings, notes } = report.summary;
    this.tabs.rename('findings', `${word('tab_findings')} (${formatNumber(errors + warnings + notes)})`);
    const view = findingsView(report, (name) => this.#findFile(name), (id) => {
      const position = this.calls.positionOf(id);
      if (position >= 0) this.dialog.open(position, this.calls.count);
    });
    this.tabs.panels.get('findings').replaceChildren(view);
  }

  async #showFigures() {
    const { command, options } = DOWNLOADS.report;
    const done = await this.#run(this.views, {
      command, options: { ...options, ...this.filters.options(), ...this.figures.options() }, output: 'text',
    });
    if (done) this.figures.show(done.output, done.result.error);
  }

  // --- Downloads ---------------------------------------------------------------------------------

  async #download(kind, more) {
    const { command, options, ...file } = DOWNLOADS[kind];
    const name = safeFileName(this.sources, file);
    const extra = { export: this.#sortOptions(), stats: this.figures.options() }[command];
    const done = await this.#run(this.downloads, {
      command, options: { ...options, ...this.filters.options(), ...extra, ...more }, output: 'blob',
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
    const box = element('div', { class: 'message', role: 'status' }, element('p', {}, word('saved', { name })),
      messages.length > 0 && element('ul', { class: 'notes' },
        messages.map((line) => element('li', { lang: 'en' }, isolated(line)))),
      button(word('close'), () => box.remove(), { class: 'button' }));
    this.messages.replaceChildren(box);
  }
}
