import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { AxeBuilder } from '@axe-core/playwright';
import { EndpointsPage } from './pages/endpoints-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test as base } from './support/hookyard.ts';

/** A receiver that gives the challenge back, in quotation marks until it is told better. */
const test = base.extend<{ readonly receiver: { readonly url: string; readonly correct: () => void } }>({
  receiver: async ({ playwright: _ }, use) => {
    let isRight = false;
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { challenge } = JSON.parse(Buffer.concat(chunks).toString()) as { challenge: string };
      response.setHeader('Content-Type', isRight ? 'text/plain' : 'application/json').end(isRight ? challenge : JSON.stringify(challenge));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await use({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack`, correct: () => (isRight = true) });
    server.close();
  },
});

test('a handshake says why the receiver fails, and passes once it is right', async ({ page, hookyard: { api }, receiver }) => {
  const { id } = await api.endpoints.create({ profile: 'slack', name: 'Our Slack app', url: receiver.url });
  const endpoints = new EndpointsPage(page);
  await new FramePage(page).open('Endpoints');
  await endpoints.open('Our Slack app');
  const section = endpoints.detail.getByRole('region', { name: 'Handshake', exact: true });
  const button = section.getByRole('button', { name: 'Perform handshake' });
  await endpoints.detail.getByRole('button', { name: 'Handshake', exact: true }).click();
  await expect(button).toBeFocused();
  await expect(button).toBeInViewport();
  await page.keyboard.press('Enter');
  const result = section.getByRole('region', { name: 'Result of the handshake' });
  await expect(result).toContainText(/Failed The body is [0-9a-f]{32} in quotation marks; it must be without them\./);
  await expect(result.getByRole('listitem')).toHaveCount(2);
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).include('section[aria-label="Handshake"]').analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id: rule }) => rule)).toEqual([]);
  receiver.correct();
  await button.click();
  await expect(result).toContainText('Passed URL verification (Slack).');
  await result.getByRole('link', { name: 'Open the delivery' }).click();
  await expect(page.getByRole('main', { name: 'Deliveries' })).toContainText('url_verification');
  expect(await api.endpoints.get({ id })).toMatchObject({ health: 'pending' });
});

test('the fields of retries and of answers that stop are saved as they were typed', async ({ page, hookyard: { api } }) => {
  const { id } = await api.endpoints.create({ name: 'Own', url: 'http://127.0.0.1:9/' });
  const endpoints = new EndpointsPage(page);
  await new FramePage(page).open('Endpoints');
  await endpoints.open('Own');
  await endpoints.headers.getByRole('button', { name: 'Add retry header' }).click();
  await endpoints.headers.getByRole('textbox', { name: 'Retry header 1 name' }).fill('X-Retry');
  await endpoints.headers.getByRole('textbox', { name: 'Retry header 1 value' }).fill('{{ retry }}');
  await endpoints.detail.getByRole('switch', { name: 'Render the body again for each attempt' }).click({ force: true });
  await endpoints.detail.getByRole('button', { name: 'Add an answer that stops' }).click();
  await endpoints.detail.getByRole('textbox', { name: 'Status of stopping answer 1' }).fill('406');
  await page.keyboard.press('ControlOrMeta+s');
  await expect
    .poll(async () => api.endpoints.get({ id }))
    .toMatchObject({
      retryHeaders: { 'X-Retry': '{{ retry }}' },
      bodyPerAttempt: true,
      stopAnswers: [{ statuses: '406', header: null, value: null, action: 'end' }],
    });
});

test('a plan gives a new endpoint its named retry policy', async ({ page, hookyard: { api } }) => {
  const endpoints = new EndpointsPage(page);
  await new FramePage(page).open('Endpoints');
  await endpoints.newButton.click();
  const choose = async (label: string, option: string) => {
    await endpoints.detail.getByLabel(label, { exact: true }).and(page.locator('input')).click();
    await page.getByRole('option', { name: option, exact: true }).click();
  };
  await choose('Behaves like', 'Acturity');
  await choose('Plan', 'Pro');
  await expect(endpoints.retryPolicy).toHaveValue('Acturity: Pro');
  await expect(endpoints.detail).toContainText(/\d+ event types of Acturity: link\.clicked/);
  await endpoints.url.fill('http://127.0.0.1:9/');
  await endpoints.make();
  await expect.poll(async () => (await api.policies.list({})).items[0]?.usedBy.map(({ name }) => name)).toEqual(['Acturity']);
});

test('a single field goes back to what the profile has', async ({ page, hookyard: { api } }) => {
  const { id } = await api.endpoints.create({
    profile: 'slack',
    name: 'Ours',
    url: 'http://127.0.0.1:9/',
    timeoutMs: 9000,
    successRule: '200',
  });
  const endpoints = new EndpointsPage(page);
  await new FramePage(page).open('Endpoints');
  await endpoints.open('Ours');
  await expect(endpoints.detail).toContainText('Behaves like Slack Events API, except for Success rule and Timeout.');
  await endpoints.detail.getByRole('button', { name: 'Back to profile' }).click();
  await page.getByRole('menuitem', { name: 'Timeout' }).click();
  await page.keyboard.press('ControlOrMeta+s');
  await expect
    .poll(async () => api.endpoints.get({ id }))
    .toMatchObject({ timeoutMs: 3000, successRule: '200', changedFromProfile: ['successRule'] });
});
