// Opens reports of `stats` in Chromium and checks what a reader gets: nothing is loaded, the policy
// is kept, axe-core finds nothing, no page scrolls sideways, tables can be sorted and copied, and
// text of strangers stays text. Ends with 1 if a check fails.
//
//   node tests/html/browser.mjs [PICTURE.png]
//
// It needs axe-core and playwright-core (npm) in the folder of NODE_PATH, Chromium, and `postcall`
// in PATH. `.ci/full report` installs them. PICTURE is the file for the picture in the README.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const require = createRequire(join(process.env.NODE_PATH, 'package.json'));
const { chromium } = require('playwright-core');
const axe = require.resolve('axe-core/axe.min.js');
const picture = process.argv[2];

const HOSTILE = [
  '</script><img src=x onerror=alert(1)>', '</style><script>alert(1)</script>', '<!--',
  '"><svg onload=alert(1)>', '=1+1', '\u202etxt.exe', 'a\u0000b', 'W'.repeat(5000),
  'Z' + '\u0301'.repeat(5000), 'عربى',
];

/** Calls with hostile texts, 5 of each, so that reports for others show them. */
function hostileCalls() {
  const calls = HOSTILE.flatMap((text, group) => [1, 2, 3, 4, 5, 6].map((attempt) => ({
    id: group * 10 + attempt, customer_phone: text, assistant_phone: text, duration: 40,
    status: attempt === 1 ? 'busy' : text, transcript: text,
    created_at: `2024-01-${10 + group}T10:00:00Z`,
    extracted_variables: { status: true, value: text, [text]: text },
    campaign: { id: group, name: text }, lead: { id: group, phone_number: text, status: text },
  })));
  return calls.map((call) => JSON.stringify(call)).join('\n');
}

/** Two thousand calls of three weeks, of which the last has a number whose answer rate falls. */
function campaignCalls() {
  const calls = [];
  let state = 7;
  const random = (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
  for (let id = 1; id <= 2400; id += 1) {
    const day = random(19);
    const hour = 8 + random(10);
    const number = random(4);
    const chance = (hour === 17 ? 55 : 30) * (number === 3 && day > 11 ? 0.3 : 1);
    const isConnected = random(100) < chance;
    const isLong = isConnected && random(4) > 0;
    calls.push({
      id, customer_phone: `+49171392${1000 + (id % 1100)}`,
      assistant_phone: `+49302312521${number}`, duration: isLong ? 40 + random(240) : isConnected ? 8 : 0,
      status: isConnected ? ['completed', 'ended_by_customer'][random(2)] : ['busy', 'no-answer', 'failed'][random(3)],
      transcript: isLong ? 'assistant: Guten Tag\ncustomer: Hallo\ncustomer: Ja, gern' : '',
      created_at: `2024-01-${String(8 + day).padStart(2, '0')}T${String(hour).padStart(2, '0')}:${10 + random(49)}:00+01:00`,
      extracted_variables: isLong ? { status: random(3) === 0, city: ['Berlin', 'Hamburg', 'Köln'][random(3)] } : {},
      campaign: { id: 2331, name: 'Terminerinnerung', max_retries: 3 },
      lead: { id: id % 1100, phone_number: `+49171392${1000 + (id % 1100)}`, status: 'called' },
    });
  }
  return calls.map((call) => JSON.stringify(call)).join('\n');
}

const folder = await mkdtemp(join(tmpdir(), 'report-'));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });

/** Writes a report and returns its address. */
async function report(name, input, ...options) {
  const calls = join(folder, `${name}.jsonl`);
  await writeFile(calls, input);
  const file = join(folder, `${name}.html`);
  execFileSync('postcall', ['stats', calls, '--tz', 'Europe/Berlin', '-o', file, ...options]);
  return `file://${file}`;
}

/** Opens a report in a context of its own. Fails if it loads anything or a console message appears. */
async function open(address, options, use) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const faults = [];
  page.on('console', (message) => faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('dialog', (dialog) => faults.push(`dialog ${dialog.message()}`));
  page.on('request', (request) => {
    if (request.url() !== address) faults.push(`request ${request.url()}`);
  });
  await page.goto(address);
  const result = await use(page, context);
  assert.deepEqual(faults, [], address);
  await context.close();
  return result;
}

async function checkLayout(address) {
  for (const width of [320, 800, 900, 1400]) {
    for (const colorScheme of ['light', 'dark']) {
      await open(address, { viewport: { width, height: 900 }, colorScheme }, async (page) => {
        const scrolled = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(scrolled <= width, `${address}: ${scrolled} at ${width}`);
        const cut = await page.locator('.figures dd').evaluateAll(
          (texts) => texts.filter((it) => it.scrollWidth > it.clientWidth).map((it) => it.textContent));
        assert.deepEqual(cut, [], `${address}: figures at ${width}`);
      });
    }
  }
}

