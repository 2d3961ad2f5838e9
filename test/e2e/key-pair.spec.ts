import { AxeBuilder } from '@axe-core/playwright';
import { EndpointsPage } from './pages/endpoints-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

test('a new endpoint with a key pair shows its public key and where it goes, and the private one only when asked', async ({
  page,
  hookyard: { api },
}) => {
  const endpoints = new EndpointsPage(page);
  await new FramePage(page).open('Endpoints');
  await endpoints.startNew('Bot', 'http://127.0.0.1:9/interactions');
  await endpoints.chooseScheme('Discord');
  await endpoints.make();
  const dialog = page.getByRole('dialog', { name: 'Public key of the new endpoint' });
  await expect(dialog).toContainText('Put it where the receiver has the public key of its Discord application');
  const [endpoint] = (await api.endpoints.list({ q: 'Bot' })).items;
  await expect(dialog.getByRole('region', { name: 'Public key' })).toHaveText(endpoint?.publicKeys[0] ?? 'none');
  await expect(dialog).not.toContainText('PRIVATE KEY');
  await dialog.getByRole('button', { name: 'Copy public key' }).click();
  await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeVisible();

  await dialog.getByRole('button', { name: 'Show the private key' }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('region', { name: 'Private key' })).toContainText('-----BEGIN PRIVATE KEY-----');
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).include('[role="dialog"]').analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)).toEqual([]);
  await dialog.getByRole('checkbox', { name: 'I have put it where it is needed' }).check();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('-----BEGIN PRIVATE KEY-----')).toHaveCount(0);
  await expect(endpoints.detail).toContainText(endpoint?.publicKeys[0] ?? 'none');
});

test('a rotation shows the new public key', async ({ page, hookyard: { api } }) => {
  const { id } = await api.endpoints.create({ name: 'Mail', url: 'http://127.0.0.1:9/', signing: { scheme: 'sendgrid' } });
  const endpoints = new EndpointsPage(page);
  await new FramePage(page).open('Endpoints');
  await endpoints.open('Mail');
  await endpoints.detail.getByRole('button', { name: 'Rotate secret' }).click();
  await page
    .getByRole('dialog', { name: /^Rotate the secret/ })
    .getByRole('button', { name: 'Rotate secret' })
    .click();
  const dialog = page.getByRole('dialog', { name: 'New public key' });
  await expect(dialog).toBeVisible();
  const { publicKeys } = await api.endpoints.get({ id });
  await expect(dialog.getByRole('region', { name: 'Public key' })).toHaveText(publicKeys[0] ?? 'none');
  await expect(dialog).toContainText('also keeps signing until');
});
