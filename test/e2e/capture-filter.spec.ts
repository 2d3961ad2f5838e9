import type { Page } from '@playwright/test';
import { CapturesPage } from './pages/captures-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';
import type { Hookyard } from './support/shell.ts';

const longEvent = 'customer.subscription.schedule.phase.ended';

/** A bin with requests of several kinds, open in the window. */
async function openShop(page: Page, { api }: Hookyard) {
  const bin = await api.bins.create({
    name: 'Shop',
    answers: { rules: [{ name: 'Too many', match: { path: '/limited' }, response: { status: 429 } }] },
  });
  const send = async (path: string, body: string, headers: Record<string, string> = {}) =>
    (await fetch(bin.url + path, { method: 'POST', body, headers })).arrayBuffer();
  for (const [number, type] of ['order.paid', 'order.refunded', longEvent].entries())
    await send(`/orders/${number}`, JSON.stringify({ id: `evt_${number}`, type }), { 'Stripe-Signature': `t=1,v1=${'0'.repeat(64)}` });
  await send('/limited', 'x');
  const captures = new CapturesPage(page);
  await new FramePage(page).open('Captures');
  await captures.bins.getByRole('button', { name: 'Shop' }).click();
  const rows = captures.captures('Shop');
  await expect(rows).toHaveCount(4);
  return { bin, send, captures, rows };
}

test('the list is narrowed by fields, in the address too, and says what no capture has', async ({ page, hookyard }) => {
  const { captures, rows } = await openShop(page, hookyard);
  await captures.filter.fill('status:4xx');
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('Too many');
  await expect(captures.area).toContainText('1 of 4 requests');
  await captures.filter.fill('event:order.* path:/orders/*');
  await expect(rows).toHaveCount(2);
  await expect(page).toHaveURL(/f=event%3Aorder/);
  await rows.first().click();
  await expect(captures.detail).toContainText('order.refunded');
  await page.reload();
  await expect(rows).toHaveCount(2);
  await expect(captures.filter).toHaveValue('event:order.* path:/orders/*');

  await captures.filter.fill('tag:nowhere');
  await expect(captures.area).toContainText('No capture of this bin has the tag nowhere.');
  await captures.filter.fill('verdict:vald');
  await expect(captures.area).toContainText('vald is not a verdict');
  await captures.area.getByRole('button', { name: 'Clear the filter' }).click();
  await expect(rows).toHaveCount(4);
  await expect(captures.filter).toBeFocused();
});

test('a paused list keeps still, counts what comes, and shows all of it when resumed', async ({ page, hookyard }) => {
  const { captures, rows, send } = await openShop(page, hookyard);
  await captures.pauseButton.click();
  for (let number = 0; number < 12; number += 1) await send('/later', 'x');
  await expect(captures.pauseButton).toHaveText('Resume: 12 new');
  await expect(rows).toHaveCount(4);
  await page.keyboard.press('f');
  await expect(rows).toHaveCount(16);
  await expect(captures.pauseButton).toHaveText('Pause');
});

test('all that match are picked and tagged, then deleted, which is undone', async ({ page, hookyard }) => {
  const { bin, captures, rows } = await openShop(page, hookyard);
  await captures.filter.fill('event:order.*');
  await expect(rows).toHaveCount(2);
  await rows.first().click();
  await page.keyboard.press('a');
  await expect(captures.picked).toContainText('Both captures that match picked');
  await captures.picked.getByRole('button', { name: 'Mark' }).click();
  await page.getByLabel('Tags to add').fill('look');
  await page.getByRole('button', { name: 'Change tags' }).click();
  await expect(rows.first()).toContainText('look');
  expect((await hookyard.api.captures.list({ binId: bin.id, tag: 'look' })).items).toHaveLength(2);

  await captures.picked.getByRole('button', { name: 'Delete' }).click();
  await expect(captures.area).toContainText('No capture of this bin matches the filter.');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(captures.area.getByRole('listbox').getByRole('option')).not.toHaveCount(0);
  expect((await hookyard.api.captures.list({ binId: bin.id })).items).toHaveLength(4);
});
