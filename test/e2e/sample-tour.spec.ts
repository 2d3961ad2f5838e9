import { CapturesPage } from './pages/captures-page.ts';
import { ComposePage } from './pages/compose-page.ts';
import { DeliveriesPage } from './pages/deliveries-page.ts';
import { expect, test } from './support/hookyard.ts';

test.use({ startAt: '#/compose' });

test('a first test event goes out with one click and is seen on both sides with the same bytes and a valid signature', async ({
  page,
  hookyard: { api, captureUrl },
}) => {
  const compose = new ComposePage(page);
  await expect(compose.endpoint).toHaveValue('Sample endpoint');
  await expect(compose.eventType).toHaveValue('booking.confirmed');
  await expect(compose.request).toContainText('POST /sample-bin HTTP/1.1');
  await expect(compose.request).toContainText(new URL(captureUrl).host);
  await compose.send();

  await expect(compose.result.getByText('delivered', { exact: true })).toBeVisible();
  await expect(compose.resultLine('Attempt 1')).toContainText('200');
  await expect(compose.resultLine('Captured')).toContainText('in Sample bin');
  await expect(compose.resultLine('Captured')).toContainText('signature valid');
  await expect(compose.resultLine('Same bytes as sent')).toBeVisible();
  await compose.openDelivery();

  const deliveries = new DeliveriesPage(page);
  await expect(deliveries.detail).toContainText('accepted it on the first attempt with 200');
  await expect(deliveries.attempts).toHaveCount(1);
  await deliveries.showTab('Request');
  await expect(deliveries.requestBody.text).toContainText('"Zoë Ångström"');
  await deliveries.requestBody.showHex();
  const sentBytes = await deliveries.requestBody.shownBytes();
  await page.goBack();

  await compose.openCapture();
  const captures = new CapturesPage(page);
  await expect(captures.detail.getByText('signature valid', { exact: true })).toBeVisible();
  await expect(captures.detail.getByText('Same bytes as sent')).toBeVisible();
  await captures.showTab('Hex');
  const receivedBytes = await captures.hexBody.shownBytes();

  const [delivery] = (await api.deliveries.list({})).items;
  const [capture] = (await api.captures.list({})).items;
  const attempt = (await api.deliveries.get({ id: delivery?.id ?? '' })).attempts[0];
  const received = await api.captures.get({ id: capture?.id ?? '' });
  expect(attempt?.request?.bodyBase64).toBe(received.bodyBase64);
  expect(received.deliveryId).toBe(delivery?.id);
  expect(received.verification?.verdict).toBe('valid');
  expect(sentBytes.toString('base64')).toBe(received.bodyBase64);
  expect(receivedBytes.toString('base64')).toBe(received.bodyBase64);
});

test('the result stays in place after a walk to its delivery and back', async ({ page }) => {
  const compose = new ComposePage(page);
  await compose.send();
  await expect(compose.resultLine('Same bytes as sent')).toBeVisible();
  await compose.openDelivery();
  await expect(page).toHaveURL(/#\/deliveries\/dlv_/);
  await page.goBack();
  await expect(compose.resultLine('Same bytes as sent')).toBeVisible();
});
