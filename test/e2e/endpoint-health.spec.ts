import { respond, startReceiver, type ScriptedReceiver } from '../support/scripted-receiver.ts';
import { EndpointsPage } from './pages/endpoints-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test as base } from './support/hookyard.ts';

const test = base.extend<{ readonly receiver: ScriptedReceiver }>({
  receiver: async ({ playwright: _ }, use) => {
    const receiver = await startReceiver([], { otherwise: respond({ status: 503 }) });
    await use(receiver);
    await receiver.close();
  },
});

test('an endpoint warns, is disabled automatically and says why, and continues when it is enabled', async ({
  page,
  hookyard: { api },
  receiver,
}) => {
  const frame = new FramePage(page);
  const endpoints = new EndpointsPage(page);
  await frame.open('Endpoints');
  await endpoints.startNew('Billing service', `${receiver.url}/webhooks`);
  await endpoints.chooseRetryPolicy('No retries');
  const limits = endpoints.detail.getByRole('region', { name: 'Health and limits' });
  await limits.getByRole('textbox', { name: 'Disable after failures in a row' }).fill('soon');
  await endpoints.detail.getByRole('textbox', { name: 'Delivery id in' }).fill('X-Delivery');
  await endpoints.make();
  await expect(limits).toContainText('Write a whole number, or leave it empty.');
  await limits.getByRole('textbox', { name: 'Disable after failures in a row' }).fill('3');
  await limits.getByRole('textbox', { name: 'Circuit opens after failures in a row' }).fill('2');
  await limits.getByRole('textbox', { name: 'First probe after' }).fill('1 h');
  await limits.getByRole('textbox', { name: 'Longest pause' }).fill('1 h');
  await endpoints.make();
  await endpoints.takeSecret();

  const [made] = (await api.endpoints.list({ q: 'Billing' })).items;
  const id = made?.id ?? '';
  expect(made).toMatchObject({
    autoDisable: { afterFailures: 3 },
    circuitBreaker: { failures: 2, pauseMs: 3_600_000 },
    metaHeaders: { deliveryId: 'X-Delivery', attempt: null },
  });
  const sendOne = async () => (await api.messages.send({ type: 'a.b', endpointIds: [id] })).deliveries[0]?.id ?? '';
  const first = await sendOne();
  expect((await receiver.nextRequest()).header('x-delivery')).toBe(first);
  const health = endpoints.detail.getByRole('region', { name: 'Health', exact: true });
  await expect(health).toContainText('1 failed attempt in a row.');
  await sendOne();
  await expect(health).toContainText('1 more failed attempt disables this endpoint.');
  await expect(health).toContainText(/The circuit is open: nothing is sent; the next probe may go out in 59 m|in 1 h/);

  const held = await sendOne();
  await page.goto(`${new URL(page.url()).origin}/#/deliveries/${held}`);
  const detail = page.getByRole('main', { name: 'Deliveries' }).getByRole('region', { name: 'Detail' });
  await expect(detail).toContainText('The circuit of its endpoint is open');
  await api.deliveries.attemptNow({ id: held });
  await expect(page.getByRole('alert').filter({ hasText: 'Switched off after 3 failed attempts in a row.' })).toBeVisible();

  await frame.open('Endpoints');
  await endpoints.open('Billing service');
  await expect(health).toContainText('This endpoint was disabled automatically.');
  await health.getByRole('button', { name: 'Health history' }).click();
  await expect(health.getByRole('listitem')).toContainText([/Switched off/, /more failed attempt/, /The circuit opened/]);
  await endpoints.activeSwitch.click();
  await expect(health).toContainText('No event was sent to it since it was switched on; tests do not count.');
  await expect(health).toContainText('The circuit is closed.');
  await expect(health.getByRole('listitem').first()).toContainText('Switched on by');
});
