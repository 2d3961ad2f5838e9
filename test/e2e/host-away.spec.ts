import { DeliveriesPage } from './pages/deliveries-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

test('acts while the host is away are refused at once, and a part of the window that is wanted then comes with the host', async ({
  page,
  hookyard: { api, host },
}) => {
  if (host === null) return test.skip(true, 'The desktop app ends with its window.');
  const frame = new FramePage(page);
  const deliveries = new DeliveriesPage(page);
  const { id } = await api.endpoints.create({ name: 'Gone', url: 'http://127.0.0.1:9/', retryPolicy: 'none' });
  const made = await api.messages.send({ type: 'order.made', data: {}, endpointIds: [id] });
  const deliveryId = made.deliveries[0]?.id ?? '';
  await frame.open('Deliveries');
  await deliveries.rows.first().click();
  await expect(deliveries.redeliverButton).toBeEnabled();
  await host.kill();
  await expect(frame.connectionNotice).toBeVisible();

  for (let press = 0; press < 3; press += 1) await deliveries.redeliverButton.click();
  await expect(deliveries.detail.getByRole('alert')).toContainText('Nothing was done: Hookyard is not connected.');
  await frame.rail.getByRole('link', { name: 'Captures' }).click();
  await expect(frame.area('Captures')).toBeVisible();
  await expect(frame.area('Captures').getByRole('heading', { level: 1 })).toHaveCount(0);

  await host.start();
  await expect(frame.area('Captures').getByRole('heading', { level: 1, name: 'Captures' })).toBeVisible();
  await frame.open('Deliveries');
  await expect(deliveries.detail.getByRole('alert')).toHaveCount(0);
  expect((await api.deliveries.get({ id: deliveryId })).attempts).toHaveLength(1);
});
