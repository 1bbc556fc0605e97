// Compares the engine with the program: the output of each command over each file must be equal,
// byte for byte.
//
// node compare.mjs ENGINE PROGRAM FOLDER…

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bufferSource, load, run } from "./engine.mjs";

const [enginePath, program, ...folders] = process.argv.slice(2);
const NOW = 1800000000;
const COMMANDS = [
  ["list", { format: "json" }],
  ["list", { format: "jsonl" }],
  ["validate", { format: "json" }],
  ["export", { format: "csv" }],
];

const engine = load(enginePath);

function runNatively(command, options, path) {
  const environment = { ...process.env, SOURCE_DATE_EPOCH: String(NOW) };
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  return spawnSync(program, [command, ...flags, path], { env: environment, maxBuffer: 1 << 30 });
}

const files = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name)),
);
const skipped = files.filter((file) => file.endsWith(".zst"));
let [compared, different] = [0, 0];
for (const file of files.filter((file) => !skipped.includes(file)).sort()) {
  for (const [command, options] of COMMANDS) {
    const native = runNatively(command, options, file);
    const source = bufferSource(file, readFileSync(file));
    const { result, output } = run(engine, command, options, [source], NOW);
    compared += 1;
    if (!native.stdout.equals(output)) {
      different += 1;
      const problem = result.error ?? `${output.length} bytes, not ${native.stdout.length}`;
      console.log(`${command} ${JSON.stringify(options)} ${file}: ${problem}`);
    }
  }
}
for (const file of skipped) {
  console.log(`not compared: ${file} (the module is built without zstd)`);
}
console.log(`${compared - different} of ${compared} outputs are equal`);
process.exit(different === 0 && compared > 0 ? 0 : 1);
