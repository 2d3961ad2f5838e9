import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

test('a proxy is entered with its password, chosen, and taken back', async ({ page, hookyard: { api } }) => {
  await new FramePage(page).open('Settings');
  const network = page.getByRole('region', { name: 'Network' });
  const proxy = network.getByRole('combobox', { name: 'Proxy' });
  await proxy.click();
  await page.getByRole('option', { name: 'The proxy below' }).click();
  await expect(network).toContainText('Save the address of the proxy first.');
  await network.getByRole('textbox', { name: 'Address of the proxy' }).fill('ftp://proxy.example');
  await page.getByRole('button', { name: /^Save/ }).first().click();
  await expect(network).toContainText('Write the address as http://proxy.example:3128');
  await network.getByRole('textbox', { name: 'Address of the proxy' }).fill('http://proxy.example:3128');
  await network.getByRole('textbox', { name: 'Without the proxy' }).fill('internal.example, 10.0.0.0/8');
  await page.getByRole('button', { name: /^Save/ }).first().click();
  await expect.poll(async () => (await api.system.getSettings()).proxyUrl).toBe('http://proxy.example:3128');
  await network.getByLabel('Password of the proxy', { exact: true }).fill('a-password');
  await network.getByRole('button', { name: 'Set password' }).click();
  await expect(network.getByRole('button', { name: 'Remove' })).toBeVisible();
  await proxy.click();
  await page.getByRole('option', { name: 'The proxy below' }).click();
  await expect
    .poll(async () => await api.system.getSettings())
    .toMatchObject({
      proxy: 'own',
      hasProxyPassword: true,
      noProxy: ['internal.example', '10.0.0.0/8'],
    });
  await network.getByRole('button', { name: 'Remove' }).click();
  await expect.poll(async () => (await api.system.getSettings()).hasProxyPassword).toBe(false);
});
