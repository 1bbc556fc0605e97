// The views: one call, findings, figures, filters with mistakes, and the words of German.

import assert from 'node:assert/strict';

import { choose, open, opened, program, sample, waitForCount } from './harness.mjs';

async function checkCall() {
  await open({}, async (page) => {
    await choose(page, sample('day.jsonl'));
    await opened(page);
    await page.getByRole('searchbox').fill('Halb fünf');
    await waitForCount(page, '1 of 23 calls');
    await page.locator('.calls tbody tr:not(.spacer)').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('heading', { name: 'Call 481010' }).waitFor();
    assert.equal(await dialog.locator('.turn').count(), 6);
    assert.equal(await dialog.locator('.turn mark').innerText(), 'halb fünf');
    assert.equal(await dialog.getByRole('button', { name: 'Next call' }).isDisabled(), true);
    await dialog.getByText('The whole call as JSON').click();
    const body = JSON.parse(await dialog.locator('.json').innerText());
    const [line] = program(sample('day.jsonl'), 'extract', '--id', '481010').toString().split('\n');
    assert.deepEqual(body, JSON.parse(line));
  });
}

/** Calls without an id, and several calls with the same id, have their own cards. */
async function checkSameIds(page) {
  const call = (id, phone) => `{"id":${id},"customer_phone":"${phone}","assistant_phone":null,"status":"busy","duration":0,"transcript":"","created_at":"2024-01-15T10:30:00Z","finished_at":null}`;
  const calls = [call(1, '+491713920001'), call(null, '+491713920002'), call(1, '+491713920003'), call('"a,b"', '+491713920004')];
  await choose(page, { name: 'ids.jsonl', mimeType: '', buffer: Buffer.from(calls.join('\n')) });
  await opened(page);
  for (const index of calls.keys()) {
    await page.locator('.calls tbody button').nth(index).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(`+49171392000${index + 1}`).first().waitFor();
    await page.keyboard.press('Escape');
  }
}

async function checkFindings() {
  await open({}, async (page) => {
    await choose(page, sample('broken/five-mistakes.json'));
    await page.getByRole('tab', { name: 'Check (5)' }).click();
    const panel = page.getByRole('tabpanel');
    await panel.locator('.excerpt').nth(4).waitFor();
    assert.deepEqual(await panel.locator('.excerpt mark').allInnerTexts(),
      ['{', '"480504"', '"030 23125 210"', '"15.01.2024 10:33"', '"monday-friday"']);
    await panel.getByRole('button', { name: 'Show only invalid-phone' }).click();
    assert.equal(await panel.locator('.finding-item').count(), 1);
    await panel.getByRole('button', { name: 'Show all rules' }).click();
    assert.equal(await panel.locator('.finding-item').count(), 5);
  });
}

/** The figures in the page are those of the report, element by element. */
async function checkFigures(locale, lang) {
  await open({ locale }, async (page) => {
    await choose(page, sample('day.jsonl'));
    await page.getByRole('tab').nth(2).click();
    await page.locator('.report #glance').waitFor();
    const report = program(sample('day.jsonl'), 'stats', '--format', 'html', '--lang', lang).toString();
    const [shown, expected] = await page.evaluate((html) => {
      const main = new DOMParser().parseFromString(html, 'text/html').querySelector('main');
      const copy = document.querySelector('.report').cloneNode(true);
      // The script of the report adds buttons, here as well as in a report.
      copy.querySelectorAll('.copy, p.period, p.zone').forEach((added) => added.remove());
      copy.querySelectorAll('th button').forEach((added) => added.replaceWith(...added.childNodes));
      const sorted = (text) => text.replace(/\s+/g, ' ').replaceAll('> <', '><').trim();
      return [sorted(copy.innerHTML), sorted(main.innerHTML)];
    }, report);
    assert.equal(shown, expected);
  });
}

async function checkMistakes(page) {
  await page.getByRole('button', { name: 'Filters', exact: true }).click();
  await page.getByLabel('At least').fill('two minutes');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'two minutes' }).waitFor();
  await page.getByRole('button', { name: 'Clear all filters' }).click();
  await page.getByRole('alert').filter({ hasText: 'two minutes' }).waitFor({ state: 'detached' });
  await page.getByRole('searchbox').fill('no caller said this');
  await page.getByText('No call matches the filters.').waitFor();
}

async function checkGerman() {
  await open({ locale: 'de-AT' }, async (page) => {
    assert.equal(await page.locator('html').getAttribute('lang'), 'de');
    await page.getByText('Ihre Datei bleibt auf diesem Computer.').waitFor();
    await choose(page, sample('day.jsonl'));
    await page.getByRole('tab', { name: 'Prüfung (0)' }).waitFor();
    await page.locator('.c-status').getByText('Abgeschlossen').first().waitFor();
    await page.getByText('15.01.2024, 08:31').waitFor();
  });
}

async function checkLacks() {
  await open({}, async (page) => {
    await page.getByText('Only in the program', { exact: true }).click();
    await page.locator('.lacks li').filter({ hasText: 'Parquet' }).waitFor();
  });
}

export async function checkViews() {
  await checkCall();
  await open({}, checkSameIds);
  await checkFindings();
  await checkFigures('en-US', 'en');
  await checkFigures('de-DE', 'de');
  await open({}, async (page) => {
    await choose(page, sample('day.jsonl'));
    await opened(page);
    await checkMistakes(page);
  });
  await checkGerman();
  await checkLacks();
}
