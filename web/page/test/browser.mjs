// Uses the page in Chromium without a network: opens files, downloads, searches and filters. Checks
// that hostile text stays text, that the keyboard is enough, and that axe-core finds nothing.
//
//   node browser.mjs [PICTURE.png]
//
// It needs the page (PAGE), axe-core and playwright-core in the folder of NODE_PATH, Chromium
// (CHROMIUM), and `postcall` in PATH. `.ci/full page` prepares all of them. PICTURE is the file for
// the picture in README.md.

import { rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { checkAccessibility } from './accessibility.mjs';
import { checkFaults, checkLarge } from './engine.mjs';
import { checkFiles } from './files.mjs';
import { startBrowser } from './harness.mjs';
import { checkHostile } from './hostile.mjs';
import { checkKeyboard } from './keyboard.mjs';
import { drawPicture } from './picture.mjs';
import { checkResults } from './results.mjs';
import { checkViews } from './views.mjs';

const CHECKS = {
  results: checkResults, files: checkFiles, views: checkViews, hostile: checkHostile, keyboard: checkKeyboard,
  accessibility: checkAccessibility, faults: checkFaults, large: checkLarge,
};

const only = process.env.ONLY?.split(',') ?? Object.keys(CHECKS);
const folder = await mkdtemp(join(tmpdir(), 'page-'));
const browser = await startBrowser();
try {
  for (const name of only) {
    const start = Date.now();
    await CHECKS[name](folder, browser);
    console.log(`${name}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
  }
  const [picture] = process.argv.slice(2);
  if (picture) await drawPicture(picture);
} finally {
  await browser.close();
  await rm(folder, { recursive: true });
}
