// The notes of a run: what was skipped, and why.

import { element, isolated } from './dom.mjs';
import { word } from './words.mjs';

/** Notes that are shown. */
const MAX_NOTES = 12;

/** A message of the program, which starts with its name, as in `postcall: error: no such file`. */
export function noteItem(line, isError = false) {
  const [, error, text] = /^(?:postcall: )?(error: )?(.*)$/s.exec(line);
  const isAlarm = isError || Boolean(error);
  return element('li', { class: isAlarm ? 'alarm' : null, lang: 'en' }, isolated(text));
}

/** The messages and the error of a run as elements, with a hint if there are no calls at all. */
export function notes({ messages, error }, hasCalls) {
  const lines = error && !messages.some((line) => line.endsWith(error))
    ? [...messages, error] : messages;
  const items = lines.slice(0, MAX_NOTES).map((line) => noteItem(line, line === error));
  const more = lines.length - items.length;
  if (more > 0) items.push(element('li', {}, word('more_notes', { n: more })));
  const list = element('ul', { class: 'notes', 'aria-label': word('notes') }, items);
  const hint = element('p', { class: 'lead' }, word('no_calls_hint'));
  return [...(hasCalls ? [] : [hint]), ...(items.length > 0 ? [list] : [])];
}
