import { DeliveriesPage } from './pages/deliveries-page.ts';
import { expect, test } from './support/hookyard.ts';

test.use({ startAt: '#/deliveries' });

test('tests are marked in the list and counted apart, and are counted where only they are shown', async ({ page, hookyard: { api } }) => {
  const bin = await api.bins.create({ name: 'Shop', slug: 'orders' });
  const { id } = await api.endpoints.create({ name: 'Shop', url: bin.url });
  await api.messages.send({ type: 'order.made', data: {} });
  for (let sent = 0; sent < 2; sent += 1) await api.endpoints.test({ id, eventType: 'order.made', data: {} });
  await expect.poll(async () => (await api.deliveries.stats({})).testsByStatus.delivered).toBe(2);
  await expect.poll(async () => (await api.deliveries.stats({})).byStatus.delivered).toBe(1);

  const { area, rows, filter } = new DeliveriesPage(page);
  await expect(rows).toHaveCount(3);
  await expect(area.getByText('1 + 2 tests')).toBeVisible();
  const statuses = page.getByRole('group', { name: 'Narrow by status' });
  await expect(statuses.getByRole('button', { name: 'delivered 1' })).toBeVisible();
  const tests = statuses.getByRole('button', { name: 'tests 2' });
  await tests.click();
  await expect(filter).toHaveValue('test:yes');
  await expect(rows).toHaveCount(2);
  await expect(statuses.getByRole('button', { name: 'delivered 2' })).toBeVisible();
  await expect(tests).toHaveAttribute('aria-pressed', 'true');
  await tests.click();
  await expect(filter).toHaveValue('');

  // Tests of one endpoint are found by asking for them.
  await filter.fill('endpoint:Shop');
  await expect(rows).toHaveCount(1);
  await expect(area.getByText('1 + 2 tests')).toHaveCount(0);
  await page.getByRole('heading', { level: 1 }).click();
  await tests.click();
  await expect(rows).toHaveCount(2);
});
