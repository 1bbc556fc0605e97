// Tabs as in the ARIA pattern: arrow keys choose one, the Tab key leads to its content.

import { element } from './dom.mjs';

export class Tabs {
  /** `tabs` are pairs of a key and its label; `onShow(key)` is called when one is chosen. */
  constructor(label, tabs, onShow) {
    this.onShow = onShow;
    this.buttons = new Map();
    this.panels = new Map();
    for (const [key, text] of tabs) {
      this.buttons.set(key, element('button', {
        type: 'button', role: 'tab', id: `tab-${key}`, 'aria-controls': `panel-${key}`,
        onclick: () => this.show(key),
      }, text));
      this.panels.set(key, element('div', {
        role: 'tabpanel', id: `panel-${key}`, 'aria-labelledby': `tab-${key}`, class: 'panel', tabindex: -1,
      }));
    }
    const list = element('div', {
      role: 'tablist', 'aria-label': label, class: 'tabs', onkeydown: (event) => this.#move(event),
    }, ...this.buttons.values());
    this.element = element('div', {}, list, ...this.panels.values());
  }

  /** Shows the panel of this key. */
  show(key) {
    this.shown = key;
    for (const [other, tab] of this.buttons) {
      tab.setAttribute('aria-selected', String(other === key));
      tab.tabIndex = other === key ? 0 : -1;
      this.panels.get(other).hidden = other !== key;
    }
    this.onShow(key);
  }

  /** Changes the label of a tab. */
  rename(key, label) {
    this.buttons.get(key).textContent = label;
  }

  #move(event) {
    const keys = [...this.buttons.keys()];
    const index = keys.indexOf(this.shown);
    const target = {
      ArrowRight: (index + 1) % keys.length,
      ArrowLeft: (index + keys.length - 1) % keys.length,
      Home: 0,
      End: keys.length - 1,
    }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    this.show(keys[target]);
    this.buttons.get(keys[target]).focus();
  }
}
