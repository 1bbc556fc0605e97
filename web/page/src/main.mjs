// Starts the page.

import { App } from './app.mjs';
import { element, oneLine } from './dom.mjs';
import { loadEngine } from './engine.mjs';
import { unpack } from './packed.mjs';
import { language, word } from './words.mjs';

/** The section about the things that only the program does. */
function lacksSection({ lacking }) {
  const program = document.querySelector('meta[name=generator]').content;
  return element('details', { class: 'lacks' }, element('summary', {}, word('lacks_title')),
    element('p', {}, word('lacks_text', { program })),
    element('ul', {}, lacking.map((item) => element('li', {}, oneLine(item[language])))));
}

/** The licences of all software in the page, which is unpacked when it is opened. */
function licencesSection() {
  const text = element('pre', { lang: 'en', tabindex: 0, role: 'group', 'aria-label': word('licences') });
  const section = element('details', { ontoggle: async () => {
    if (section.open && text.textContent === '') text.textContent = await unpack('licences').text();
  } }, element('summary', {}, word('licences')), text);
  return section;
}

async function start() {
  document.documentElement.lang = language;
  document.getElementById('privacy').append(
    element('strong', {}, word('privacy')), ' ', word('privacy_reason'));
  const main = document.querySelector('main');
  main.append(element('p', { class: 'starting', role: 'status' }, word('starting')));
  try {
    const app = new App(await loadEngine());
    document.querySelector('footer').append(lacksSection(await app.views.describe()), licencesSection());
    main.replaceChildren(...app.elements());
  } catch (error) {
    main.replaceChildren(element('p', { class: 'alarm', role: 'alert' },
      word('start_failed', { reason: error.message })));
  }
}

start();
