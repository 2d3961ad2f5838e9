import { Webhook } from 'standardwebhooks';
import { respond, startReceiver, type ReceivedRequest, type ScriptedReceiver } from '../support/scripted-receiver.ts';
import { ComposePage } from './pages/compose-page.ts';
import { DeliveriesPage } from './pages/deliveries-page.ts';
import { EndpointsPage } from './pages/endpoints-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test as base } from './support/hookyard.ts';

const failure = respond({ status: 500, reason: 'Internal Server Error', body: 'not yet' });

/** A server of the user's own, which knows nothing of Hookyard. */
const test = base.extend<{ readonly receiver: ScriptedReceiver }>({
  receiver: async ({ playwright: _ }, use) => {
    const receiver = await startReceiver();
    await use(receiver);
    await receiver.close();
  },
});

function signedHeaders(request: ReceivedRequest): Record<string, string> {
  return Object.fromEntries(['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, request.header(name) ?? '']));
}

test('an endpoint with failures is retried on its schedule until it delivers what the standardwebhooks package accepts', async ({
  page,
  hookyard: { api },
  receiver,
}) => {
  receiver.append(failure, failure);
  const frame = new FramePage(page);
  await frame.speedUp('10x');
  await expect(frame.timeScaleChip).toHaveAccessibleName('Time scale 10x');

  const endpoints = new EndpointsPage(page);
  await frame.open('Endpoints');
  await endpoints.startNew('Billing service', `${receiver.url}/webhooks`);
  await endpoints.chooseRetryPolicy('Quick: 1 s, 5 s, 30 s');
  await endpoints.make();
  const secret = await endpoints.takeSecret();
  await expect(endpoints.detail.getByRole('heading', { name: 'Billing service' })).toBeVisible();
  await expect(page.getByText(secret)).toHaveCount(0);

  const compose = new ComposePage(page);
  await frame.open('Compose');
  await compose.chooseEndpoint('Billing service');
  await compose.send();
  await expect(compose.resultLine('Attempt 1')).toContainText('500');
  await expect(compose.result.getByText('delivered', { exact: true })).toBeVisible();
  await expect(compose.resultLine('Attempt 3')).toContainText('200');
  await compose.openDelivery();

  const deliveries = new DeliveriesPage(page);
  await expect(deliveries.detail).toContainText(/127\.0\.0\.1:\d+ accepted it with 200 in .+ after two failed attempts/);
  await expect(deliveries.attempts).toHaveCount(3);
  await expect(deliveries.timeline.getByRole('button')).toHaveCount(3);
  await deliveries.timeline.getByRole('button', { name: /^Attempt 1: .*answered 500$/ }).click();
  await expect(deliveries.detail.getByRole('region', { name: 'Response body' })).toContainText('not yet');

  const bodies = receiver.requests.map(({ body }) => body.toString('base64'));
  expect(bodies).toHaveLength(3);
  expect(new Set(bodies).size).toBe(1);
  for (const request of receiver.requests)
    expect(() => new Webhook(secret).verify(request.body.toString(), signedHeaders(request))).not.toThrow();

  const [delivery] = (await api.deliveries.list({})).items;
  const { attempts } = await api.deliveries.get({ id: delivery?.id ?? '', bodies: false });
  const waitsMs = attempts.slice(1).map((attempt, index) => attempt.startedAtMs - (attempts[index]?.endedAtMs ?? Number.NaN));
  // A second and five seconds at ten times real time, with a millisecond of rounding.
  expect(waitsMs[0]).toBeGreaterThanOrEqual(99);
  expect(waitsMs[1]).toBeGreaterThanOrEqual(499);
});

test('a redelivery sends the same body again and is listed as one more attempt', async ({ page, hookyard: { api }, receiver }) => {
  const { id } = await api.endpoints.create({ name: 'Billing service', url: receiver.url });
  await api.endpoints.test({ id });
  await receiver.nextRequest();
  await new FramePage(page).open('Deliveries');
  const deliveries = new DeliveriesPage(page);
  await deliveries.rows.first().click();
  await expect(deliveries.attempts).toHaveCount(1);
  await deliveries.redeliverButton.click();
  await expect(deliveries.attempts).toHaveCount(2);
  await expect(deliveries.detail).toContainText('accepted it on both attempts, the last with 200');
  expect(receiver.requests[1]?.body).toEqual(receiver.requests[0]?.body);
  expect(receiver.requests[1]?.header('webhook-id')).toBe(receiver.requests[0]?.header('webhook-id'));
});

test('a waiting delivery says when the next attempt comes, and makes it at once when told to', async ({
  page,
  hookyard: { api },
  receiver,
}) => {
  receiver.append(failure);
  await api.endpoints.create({
    name: 'Billing service',
    url: receiver.url,
    retryPolicy: { kind: 'schedule', delaysMs: [3_600_000] },
  });
  await api.messages.send({ type: 'booking.confirmed', data: {} });
  await receiver.nextRequest();
  await new FramePage(page).open('Deliveries');
  const deliveries = new DeliveriesPage(page);
  await deliveries.rows.first().click();
  await expect(deliveries.detail).toContainText(/answered 500; next attempt in (59 m|1 h)/);
  await expect(deliveries.timeline.getByRole('button', { name: 'Attempt 2 is due' })).toBeVisible();
  await deliveries.jumpButton.click();
  await expect(deliveries.attempts).toHaveCount(2);
  await expect(deliveries.detail).toContainText('after one failed attempt');
});

test('the result in Compose is shown whole in a small window, and tells what happened while another area was open', async ({
  page,
  hookyard: { api },
  receiver,
}) => {
  receiver.append(failure);
  await api.endpoints.create({ name: 'Billing service', url: receiver.url, retryPolicy: { kind: 'schedule', delaysMs: [3_600_000] } });
  await page.setViewportSize({ width: 640, height: 400 });
  const frame = new FramePage(page);
  await frame.open('Compose');
  const compose = new ComposePage(page);
  await compose.chooseEndpoint('Billing service');
  await compose.sendButton.click();
  await expect(compose.result.getByRole('heading', { name: /^Answer to attempt 1/ })).toBeInViewport();
  await compose.result.getByRole('link', { name: 'Open delivery' }).click();
  const deliveries = new DeliveriesPage(page);
  await deliveries.jumpButton.click();
  await expect(deliveries.attempts).toHaveCount(2);
  await frame.open('Compose');
  await expect(compose.result).toContainText('delivered');
  await expect(compose.result.getByRole('listitem').filter({ hasText: 'Attempt 2' })).toContainText('answered 2');
});

test('a secret cannot be lost by a stray key or click and is shown this once only', async ({ page }) => {
  const endpoints = new EndpointsPage(page);
  await new FramePage(page).open('Endpoints');
  await endpoints.startNew('Billing service', 'http://127.0.0.1:9/webhooks');
  await endpoints.make();
  await expect(endpoints.secretDialog.getByText(/^whsec_\S+$/)).toBeVisible();
  await page.keyboard.press('Escape');
  await page.mouse.click(4, 4);
  await expect(endpoints.secretDialog).toBeVisible();
  await expect(endpoints.secretDialog.getByRole('button', { name: 'Done' })).toBeDisabled();
  // Nor does going elsewhere and back, by the buttons of a browser or of a mouse.
  await page.evaluate(() => void (window.location.hash = '#/events'));
  await expect(page.getByRole('main', { name: 'Events', includeHidden: true })).toBeAttached();
  await expect(endpoints.secretDialog).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('main', { name: 'Endpoints', includeHidden: true })).toBeAttached();
  const secret = await endpoints.takeSecret();
  // The address names the new endpoint once it is shown.
  await expect(endpoints.detail.getByRole('heading', { name: 'Billing service' })).toBeVisible();
  await page.reload();
  await expect(endpoints.detail.getByRole('heading', { name: 'Billing service' })).toBeVisible();
  await expect(page.getByText(secret)).toHaveCount(0);
});

test('an endpoint is disabled, enabled again, and deleted with the consequence named', async ({ page, hookyard: { api }, receiver }) => {
  receiver.append(failure);
  const { id } = await api.endpoints.create({
    name: 'Billing service',
    url: receiver.url,
    retryPolicy: { kind: 'schedule', delaysMs: [3_600_000] },
  });
  await api.messages.send({ type: 'booking.confirmed', data: {} });
  await expect.poll(async () => (await api.deliveries.list({})).items[0]?.status).toBe('failed');

  const endpoints = new EndpointsPage(page);
  await new FramePage(page).open('Endpoints');
  await endpoints.open('Billing service');
  await endpoints.activeSwitch.click();
  await expect(endpoints.detail.getByText('disabled', { exact: true })).toBeVisible();
  expect((await api.endpoints.get({ id })).isActive).toBe(false);
  await endpoints.activeSwitch.click();
  await expect(endpoints.detail.getByText('disabled', { exact: true })).toBeHidden();
  expect((await api.endpoints.get({ id })).isActive).toBe(true);

  await endpoints.deleteButton.click();
  await expect(endpoints.deleteDialog).toContainText('1 pending delivery will be cancelled.');
  await endpoints.deleteDialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(endpoints.deleteDialog).toBeHidden();
  await endpoints.deleteButton.click();
  await endpoints.deleteDialog.getByRole('button', { name: 'Delete endpoint' }).click();
  await expect(endpoints.list.getByRole('option', { name: 'Billing service' })).toHaveCount(0);
  await expect.poll(async () => (await api.deliveries.list({})).items[0]?.status).toBe('cancelled');
});

test('a problem is shown at its field, and nothing that was typed is lost', async ({ page, hookyard: { api } }) => {
  const frame = new FramePage(page);
  const endpoints = new EndpointsPage(page);
  await frame.open('Endpoints');
  await endpoints.startNew('Billing service', 'localhost:3000/webhooks');
  await endpoints.addHeader('X-Tenant: acme\n', 'one\ntwo');
  await endpoints.detail.getByRole('button', { name: 'Write a template' }).click();
  await endpoints.writeTemplate('{"total": {{ data.total | }');
  await endpoints.make();

  await expect(endpoints.url).toHaveAccessibleDescription(/such as http:\/\/127\.0\.0\.1:3000\/webhooks/);
  await expect(endpoints.headers.getByRole('alert')).toContainText('letters, digits and hyphens only');
  await frame.open('Compose');
  await frame.open('Endpoints');
  await endpoints.newButton.click();
  await expect(endpoints.name).toHaveValue('Billing service');
  await expect(endpoints.url).toHaveValue('localhost:3000/webhooks');
  await expect(endpoints.body).toContainText('{{ data.total | }');

  await endpoints.url.fill('http://127.0.0.1:9/webhooks');
  await endpoints.headers.getByRole('textbox', { name: 'Header 1 name' }).fill('X-Tenant');
  await endpoints.make();
  await expect(endpoints.body.getByRole('alert')).toContainText(/line 1/i);
  await endpoints.detail.getByRole('button', { name: 'Use the default envelope' }).click();
  await endpoints.make();
  await endpoints.takeSecret();

  const made = (await api.endpoints.list({ q: 'Billing service' })).items[0];
  // The field makes one line of what was pasted, so no line break can reach a header.
  expect(made?.headers).toEqual({ 'X-Tenant': 'one two' });
});

test('a template that does not render is marked where the event is composed, and nothing is sent', async ({ page, hookyard: { api } }) => {
  const compose = new ComposePage(page);
  await new FramePage(page).open('Compose');
  await compose.showTab('Template');
  await compose.replaceText(compose.templateEditor, '{{ data.nothing.here }}');
  await expect(compose.problem).toContainText('data.nothing');
  await compose.send();
  await expect(compose.templateEditor, 'sending leads to where it is wrong').toBeFocused();
  await expect(compose.result, 'and does not say it twice').toBeHidden();
  expect((await api.deliveries.list({})).items).toHaveLength(0);
});
