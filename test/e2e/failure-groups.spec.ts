import { AxeBuilder } from '@axe-core/playwright';
import { DeliveriesPage } from './pages/deliveries-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { ReplayDialog } from './pages/replay-dialog.ts';
import { expect, test } from './support/hookyard.ts';

test.use({ startAt: '#/deliveries' });

test('the filter has room beside what can be done with what it finds', async ({ page, hookyard: { api } }) => {
  const bin = await api.bins.create({ name: 'Shop', slug: 'orders' });
  const { id } = await api.endpoints.create({ name: 'Shop', url: bin.url, events: ['order.*'] });
  await api.messages.send({ type: 'order.made', data: {} });
  await expect.poll(async () => (await api.deliveries.stats({ endpointId: id })).byStatus.delivered).toBe(1);
  await new FramePage(page).open('Deliveries');
  const deliveries = new DeliveriesPage(page);
  const replay = deliveries.area.getByRole('button', { name: 'Replay…' });
  for (const width of [800, 880, 960]) {
    await page.setViewportSize({ width, height: 600 });
    const end = async () => {
      const [filter, action] = [await deliveries.filter.boundingBox(), await replay.boundingBox()];
      return filter === null || action === null ? Number.NaN : action.x - (filter.x + filter.width);
    };
    await expect.poll(end, `at ${width} px`).toBeGreaterThanOrEqual(8);
  }
});

test('what failed is shown by its causes, and a group that is replayed after a fix says what came of it', async ({
  page,
  hookyard: { api },
}) => {
  const bin = await api.bins.create({
    name: 'Shop',
    slug: 'orders',
    response: { status: 422, body: 'No order {{ request.json.data.number }}' },
  });
  const { id } = await api.endpoints.create({ name: 'Shop', url: bin.url, events: ['order.*'], retryPolicy: 'none' });
  const exhausted = async () => (await api.deliveries.stats({ endpointId: id })).byStatus.exhausted;
  for (const number of [7, 42, 1001]) await api.messages.send({ type: 'order.made', data: { number } });
  await expect.poll(exhausted).toBe(3);
  await api.bins.update({ id: bin.id, response: { status: 503, body: 'Down for maintenance' } });
  await api.messages.send({ type: 'order.made', data: { number: 5 } });
  await expect.poll(exhausted).toBe(4);

  await new FramePage(page).open('Deliveries');
  const deliveries = new DeliveriesPage(page);
  await expect(deliveries.rows).not.toHaveCount(0);
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('b');
  const groups = deliveries.area.getByRole('list', { name: 'Failure groups' }).getByRole('listitem');
  const large = groups.filter({ hasText: '422 No order {number}' });
  await expect(large).toContainText(/^3/);
  await expect(groups.filter({ hasText: '503 Down for maintenance' })).toContainText(/^1/);
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).include('main').analyze();
  expect(violations.map(({ id: rule, nodes }) => `${rule}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);

  // The receiver is mended for these, and the group is replayed.
  await api.bins.update({ id: bin.id, response: { status: 200, body: '' } });
  await large.getByRole('button', { name: 'Replay this group…' }).click();
  const replays = new ReplayDialog(page);
  await expect(replays.dryRun).toContainText('3 deliveries will be sent');
  await replays.startButton.click();
  await expect(replays.dialog.getByText('completed', { exact: true })).toBeVisible();
  // What came of it stands first, and the group is called by its cause.
  await expect(replays.dialog.getByText('3 fixed.', { exact: true })).toBeVisible();
  await expect(replays.dialog.getByText('Replay of deliveries that failed with “422 No order {number}”')).toBeVisible();
  await replays.close();
  await expect(large).toContainText('3 of 3 fixed');
  await expect(large).toContainText(/^0/);
  // The focus returns to the group, whose button now leads to the replay.
  const opened = large.getByRole('button', { name: 'Open the replay' });
  await expect(opened).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(replays.dialog.getByText('completed', { exact: true })).toBeVisible();
  await replays.close();

  await groups.getByRole('button', { name: 'Show the deliveries that fail with 503 Down for maintenance' }).click();
  await expect(deliveries.filter).toHaveValue(/^group:grp_[0-9a-f]{16}$/);
  await expect(deliveries.rows).toHaveCount(1);
});

test('failed tests are left out of the groups until they are asked for, and focus stays by a group that goes', async ({
  page,
  hookyard: { api },
}) => {
  const bin = await api.bins.create({ name: 'Shop', slug: 'orders', response: { status: 422, body: 'No order' } });
  const { id } = await api.endpoints.create({ name: 'Shop', url: bin.url, events: ['order.*'], retryPolicy: 'none' });
  await api.receiverTests.run({ endpointId: id, type: 'order.made', data: {}, test: { kind: 'duplicates', copies: 2 } });
  await expect.poll(async () => (await api.deliveries.failureGroups({})).testsLeftOut).toBe(2);
  await new FramePage(page).open('Deliveries');
  const deliveries = new DeliveriesPage(page);
  await expect(deliveries.rows).not.toHaveCount(0);
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('b');
  await expect(deliveries.area).toContainText('Nothing that this filter finds has failed, but for 2 tests.');
  await api.messages.send({ type: 'order.made', data: {} });
  await expect.poll(async () => (await api.deliveries.stats({ endpointId: id })).byStatus.exhausted).toBe(1);
  await api.bins.update({ id: bin.id, response: { status: 503, body: 'Down' } });
  await expect(deliveries.area).toContainText('1 cause, 1 failed delivery. 2 failed tests are left out.');
  const { deliveries: second } = await api.messages.send({ type: 'order.made', data: {} });
  const groups = deliveries.area.getByRole('list', { name: 'Failure groups' }).getByRole('listitem');
  await expect(groups).toHaveCount(2);

  const down = groups.filter({ hasText: '503 Down' });
  await down.getByRole('button', { name: 'Replay this group…' }).focus();
  await api.bins.update({ id: bin.id, response: { status: 200, body: '' } });
  await api.deliveries.redeliver({ id: second[0]?.id ?? '' });
  await expect(groups).toHaveCount(1);
  await expect(groups.getByRole('button', { name: 'Show the deliveries that fail with 422 No order' })).toBeFocused();

  await deliveries.area.getByRole('button', { name: 'Show tests' }).click();
  await expect(deliveries.filter).toHaveValue('test:yes');
  await expect(deliveries.area).toContainText('1 cause, 2 failed deliveries.');
  await deliveries.area.getByRole('button', { name: 'Back from tests' }).click();
  await expect(deliveries.filter).toHaveValue('');
  await expect(deliveries.area).toContainText('1 cause, 1 failed delivery.');

  // What is cancelled after it failed is in no group, and is not passed over.
  await api.endpoints.update({ id, retryPolicy: { kind: 'schedule', delaysMs: [3_600_000] } });
  await api.bins.update({ id: bin.id, response: { status: 500, body: 'Later' } });
  await api.messages.send({ type: 'order.late', data: {} });
  await deliveries.filter.fill('event:order.late');
  await expect(groups.filter({ hasText: '500 Later' })).toContainText('failed');
  await api.deliveries.cancelMatching({ eventType: 'order.late' });
  await expect(deliveries.area).toContainText('Nothing that this filter finds has failed, but for 1 delivery that was then cancelled.');
  await deliveries.area.getByRole('button', { name: 'Show cancelled' }).click();
  await expect(deliveries.rows).toHaveCount(1);
  await expect(deliveries.filter).toHaveValue('event:order.late status:cancelled');
});
