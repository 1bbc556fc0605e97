// Opens a body in Monaco, the editor of VS Code, with the printed schema, and draws what a user
// sees. Ends with 1 unless exactly the expected values are marked.
//
//   node tests/editor/picture.mjs PICTURE.png
//
// It needs monaco-editor and playwright-core (npm) in the folder of NODE_PATH, Chromium, and
// `postcall` in PATH. `.ci/full editors` installs them.

import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

const BODY = 'samples/broken/five-mistakes.json';
/** The texts that the editor must mark, with the start of each message. */
const EXPECTED = {
  '{': 'Missing property "status"',
  '"480504"': 'Incorrect type. Expected "integer"',
  '"030 23125 210"': 'String does not match the pattern',
  '"15.01.2024 10:33"': 'String does not match the pattern',
  '"monday-friday"': 'Incorrect type. Expected "array"',
};
/** The value whose message the picture shows. */
const HOVERED = '"480504"';

const require = createRequire(join(process.env.NODE_PATH, 'package.json'));
const { chromium } = require('playwright-core');
const modules = join(require.resolve('monaco-editor/package.json'), '../min');
const here = new URL('.', import.meta.url).pathname;

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf' };

/** Serves the page and the editor on a free port of this machine. Workers need an address. */
async function serve() {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    const file = path === '/' ? join(here, 'page.html') : join(modules, path);
    try {
      const content = await readFile(file);
      response.writeHead(200, { 'content-type': types[extname(file)] ?? 'text/plain' }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

/** Runs in the page: opens `text` and returns the marked texts with their messages. */
async function openBody({ text, schema, hovered }) {
  globalThis.require.config({ paths: { vs: `${location.origin}/vs` } });
  await new Promise((done) => globalThis.require(['vs/editor/editor.main'], done));
  const { monaco } = globalThis;
  monaco.languages.json.jsonDefaults.setDiagnosticsOptions({
    validate: true,
    schemas: [{ uri: schema.$id, fileMatch: ['*'], schema }],
  });
  const model = monaco.editor.createModel(text, 'json', monaco.Uri.parse('file:///call.json'));
  const editor = monaco.editor.create(document.getElementById('editor'), {
    model,
    fontFamily: 'DejaVu Sans Mono, monospace',
    fontSize: 14,
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    overviewRulerLanes: 0,
    scrollbar: { vertical: 'hidden', horizontal: 'hidden' },
    renderLineHighlight: 'none',
  });
  const markers = await new Promise((done) => {
    const read = () => monaco.editor.getModelMarkers({ resource: model.uri });
    monaco.editor.onDidChangeMarkers(() => read().length > 0 && done(read()));
  });
  const marker = markers.find((marker) => model.getValueInRange(marker) === hovered);
  if (marker) {
    editor.setPosition({ lineNumber: marker.startLineNumber, column: marker.startColumn + 1 });
    editor.trigger('picture', 'editor.action.showHover', { focus: 'noAutoFocus' });
  }
  return markers.map((marker) => [model.getValueInRange(marker), marker.message]);
}

const [picture] = process.argv.slice(2);
const server = await serve();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  const page = await browser.newPage({
    viewport: { width: 842, height: 442 },
    deviceScaleFactor: 1.5,
  });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const schema = JSON.parse(execFileSync('postcall', ['schema'], { encoding: 'utf8' }));
  const text = await readFile(BODY, 'utf8');
  const marked = await page.evaluate(openBody, { text, schema, hovered: HOVERED });
  for (const [value, message] of marked) console.log(`${value}: ${message}`);
  const isExpected = ([value, message]) => message.startsWith(EXPECTED[value] ?? '\n');
  if (marked.length !== Object.keys(EXPECTED).length || !marked.every(isExpected)) {
    throw new Error(`expected exactly ${JSON.stringify(EXPECTED, null, 2)}`);
  }
  await page.locator('.monaco-hover-content').first().waitFor();
  await page.locator('#editor').screenshot({ path: picture, animations: 'disabled' });
} finally {
  await browser.close();
  server.close();
}
