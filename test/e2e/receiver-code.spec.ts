import { AxeBuilder } from '@axe-core/playwright';
import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

test('an endpoint shows code that verifies its scheme in any language, by keyboard alone, and copies it', async ({
  page,
  hookyard: { api },
}) => {
  await api.endpoints.create({ name: 'Billing service', url: 'http://127.0.0.1:9/', signing: { scheme: 'stripe' } });
  await new FramePage(page).open('Endpoints');
  await page.getByRole('option', { name: /Billing service/ }).click();
  await page.getByRole('button', { name: 'Receiver code' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Receiver code for stripe' });
  const code = dialog.getByRole('region', { name: /^Code of / });
  await expect(code).toContainText('Stripe.webhooks.constructEvent');
  await dialog.getByRole('button', { name: 'Standard library' }).focus();
  await page.keyboard.press('Enter');
  await expect(code).toContainText('timingSafeEqual');
  await dialog.getByRole('tab', { name: 'Node.js' }).focus();
  await page.keyboard.press('End');
  await expect(dialog.getByRole('tab', { name: 'C#' })).toBeFocused();
  await expect(code).toContainText('CryptographicOperations.FixedTimeEquals');
  await dialog.getByRole('button', { name: 'ASP.NET Core controllers' }).click();
  await expect(code).toContainText('EnableBuffering');
  await dialog.getByRole('button', { name: 'Copy code' }).click();
  await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible();

  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).include('[role="dialog"]').analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});
