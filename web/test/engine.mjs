// Runs the engine under Node.

import { readFileSync } from "node:fs";


// A new instance of the module in `folder`. A run that fails with a trap makes it unusable.
export function load(folder) {
  const glue = readFileSync(`${folder}/postcall_web.js`, "utf8");
  const engine = new Function(`${glue}; return wasm_bindgen;`)();
  engine.initSync({ module: new WebAssembly.Module(readFileSync(`${folder}/postcall_web_bg.wasm`)) });
  return engine;
}

// A source with the bytes of a buffer.
export function bufferSource(name, buffer) {
  return {
    name,
    size: buffer.length,
    read: (offset, length) => buffer.subarray(offset, offset + length),
  };
}

// Runs a command and returns its result and its output.
export function run(engine, command, options, sources, now) {
  const parts = [];
  const request = JSON.stringify({ command, options, now });
  const result = engine.run(request, sources, (part) => parts.push(part), () => {});
  return { result: JSON.parse(result), output: Buffer.concat(parts) };
}
