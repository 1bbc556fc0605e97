// A panic of the engine is a trap whose message can be read, and a new instance works.
//
// node panic.mjs ENGINE-WITH-TEST-PANIC

import { load, run } from "./engine.mjs";

const folder = process.argv[2];
const engine = load(folder);
let trap;
try {
  engine.run("panic", [], () => {}, () => {});
} catch (error) {
  trap = error;
}
const message = engine.panic_message();
const { result } = run(load(folder), "list", {}, [], 0);
const isRight =
  trap instanceof WebAssembly.RuntimeError &&
  message?.includes("a panic for the test") &&
  result.exit === 3;
console.log(isRight ? "a panic is reported" : `not reported: ${trap}, ${message}`);
process.exit(isRight ? 0 : 1);
