// Validates JSON Lines with Ajv, which compiles the schema to JavaScript. Prints the number of
// lines and the number of valid lines.

import { createReadStream, readFileSync } from "node:fs";
import { createRequire } from "node:module";

// `import` ignores NODE_PATH, which is where packages installed with `npm install -g` are found.
const { default: Ajv } = createRequire(import.meta.url)("ajv/dist/2020.js");

const [schema, source] = process.argv.slice(2);
const validate = new Ajv({ strict: false, validateFormats: false }).compile(JSON.parse(readFileSync(schema, "utf8")));

let total = 0;
let valid = 0;
const check = (line) => {
  total += 1;
  if (validate(JSON.parse(line))) valid += 1;
};
// Lines are split by hand, because `readline` takes a tenth longer.
let rest = "";
for await (const chunk of createReadStream(source, { encoding: "utf8", highWaterMark: 1 << 20 })) {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop();
  lines.forEach(check);
}
if (rest) check(rest);
console.log(total, valid);
process.exitCode = total === valid ? 0 : 1;
