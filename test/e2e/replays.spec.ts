import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { DeliveriesPage } from './pages/deliveries-page.ts';
import { EndpointsPage } from './pages/endpoints-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { ReplayDialog } from './pages/replay-dialog.ts';
import { expect, test } from './support/hookyard.ts';
import type { Api } from './support/shell.ts';

test.use({ startAt: '#/deliveries' });

/** An endpoint that refused this many deliveries and accepts from now on. */
async function exhaust(api: Api, count: number): Promise<{ readonly endpointId: string; readonly binId: string }> {
  const bin = await api.bins.create({ name: 'Shop', slug: 'orders', response: { status: 503 } });
  const { id } = await api.endpoints.create({ name: 'Shop', url: bin.url, events: ['order.*'], retryPolicy: 'none' });
  for (let number = 1; number <= count; number += 1) await api.messages.send({ type: 'order.made', data: { number } });
  await expect.poll(async () => (await api.deliveries.stats({ endpointId: id })).byStatus.exhausted).toBe(count);
  await api.bins.update({ id: bin.id, response: { status: 200 } });
  return { endpointId: id, binId: bin.id };
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).include('[role="dialog"]').analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

test('what matches the filter is counted first, then replayed at a rate, paused, resumed and seen to its end', async ({
  page,
  hookyard: { api },
}) => {
  await exhaust(api, 6);
  await new FramePage(page).open('Deliveries');
  const deliveries = new DeliveriesPage(page);
  await deliveries.filter.fill('status:exhausted');
  await expect(deliveries.rows).toHaveCount(6);
  await page.getByRole('heading', { level: 1 }).click();
  const replays = new ReplayDialog(page);
  await page.keyboard.press('p');
  await expect(replays.dryRun).toContainText('6 deliveries will be sent');
  await expect(replays.dryRun).toContainText('order.made');
  await expectAccessible(page);
  expect((await api.replays.list({})).items).toEqual([]);

  await replays.rate.fill('0.5');
  await expect(replays.dryRun).toContainText('over 10 s');
  await replays.startButton.click();
  await expect(replays.progress).toBeVisible();
  await replays.pauseButton.click();
  await expect(replays.dialog.getByText('paused', { exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.reload();
  await expect(replays.dialog.getByText('paused', { exact: true })).toBeVisible();

  await replays.close();
  await expect(replays.strips).toContainText('exhausted deliveries');
  await replays.strips.getByRole('button').click();
  await replays.cancelButton.click();
  await expect(replays.dialog).toContainText('those are still sent');
  await replays.close();
  await expect(replays.strips).toBeHidden();

  await replays.openButton.click();
  await replays.dialog.getByRole('checkbox', { name: 'No limit' }).check();
  await replays.startButton.click();
  await expect(replays.dialog.getByText('completed', { exact: true })).toBeVisible();
  await expect(replays.dialog.getByRole('list', { name: 'Status of its deliveries' })).toContainText('delivered');
  const verdicts = replays.dialog.getByRole('region', { name: 'What came of it' });
  await verdicts.getByRole('button', { name: /^\d fixed$/ }).click();
  await expect(verdicts.getByRole('list', { name: 'Its deliveries' }).getByRole('listitem').first()).toContainText('503→200');
  await expectAccessible(page);
  await replays.showDeliveries.click();
  await expect(deliveries.filter).toHaveValue(/^replay:rpl_/);
  await expect(deliveries.rows.first()).toContainText('delivered');
  await replays.allButton.click();
  await expect(replays.dialog.getByRole('list', { name: 'Replays' }).getByRole('button')).toHaveCount(2);
});

test('an endpoint recovers what failed, and one created later gets what it missed', async ({ page, hookyard: { api } }) => {
  const { endpointId, binId } = await exhaust(api, 2);
  const bin = (await api.bins.list({})).items.find(({ id }) => id === binId);
  await api.endpoints.create({ name: 'Late', url: `${bin?.url}/late`, events: ['order.*'] });
  await new FramePage(page).open('Endpoints');
  const endpoints = new EndpointsPage(page);
  await endpoints.open('Shop');
  await endpoints.detail.getByRole('button', { name: 'Recover failed…' }).click();
  const replays = new ReplayDialog(page);
  await expect(replays.dialog.locator(':focus')).toHaveCount(1);
  await expect(replays.dryRun).toContainText('2 deliveries will be sent');
  await replays.startButton.click();
  await expect.poll(async () => (await api.deliveries.stats({ endpointId })).byStatus.delivered).toBe(2);
  await replays.close();

  await replays.openButton.click();
  await replays.dialog.getByText('What is missing').click();
  await replays.dialog.getByRole('combobox', { name: 'Endpoint' }).click();
  await page.getByRole('option', { name: 'Late' }).click();
  await expect(replays.dryRun).toContainText('2 deliveries will be sent');
  await replays.startButton.click();
  await expect(replays.dialog.getByText('completed', { exact: true })).toBeVisible();
  await expect(replays.dialog).toContainText('2 delivered');
});

test('pending deliveries of a filter are cancelled once their number was read', async ({ page, hookyard: { api } }) => {
  const bin = await api.bins.create({ name: 'Down', slug: 'down', response: { status: 503 } });
  await api.endpoints.create({ name: 'Down', url: bin.url, events: ['order.*'], retryPolicy: { kind: 'schedule', delaysMs: [3_600_000] } });
  for (let number = 1; number <= 3; number += 1) await api.messages.send({ type: 'order.made', data: { number } });
  await expect.poll(async () => (await api.deliveries.stats({})).byStatus.failed).toBe(3);
  await new FramePage(page).open('Deliveries');
  const area = page.getByRole('main', { name: 'Deliveries' });
  await area.getByRole('button', { name: 'Cancel pending…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Cancel pending deliveries?' });
  await expect(dialog).toContainText('3 waiting deliveries will be cancelled');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Cancel 3 deliveries' }).click();
  await expect(dialog).toBeHidden();
  expect((await api.deliveries.stats({})).byStatus.cancelled).toBe(3);
  await expect(area.getByRole('button', { name: 'Cancel pending…' })).toBeDisabled();
});

test('a delivery is redelivered with its original timestamp, byte for byte', async ({ page, hookyard: { api } }) => {
  await exhaust(api, 1);
  const [delivery] = (await api.deliveries.list({ eventType: 'order.made' })).items;
  await page.evaluate((id) => void (window.location.hash = `#/deliveries/${id}`), delivery?.id);
  const deliveries = new DeliveriesPage(page);
  await expect(deliveries.attempts).toHaveCount(1);
  await deliveries.detail.getByRole('button', { name: 'More ways to redeliver' }).click();
  await page.getByRole('menuitem', { name: 'Redeliver with the original timestamp' }).click();
  await expect(deliveries.attempts).toHaveCount(2);
  await expect(deliveries.detail).toContainText('accepted');
  const { attempts } = await api.deliveries.get({ id: delivery?.id ?? '' });
  expect(attempts[1]?.request?.headers).toEqual(attempts[0]?.request?.headers);
});

test('a receiver is tested with duplicates and out of order, and each answer is shown', async ({ page, hookyard: { api } }) => {
  const bin = await api.bins.create({ name: 'Receiver', slug: 'receiver' });
  await api.endpoints.create({ name: 'Receiver', url: bin.url, events: ['*'], retryPolicy: 'none' });
  await new FramePage(page).open('Endpoints');
  const endpoints = new EndpointsPage(page);
  await endpoints.open('Receiver');
  await endpoints.detail.getByRole('button', { name: 'Test your receiver…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Test the receiver of Receiver' });
  const planned = dialog.getByRole('region', { name: 'What will be sent' }).getByRole('listitem');
  const answered = dialog.getByRole('region', { name: 'How the receiver answered' }).getByRole('link');
  await expect(planned).toHaveText([/#1at once/, /#1at once/, /#1at once/]);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Send 3 requests' }).click();
  await expect(dialog).toContainText('Sent 3 requests: 3 delivered.');
  await expect(answered).toHaveText([/#1.*200/, /#1.*200/, /#1.*200/]);
  const messages = new Set((await api.deliveries.list({})).items.map(({ messageId }) => messageId));
  expect(messages.size).toBe(1);

  await dialog.getByText('Out of order').click();
  await dialog.getByRole('textbox', { name: 'Time between messages' }).fill('10 ms');
  await expect(planned).toHaveCount(10);
  const shown = (await planned.allTextContents()).map((text) => Number(/#(\d+)/.exec(text)?.[1]));
  await dialog.getByRole('button', { name: 'Send 10 requests' }).click();
  await expect(dialog).toContainText('Sent 10 requests: 10 delivered.');
  const sent = (await answered.allTextContents()).map((text) => Number(/#(\d+)/.exec(text)?.[1]));
  expect(sent).toEqual(shown);
  await expectAccessible(page);
  expect((await api.endpoints.list({ q: 'Receiver' })).items[0]?.name).toBe('Receiver');
});
