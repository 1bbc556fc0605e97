// Checks of the modules of the page that need no browser.
//
//   node --test web/page/test/unit.mjs

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';

import { Calls } from '../src/calls.mjs';
import { DOWNLOADS, safeFileName } from '../src/downloads.mjs';
import { oneLine, safeLines } from '../src/dom.mjs';
import { readExcerpt } from '../src/excerpt.mjs';
import { formatDuration, formatTime, isSafeLink } from '../src/formats.mjs';
import { formatJson, parseJson, plain } from '../src/json.mjs';
import { orderOf, rowOfLine } from '../src/rows.mjs';
import { sourcesOfFiles, sourcesOfFolder } from '../src/sources.mjs';
import { WORDS, word } from '../src/words.mjs';

const here = (path) => new URL(path, import.meta.url);
const modules = readdirSync(here('../src')).map((name) => readFileSync(here(`../src/${name}`), 'utf8'));

test('both languages have each word, with the same values and forms', () => {
  const equal = [];
  for (const [key, [english, german, ...more]] of Object.entries(WORDS)) {
    assert.ok(english.trim() && german.trim() && more.length === 0, key);
    const values = (text) => [...new Set(text.match(/\{\w+\}/g))].toSorted();
    assert.deepEqual(values(english), values(german), key);
    assert.equal(english.split('|').length, german.split('|').length, key);
    assert.equal(/[.:]$/.test(english), /[.:]$/.test(german), key);
    if (english === german) equal.push(key);
  }
  assert.deepEqual(equal.toSorted(), [
    'downloads', 'excel', 'in_file', 'json_lines', 'lead', 'none', 'filter_variable',
  ].toSorted());
});

