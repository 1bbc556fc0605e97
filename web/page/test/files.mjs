// Ways to open calls: several files, a folder, pasted text, and files without calls.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { choose, drop, open, opened, sample } from './harness.mjs';

const heading = (page) => page.locator('.result h1').innerText();

async function checkFolder(folder) {
  const calls = join(folder, 'calls');
  await mkdir(join(calls, 'may'), { recursive: true });
  await mkdir(join(calls, '.hidden'));
  await cp(sample('busy.json'), join(calls, 'may', 'busy.json'));
  await cp(sample('day.jsonl'), join(calls, 'day.jsonl'));
  await cp(sample('array.json'), join(calls, '.hidden', 'array.json'));
  await writeFile(join(calls, 'photo.png'), Buffer.from('89504e470d0a1a0a', 'hex'));
  for (const use of [
    (page) => page.locator('input[webkitdirectory]').setInputFiles(calls),
    (page) => drop(page, calls),
  ]) {
    await open({}, async (page) => {
      await use(page);
      await opened(page);
      assert.match(await heading(page), /^24 calls/);
    });
  }
}

async function checkPaste() {
  await open({}, async (page) => {
    await page.getByText('Paste text').click();
    await page.getByLabel('Text with calls').fill('[{"body": {"id": 7, "status": "busy", "customer_phone": "+491713920012", "assistant_phone": null, "created_at": "2024-01-15T10:30:00Z", "finished_at": null, "transcript": "", "duration": 0}}]');
    await page.getByRole('button', { name: 'Show the calls' }).click();
    await opened(page);
    assert.equal(await heading(page), '1 call in pasted.json');
  });
  await open({}, async (page) => {
    await page.evaluate((text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    }, readFileSync(sample('campaign-call.json'), 'utf8'));
    await opened(page);
    assert.equal(await heading(page), '1 call in pasted.json');
  });
}

async function checkSkipped(folder) {
  const broken = join(folder, 'broken.jsonl');
  await writeFile(broken, '{"id": 1, "status": \n');
  await open({}, async (page) => {
    await choose(page, sample('captures/n8n-webhook-node.json'), broken);
    await opened(page);
    assert.match(await heading(page), /^2 calls in 2 files/);
    assert.match(await page.locator('.notes').first().innerText(), /skipped 1 value without a call/);
    await page.getByRole('button', { name: 'Open other files' }).click();
    await choose(page, sample('README.md'));
    await opened(page);
    assert.match(await heading(page), /^No calls found/);
    assert.match(await page.locator('.notes').first().innerText(), /no call found/);
    assert.equal(await page.getByRole('tab').count(), 0);
  });
}

export async function checkFiles(folder) {
  await checkFolder(folder);
  await checkPaste();
  await checkSkipped(folder);
}
