// Faults of the engine, cancelled runs, and large files.

import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { assertBytes, choose, download, generate, open, opened, program, sample, waitForCount } from './harness.mjs';

/** Limit on the memory that a CSV adds to the process of the page, in MB per 100 MB of input. */
const MAX_MEMORY = 300;

/** The longest time in which a large file may keep the page from drawing, in milliseconds. */
const MAX_FRAME = 2000;

/** The longest processor time for a screen of new rows, in milliseconds: one frame. */
const MAX_SCREEN = 16;

/** The page has no door for tests, so the test adds a fault to the script of the Workers. */
function addTrap() {
  const RealBlob = Blob;
  globalThis.Blob = class extends RealBlob {
    constructor(parts, options) {
      const trap = `
        const run = wasm_bindgen.run;
        wasm_bindgen.run = (request, ...more) => {
          if (request.includes('trap')) new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(
            0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 8, 1, 0, 10, 5, 1, 3, 0, 0, 11)));
          return run(request, ...more);
        };`;
      super(options?.type === 'text/javascript' ? [...parts, trap] : parts, options);
    }
  };
}

/** A trap is reported, and the page goes on with a new instance. */
async function checkTrap() {
  await open({ init: addTrap }, async (page) => {
    await choose(page, sample('day.jsonl'));
    await opened(page);
    await page.getByRole('searchbox').fill('trap');
    await page.getByRole('alert').filter({ hasText: 'was started again' }).waitFor();
    await page.getByRole('searchbox').fill('halb fünf');
    await waitForCount(page, '1 of 23 calls');
  });
}

/** A file that disappears is reported. */
async function checkRefusal() {
  await open({}, async (page) => {
    await choose(page, sample('day.jsonl'));
    await opened(page);
    await page.getByRole('button', { name: 'More downloads' }).click();
    await page.getByLabel('Key').fill('too short');
    await page.getByRole('button', { name: 'Download without personal data' }).click();
    await page.getByRole('alert').filter({ hasText: 'was not written' }).waitFor();
  });
}

export async function checkFaults() {
  await checkTrap();
  await checkRefusal();
}

/** The largest amount of memory that the process of the page has used, in MB. */
async function peakMemory(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const peaks = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) =>
    Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))[1]) / 1024);
  return Math.max(...peaks);
}

/** Counts the frames of more than 100 ms while `run` runs. */
async function longFrames(page, run) {
  await page.evaluate(() => {
    globalThis.frames = [];
    let last = performance.now();
    const tick = () => {
      const now = performance.now();
      globalThis.frames.push(now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await run();
  return page.evaluate(() => globalThis.frames.filter((time) => time > 100).map(Math.round));
}

/** The processor time that the page uses while `run` runs, in milliseconds. */
async function processorTime(page, run) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
  };
  const before = await read();
  await run();
  const after = await read();
  await session.detach();
  return after - before;
}

async function checkScrolling(page, count) {
  const rows = page.locator('.rows');
  assert.equal(await page.locator('.calls').getAttribute('aria-rowcount'), String(count + 1));
  const steps = 100;
  const time = await processorTime(page, () => rows.evaluate(async (element, times) => {
    for (let step = 0; step < times; step += 1) {
      element.scrollTop = (element.scrollHeight * step) / times;
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      if (document.querySelectorAll('.calls tbody tr').length > 80) throw new Error('too many rows');
    }
  }, steps));
  console.log(`scrolled through ${count} rows: ${(time / steps).toFixed(1)} ms of processor time per screen`);
  assert.ok(time / steps < MAX_SCREEN, `${time / steps} ms`);
  await rows.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  assert.equal(await page.evaluate(() => document.activeElement.closest('tr').getAttribute('aria-rowindex')), String(count + 1));
}

/** Cancels a run, and starts another. */
async function checkCancel(page, file) {
  await choose(page, file);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.locator('.run').waitFor({ state: 'detached' });
  await page.locator('.start h1').waitFor();
}

export async function checkLarge(folder, browser) {
  const file = join(folder, 'large.jsonl');
  const count = 100_000;
  generate(file, count);
  const megabytes = statSync(file).size / 1_000_000;
  await open({}, async (page) => {
    await checkCancel(page, file);
    const start = Date.now();
    const slow = await longFrames(page, async () => {
      await choose(page, file);
      await opened(page);
    });
    console.log(`opened ${megabytes.toFixed(0)} MB in ${Date.now() - start} ms; slow frames: ${slow}`);
    assert.ok(slow.every((time) => time < MAX_FRAME), `slow frames: ${slow}`);
    assert.match(await page.locator('.result h1').innerText(), /^100,000 calls/);
    await checkScrolling(page, count);
    await page.locator('.calls tbody button').last().click();
    await page.locator('dialog .card').waitFor();
    await page.keyboard.press('Escape');
  });
  await open({}, async (page) => {
    await page.getByRole('button', { name: 'Choose files' }).waitFor();
    await choose(page, file);
    await opened(page);
    const before = await peakMemory(browser);
    await page.getByRole('button', { name: 'More downloads' }).click();
    const saved = await download(page, () => page.getByRole('button', { name: 'CSV', exact: true }).click());
    assertBytes(saved.bytes, program(file, 'export', '--format', 'csv'), 'large CSV');
    const memory = (await peakMemory(browser)) - before;
    console.log(`memory of the page: ${before.toFixed(0)} MB after opening, ${memory.toFixed(0)} MB more for the CSV`);
    assert.ok(memory < (MAX_MEMORY * megabytes) / 100, `${memory} MB`);
  });
}
