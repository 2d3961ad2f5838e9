import { EndpointsPage } from './pages/endpoints-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

test('a custom scheme is written as text with placeholders, corrected, saved, and signs what is sent', async ({
  page,
  hookyard: { api },
}) => {
  const bin = await api.bins.create({ name: 'Own bin' });
  const endpoints = new EndpointsPage(page);
  await new FramePage(page).open('Endpoints');
  await endpoints.startNew('Own signature', bin.url);
  await endpoints.detail.getByLabel('Scheme', { exact: true }).and(page.locator('input')).click();
  await page.getByRole('option', { name: 'Custom HMAC' }).click();
  await endpoints.detail.getByText('Text with placeholders').click();
  await expect(endpoints.detail.getByLabel('Name of field 1')).toHaveValue('X-Signature');
  await endpoints.detail.getByLabel('Text of field 1').fill('t={timestamp},v1={signatur}');
  await endpoints.detail.getByLabel('Signed content').fill('{timestamp}.{body}');
  await endpoints.make();
  await expect(endpoints.detail.getByRole('alert').filter({ hasText: 'Did you mean {signature}?' })).toBeVisible();
  await endpoints.detail.getByLabel('Text of field 1').fill('t={timestamp},v1={signature}');
  await endpoints.detail.getByRole('button', { name: 'Add a field' }).click();
  await endpoints.detail.getByLabel('Name of field 2').fill('ts');
  await endpoints.detail.getByLabel('Place of field 2').and(page.locator('input')).click();
  await page.getByRole('option', { name: 'Query' }).click();
  await endpoints.detail.getByLabel('Text of field 2').fill('fixed');
  await endpoints.make();
  await endpoints.secretDialog.getByRole('checkbox', { name: 'I have put it where it is needed' }).check();
  await endpoints.secretDialog.getByRole('button', { name: 'Done' }).click();
  await expect(endpoints.detail.getByRole('heading', { level: 2, name: 'Own signature' })).toBeVisible();
  const [endpoint] = (await api.endpoints.list({ q: 'Own' })).items;
  const fields = [
    { place: 'header', name: 'X-Signature', value: 't={timestamp},v1={signature}' },
    { place: 'query', name: 'ts', value: 'fixed' },
  ];
  expect(endpoint?.signing).toMatchObject({ scheme: 'custom', signedContent: '{timestamp}.{body}', fields });
  await endpoints.testButton.click();
  await expect.poll(async () => (await api.captures.list({ binId: bin.id })).items.length).toBe(1);
  const [capture] = (await api.captures.list({ binId: bin.id })).items;
  const received = await api.captures.get({ id: capture?.id ?? '' });
  expect(received.headers).toContainEqual(['X-Signature', expect.stringMatching(/^t=\d{10},v1=[0-9a-f]{64}$/)]);
  expect(received.target).toContain('?ts=fixed');
});
