// The downloads: which command writes each, and under which name it is saved.

import { button, disclosure, element, field } from './dom.mjs';
import { language, word } from './words.mjs';

const TYPES = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv',
  jsonl: 'application/jsonl',
  html: 'text/html',
};

/** What a person can download. `suffix` is put between the name of the source and the extension. */
export const DOWNLOADS = {
  excel: { command: 'export', options: { format: 'xlsx' }, suffix: '', extension: 'xlsx' },
  report: { command: 'stats', options: { format: 'html', lang: language }, suffix: '-report', extension: 'html' },
  csv_german: { command: 'export', options: { format: 'csv', for: 'excel-de' }, suffix: '-excel-de', extension: 'csv' },
  csv: { command: 'export', options: { format: 'csv' }, suffix: '', extension: 'csv' },
  json_lines: { command: 'export', options: { format: 'jsonl' }, suffix: '', extension: 'jsonl' },
  redacted: { command: 'redact', options: {}, suffix: '-redacted', extension: 'jsonl' },
};

/** Names that Windows does not allow for files, whatever their extension. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** The name of a download: letters, digits, blanks, dots and dashes of the name of its source. */
export function safeFileName(sources, { suffix, extension }) {
  const [first] = sources;
  const isOne = sources.length === 1;
  const base = (isOne ? first.name : '').split(/[/\\]/).at(-1).replace(/(\.[a-z0-9]{1,6}){1,2}$/i, '');
  const clean = base.normalize('NFC').replace(/[^\p{L}\p{N} ._-]+/gu, '-')
    .replace(/\.{2,}/g, '.').replace(/^[ .-]+|[ .-]+$/g, '');
  const short = Array.from(clean).slice(0, 60).join('').trimEnd();
  const name = short === '' || RESERVED.test(short) ? 'calls' : short;
  return `${name}${suffix}.${extension}`;
}

/** Hands the file to the browser, which saves it. */
export function save(blob, name) {
  const extension = name.slice(name.lastIndexOf('.') + 1);
  const address = URL.createObjectURL(blob.slice(0, blob.size, TYPES[extension]));
  const link = element('a', { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  // The browser needs the address until it has opened the file.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** A random key of 32 bytes as hexadecimal digits. */
export function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The buttons of all downloads. `download(kind, options)` writes one. */
export function downloadBar(download) {
  const simple = (kind, name) => button(word(kind), () => download(kind, {}), { class: name });
  const key = element('input', {
    id: 'page-key', type: 'text', value: randomKey(), autocomplete: 'off', spellcheck: 'false',
    class: 'key',
  });
  const redaction = element('fieldset', { class: 'redaction' },
    element('legend', {}, word('redacted')),
    element('p', { class: 'note' }, word('redacted_text')),
    field(word('key'), key, word('key_hint')),
    button(word('download_redacted'), () => download('redacted', { key: key.value.trim() }), { class: 'button download' }));
  const content = [
    element('div', { class: 'buttons' }, ['csv_german', 'csv', 'json_lines'].map((kind) => simple(kind, 'button download'))),
    element('p', { class: 'note' }, word('about_downloads')),
    redaction,
  ];
  const more = disclosure(word('more_downloads'), content, { id: 'page-more-downloads' });
  return element('section', { class: 'downloads', 'aria-label': word('downloads') },
    element('div', { class: 'buttons' }, simple('excel', 'button primary download'),
      simple('report', 'button primary download'), more.button),
    more.panel);
}
