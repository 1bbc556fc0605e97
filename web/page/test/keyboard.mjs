// Everything works with the keyboard alone, and the focus is never lost.

import assert from 'node:assert/strict';

import { choose, download, open, opened, sample, waitForCount } from './harness.mjs';

const focused = (page) => page.evaluate(() => {
  const element = document.activeElement;
  return element.getAttribute('aria-label') ?? element.innerText?.trim() ?? element.localName;
});

/** Presses the Tab key until the focus is on an element with this name. */
async function tabTo(page, name) {
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press('Tab');
    if (await focused(page) === name) return;
  }
  assert.fail(`the Tab key does not lead to ${name}`);
}

async function checkOpening(page) {
  await tabTo(page, 'Choose files');
  const opening = page.waitForEvent('filechooser');
  // Chromium gets the order to report the dialog only after some time.
  await page.waitForTimeout(500);
  await page.keyboard.press('Enter');
  const chooser = await opening;
  await chooser.setFiles(sample('day.jsonl'));
  await opened(page);
  assert.equal(await focused(page), '23 calls in day.jsonl');
  await tabTo(page, 'Excel');
  const saved = await download(page, () => page.keyboard.press('Enter'));
  assert.equal(saved.name, 'day.xlsx');
}

async function checkTable(page) {
  await tabTo(page, 'Calls');
  await page.keyboard.press('Tab');
  await page.locator('.rows').focus();
  const position = () => page.evaluate(() =>
    Number(document.activeElement.closest('tr')?.getAttribute('aria-rowindex')) - 2);
  for (const [key, expected] of [
    ['ArrowDown', 0], ['ArrowDown', 1], ['End', 22], ['ArrowDown', 22], ['ArrowUp', 21], ['Home', 0], ['ArrowDown', 1],
  ]) {
    await page.keyboard.press(key);
    assert.equal(await position(), expected, key);
  }
  await page.keyboard.press('PageDown');
  assert.ok(await position() > 5);
  await page.keyboard.press('Home');
}

async function checkDialog(page) {
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('heading', { name: 'Call 481002' }).waitFor();
  await tabTo(page, 'Next call');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('heading', { name: 'Call 481003' }).waitFor();
  await page.keyboard.press('Escape');
  // The focus returns to the row of the call that was shown last.
  await page.locator('tr[aria-rowindex="3"] button:focus').waitFor();
}

async function checkTabs(page) {
  await page.getByRole('tab', { name: 'Calls' }).focus();
  await page.keyboard.press('ArrowRight');
  assert.equal(await focused(page), 'Check (0)');
  await page.keyboard.press('End');
  assert.equal(await focused(page), 'Figures');
  await page.locator('#glance').waitFor();
  await page.keyboard.press('ArrowRight');
  assert.equal(await focused(page), 'Calls');
}

async function checkFilters(page) {
  await page.getByRole('searchbox').focus();
  await page.keyboard.type('Termin');
  await waitForCount(page, /^\d+ of 23 calls/);
  await tabTo(page, 'Filters');
  await page.keyboard.press('Space');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-expanded')), 'true');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Filters (1)' }).waitFor();
}

export async function checkKeyboard() {
  await open({}, async (page) => {
    await checkOpening(page);
    await checkTable(page);
    await checkDialog(page);
    await checkTabs(page);
    await checkFilters(page);
  });
}
