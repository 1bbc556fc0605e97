// Measures the engine: time, and memory of the module, of commands over one file.
//
// node measure.mjs ENGINE FILE

import { closeSync, openSync, readSync, statSync } from "node:fs";
import { load } from "./engine.mjs";

const [folder, path] = process.argv.slice(2);
const COMMANDS = [
  ["list", { format: "jsonl" }],
  ["validate", { format: "json" }],
  ["export", { format: "csv" }],
  ["export", { format: "xlsx" }],
  ["stats", { format: "html" }],
];
const file = openSync(path);
const source = {
  name: path,
  size: statSync(path).size,
  read(offset, length) {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
  },
};
for (const [command, options] of COMMANDS) {
  const engine = load(folder);
  const memory = engine.initSync({}).memory;
  const request = JSON.stringify({ command, options, now: 1800000000 });
  let bytes = 0;
  const start = performance.now();
  const result = JSON.parse(engine.run(request, [source], (part) => (bytes += part.length), () => {}));
  const time = (performance.now() - start).toFixed(0);
  const used = (memory.buffer.byteLength / 1e6).toFixed(0);
  console.log(`${command} ${options.format}: ${time} ms, ${used} MB, output ${bytes} bytes`);
  for (const message of result.messages) {
    console.log(`  ${message}`);
  }
}
closeSync(file);
