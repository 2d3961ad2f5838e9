import Stripe from 'stripe';
import { respond, startReceiver } from '../support/scripted-receiver.ts';
import { EndpointsPage } from './pages/endpoints-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

test.use({ hostArguments: ['--no-sample'] });

test('a new endpoint is previewed and tested before it is created, and created disabled', async ({ page, hookyard: { api } }) => {
  const receiver = await startReceiver([], { otherwise: respond({ status: 422, reason: 'Unprocessable', body: 'no such tenant' }) });
  const endpoints = new EndpointsPage(page);
  await new FramePage(page).open('Endpoints');
  await endpoints.newButton.click();
  await endpoints.name.fill('Draft');
  await endpoints.url.fill(`${receiver.url}/draft`);
  const request = endpoints.detail.getByRole('region', { name: 'Request' });
  await expect(request).toContainText('POST /draft');

  await endpoints.testButton.click();
  await expect(endpoints.testResult).toContainText('422');
  await expect(endpoints.testResult).toContainText('no such tenant');
  expect(receiver.requests.map(({ target }) => target)).toEqual(['/draft']);
  expect((await api.endpoints.list({})).items, 'nothing is saved by a test').toHaveLength(0);

  await endpoints.make();
  await expect(endpoints.detail.getByText('Choose at least one event')).toBeVisible();
  await endpoints.chooseEvents('invoice.*');
  await endpoints.activeSwitch.uncheck({ force: true });
  await endpoints.make();
  await endpoints.takeSecret();
  const made = (await api.endpoints.list({})).items[0];
  expect(made).toMatchObject({ name: 'Draft', isActive: false, events: ['invoice.*'] });

  await endpoints.testButton.click();
  await expect(endpoints.testResult, 'a disabled endpoint is tested too').toContainText('422');
  const { items } = await api.deliveries.list({});
  expect(items.map(({ isTest }) => isTest)).toEqual([true, true]);
  await receiver.close();
});

test('an endpoint that behaves like Stripe is filled in, previewed, and accepted by the official library', async ({
  page,
  hookyard: { api },
}) => {
  const receiver = await startReceiver([]);
  const endpoints = new EndpointsPage(page);
  await new FramePage(page).open('Endpoints');
  await endpoints.newButton.click();
  const profile = endpoints.detail.getByRole('combobox', { name: 'Behaves like' });
  await profile.click();
  await profile.pressSequentially('stripe');
  await expect(page.getByRole('option', { name: 'Stripe', exact: true })).toHaveAttribute('data-combobox-selected', 'true');
  await profile.press('Enter');
  await expect(profile).toHaveValue('Stripe');
  await expect(endpoints.name).toHaveValue('Stripe');
  await endpoints.url.fill(`${receiver.url}/stripe`);
  const request = endpoints.detail.getByRole('region', { name: 'Request' });
  await expect(request).toContainText('checkout.session.completed');
  await expect(request).toContainText('Stripe/1.0');
  await endpoints.make();
  await endpoints.takeSecret();
  await expect(endpoints.detail).toContainText('Behaves like Stripe.');
  const { id } = (await api.endpoints.list({})).items[0] ?? { id: '' };
  const { secret } = await api.endpoints.rotateSecret({ id, overlapMs: 0 });
  await endpoints.testButton.click();
  const { body, header } = await receiver.nextRequest();
  const event = Stripe.webhooks.constructEvent(body, header('stripe-signature') ?? '', secret);
  expect(event.type).toBe('checkout.session.completed');
  expect(body.toString()).toContain('"metadata": {\n      }');
  await receiver.close();
});

test('what sends a test, tests a receiver and checks it each says what it does', async ({ page, hookyard: { api } }) => {
  const { id } = await api.endpoints.create({ name: 'Shop', url: 'http://127.0.0.1:9/' });
  await page.evaluate((shown) => (location.hash = `#/endpoints/${shown}`), id);
  const told = [
    ['Send test event', 'Sends one sample event'],
    ['Test your receiver…', 'twice, out of order, late or many at once'],
    ['Check receiver…', 'genuine, forged and unusual requests'],
  ] as const;
  for (const [name, words] of told) {
    await page.getByRole('button', { name }).hover();
    await expect(page.getByRole('tooltip', { name: words })).toBeVisible();
  }
});
