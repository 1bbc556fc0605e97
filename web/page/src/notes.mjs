// The notes of a run: what was skipped, and why.

import { element, isolated } from './dom.mjs';
import { word } from './words.mjs';

/** Notes that are shown. */
const MAX_NOTES = 12;

/** The messages and the error of a run as elements, with a hint if there are no calls at all. */
export function notes({ messages, error }, hasCalls) {
  const lines = error ? [...messages, error] : messages;
  const items = lines.slice(0, MAX_NOTES).map((line) => {
    const isError = line === error || line.startsWith('error');
    return element('li', { class: isError ? 'alarm' : null, lang: 'en' }, isolated(line));
  });
  const more = lines.length - items.length;
  if (more > 0) items.push(element('li', {}, word('more_notes', { n: more })));
  const list = element('ul', { class: 'notes', 'aria-label': word('notes') }, items);
  const hint = element('p', { class: 'lead' }, word('no_calls_hint'));
  return [...(hasCalls ? [] : [hint]), ...(items.length > 0 ? [list] : [])];
}
