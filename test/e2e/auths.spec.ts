import { AuthsPage } from './pages/auths-page.ts';
import { EndpointsPage } from './pages/endpoints-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

test('an authentication is made, used by an endpoint, rotated, checked, and not deleted while it is used', async ({
  page,
  hookyard: { api },
}) => {
  const bin = await api.bins.create({ name: 'Partner bin' });
  const auths = new AuthsPage(page);
  await auths.open();
  await expect(auths.area).toContainText('An authentication tells receivers that a request is genuine');
  await auths.newButton.click();
  await auths.name.fill('Partner API');
  await auths.addPart('Bearer token');
  await auths.createButton.click();
  await expect(auths.part('Bearer token')).toContainText('Give the token');
  await auths.part('Bearer token').getByLabel('Token', { exact: true }).fill('token-of-the-partner');
  await auths.createButton.click();
  const secret = await auths.takeSecret();
  expect(secret).toMatch(/^whsec_/);
  await expect(auths.list).toContainText('Signature, Bearer token');
  await expect(auths.usedBy).toContainText('No endpoint uses it.');

  const endpoints = new EndpointsPage(page);
  await new FramePage(page).open('Endpoints');
  await endpoints.startNew('Billing service', bin.url);
  await endpoints.detail.getByLabel('Authentication', { exact: true }).and(page.locator('input')).click();
  await page.getByRole('option', { name: 'Partner API' }).click();
  await expect(endpoints.detail).toContainText('Partner API signs the requests of this endpoint.');
  await endpoints.make();
  await expect(endpoints.detail.getByRole('heading', { level: 2, name: 'Billing service' })).toBeVisible();
  const [endpoint] = (await api.endpoints.list({ q: 'Billing' })).items;
  expect(endpoint).toMatchObject({ signing: null, secretFingerprints: [], authId: expect.stringMatching(/^aut_/) });
  await endpoints.testButton.click();
  await expect.poll(async () => (await api.captures.list({ binId: bin.id })).items.length).toBe(1);
  const [capture] = (await api.captures.list({ binId: bin.id })).items;
  expect((await api.captures.get({ id: capture?.id ?? '' })).headers).toContainEqual(['Authorization', 'Bearer token-of-the-partner']);
  expect(await api.verifying.verify({ scheme: 'standard-webhooks', captureId: capture?.id ?? '', secrets: [secret] })).toMatchObject({
    verdict: 'valid',
  });

  await endpoints.detail.getByRole('link', { name: 'Change Partner API' }).click();
  await expect(auths.usedBy.getByRole('link', { name: 'Billing service' })).toBeVisible();
  await auths.part('Signature').getByRole('button', { name: 'Rotate secret' }).click();
  await auths.rotateDialog.getByRole('button', { name: 'Rotate secret' }).click();
  expect(await auths.takeSecret()).not.toBe(secret);
  await expect(auths.part('Signature')).toContainText('also signs until');
  await auths.checkButton.click();
  await expect(auths.checkResult).toContainText('A trial request can be signed with it.');

  await auths.deleteButton.click();
  await expect(auths.deleteDialog).toContainText('1 endpoint uses it and needs another authentication first.');
  await auths.deleteDialog.getByRole('button', { name: 'Delete authentication' }).click();
  await expect(auths.deleteDialog.getByRole('alert')).toContainText('Partner API is used by Billing service.');
  await auths.deleteDialog.getByRole('button', { name: 'Cancel' }).click();
  await api.endpoints.update({ id: endpoint?.id ?? '', authId: null });
  await expect(auths.usedBy).toContainText('No endpoint uses it.');
  await auths.deleteButton.click();
  await auths.deleteDialog.getByRole('button', { name: 'Delete authentication' }).click();
  await expect(auths.area).toContainText('An authentication tells receivers that a request is genuine');
});

test('a wrong client certificate is explained at its field, and every kind of part can be added', async ({ page }) => {
  const auths = new AuthsPage(page);
  await auths.open();
  await auths.newButton.click();
  await auths.name.fill('Bank');
  for (const kind of ['OAuth 2 client credentials', 'Client certificate (mutual TLS)', 'Trusted authority', 'Key in a header'])
    await auths.addPart(kind);
  await auths.part('Client certificate (mutual TLS)').getByLabel('Certificate', { exact: true }).fill('not a certificate');
  await auths.part('Client certificate (mutual TLS)').getByLabel('Private key').fill('not a key');
  await auths.part('Trusted authority').getByRole('button', { name: 'Remove Trusted authority' }).click();
  await auths.part('Key in a header').getByRole('button', { name: 'Remove Key in a header' }).click();
  const oauth = auths.part('OAuth 2 client credentials');
  await oauth.getByLabel('Token URL').fill('https://127.0.0.1:9/token');
  await oauth.getByLabel('Client id', { exact: true }).fill('bank');
  await oauth.getByLabel('Client secret', { exact: true }).fill('a-client-secret-of-the-bank');
  await auths.createButton.click();
  await expect(auths.part('Client certificate (mutual TLS)')).toContainText('This holds no certificate in PEM');
});
