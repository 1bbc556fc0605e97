// The dialog that shows one call, and leads to the calls before and after it.

import { button, element, isolated } from './dom.mjs';
import { word } from './words.mjs';

export class CallDialog {
  /** `load(position)` resolves to the card; `onClose(position)` gets the last position. */
  constructor({ load, onClose }) {
    this.load = load;
    this.title = element('h2', { id: 'page-call-title', tabindex: -1 });
    this.content = element('div', {});
    this.position = element('span', { class: 'note' });
    this.previous = button('←', () => this.#step(-1), { class: 'button', 'aria-label': word('previous') });
    this.next = button('→', () => this.#step(1), { class: 'button', 'aria-label': word('next') });
    this.element = element('dialog', {
      class: 'call', 'aria-labelledby': 'page-call-title',
      onclose: () => onClose(this.shown),
      // A click on the area around the dialog closes it.
      onclick: (event) => {
        if (event.target === this.element) this.element.close();
      },
    },
    element('div', { class: 'call-head' }, this.title,
      element('div', { class: 'buttons' }, this.position, this.previous, this.next,
        button(word('close'), () => this.element.close(), { class: 'button' }))),
    this.content);
  }

  /** Shows the call at this position of `count` calls. */
  async open(position, count) {
    this.shown = position;
    this.count = count;
    this.position.textContent = word('position', { n: position + 1, all: count });
    this.previous.disabled = position === 0;
    this.next.disabled = position === count - 1;
    this.title.textContent = word('loading_call');
    this.content.replaceChildren();
    if (!this.element.open) this.element.showModal();
    this.title.focus();
    const card = await this.load(position);
    // Another call may have been opened meanwhile.
    if (this.shown !== position || card === null) return;
    this.title.replaceChildren(isolated(card.title));
    this.content.replaceChildren(card.content);
    this.element.scrollTop = 0;
  }

  /** Closes the dialog, and removes the call from it. */
  clear() {
    this.close();
    this.content.replaceChildren();
    this.title.textContent = '';
  }

  close() {
    if (this.element.open) this.element.close();
  }

  #step(by) {
    this.open(this.shown + by, this.count);
  }
}
