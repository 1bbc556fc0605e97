#!/usr/bin/env node
// Runs the program of the package for this platform, and ends as it ends.

"use strict";

const { spawn } = require("node:child_process");
const { constants } = require("node:os");

const name = `@postcall/${process.platform}-${process.arch}`;
const file = process.platform === "win32" ? "postcall.exe" : "postcall";

let program;
try {
  program = require.resolve(`${name}/${file}`);
} catch {
  console.error(
    `postcall: error: the package ${name} is not installed; ` +
      "there is no program for this platform, or npm ran with --omit=optional",
  );
  process.exit(3);
}

const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });

// A terminal sends these to both processes, others only to this one. The program decides.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => child.kill(signal));
}

child.on("error", (error) => {
  console.error(`postcall: error: ${program}: ${error.message}`);
  process.exit(3);
});
child.on("exit", (code, signal) => {
  process.exitCode = signal ? 128 + constants.signals[signal] : code;
});
