// The line that shows how far a run is, with a button that cancels it, and the messages for screen
// readers.

import { button, element, oneLine } from './dom.mjs';
import { word } from './words.mjs';

/** Runs that take less than this time, in milliseconds, show no progress. */
const DELAY = 250;

/** Percent between two messages for screen readers. */
const SPOKEN_STEP = 25;

export class Status {
  constructor() {
    this.live = element('p', { class: 'hidden', role: 'status' });
    this.runs = element('div', { class: 'runs' });
    this.element = element('div', {}, this.live, this.runs);
  }

  /** Has screen readers say this text. */
  say(text) {
    this.live.textContent = text;
  }

  /**
   * Shows a run that reads `total` bytes. Returns `{ update(bytes), end() }`; `onCancel` is called
   * by the button.
   */
  start(label, total, onCancel) {
    const bar = element('progress', { max: Math.max(total, 1), value: 0, 'aria-label': label });
    const row = element('div', { class: 'run' },
      element('span', {}, oneLine(label)), bar, button(word('cancel'), onCancel, { class: 'button' }));
    const timer = setTimeout(() => {
      this.runs.append(row);
      this.say(label);
    }, DELAY);
    let spoken = 0;
    return {
      update: (bytes) => {
        bar.value = Math.min(bytes, total);
        const percent = Math.floor((100 * bytes) / Math.max(total, 1));
        if (row.isConnected && percent >= spoken + SPOKEN_STEP && percent < 100) {
          spoken = percent - (percent % SPOKEN_STEP);
          this.say(word('progress', { percent: spoken }));
        }
      },
      end: () => {
        clearTimeout(timer);
        row.remove();
      },
    };
  }
}
