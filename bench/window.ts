import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, request, type Page } from '@playwright/test';
import { bytesOfHostile, hostileBodies } from '../test/support/hostile-bodies.ts';
import { createBrowserShell } from '../test/e2e/support/browser-shell.ts';
import type { Hookyard } from '../test/e2e/support/shell.ts';
import { counted } from './support/counted.ts';
import { summarise, type Figure } from './support/figures.ts';
import { longestTaskMs } from './support/page-tasks.ts';
import { shown, type Findings, type Sizes } from './support/report.ts';

/** What is promised of each task of the page. */
const promisedMs = 200;

const tabs = ['Raw', 'Hex', 'Headers', 'Signature', 'Pretty'] as const;
const requestTabs = ['Body', 'Signature', 'Code', 'Request'] as const;

/** Areas that show a body, each in its own way. */
const areas = ['Captures', 'Verify', 'Compose', 'Verify, pasted'] as const;

interface Subject {
  readonly name: string;
  readonly captureId: string;
  readonly deliveryId: string;
}

/** How long the window's tasks are while it shows captures of hostile bodies: opened, leafed through, scrolled, in every view. */
export async function benchWindow(sizes: Sizes): Promise<Findings> {
  const rounds = sizes.rounds ?? 3;
  const shell = await createBrowserShell({ chromium, request });
  if (shell.missing !== null) throw new Error(shell.missing);
  const dataDir = mkdtempSync(join(tmpdir(), 'hookyard-bench-'));
  const { hookyard, close } = await shell.launch({ dataDir, startAt: '#/captures', arguments: [] });
  try {
    const { binId, subjects } = await capture(hookyard, sizes.messages ?? Infinity);
    await hookyard.page.evaluate((hash) => (window.location.hash = hash), `#/captures?bin=${binId}`);
    await hookyard.page.getByRole('option').first().waitFor();
    const measured: { readonly name: string; readonly times: readonly number[] }[] = [];
    for (const area of areas)
      for (const subject of subjects) {
        const times: number[] = [];
        for (let round = 0; round < rounds; round += 1) {
          if (area === 'Verify, pasted') await putIntoPage(hookyard.page, subject.name);
          times.push(await longestTaskMs(hookyard.page, () => walk(hookyard.page, area, subject, binId)));
        }
        measured.push({ name: `${area}: ${subject.name}`, times });
      }
    const bodies = measured.length / areas.length;
    for (const [name, pair] of Object.entries(await captureComparable(hookyard))) {
      const times: number[] = [];
      for (let round = 0; round < rounds; round += 1)
        times.push(await longestTaskMs(hookyard.page, () => walkCompare(hookyard.page, pair)));
      measured.push({ name: `Compare: ${name}`, times });
    }
    return findingsOf(measured, { rounds, bodies });
  } finally {
    await close();
    await shell.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Each body as a capture, and as the exact body of a delivery to the same bin. */
async function capture({ api }: Hookyard, most: number) {
  const bin = await api.bins.create({ name: 'Hostile' });
  const target = { name: 'Hostile', url: bin.url, signing: { scheme: 'standard-webhooks' as const } };
  const subjects: Subject[] = [];
  for (const [name, hostile] of Object.entries(hostileBodies).slice(0, most)) {
    const body = bytesOfHostile(hostile);
    await fetch(bin.url, { method: 'POST', headers: { 'content-type': hostile[0] }, body });
    const captureId = (await api.captures.list({ binId: bin.id, limit: 1 })).items[0]?.id ?? '';
    const { id } = await api.messages.send({ type: 'hostile.sent', bodyBase64: body.toString('base64'), target });
    const deliveryId = (await api.deliveries.list({ messageId: id, limit: 1 })).items[0]?.id ?? '';
    subjects.push({ name, captureId, deliveryId });
  }
  return { binId: bin.id, subjects };
}

/** Two captures of each kind that Compare shows in its own way: in bytes, and in the diff editor. */
async function captureComparable({ api }: Hookyard): Promise<Readonly<Record<string, string>>> {
  const bin = await api.bins.create({ name: 'Compared' });
  const listOf = (items: number, first: number) =>
    JSON.stringify(Array.from({ length: items }, (_, index) => ({ index, text: 'some words of an order', first })));
  const pairs: Record<string, string> = {};
  for (const [name, items] of Object.entries({ '10 MB of JSON': 170_000, '250 KB of JSON': 4300 })) {
    for (const first of [1, 2])
      await fetch(bin.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: listOf(items, first) });
    const [newer, older] = (await api.captures.list({ binId: bin.id, limit: 2 })).items;
    pairs[name] = `#/compare/${older?.id ?? ''}?with=${newer?.id ?? ''}`;
  }
  return pairs;
}

/** Opens a comparison, looks at the bodies beside each other, at the next difference in bytes, and at the other parts. */
async function walkCompare(page: Page, hash: string): Promise<void> {
  await page.evaluate(async (target) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
    const until = async (isThere: () => boolean) => {
      do await frame();
      while (!isThere());
    };
    const press = (selector: string, name: string) =>
      [...document.querySelectorAll<HTMLElement>(`main ${selector}`)].find((each) => each.textContent.startsWith(name))?.click();
    const bytes = () => document.querySelector('[aria-label="Bytes of both bodies"] mark');
    window.location.hash = '#/captures';
    await until(() => document.querySelector('main[aria-label=Compare]') === null);
    window.location.hash = target;
    await until(() => bytes() !== null || document.querySelector('[data-diff] .char-insert') !== null);
    if (bytes() === null) press('label', 'Hex');
    await until(() => bytes() !== null);
    press('nav button', 'Next difference');
    await frame();
    await until(() => bytes() !== null);
    for (const tab of ['Response', 'Timing', 'Connection', 'Request']) {
      press('[role=tab]', tab);
      await frame();
      await frame();
    }
  }, hash);
}