test('each word is used, and each used word exists', () => {
  const code = modules.join('\n');
  const used = new Set([...code.matchAll(/\bword\((?:key, )?'(\w+)'/g)].map(([, key]) => key));
  for (const key of used) assert.ok(Object.hasOwn(WORDS, key), key);
  // Keys that are put together, or that are in tables.
  const isNamed = (key) => code.includes(`'${key}'`) || [
    /^status_/, /^level_/, /^tab_/, /^column_/, /^has_/, /^group_/,
  ].some((pattern) => pattern.test(key)) || Object.hasOwn(DOWNLOADS, key);
  assert.deepEqual(Object.keys(WORDS).filter((key) => !used.has(key) && !isNamed(key)), []);
});

test('the outcomes of calls have the words of the report', () => {
  const report = readFileSync(here('../../../src/view/html/words.rs'), 'utf8');
  const words = [...report.matchAll(/(status_\w+): "([^"]+)", "([^"]+)";/g)];
  for (const [, key, ...texts] of words) {
    if (key !== 'status_missing') assert.deepEqual(WORDS[key], texts, key);
  }
  assert.ok(words.length > 8);
});

test('text is never parsed as HTML, and nothing is sent', () => {
  const forbidden = [
    'innerHTML', 'outerHTML', 'insertAdjacentHTML', 'document.write', 'createContextualFragment',
    'setHTML', 'srcdoc', 'eval(', 'new Function', 'fetch(', 'XMLHttpRequest', 'WebSocket', 'EventSource',
    'sendBeacon', 'RTCPeerConnection', 'localStorage', 'indexedDB', 'document.cookie', 'importScripts',
  ];
  for (const source of modules) {
    for (const name of forbidden) assert.ok(!source.includes(name), name);
  }
});

test('unsafe characters are those of the program', () => {
  assert.equal(oneLine('a\u001b[31m\u202eb\r\n\tc\u0085'), 'a\\u{1b}[31m\\u{202e}b  c\\u{85}');
  assert.equal(safeLines('a\nb\u2066'), 'a\nb\\u{2066}');
  const program = readFileSync(here('../../../src/text/safe_text.rs'), 'utf8');
  const [list] = /matches!\(\s*character,([^)]*)\)/.exec(program).slice(1);
  const edges = [...list.matchAll(/\\u\{(\w+)\}/g)].map(([, digits]) => parseInt(digits, 16));
  assert.ok(edges.length > 10);
  for (const code of edges) assert.match(oneLine(String.fromCodePoint(code)), /^\\u\{/);
});

test('JSON keeps numbers, the order of members, and members with the same name', () => {
  const text = '{"10":1.10,"2":12345678901234567890,"a":[true,null,"\\u001b\\"\\\\"],"a":{},"__proto__":[]}';
  const value = parseJson(text);
  assert.equal(formatJson(value).replace(/\n\s*/g, '').replaceAll(': ', ':'), text);
  assert.equal(value.get('a').members.length, 0);
  assert.equal(plain(value)['2'], '12345678901234567890');
  assert.equal(plain(parseJson('[7]'))[0], 7);
  assert.throws(() => parseJson('{"a":'), SyntaxError);
});

test('rows keep the digits of numbers', () => {
  for (const number of ['7', '1.10', '1e3', '-0', '12345678901234567890', '-5']) {
    const { id, duration } = rowOfLine(`{"id":${number},"duration":${number},"campaign":{"id":${number}}}`);
    assert.deepEqual([id, duration], [number, number]);
  }
  assert.equal(rowOfLine('{"id":{"a":[1]},"campaign":{"id":3,"name":null}}').campaign, '3');
});

test('times are shown in a zone, or with their own offset', () => {
  assert.equal(formatTime('2024-01-15T10:30:00Z', null), '2024-01-15 10:30');
  assert.equal(formatTime('2024-01-15T10:30:00Z', 'Europe/Berlin'), '2024-01-15 11:30');
  assert.equal(formatTime('2024-01-15T23:30:00-05:00', '+01:00'), '2024-01-16 05:30');
  for (const text of ['', 'gestern', '2024-13-45T10:30:00Z', '15.01.2024 10:33', null]) {
    assert.equal(formatTime(text, 'Europe/Berlin'), text);
  }
});

test('durations are shown as by the program', () => {
  assert.deepEqual(['0', '38', '74', '3720', '-1', 'x', null].map(formatDuration),
    ['0s', '38s', '1m 14s', '1h 02m', '-1', 'x', null]);
});

test('only https addresses are links', () => {
  assert.ok(isSafeLink('https://recordings.famulor.de/call-1.mp3'));
  for (const text of [
    'http://a.example/', 'javascript:alert(1)', 'https:alert(1)', 'https://', 'https:///a', ' https://a.example',
    'https://a.example/\n', 'https://a b', 'data:text/html,x', '//a.example', 'https://[', null, 7,
  ]) assert.ok(!isSafeLink(text), String(text));
});

test('downloads have safe names', () => {
  const name = (source) => safeFileName([{ name: source }], DOWNLOADS.excel);
  const names = {
    'day.jsonl': 'day.xlsx', 'calls.json.gz': 'calls.xlsx', 'a/b/Anrufe Mai.json': 'Anrufe Mai.xlsx',
    '../../etc/passwd': 'passwd.xlsx', 'con.json': 'calls.xlsx', '.json': 'calls.xlsx', '': 'calls.xlsx',
    'a\u202egpj.exe': 'a-gpj.xlsx', '<img src=x>.json': 'img src-x.xlsx', 'a\u0000b\n.csv': 'a-b.xlsx',
    '...': 'calls.xlsx', 'C:\\calls\\mai.json': 'mai.xlsx',
  };
  for (const [source, expected] of Object.entries(names)) assert.equal(name(source), expected, source);
  assert.ok(name(`${'x'.repeat(500)}.json`).length < 80);
  assert.equal(safeFileName([{ name: 'a' }, { name: 'b' }], DOWNLOADS.report), 'calls-report.html');
});

test('files of a folder are in the order of the program, and names are distinct', () => {
  const file = (path) => ({ name: path.split('/').at(-1), webkitRelativePath: path });
  const paths = ['c/b.json', 'c/a/z.json', 'c/a.json', 'c/B.json', 'c/ä.json'];
  assert.deepEqual(sourcesOfFolder(paths.map(file)).map(({ name }) => name),
    ['c/B.json', 'c/a/z.json', 'c/a.json', 'c/b.json', 'c/ä.json']);
  const same = ['a.json', 'a.json', 'b', 'b'].map(file);
  assert.deepEqual(sourcesOfFiles(same).map(({ name }) => name), ['a.json', 'a (2).json', 'b', 'b (2)']);
});

test('sorted rows are found again, also equal ones', () => {
  const line = (id, duration) => `{"id":${id},"duration":${duration}}`;
  const rows = [line(1, 5), line(2, 3), line(1, 5), line(3, 4)].map(rowOfLine);
  const sorted = [line(2, 3), line(3, 4), line(1, 5), line(1, 5)].map((it) => rowOfLine(it).hash);
  assert.deepEqual(orderOf(rows, sorted), [1, 3, 0, 2]);
  assert.equal(orderOf(rows, [7, 8, 9, 10]), null);
  const calls = new Calls(rows);
  calls.sort(sorted);
  assert.deepEqual(calls.request(3), {
    options: { id: ['1'] }, line: 1, count: 2, fallback: { options: { limit: '3' }, line: null },
  });
});

test('the line of a finding has its value marked', async () => {
  const text = '{\n  "größe": 1,\n  "duration": "180",\n}';
  const start = Buffer.from(text).indexOf('"180"');
  assert.deepEqual(await readExcerpt(new Blob([text]), start, start + 5),
    { before: '"duration": ', marked: '"180"', after: ',' });
  const long = `${'ä'.repeat(900)}"x"${'ö'.repeat(900)}`;
  const { before, marked, after } = await readExcerpt(new Blob([long]), 1800, 1803);
  assert.deepEqual([before.slice(0, 2), marked, after.slice(-2)], ['…ä', '"x"', 'ö…']);
  assert.equal(await readExcerpt(new Blob([Buffer.from('1f8b0800', 'hex')]), 0, 1), null);
});

test('a word has the form for its number', () => {
  assert.equal(word('calls', { n: 1 }), '1 call');
  assert.equal(word('calls', { n: 1234 }), '1,234 calls');
});
