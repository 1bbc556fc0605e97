// axe-core finds nothing in any view, light and dark, narrow and wide. No view scrolls sideways.

import assert from 'node:assert/strict';

import { axe, choose, open, opened, sample } from './harness.mjs';

async function checkView(page, view) {
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((it) => it.html).slice(0, 3)}`);
  assert.deepEqual(found, [], view);
  const [scrolled, width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(scrolled <= width, `${view}: ${scrolled} at ${width}`);
}

async function checkAllViews(page, name) {
  await checkView(page, `start ${name}`);
  await page.locator('.paste summary').click();
  await page.locator('.lacks summary').click();
  await checkView(page, `start, opened ${name}`);
  await choose(page, sample('day.jsonl'), sample('broken/five-mistakes.json'), sample('captures/n8n-webhook-node.json'));
  await opened(page);
  await checkView(page, `calls ${name}`);
  for (const toggle of await page.locator('.disclose').all()) await toggle.click();
  await checkView(page, `filters and downloads ${name}`);
  for (const toggle of await page.locator('.disclose').all()) await toggle.click();
  await page.locator('.calls tbody button').first().click();
  await page.locator('dialog .card').waitFor();
  await checkView(page, `call ${name}`);
  await page.keyboard.press('Escape');
  await page.getByRole('tab').nth(1).click();
  await page.locator('.excerpt').first().waitFor();
  await checkView(page, `findings ${name}`);
  await page.getByRole('tab').nth(2).click();
  await page.locator('#glance').waitFor();
  await checkView(page, `figures ${name}`);
  await page.getByRole('searchbox').fill('no caller said this');
  await page.getByRole('tab').nth(0).click();
  await page.locator('.no-match').waitFor();
  await checkView(page, `no match ${name}`);
}

export async function checkAccessibility() {
  for (const locale of ['en-US', 'de-DE']) {
    for (const colorScheme of ['light', 'dark']) {
      for (const width of [320, 1280]) {
        // axe-core is not part of the page, so the policy of the page must not stop it.
        const options = { bypassCSP: true, colorScheme, locale, viewport: { width, height: 900 } };
        await open(options, async (page) => {
          await page.addScriptTag({ path: axe });
          await checkAllViews(page, `${locale} ${colorScheme} ${width}`);
        });
      }
    }
  }
}
