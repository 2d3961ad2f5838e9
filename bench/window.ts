import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { bytesOfHostile, hostileBodies } from '../test/support/hostile-bodies.ts';
import { createBrowserShell } from '../test/e2e/support/browser-shell.ts';
import type { Hookyard } from '../test/e2e/support/hookyard.ts';
import { summarise, type Figure } from './support/figures.ts';
import { longestTaskMs } from './support/page-tasks.ts';
import { shown, type Findings, type Sizes } from './support/report.ts';

/** What is promised of each task of the page. */
const promisedMs = 200;

const tabs = ['Raw', 'Hex', 'Headers', 'Signature', 'Pretty'] as const;

/** How long the window's tasks are while it shows captures of hostile bodies: opened, leafed through, scrolled, in every view. */
export async function benchWindow(sizes: Sizes): Promise<Findings> {
  const rounds = sizes.rounds ?? 3;
  const shell = await createBrowserShell({ chromium });
  if (shell.missing !== null) throw new Error(shell.missing);
  const dataDir = mkdtempSync(join(tmpdir(), 'hookyard-bench-'));
  const { hookyard, close } = await shell.launch({ dataDir, startAt: '#/captures', arguments: [] });
  try {
    const { binId, captures } = await capture(hookyard);
    await hookyard.page.evaluate((hash) => (window.location.hash = hash), `#/captures?bin=${binId}`);
    await hookyard.page.getByRole('option').first().waitFor();
    const measured: { readonly name: string; readonly times: readonly number[] }[] = [];
    for (const { name, id } of captures) {
      const times: number[] = [];
      for (let round = 0; round < rounds; round += 1)
        times.push(await longestTaskMs(hookyard.page, () => walkThrough(hookyard.page, `#/captures/${id}?bin=${binId}`)));
      measured.push({ name, times });
    }
    return findingsOf(measured, rounds);
  } finally {
    await close();
    await shell.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function capture({ api }: Hookyard) {
  const bin = await api.bins.create({ name: 'Hostile' });
  const captures: { readonly name: string; readonly id: string }[] = [];
  for (const [name, hostile] of Object.entries(hostileBodies)) {
    await fetch(bin.url, { method: 'POST', headers: { 'content-type': hostile[0] }, body: bytesOfHostile(hostile) });
    captures.push({ name, id: (await api.captures.list({ binId: bin.id, limit: 1 })).items[0]?.id ?? '' });
  }
  return { binId: bin.id, captures };
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

function findingsOf(measured: readonly { readonly name: string; readonly times: readonly number[] }[], rounds: number): Findings {
  const slowestFirst = measured.toSorted((one, other) => summarise(other.times).median - summarise(one.times).median);
  const within = measured.filter(({ times }) => summarise(times).median <= promisedMs).length;
  return {
    method: [
      `The built window in Chromium, over a headless host. Each of ${measured.length} captures is opened, leafed through twice, scrolled to its end, and shown in each of its views; the list is of the longest task that the page's main thread had meanwhile, in time of the processor, so that other programs do not count.`,
      `${rounds} rounds of each, the slowest first. ${within} of ${measured.length} kept every task within ${promisedMs} ms (median).`,
    ],
    sizes: { rounds, bodies: measured.length, within },
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
