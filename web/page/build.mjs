// Joins the page into one file that loads nothing: postcall.html.
//
//   node build.mjs FOLDER FILE
//
// FOLDER has the engine and the licences, as `web/build_page.sh` puts them there. The modules in
// `src` are joined without a bundler: each is put after those that it imports, and the lines with
// `import` and the words `export` are removed. This needs names that are unique in all modules, and
// imports without `as`.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

const MAX_BYTES = 3_000_000;

const IMPORT = /^import \{([^}]*)\} from '(\.\/[\w./]+)';\n/gm;

/** A name that the whole script sees. */
const DECLARATION = /^(?:async )?(?:function|const|let|class) (\w+)/gm;

const folder = dirname(fileURLToPath(import.meta.url));
const read = (...path) => readFileSync(join(folder, ...path), 'utf8');

/** The code of a module and of all that it imports, as one script, after the code in `before`. */
function joinModules(entry, before = []) {
  const joined = [...before];
  const visited = new Set();
  const names = new Set();
  const add = (path) => {
    if (visited.has(path)) return;
    visited.add(path);
    const source = readFileSync(path, 'utf8');
    for (const [, names, imported] of source.matchAll(IMPORT)) {
      if (/\bas\b/.test(names)) throw new Error(`${path}: import with another name`);
      add(resolve(dirname(path), imported));
    }
    const code = source.replace(IMPORT, '').replace(/^export (?=const|function|async|class)/gm, '');
    if (/^(import|export)\b/m.test(code)) throw new Error(`${path}: unknown import or export`);
    for (const [, name] of code.matchAll(DECLARATION)) {
      if (names.has(name)) throw new Error(`${path}: another module has ${name}`);
      names.add(name);
    }
    joined.push(code.trim());
  };
  add(join(folder, 'src', entry));
  return `(() => {\n'use strict';\n${joined.join('\n\n')}\n})();`;
}

/** Fails if the text would end its element early. */
function checkInline(text, name) {
  if (/<\/(script|style)|<!--/i.test(text)) throw new Error(`${name} would end its element`);
  return text;
}

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Fails if the script is not valid. */
function checkScript(text, name) {
  new Script(text, { filename: name });
  return checkInline(text, name);
}

function build(source, target) {
  const base64 = (name) => readFileSync(join(source, name)).toString('base64');
  // The style sheet of the report has an element and a hash of its own: reports that are parsed in
  // the page have it, too, and must not violate the policy.
  const reportStyle = checkInline(read('../../src/view/html/report.css'), 'report.css');
  const pageStyle = checkInline(read('page.css'), 'page.css');
  const script = checkScript(joinModules('main.mjs', [read('../../src/view/html/table_buttons.js')]), 'script');
  const decompressor = checkInline(
    read('node_modules', 'xz-decompress', 'dist', 'package', 'xz-decompress.js'), 'xz-decompress');
  const glue = readFileSync(join(source, 'engine', 'postcall_web.js'), 'utf8');
  const worker = checkScript(`${glue}\n${joinModules('worker.mjs')}`, 'worker');
  const [, version] = /^version = "(.*)"$/m.exec(read('../../Cargo.toml'));
  const parts = {
    version,
    reportStyle,
    pageStyle,
    script,
    worker,
    decompressor,
    engine: base64('engine.xz'),
    licences: base64('licences.txt.xz'),
    policy: [
      "default-src 'none'", `script-src ${hash(decompressor)} ${hash(script)} 'wasm-unsafe-eval'`, 'worker-src blob:',
      `style-src ${hash(reportStyle)} ${hash(pageStyle)}`, 'img-src data:', "base-uri 'none'", "form-action 'none'",
    ].join('; '),
  };
  const page = read('page.html').replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
  const bytes = Buffer.byteLength(page);
  if (bytes > MAX_BYTES) throw new Error(`${bytes} bytes are more than ${MAX_BYTES}`);
  writeFileSync(target, page);
  console.log(`${target}: ${bytes} bytes`);
}

build(...process.argv.slice(2));
