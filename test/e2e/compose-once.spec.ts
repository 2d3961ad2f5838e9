import { ComposePage } from './pages/compose-page.ts';
import { expect, test } from './support/hookyard.ts';

test.use({ startAt: '#/compose' });

test('a request to any URL is signed with the options of its scheme, which outlive a reload', async ({ page, hookyard }) => {
  const { api } = hookyard;
  const bin = await api.bins.create({ name: 'Payments', slug: 'payments' });
  const compose = new ComposePage(page);
  await compose.chooseEndpoint('Any URL');
  await compose.url.fill(bin.url);
  await compose.chooseScheme('paypal');
  await expect(compose.target).toContainText('Give the id of the webhook');
  await expect(compose.request).toContainText('Correct the marked option of the scheme to see the request.');
  await compose.webhookId.fill('WH-7');
  await expect(compose.request).toContainText('PAYPAL-TRANSMISSION-SIG');
  await compose.hideOptionsButton.click();
  await expect(compose.webhookId).toBeHidden();
  await compose.send();
  await expect(compose.resultLine('Attempt 1')).toContainText('200');
  const [sent] = (await api.captures.list({ binId: bin.id })).items;
  const { headers } = await api.captures.get({ id: sent?.id ?? '' });
  const delivery = (await api.deliveries.list({ limit: 1 })).items[0];
  const [attempt] = (await api.deliveries.get({ id: delivery?.id ?? '' })).attempts;
  expect(headers.map(([name]) => name)).toContain('PAYPAL-TRANSMISSION-SIG');
  expect(Buffer.from(attempt?.signature?.signedBase64 ?? '', 'base64').toString()).toContain('|WH-7|');

  await page.reload();
  await expect(compose.webhookId).toHaveValue('WH-7');
});
