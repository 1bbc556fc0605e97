// Compares the engine with the program: for each command and each file, output, exit code and
// messages must be equal.
//
// node compare.mjs ENGINE PROGRAM FOLDER…

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bufferSource, load, run } from "./engine.mjs";

const [enginePath, program, ...folders] = process.argv.slice(2);
const NOW = 1800000000;
const KEY = "07".repeat(32);
const COMMANDS = [
  ["list", { format: "jsonl" }],
  ["list", { format: "json", sort: "duration:desc", limit: "2" }],
  ["show", { format: "json" }],
  ["validate", { format: "json" }],
  ["export", { format: "csv" }],
  ["export", { format: "csv", for: "excel-de", tz: "Europe/Berlin" }],
  ["export", { format: "xlsx" }],
  ["export", { format: "jsonl" }],
  ["stats", { format: "html", lang: "en" }],
  ["stats", { format: "html", lang: "de", "with-calls": true, tz: "Europe/Berlin" }],
  ["stats", { format: "json" }],
  ["redact", { key: KEY }],
  ["redact", { key: KEY, text: "scrub", strict: true }],
];

// The arguments of the program for the options of the engine. The key is in a file.
function toArguments(options, keyFile) {
  return Object.entries(options).map(([name, value]) => {
    if (name === "key") {
      return `--key-file=${keyFile}`;
    }
    return value === true ? `--${name}` : `--${name}=${value}`;
  });
}

function runNatively(command, options, path, keyFile) {
  const { COLUMNS, POSTCALL_TZ, POSTCALL_REDACT_KEY, ...inherited } = process.env;
  const environment = { ...inherited, SOURCE_DATE_EPOCH: String(NOW) };
  const result = spawnSync(
    program,
    [command, "--no-config", "--threads=1", ...toArguments(options, keyFile), path],
    { env: environment, maxBuffer: 1 << 30 },
  );
  const messages = result.stderr.toString().split("\n").slice(0, -1);
  return { output: result.stdout, exit: result.status, messages };
}

// What differs; an empty text if nothing does.
function difference(native, { result, output }) {
  const parts = [];
  if (!native.output.equals(output)) {
    parts.push(`output: ${output.length} bytes, not ${native.output.length}`);
  }
  if (native.exit !== result.exit) {
    parts.push(`exit code: ${result.exit}, not ${native.exit}`);
  }
  if (JSON.stringify(native.messages) !== JSON.stringify(result.messages)) {
    parts.push(
      `messages: ${JSON.stringify(result.messages)}, not ${JSON.stringify(native.messages)}`,
    );
  }
  return parts.join("; ");
}

function listFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

const keyFolder = mkdtempSync(join(tmpdir(), "postcall-key-"));
const keyFile = join(keyFolder, "key");
writeFileSync(keyFile, KEY, { mode: 0o600 });
const all = folders.flatMap(listFiles);
const files = all.filter((file) => !file.endsWith(".zst"));
for (const file of all.filter((file) => !files.includes(file))) {
  console.log(`not compared: ${file} (the page lacks zstd)`);
}
let engine = load(enginePath);
let [compared, different] = [0, 0];
for (const file of files) {
  const source = bufferSource(file, readFileSync(file));
  for (const [command, options] of COMMANDS) {
    const native = runNatively(command, options, file, keyFile);
    let problem;
    try {
      problem = difference(native, run(engine, command, options, [source], NOW));
    } catch (error) {
      problem = String(error);
      engine = load(enginePath);
    }
    compared += 1;
    if (problem) {
      different += 1;
      console.log(`${command} ${JSON.stringify(options)} ${file}: ${problem}`);
    }
  }
}
rmSync(keyFolder, { recursive: true });
console.log(`${compared - different} of ${compared} runs over ${files.length} files are equal`);
process.exit(different === 0 && compared > 0 ? 0 : 1);
