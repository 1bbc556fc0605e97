// Opens the page in Chromium without a network, as a person does with a double click, and runs the
// program for comparison.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const require = createRequire(join(process.env.NODE_PATH, 'package.json'));
const { chromium } = require('playwright-core');

/** The script of axe-core. */
export const axe = require.resolve('axe-core/axe.min.js');

/** The time of all runs, in seconds since 1970. */
export const EPOCH = 1_800_000_000;

export const repository = fileURLToPath(new URL('../../..', import.meta.url));
export const sample = (path) => join(repository, 'samples', path);

/** The address of the built page. */
const address = pathToFileURL(resolve(process.env.PAGE)).href;

let browser;

export async function startBrowser() {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });
  return browser;
}

/**
 * Opens the page in a context of its own and passes it to `use`. Fails if the page requests
 * anything, writes to the console, or opens a dialog.
 */
export async function open(options, use) {
  const { init, ...settings } = options;
  const context = await browser.newContext({
    locale: 'en-US', timezoneId: 'Europe/Berlin', acceptDownloads: true, offline: true, ...settings,
  });
  const page = await context.newPage();
  const faults = [];
  page.on('console', (message) => faults.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => faults.push(`dialog: ${dialog.message()}`));
  context.on('request', (request) => {
    // The Workers and downloads are parts of the page.
    if (request.url() !== address && !request.url().startsWith('blob:')) faults.push(`request: ${request.url()}`);
  });
  context.on('page', (other) => {
    if (other !== page) faults.push(`window: ${other.url()}`);
  });
  await page.clock.setFixedTime(EPOCH * 1000);
  if (init) await page.addInitScript(init);
  await page.goto(address);
  await page.locator('.start h1').waitFor();
  await use(page, context);
  assert.deepEqual(faults, []);
  await context.close();
}

/** Drops files or folders on the page, as a file manager does. */
export async function drop(page, ...paths) {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop']) {
    await session.send('Input.dispatchDragEvent', { type, x: 200, y: 300, data });
  }
  await session.detach();
}

/** Chooses files with the first button. */
export async function choose(page, ...files) {
  await page.locator('input[type=file]:not([webkitdirectory])').setInputFiles(files);
}

/** Waits until all that follows the opening of files is shown. */
export async function opened(page) {
  await page.locator('.result h1').waitFor();
  if (await page.locator('.calls tbody button').count() > 0) {
    await page.getByRole('tab', { name: /\(\d/ }).waitFor();
  }
}

/** Clicks a button and returns the download that follows: `{ name, bytes }`. */
export async function download(page, click) {
  const [file] = await Promise.all([page.waitForEvent('download'), click()]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

/** The output of the program for a file, which has the name that the page shows. */
export function program(file, ...options) {
  const run = spawnSync('postcall', [...options, basename(file)], {
    cwd: dirname(file),
    env: { ...process.env, SOURCE_DATE_EPOCH: String(EPOCH) },
    maxBuffer: 1 << 30,
  });
  assert.equal(run.error, undefined);
  return run.stdout;
}

/** Fails if the bytes differ. */
export function assertBytes(actual, expected, name) {
  assert.ok(actual.equals(expected), `${name}: ${actual.length} bytes, not the ${expected.length} of the program`);
}

/** Generates calls as JSON Lines in a file. */
export function generate(file, calls) {
  execFileSync('cargo', [
    'run', '--quiet', '--locked', '--example', 'generate', '--', '--calls', String(calls), '--seed', '1',
    '--output', file,
  ], { cwd: repository });
}

/** Waits until the heading says how many calls there are. */
export async function waitForCount(page, text) {
  await page.locator('.result h1').filter({ hasText: text }).waitFor();
}
