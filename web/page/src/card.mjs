// One call as a card: its data, variables, campaign, findings and conversation.

import { element, isolated, oneLine, safeLines } from './dom.mjs';
import { findingItem } from './findings.mjs';
import { formatDuration, formatStatus, formatTime, isSafeLink, offsetOf, statusClass } from './formats.mjs';
import { JsonObject, formatJson, parseJson, plain, scalarText } from './json.mjs';
import { word } from './words.mjs';

/** Members that have a place of their own on the card. */
const OWN_PLACE = new Set([
  'id', 'customer_phone', 'assistant_phone', 'duration', 'status', 'extracted_variables',
  'input_variables', 'transcript', 'formatted_transcript', 'recording_url', 'created_at',
  'finished_at', 'lead', 'campaign',
]);

function valueNode(value) {
  if (value === null || value === undefined || value === '') {
    return element('span', { class: 'empty' }, word('empty'));
  }
  if (typeof value === 'boolean') return word(value ? 'yes' : 'no');
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return isolated(value.join(', '));
  }
  if (Array.isArray(value) || value instanceof JsonObject) {
    return element('pre', { dir: 'ltr' }, safeLines(formatJson(value)));
  }
  return element('bdi', { class: 'text' }, safeLines(scalarText(value)));
}

/** A list of names and values. */
function pairs(items) {
  return element('dl', { class: 'pairs' }, items.map(([name, value]) =>
    element('div', {}, element('dt', {}, name), element('dd', {}, value))));
}

function section(title, ...content) {
  return element('section', {}, element('h3', {}, title), content);
}

/** The members of an object, and those of objects in it with names such as `variables.company`. */
function flatMembers(object) {
  return object.members.flatMap(([name, value]) => {
    if (!(value instanceof JsonObject) || value.members.length === 0) return [[name, value]];
    return value.members.map(([inner, item]) => [`${name}.${inner}`, item]);
  });
}

/** A section with the members of an object, or nothing if the body has none. */
function objectSection(title, object, zone) {
  if (!(object instanceof JsonObject) || object.members.length === 0) return null;
  const items = flatMembers(object).map(([name, value]) => [isolated(name),
    typeof value === 'string' && offsetOf(value) ? timeNode(value, zone) : valueNode(value)]);
  return section(title, pairs(items));
}

function timeNode(text, zone) {
  if (text === null) return word('none');
  const offset = zone ?? offsetOf(text);
  return isolated(offset ? `${formatTime(text, zone)} (${offset})` : formatTime(text, zone));
}

function recordingNode(url) {
  const text = scalarText(url);
  if (!isSafeLink(text)) return isolated(text);
  return element('a', { href: text, target: '_blank', rel: 'noopener noreferrer' }, `${word('recording_open')} (${new URL(text).host})`);
}

function callSection(body, document, zone) {
  const text = (name) => scalarText(body.get(name));
  const shown = (value) => (value === null ? word('none') : isolated(value));
  const items = [
    [word('customer'), shown(text('customer_phone'))],
    [word('assistant'), shown(text('assistant_phone'))],
    [word('started'), timeNode(text('created_at'), zone)],
    [word('finished'), timeNode(text('finished_at'), zone)],
    [word('talk_time'), shown(formatDuration(text('duration')))],
  ];
  if (text('recording_url')) items.push([word('recording'), recordingNode(body.get('recording_url'))]);
  const place = `${document.get('source')}, ${word('line', { line: plain(document.get('start')).line })}`;
  items.push([word('place'), isolated(place)]);
  return pairs(items);
}

/** The text with the places marked that the search found. */
function markedText(text, search) {
  const safe = safeLines(text);
  if (!search) return [safe];
  const [parts, lower] = [[], safe.toLowerCase()];
  let start = 0;
  // Lower case can change the length of a text, and then places do not fit.
  if (lower.length !== safe.length) return [safe];
  for (let at = lower.indexOf(search); at >= 0; at = lower.indexOf(search, start)) {
    parts.push(safe.slice(start, at), element('mark', {}, safe.slice(at, at + search.length)));
    start = at + search.length;
  }
  return [...parts, safe.slice(start)];
}

function conversation(turns, search) {
  if (turns.length === 0) return section(word('conversation'), element('p', { class: 'note' }, word('no_conversation')));
  const items = turns.map(({ speaker, label, elapsed, text }) => {
    const names = { assistant: word('assistant'), customer: word('customer') };
    const name = names[speaker] ?? label ?? '';
    const from = speaker === 'assistant' || speaker === 'customer' ? speaker : 'other';
    return element('li', { class: `turn ${from}` },
      element('span', { class: 'speaker' }, isolated(String(name)),
        elapsed !== null && elapsed !== undefined ? ` ${formatDuration(String(elapsed))}` : null),
      element('bdi', { class: 'text' }, markedText(String(text ?? ''), search)));
  });
  return section(word('conversation'), element('ol', { class: 'turns' }, items));
}

function findings(verdict, findFile) {
  if (verdict.findings.length === 0) return element('p', { class: 'all-valid' }, word('valid'));
  const items = verdict.findings.map((finding) => findingItem(finding, findFile));
  return section(word('findings'), element('ol', { class: 'finding-list' }, items));
}

function furtherMembers(body, zone) {
  const members = body.members.filter(([name]) => !OWN_PLACE.has(name));
  return objectSection(word('other_members'), new JsonObject(members), zone);
}

/**
 * The card of a call. `line` is a document of `show --format jsonl`, `zone` as in `formatTime`,
 * `search` the searched text in lower case, and `findFile` returns the file of a source.
 * Returns `{ title, content }`.
 */
export function callCard(line, { zone, search, findFile }) {
  const document = parseJson(line);
  const body = document.get('body');
  const id = scalarText(body.get('id'));
  const status = scalarText(body.get('status'));
  const content = element('div', { class: 'card' },
    element('p', { class: 'outcome' },
      element('span', { class: `dot ${statusClass(status)}` }), isolated(formatStatus(status) ?? word('none'))),
    callSection(body, document, zone),
    findings(plain(document.get('verdict')), findFile),
    objectSection(word('extracted_variables'), body.get('extracted_variables'), zone),
    conversation(plain(document.get('turns')), search),
    objectSection(word('input_variables'), body.get('input_variables'), zone),
    objectSection(word('lead'), body.get('lead'), zone),
    objectSection(word('campaign'), body.get('campaign'), zone),
    furtherMembers(body, zone),
    element('details', {}, element('summary', {}, word('body')),
      element('pre', { class: 'json', dir: 'ltr', tabindex: 0, role: 'group', 'aria-label': word('body') },
        safeLines(formatJson(body)))));
  const title = id === null ? word('call_without_id') : word('call_title', { id: oneLine(id) });
  return { title, content };
}
