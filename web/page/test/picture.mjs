// Draws the picture of the page in README.md.

import { choose, open, opened, sample } from './harness.mjs';

export async function drawPicture(file) {
  await open({ viewport: { width: 960, height: 720 } }, async (page) => {
    await choose(page, sample('day.jsonl'));
    await opened(page);
    await page.getByLabel('Times', { exact: true }).selectOption('Europe/Berlin');
    await page.evaluate(() => document.activeElement.blur());
    await page.screenshot({ path: file });
  });
}
