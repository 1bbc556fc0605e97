// Runs in a Worker: one command of the engine at a time. The global `wasm_bindgen` is the glue of
// the engine, which the build script puts before this module.

import { hashOf, rowOfLine } from './rows.mjs';

/** Rows that are sent to the page at once. */
const ROWS_PER_MESSAGE = 2000;

/** Bytes of output after which it is handed to the browser, which can move it to the disk. */
const BYTES_PER_BLOB = 8 << 20;

/** Calls `use` with each line of the output. */
class Lines {
  constructor(use) {
    this.use = use;
    this.decoder = new TextDecoder();
    this.rest = '';
  }

  write(bytes) {
    const lines = (this.rest + this.decoder.decode(bytes, { stream: true })).split('\n');
    this.rest = lines.pop();
    lines.forEach(this.use);
  }
}

/** Each kind of output takes bytes with `write`, and returns its result from `finish`. */
const OUTPUTS = {
  /** Rows of the table, sent in parts while the run goes on. */
  rows() {
    let rows = [];
    const send = () => {
      postMessage({ kind: 'rows', rows });
      rows = [];
    };
    const lines = new Lines((line) => {
      rows.push(rowOfLine(line));
      if (rows.length === ROWS_PER_MESSAGE) send();
    });
    return { write: (bytes) => lines.write(bytes), finish: send };
  },

  /** The hash of each line. */
  hashes() {
    const hashes = [];
    const lines = new Lines((line) => hashes.push(hashOf(line)));
    return { write: (bytes) => lines.write(bytes), finish: () => Float64Array.from(hashes) };
  },

  /** The last line. */
  lastLine() {
    let last = null;
    const lines = new Lines((line) => { last = line; });
    return { write: (bytes) => lines.write(bytes), finish: () => last };
  },

  text() {
    const decoder = new TextDecoder();
    let text = '';
    return {
      write: (bytes) => { text += decoder.decode(bytes, { stream: true }); },
      finish: () => text,
    };
  },

  blob() {
    let [parts, size] = [[], 0];
    return {
      write(bytes) {
        // The bytes are a view of the engine's memory.
        parts.push(bytes.slice());
        size += bytes.length;
        if (size > BYTES_PER_BLOB) [parts, size] = [[new Blob(parts)], 0];
      },
      finish: () => new Blob(parts),
    };
  },
};

/** A source that the engine reads in slices. */
function openSource({ name, file, found }) {
  const reader = new FileReaderSync();
  return {
    name,
    size: file.size,
    found,
    read: (offset, length) =>
      new Uint8Array(reader.readAsArrayBuffer(file.slice(offset, offset + length))),
  };
}

function runJob({ request, sources, output }) {
  const sink = OUTPUTS[output]();
  const result = JSON.parse(wasm_bindgen.run(
    JSON.stringify(request), sources.map(openSource), (bytes) => sink.write(bytes),
    (bytes) => postMessage({ kind: 'progress', bytes })));
  postMessage({ kind: 'done', result, output: sink.finish() });
}

self.onmessage = ({ data }) => {
  try {
    if (data.module) wasm_bindgen.initSync({ module: data.module });
    else if (data.describe) postMessage({ kind: 'done', result: JSON.parse(wasm_bindgen.describe()) });
    else runJob(data);
  } catch (error) {
    postMessage({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
};