/** axe-core is not part of the page, so the policy of the page must not stop it. */
async function checkAccessibility(address) {
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [320, 1200]) {
      const options = { bypassCSP: true, colorScheme, viewport: { width, height: 900 } };
      await open(address, options, async (page) => {
        await page.addScriptTag({ path: axe });
        const { violations } = await page.evaluate(() => globalThis.axe.run());
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((it) => it.html)}`);
        assert.deepEqual(found, [], `${address} ${colorScheme} ${width}`);
      });
    }
  }
}

/** Sorts the days. Their names begin with weekdays, so they have no order as text. */
async function checkDays(page) {
  const heading = page.locator('#days th').first();
  const days = () => page.locator('#days tbody th').evaluateAll((cells) => cells.map((cell) => cell.dataset.v));
  const inOrder = await days();
  assert.deepEqual(inOrder, inOrder.toSorted());
  assert.ok(inOrder.length > 14 && inOrder.every((day) => /^2024-01-\d\d$/.test(day)), inOrder);
  await heading.getByRole('button').click();
  assert.deepEqual(await days(), inOrder.toReversed());
  await heading.getByRole('button').click();
  assert.deepEqual(await days(), inOrder);
}

/** Each copied row has as many columns as the headings, and each number a column of its own. */
async function checkColumns(page, separator) {
  for (const section of await page.locator('section:has(.copy)').all()) {
    for (const button of await section.locator('.copy').all()) {
      await button.click();
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      const rows = copied.trimEnd().split('\r\n').map((row) => row.replaceAll(/"[^"]*"/g, '""').split(separator).length);
      assert.equal(new Set(rows).size, 1, copied);
      assert.doesNotMatch(copied, /"\d[\d.,]* (of|von) \d/, copied);
    }
  }
}

/** Sorts the numbers by their answer rate, and copies them. */
async function checkScript(address, isGerman) {
  const options = { permissions: ['clipboard-read', 'clipboard-write'] };
  const copied = await open(address, options, async (page) => {
    await checkDays(page);
    await checkColumns(page, isGerman ? ';' : ',');
    const heading = page.locator('#numbers th', { hasText: isGerman ? 'Angenommen' : 'Answered' }).first();
    const rates = () => page.locator('#numbers tbody td:nth-child(4)').evaluateAll(
      (cells) => cells.map((cell) => Number(cell.dataset.v)));
    await heading.getByRole('button').click();
    assert.equal(await heading.getAttribute('aria-sort'), 'descending');
    assert.deepEqual(await rates(), (await rates()).toSorted((a, b) => b - a));
    await heading.getByRole('button').press('Enter');
    assert.equal(await heading.getAttribute('aria-sort'), 'ascending');
    assert.deepEqual(await rates(), (await rates()).toSorted((a, b) => a - b));
    await page.locator('#numbers .copy').click();
    await page.locator('#numbers .copy', { hasText: isGerman ? 'Kopiert' : 'Copied' }).waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  });
  const [headings, first] = copied.split('\r\n');
  assert.ok(headings.startsWith(isGerman ? '"Ihre Nummer";"Veränderung";"Anrufe";"Angenommen";"Angenommen (n)";' : '"Your number","Change","Calls","Answered","Answered (n)",'), headings);
  assert.match(first, isGerman ? /^"…521\d";"[^"]*";\d+;0,\d{4};\d+;/ : /^"…521\d","[^"]*",\d+,0\.\d{4},\d+,/);
}

/** Without its script, a report has no dead buttons; without its style sheet, it has all numbers. */
async function checkWithout(address) {
  await open(address, { javaScriptEnabled: false }, async (page) => {
    assert.equal(await page.locator('button').count(), 0);
    assert.ok((await page.locator('table').count()) > 8);
  });
  await open(address, { bypassCSP: true }, async (page) => {
    await page.evaluate(() => document.querySelector('style').remove());
    assert.match(await page.locator('main').innerText(), /2,400/);
  });
}

/** On paper, a report is light, whatever the reader prefers on the screen. */
async function checkPrint(address) {
  await open(address, { colorScheme: 'dark' }, async (page) => {
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.notEqual(await paper(), 'rgb(255, 255, 255)');
    await page.emulateMedia({ media: 'print' });
    assert.equal(await paper(), 'rgb(255, 255, 255)');
    const pdf = await page.pdf({ format: 'A4' });
    assert.ok(pdf.length > 10_000);
  });
}

/** Text of strangers is text for the parser of a browser, too. */
async function checkHostile(address) {
  const options = { permissions: ['clipboard-read', 'clipboard-write'] };
  await open(address, options, async (page) => {
    for (const [element, count] of [['script', 1], ['style', 1], ['img', 0], ['b', 0], ['a', 0]]) {
      assert.equal(await page.locator(element).count(), count, `${address}: ${element}`);
    }
    const names = await page.evaluate(() => [...document.querySelectorAll('*')]
      .flatMap((element) => element.getAttributeNames()));
    assert.deepEqual(names.filter((name) => name.startsWith('on') || name === 'style'), []);
    await page.locator('#groups .copy').click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(copied.includes(`"'=1+1"`), copied);
  });
}

try {
  const calls = campaignCalls();
  const english = await report('english', calls, '--by', 'city');
  const german = await report('german', calls, '--lang', 'de', '--title', 'Terminerinnerung', '--by', 'hour');
  const windows = ['--compare', '--since', '2024-01-18', '--until', '2024-01-26'];
  const compared = await report('compared', calls, '--by', 'city', ...windows);
  const hostile = [];
  for (const field of ['value', 'campaign', 'status', 'assistant_phone', 'customer_phone']) {
    hostile.push(await report(`hostile-${field}`, hostileCalls(), '--by', field, '--with-calls', '--title', HOSTILE[0]));
  }
  for (const address of [english, german, compared, ...hostile]) await checkLayout(address);
  for (const address of [english, german, compared, hostile[0]]) await checkAccessibility(address);
  await checkScript(english, false);
  await checkScript(german, true);
  await checkWithout(english);
  await checkPrint(english);
  for (const address of [hostile[0], hostile[2]]) await checkHostile(address);
  if (picture) {
    const viewport = { width: 960, height: 900 };
    await open(english, { viewport }, async (page) => {
      await page.screenshot({ path: picture });
    });
  }
  console.log('the reports are accessible, load nothing and fit on every screen');
} finally {
  await browser.close();
  await rm(folder, { recursive: true });
}
