// Downloads have the bytes of the program.

import assert from 'node:assert/strict';

import { assertBytes, choose, download, drop, open, opened, program, sample, waitForCount } from './harness.mjs';

const KEY = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';

const button = (page, name) => page.getByRole('button', { name, exact: true });

/** Exactly three actions: drop an n8n export, Excel, report. */
async function checkThreeActions() {
  await open({}, async (page) => {
    const file = sample('captures/n8n-webhook-node.json');
    await drop(page, file);
    const excel = await download(page, () => button(page, 'Excel').click());
    const report = await download(page, () => button(page, 'Report').click());
    assert.equal(excel.name, 'n8n-webhook-node.xlsx');
    assertBytes(excel.bytes, program(file, 'export', '--format', 'xlsx'), excel.name);
    assert.equal(report.name, 'n8n-webhook-node-report.html');
    assertBytes(report.bytes, program(file, 'stats', '--format', 'html'), report.name);
    assert.equal(await page.locator('.result h1').innerText(), '2 calls in n8n-webhook-node.json');
  });
}

/** All other downloads, of a file with campaigns, in both languages. */
async function checkDownloads() {
  const file = sample('day.jsonl');
  const downloads = [
    ['CSV for German Excel', 'day-excel-de.csv', ['export', '--format', 'csv', '--for', 'excel-de']],
    ['CSV', 'day.csv', ['export', '--format', 'csv']],
    ['JSON Lines', 'day.jsonl', ['export', '--format', 'jsonl']],
  ];
  await open({}, async (page) => {
    await choose(page, file);
    await button(page, 'More downloads').click();
    for (const [label, name, command] of downloads) {
      const saved = await download(page, () => button(page, label).click());
      assert.equal(saved.name, name);
      assertBytes(saved.bytes, program(file, ...command), name);
    }
    await page.getByLabel('Key').fill(KEY);
    const redacted = await download(page, () => button(page, 'Download without personal data').click());
    process.env.POSTCALL_REDACT_KEY = KEY;
    assertBytes(redacted.bytes, program(file, 'redact'), redacted.name);
    delete process.env.POSTCALL_REDACT_KEY;
  });
  await open({ locale: 'de-DE' }, async (page) => {
    await choose(page, file);
    const report = await download(page, () => button(page, 'Bericht').click());
    assertBytes(report.bytes, program(file, 'stats', '--format', 'html', '--lang', 'de'), report.name);
  });
}

/** The filters, the order and the time zone of the page apply to downloads. */
async function checkOptions() {
  const file = sample('day.jsonl');
  await open({}, async (page) => {
    await choose(page, file);
    await opened(page);
    await page.getByLabel('Times', { exact: true }).selectOption('Europe/Berlin');
    await page.getByRole('searchbox').fill('halb fünf');
    await waitForCount(page, '1 of 23 calls');
    await page.getByRole('searchbox').fill('');
    await waitForCount(page, /^23 calls/);
    await button(page, 'Filters').click();
    await page.getByLabel('Completed').check();
    await waitForCount(page, '14 of 23 calls');
    await page.getByLabel('Campaign', { exact: true }).selectOption({ label: 'Terminerinnerung Zahnarztpraxis Dr. Möller' });
    await waitForCount(page, /^\d of 23 calls/);
    await page.getByRole('columnheader', { name: 'Talk' }).getByRole('button').click();
    await page.locator('th[aria-sort=ascending]').waitFor();
    await page.getByRole('columnheader', { name: 'Talk' }).getByRole('button').click();
    await page.locator('th[aria-sort=descending]').waitFor();
    const options = ['--status', 'completed', '--campaign', '2331', '--tz', 'Europe/Berlin'];
    const sorted = [...options, '--sort', 'duration:desc'];
    const excel = await download(page, () => button(page, 'Excel').click());
    assertBytes(excel.bytes, program(file, 'export', '--format', 'xlsx', ...sorted), 'filtered workbook');
    const report = await download(page, () => button(page, 'Report').click());
    assertBytes(report.bytes, program(file, 'stats', '--format', 'html', ...options), 'filtered report');
    const lines = program(file, 'list', '--format', 'jsonl', ...sorted).toString().trim().split('\n');
    assert.deepEqual(await page.locator('.calls tbody tr:not(.spacer) .c-id').allInnerTexts(),
      lines.map((line) => String(JSON.parse(line).id)));
  });
}

export async function checkResults() {
  await checkThreeActions();
  await checkDownloads();
  await checkOptions();
}