function walk(page: Page, area: (typeof areas)[number], { captureId, deliveryId }: Subject, binId: string): Promise<void> {
  switch (area) {
    case 'Captures':
      return walkThrough(page, `#/captures/${captureId}?bin=${binId}`);
    case 'Verify':
      return walkVerify(page, `#/verify?capture=${captureId}`);
    case 'Compose':
      return walkCompose(page, `#/compose?delivery=${deliveryId}`);
    case 'Verify, pasted':
      return walkPaste(page);
  }
}

/** Where the page keeps what it is going to paste, so that bringing it there is not measured. */
const pastedKey = 'benchPasted';

async function putIntoPage(page: Page, name: string): Promise<void> {
  const hostile = hostileBodies[name];
  if (hostile === undefined) throw new Error(`There is no hostile body ${name}.`);
  const head = `POST /in HTTP/1.1\nHost: a.example\nContent-Type: ${hostile[0]}\nX-Hub-Signature-256: sha256=00`;
  await page.evaluate(({ key, text }) => Object.assign(window, { [key]: text }), { key: pastedKey, text: `${head}\n\n${hostile[1]()}` });
}

/** Pastes a whole request into the form, which is read and checked by itself. */
async function walkPaste(page: Page): Promise<void> {
  await page.evaluate(async (key) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
    const head = () => document.querySelector<HTMLTextAreaElement>('#verify-head');
    window.location.hash = '#/verify';
    while (head() === null) await frame();
    [...document.querySelectorAll<HTMLButtonElement>('main button')].find((each) => each.textContent === 'Clear')?.click();
    await frame();
    const text = (window as unknown as Record<string, string>)[key] ?? '';
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    head()?.focus();
    // What the form does not take itself, the browser puts into the field; it does so for a real paste only.
    const isLeft = head()?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    if (isLeft === true) document.execCommand('insertText', false, text);
    while (head()?.value === '') await frame();
    while (document.querySelector('[aria-label=Verdict]') === null && document.querySelector('main [role=alert]') === null) await frame();
    await frame();
  }, pastedKey);
}

