// Compares the WebAssembly module with the program: `validate --format json` and CSV of each file
// must be equal, byte for byte.
//
// node compare.mjs MODULE PROGRAM FOLDER…

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [modulePath, program, ...folders] = process.argv.slice(2);
const EPOCH = 1800000000;
const COMMANDS = [
  ["validate", "--format", "json"],
  ["export", "--format", "csv"],
];

const compiled = new WebAssembly.Module(readFileSync(modulePath));
// The crate `zip` links a random source whose glue for JavaScript is imported but never called
// here. Any other import would be a use of an operating system.
const imports = {};
for (const { module, name } of WebAssembly.Module.imports(compiled)) {
  if (!module.startsWith("__wbindgen")) {
    console.log(`the module imports ${module}.${name}`);
    process.exit(1);
  }
  imports[module] ??= {};
  imports[module][name] = () => {
    throw new Error(`the module called ${module}.${name}`);
  };
}

function copyIn(wasm, bytes) {
  const pointer = wasm.allocate(bytes.length);
  new Uint8Array(wasm.memory.buffer, pointer, bytes.length).set(bytes);
  return pointer;
}

function runInWasm(command, path) {
  const wasm = new WebAssembly.Instance(compiled, imports).exports;
  const name = Buffer.from(path);
  const bytes = readFileSync(path);
  const namePointer = copyIn(wasm, name);
  const bytesPointer = copyIn(wasm, bytes);
  const length = wasm.run(command, namePointer, name.length, bytesPointer, bytes.length, EPOCH);
  const output = Buffer.from(wasm.memory.buffer, wasm.output(), wasm.output_length());
  if (length < 0) {
    throw new Error(output.toString());
  }
  return output;
}

function runNatively(command, path) {
  const environment = { ...process.env, SOURCE_DATE_EPOCH: String(EPOCH) };
  const result = spawnSync(program, [...COMMANDS[command], path], {
    env: environment,
    maxBuffer: 1 << 30,
  });
  return result.stdout;
}

const files = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name)),
);
const skipped = files.filter((file) => file.endsWith(".zst"));
let [compared, different] = [0, 0];
for (const file of files.filter((file) => !skipped.includes(file)).sort()) {
  for (const command of [0, 1]) {
    const expected = runNatively(command, file);
    let problem = "";
    try {
      const output = runInWasm(command, file);
      problem = expected.equals(output) ? "" : `${output.length} bytes, not ${expected.length}`;
    } catch (error) {
      problem = String(error);
    }
    compared += 1;
    if (problem) {
      different += 1;
      console.log(`${COMMANDS[command].join(" ")} ${file}: ${problem}`);
    }
  }
}
for (const file of skipped) {
  console.log(`not compared: ${file} (the module is built without zstd)`);
}
console.log(`${compared - different} of ${compared} outputs of ${compared / 2} files are equal`);
process.exit(different === 0 && compared > 0 ? 0 : 1);
