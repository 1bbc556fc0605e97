// Runs commands on the open sources, shows their progress, and reports faults of the engine.

import { oneLine } from './dom.mjs';
import { Cancelled, EngineFault } from './engine.mjs';
import { word } from './words.mjs';

export class Runner {
  /** `status` shows the progress, and `fail(message)` the faults. */
  constructor(status, fail) {
    Object.assign(this, { status, fail });
    this.sources = [];
    /** The time zone of all runs, an IANA name; `null` is the offset of each body. */
    this.zone = null;
  }

  /**
   * Runs a command in `engine`. Returns `{ result, output }`, or `null` if the run was cancelled,
   * failed, or if other sources have been opened meanwhile.
   */
  async run(engine, { command, options, output, label, onRows }) {
    const { sources } = this;
    const total = sources.reduce((sum, { file }) => sum + file.size, 0);
    const cancel = () => {
      engine.cancel();
      this.status.say(word('cancelled'));
    };
    const progress = this.status.start(label ?? this.#readingLabel(), total, cancel);
    const zone = this.zone === null ? {} : { tz: this.zone };
    const request = { command, options: { ...zone, ...options }, now: Math.floor(Date.now() / 1000) };
    try {
      const done = await engine.run({ request, sources, output, onRows, onProgress: progress.update });
      return sources === this.sources ? done : null;
    } catch (error) {
      if (error instanceof EngineFault) this.fail(word('fault', { reason: oneLine(error.message) }));
      else if (!(error instanceof Cancelled)) throw error;
      return null;
    } finally {
      progress.end();
    }
  }

  #readingLabel() {
    const { sources } = this;
    return sources.length === 1 ? word('reading', { name: oneLine(sources[0].name) })
      : word('reading_files', { n: sources.length });
  }
}