/** Opens a capture in the form and has it checked, which fails by its secret. */
async function walkVerify(page: Page, hash: string): Promise<void> {
  await page.evaluate(async (target) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
    const button = (name: string) =>
      [...document.querySelectorAll<HTMLButtonElement>('main button')].find((each) => each.textContent.startsWith(name));
    window.location.hash = '#/verify';
    while (button('Check') === undefined) await frame();
    button('Clear')?.click();
    await frame();
    window.location.hash = target;
    while (![...document.querySelectorAll('[role=status]')].some((each) => each.textContent.includes('From the log:'))) await frame();
    button('Check')?.click();
    while (document.querySelector('[aria-label=Verdict]') === null && document.querySelector('main [role=alert]') === null) await frame();
    await frame();
  }, hash);
}

/** Opens a delivery to be edited and sent again, and looks at each view of the request that would be made. */
async function walkCompose(page: Page, hash: string): Promise<void> {
  await page.evaluate(
    async ({ target, names }) => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
      window.location.hash = '#/captures';
      while (document.querySelector('main[aria-label=Compose]') !== null) await frame();
      window.location.hash = target;
      while (document.querySelector('[aria-label=Request] [role=tab]') === null) await frame();
      for (const name of names) {
        [...document.querySelectorAll<HTMLElement>('[aria-label=Request] [role=tab]')]
          .find((each) => each.textContent.startsWith(name))
          ?.click();
        await frame();
        await frame();
      }
    },
    { target: hash, names: requestTabs },
  );
}

/** Does it all within the page: to look for elements from outside costs the page tasks of its own. */
async function walkThrough(page: Page, hash: string): Promise<void> {
  await page.evaluate(
    async ({ target, names }) => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
      const settled = async () => {
        const isReading = () =>
          [...document.querySelectorAll('[role=tabpanel] output, [role=tabpanel] [role=status]')].some((each) =>
            each.textContent.includes('Reading'),
          );
        const isThere = () => document.querySelector('[role=tabpanel] [role=region], [role=tabpanel] table, [role=tabpanel] p') !== null;
        do await frame();
        while (!isThere() || isReading());
      };
      window.location.hash = '#/captures';
      while (document.querySelector('[role=tabpanel]') !== null) await frame();
      window.location.hash = target;
      await settled();
      for (let turn = 0; turn < 2; turn += 1) {
        [...document.querySelectorAll<HTMLElement>('[role=tabpanel] nav button')].find((each) => each.textContent === 'Later')?.click();
        await settled();
      }
      const scroller = document.querySelector('[role=tabpanel] [role=region]');
      scroller?.scrollTo({ top: scroller.scrollHeight });
      await settled();
      for (const name of names) {
        [...document.querySelectorAll<HTMLElement>('[role=tab]')].find((each) => each.textContent.startsWith(name))?.click();
        await settled();
      }
    },
    { target: hash, names: tabs },
  );
}

function findingsOf(
  measured: readonly { readonly name: string; readonly times: readonly number[] }[],
  { rounds, bodies }: { readonly rounds: number; readonly bodies: number },
): Findings {
  const slowestFirst = measured.toSorted((one, other) => summarise(other.times).median - summarise(one.times).median);
  const within = measured.filter(({ times }) => summarise(times).median <= promisedMs).length;
  return {
    method: [
      `The built window in Chromium, over a headless host. Each of ${bodies} bodies is captured and sent. In Captures it is opened, leafed through twice, scrolled to its end, and shown in each of its views; in Verify the capture is filled into the form and checked, and a whole request with the body is pasted there; in Compose the delivery is opened to be sent again and its request shown in each view. In Compare, two captures are compared whole, and their bodies shown beside each other. The list is of the longest task that the page's main thread had meanwhile, in time of the processor, so that other programs do not count.`,
      `${counted(rounds, 'round')} of each, the slowest first. ${within} of ${measured.length} kept every task within ${promisedMs} ms (median).`,
    ],
    sizes: { rounds, bodies, measured: measured.length, within },
    figures: slowestFirst.map(({ name, times }): Figure => ({ name, unit: 'ms', ...summarise(times) })),
    ratios: [],
    table: {
      columns: ['body', 'longest task, median, ms', 'max, ms'],
      rows: slowestFirst.map(({ name, times }) => {
        const { median, max } = summarise(times);
        return [name, shown(median), shown(max)];
      }),
    },
  };
}
