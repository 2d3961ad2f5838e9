import type { Page } from '@playwright/test';
import { respond, startReceiver } from '../support/scripted-receiver.ts';
import { CapturesPage } from './pages/captures-page.ts';
import { DeliveriesPage } from './pages/deliveries-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

test.use({ startAt: '#/captures' });

/**
 * What a task of the page may take here, where others may have the processor too. On a quiet machine it is under 200 ms; before
 * bodies were shown in pieces it was many seconds, or for ever.
 */
const longestTaskMs = 2000;
const json = 'application/json';
const form = 'application/x-www-form-urlencoded';
const million = 1_000_000;
const deep = 100_000;

/** Bodies made to harm whoever shows them, each with its media type. */
const hostile: Readonly<Record<string, readonly [contentType: string, body: () => string]>> = {
  'arrays 100,000 levels deep': [json, () => '['.repeat(deep) + ']'.repeat(deep)],
  'objects 100,000 levels deep': [json, () => '{"a":'.repeat(deep) + '1' + '}'.repeat(deep)],
  'arrays that are never closed': [json, () => '['.repeat(deep)],
  'one line of 10 MB': ['text/plain', () => 'x'.repeat(10_000_000)],
  'one JSON string of 10 MB': [json, () => `"${'x'.repeat(10_000_000)}"`],
  'a million keys': [json, () => `{${Array.from({ length: million }, (_, key) => `"${key}":1`).join(',')}}`],
  'a million numbers in one line': [json, () => `[${'1,'.repeat(million)}1]`],
  'a million empty objects': [json, () => `[${'{},'.repeat(million)}{}]`],
  'a number of a million digits': [json, () => '7'.repeat(million)],
  'a string of escaped quotes': [json, () => `["${'\\"'.repeat(million)}"]`],
  'JSON that breaks off at its end': [json, () => `[${'"value",'.repeat(300_000)}oops`],
  'ten million spaces': [json, () => `[${' '.repeat(10_000_000)}]`],
  'five million empty lines': ['text/plain', () => '\n'.repeat(5_000_000)],
  'a million short lines': ['text/plain', () => 'ab\r\n'.repeat(million)],
  'a form of a million fields': [form, () => 'a=1&'.repeat(million)],
  'a form with one value of 10 MB': [form, () => `a=${'%C3%A9'.repeat(1_600_000)}`],
  'nothing but ampersands': [form, () => '&'.repeat(10_000_000)],
  'a multipart body of 100,000 parts': [
    'multipart/form-data; boundary=b',
    () => `${'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'.repeat(100_000)}--b--\r\n`,
  ],
  'markup of 10 MB in one line': ['text/html', () => '<b>'.repeat(3_300_000)],
  'letters under a thousand accents': ['text/plain', () => `a${'\u0301'.repeat(1000)}`.repeat(1000)],
  'binary of 10 MB': ['application/octet-stream', () => '\u0000\u00ff'.repeat(5_000_000)],
};

/** Counts how long the page's tasks take from now on. */
async function watchTasks(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(window, { longTasks: tasks });
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
  });
  return () => page.evaluate(() => Math.max(0, ...(window as unknown as { longTasks: number[] }).longTasks.splice(0)));
}

test('captures of hostile bodies are shown in every view, hold nothing up and leave the area alive', async ({
  page,
  hookyard: { api },
}, testInfo) => {
  test.setTimeout(180_000);
  const captures = new CapturesPage(page);
  const bin = await api.bins.create({ name: 'Hostile' });
  const ids: { readonly name: string; readonly id: string }[] = [];
  for (const [name, [contentType, body]] of Object.entries(hostile)) {
    const bytes = Buffer.from(body(), contentType === 'application/octet-stream' ? 'latin1' : 'utf8');
    await fetch(bin.url, { method: 'POST', headers: { 'content-type': contentType }, body: bytes });
    ids.push({ name, id: (await api.captures.list({ binId: bin.id, limit: 1 })).items[0]?.id ?? '' });
  }
  await new FramePage(page).open('Captures');
  await captures.captures('Hostile').first().waitFor();
  const longestTask = await watchTasks(page);
  const slow: string[] = [];
  for (const { name, id } of ids) {
    await page.evaluate((hash) => (window.location.hash = hash), `#/captures/${id}?bin=${bin.id}`);
    await captures.detail.getByText(id.slice(0, 7)).waitFor();
    const shown = captures.detail.getByRole('tabpanel').locator('[role=region], table, p').first();
    await expect(shown, name).toBeVisible();
    const later = captures.detail.getByRole('button', { name: 'Later', exact: true });
    await expect(captures.detail.getByText('Reading\u2026'), name).toHaveCount(0);
    if ((await later.count()) > 0) await later.first().click();
    await expect(captures.detail.getByText('Reading\u2026'), `${name}, further on`).toHaveCount(0);
    await expect(captures.detail.getByRole('alert'), name).toHaveCount(0);
    const tookMs = await longestTask();
    testInfo.annotations.push({ type: 'longest task', description: `${Math.round(tookMs)} ms with ${name}` });
    if (tookMs > longestTaskMs) slow.push(`${name}: ${Math.round(tookMs)} ms`);
  }
  for (const tab of ['Raw', 'Hex', 'Headers', 'Pretty'] as const) {
    await captures.showTab(tab);
    await expect(captures.detail.getByRole('alert'), tab).toHaveCount(0);
  }
  expect(slow).toEqual([]);
  await new FramePage(page).open('Events');
  await new FramePage(page).open('Captures');
  await expect(captures.captures('Hostile').first()).toBeVisible();
});

test("a receiver's hostile answer is shown in Deliveries, and the next delivery after it", async ({ page, hookyard: { api } }) => {
  const receiver = await startReceiver([
    respond({ headers: [['content-type', json]], body: '['.repeat(20_000) + ']'.repeat(20_000) }),
    respond({ headers: [['content-type', json]], body: `"${'\\"'.repeat(20_000)}"` }),
  ]);
  const deliveries = new DeliveriesPage(page);
  const { id } = await api.endpoints.create({ name: 'Hostile', url: receiver.url, retryPolicy: 'none' });
  for (const order of [1, 2]) await api.messages.send({ type: 'order.made', data: { order }, endpointIds: [id] });
  await new FramePage(page).open('Deliveries');
  await expect(deliveries.rows).toHaveCount(2);
  const longestTask = await watchTasks(page);
  for (const row of [0, 1]) {
    await deliveries.rows.nth(row).click();
    await expect(deliveries.detail.getByRole('region', { name: 'Response body' })).toBeVisible();
    await expect(deliveries.detail.getByRole('alert')).toHaveCount(0);
  }
  expect(await longestTask()).toBeLessThan(longestTaskMs);
  await receiver.close();
});
