// The same loop with Ajv, which compiles the schema to JavaScript: prints how many lines there are, and how many are valid.

import { createReadStream, readFileSync } from "node:fs";
import { createRequire } from "node:module";

// Of an `import`, node does not look into NODE_PATH, where packages installed with `npm install -g` are found.
const { default: Ajv } = createRequire(import.meta.url)("ajv/dist/2020.js");

const [schema, source] = process.argv.slice(2);
const validate = new Ajv({ strict: false, validateFormats: false }).compile(JSON.parse(readFileSync(schema, "utf8")));

let seen = 0;
let valid = 0;
const check = (line) => {
  seen += 1;
  if (validate(JSON.parse(line))) valid += 1;
};
// Split by hand: `readline` takes a tenth longer.
let rest = "";
for await (const piece of createReadStream(source, { encoding: "utf8", highWaterMark: 1 << 20 })) {
  const lines = (rest + piece).split("\n");
  rest = lines.pop();
  lines.forEach(check);
}
if (rest) check(rest);
console.log(seen, valid);
process.exitCode = seen === valid ? 0 : 1;
