// Text of strangers stays text in every view, and cannot choose where a link or a download leads.

import assert from 'node:assert/strict';

import { choose, download, open, opened } from './harness.mjs';

const HOSTILE = [
  '</script><img src=x onerror=alert(1)>', '</style><script>alert(1)</script>', '<!--', '"><svg onload=alert(1)>',
  "';alert(1)//", '<a href="javascript:alert(1)">x</a>', '=1+1', '\u202etxt.exe', 'a\u0000b\u001b[31m', '{{7*7}}',
  'javascript:alert(1)', 'W'.repeat(5000), 'Z' + '\u0301'.repeat(5000), '\u0639\u0631\u0628\u0649', '\ud800',
];

/** Calls with a hostile text in every place. Some have values of the wrong type, for findings. */
function hostileCalls() {
  const calls = HOSTILE.flatMap((text, group) => [1, 2, 3, 4, 5, 6].map((attempt) => ({
    id: attempt === 6 ? text : group * 10 + attempt, customer_phone: text, assistant_phone: text,
    duration: attempt === 5 ? text : 40, status: attempt === 1 ? 'busy' : text,
    transcript: attempt === 4 ? [{ speaker: text, role: text, text }] : `${text}: ${text}\nCustomer: ${text}`,
    recording_url: attempt === 3 ? 'https://a.example/x.mp3' : text,
    created_at: attempt === 2 ? text : `2024-01-${10 + group}T10:00:00Z`, finished_at: text,
    extracted_variables: { status: true, value: text, [text]: text, list: [text], object: { [text]: [text] } },
    input_variables: { [text]: text }, [text]: text,
    campaign: { id: attempt === 5 ? text : group, name: text, status: text, [text]: text },
    lead: { id: group, phone_number: text, status: text, variables: { [text]: text } },
  })));
  return calls.map((call) => JSON.stringify(call)).join('\n');
}

/** The page has only elements, attributes and links of its own. */
async function checkElements(page, view) {
  const faults = await page.evaluate(() => {
    const found = [];
    for (const element of document.body.querySelectorAll('*')) {
      const name = element.localName;
      if (['img', 'iframe', 'object', 'embed', 'link', 'style', 'base', 'meta', 'audio', 'video'].includes(name)) found.push(name);
      for (const { name: attribute, value } of element.attributes) {
        if (attribute.startsWith('on') || attribute === 'srcdoc' || attribute === 'src') found.push(`${name} ${attribute}`);
        if (attribute === 'href' && !/^(https:\/\/a\.example\/x\.mp3|blob:.*|#[\w-]*)$/.test(value)) found.push(`${name} ${value}`);
      }
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { parentNode, data } = walker.currentNode;
      if (parentNode.localName !== 'script' && /[\u202a-\u202e\u2066-\u2069\u0000\u001b]/.test(data)) found.push(`text ${data}`);
    }
    return found;
  });
  assert.deepEqual([...new Set(faults)], [], view);
  assert.equal(await page.locator('script').count(), 5, view);
  const [scrolled, width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(scrolled <= width, `${view}: ${scrolled} at ${width}`);
}

async function checkCards(page) {
  const rows = page.locator('.calls tbody button');
  await rows.first().click();
  const dialog = page.getByRole('dialog');
  for (let position = 0; position < HOSTILE.length * 6; position += 1) {
    await dialog.locator('.card').waitFor();
    if (position % 6 === Math.floor(position / 6) % 6) await checkElements(page, `card ${position}`);
    for (const link of await dialog.locator('a').all()) {
      assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
    }
    const next = dialog.getByRole('button', { name: 'Next call' });
    if (await next.isDisabled()) break;
    await next.click();
  }
  await page.keyboard.press('Escape');
}

async function checkViewsOf(page, name, buffer) {
  await choose(page, { name, mimeType: '', buffer });
  await opened(page);
  await checkElements(page, 'table');
  await page.getByRole('button', { name: 'Filters', exact: true }).click();
  await page.getByRole('button', { name: 'More downloads' }).click();
  await checkElements(page, 'filters');
  await page.getByRole('tab', { name: 'Check' }).click();
  await page.locator('.excerpt').first().waitFor();
  await checkElements(page, 'findings');
  await page.getByRole('tab', { name: 'Figures' }).click();
  await page.locator('#glance').waitFor();
  await page.getByLabel('Show phone numbers and names').check();
  for (const goal of ['value', HOSTILE[0]]) {
    await page.getByLabel('Goal of a call').fill(goal);
    await page.keyboard.press('Enter');
    await page.waitForTimeout(300);
    await checkElements(page, 'figures');
  }
}

export async function checkHostile() {
  const buffer = Buffer.from(hostileCalls());
  for (const width of [320, 1280]) {
    await open({ viewport: { width, height: 900 } }, async (page) => {
      await checkViewsOf(page, 'calls.jsonl', buffer);
      await page.getByRole('tab', { name: 'Calls' }).click();
      if (width === 1280) await checkCards(page);
    });
  }
  for (const [name, saved] of [
    ['<img src=x onerror=alert(1)>.json', 'img src-x onerror-alert-1.xlsx'], ['\u202egnp.exe', 'gnp.xlsx'],
    ['..', 'calls.xlsx'], ['CON.json', 'calls.xlsx'], ['a"b\'c&d.json', 'a-b-c-d.xlsx'],
  ]) {
    await open({}, async (page) => {
      await choose(page, { name, mimeType: '', buffer });
      await opened(page);
      await checkElements(page, name);
      const file = await download(page, () => page.getByRole('button', { name: 'Excel', exact: true }).click());
      assert.equal(file.name, saved);
    });
  }
}
