// The start of the page: three ways to open calls.

import { button, element } from './dom.mjs';
import { sourcesOfDrop, sourcesOfFiles, sourcesOfFolder, sourcesOfText } from './sources.mjs';
import { word } from './words.mjs';

/** A hidden input for files with the button that opens it. */
function fileInput(label, attributes, open, name) {
  const input = element('input', {
    type: 'file', hidden: true, tabindex: -1, 'aria-label': label, ...attributes,
    onchange: () => {
      // The same files can be chosen again after this.
      const files = Array.from(input.files);
      input.value = '';
      if (files.length > 0) open(files);
    },
  });
  return [input, button(label, () => input.click(), { class: name })];
}

function pasteBox(open) {
  const text = element('textarea', { id: 'page-paste', rows: 5, spellcheck: 'false', 'aria-describedby': 'page-paste-hint' });
  const show = () => {
    if (text.value.trim() !== '') open(sourcesOfText(text.value));
  };
  return element('details', { class: 'paste' }, element('summary', {}, word('paste')),
    element('div', { class: 'field' },
      element('label', { for: text.id }, word('paste_label')), text,
      element('small', { id: 'page-paste-hint' }, word('paste_hint'))),
    button(word('paste_open'), show, { class: 'button' }));
}

/** The section with the area for drops and the buttons. `open(sources)` gets the sources. */
export function startSection(open) {
  const folder = (files) => open(sourcesOfFolder(files));
  return element('section', { class: 'start' },
    element('h1', { tabindex: -1 }, word('start_title')),
    element('p', { class: 'lead' }, word('start_text')),
    element('div', { class: 'drop' },
      element('p', { class: 'drop-title' }, word('drop_here')),
      element('div', { class: 'buttons' },
        fileInput(word('choose_files'), { multiple: true }, (files) => open(sourcesOfFiles(files)), 'button primary'),
        fileInput(word('choose_folder'), { webkitdirectory: true }, folder, 'button')),
      element('p', { class: 'note' }, word('file_kinds'))),
    pasteBox(open));
}

/** Opens text or files that are pasted outside of an input. */
export function acceptPastes(open) {
  document.addEventListener('paste', ({ target, clipboardData }) => {
    if (target.closest?.('input, textarea, dialog')) return;
    const text = clipboardData.getData('text/plain');
    if (clipboardData.files.length > 0) open(sourcesOfFiles(clipboardData.files));
    else if (text.trim() !== '') open(sourcesOfText(text));
  });
}

/** Accepts drops on the whole page. `fail(message)` gets the reason if nothing can be opened. */
export function acceptDrops(open, fail) {
  const mark = (isOver) => document.documentElement.classList.toggle('dragging', isOver);
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    mark(true);
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) mark(false);
  });
  document.addEventListener('drop', async (event) => {
    event.preventDefault();
    mark(false);
    const text = event.dataTransfer.getData('text/plain');
    try {
      const sources = await sourcesOfDrop(event.dataTransfer);
      if (sources.length > 0) open(sources);
      else if (text.trim() !== '') open(sourcesOfText(text));
      else fail(word('nothing_dropped'));
    } catch {
      fail(word('folder_unreadable'));
    }
  });
}
