import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

test('an outage is drawn by keyboard, and each lane says what becomes of the events', async ({ page, hookyard: { api } }) => {
  await api.system.updateSettings({ isUtc: true });
  await api.policies.create({ name: 'Pro: 8', policy: { kind: 'exponential', baseMs: 30_000, maxAttempts: 8 } });
  const frame = new FramePage(page);
  await frame.openPalette();
  await frame.paletteInput.fill('What if');
  await page.keyboard.press('Enter');
  const lane = (name: string) => page.getByRole('region', { name, exact: true });
  await expect(lane('Stripe')).toContainText('12 come late, by up to 2 h 35 m. Nothing is lost.');
  await expect(lane('GitHub')).toContainText('12 are lost: every attempt failed. GitHub never tries again by itself');
  await expect(lane('Shopify')).toContainText('Nothing is lost.');

  const end = page.getByRole('slider', { name: 'End of the outage' });
  await end.focus();
  for (let press = 0; press < 6; press += 1) await page.keyboard.press('PageUp');
  await expect(end).toHaveAttribute('aria-valuetext', /the outage lasts \d+ h/);
  await expect(lane('Shopify')).toContainText('Switched off 4 h after the outage began.');
  await page.getByRole('slider', { name: 'Outage', exact: true }).press('ArrowRight');
  await expect(page.getByRole('textbox', { name: 'Outage from' })).not.toHaveValue(/14:00$/);

  await page.getByRole('textbox', { name: 'for' }).fill('30 m');
  await page.keyboard.press('Enter');
  await expect(lane('GitHub')).toContainText('3 are lost');
  await page.getByRole('slider', { name: 'Follow an event' }).focus();
  for (let press = 0; press < 4; press += 1) await page.keyboard.press('ArrowRight');
  await expect(lane('GitHub')).toContainText(/Event of \d\d:\d\d: one attempt; lost/);
  await expect(lane('Svix')).toContainText(/4 attempts, at once and \+5 s, \+5 m 5 s, \+35 m 5 s; delivered/);

  await page.keyboard.press('Escape');
  await expect(lane('GitHub')).toContainText('3 are lost');

  await page.getByRole('button', { name: /what the lane of Stripe relies on/ }).click();
  await expect(page.getByRole('dialog')).toContainText('unverified The schedule here stands in for the one that Stripe does not publish');
  await page.keyboard.press('Escape');
  await page.getByRole('combobox', { name: 'Add rules' }).fill('Pro');
  await page.getByRole('option', { name: 'Pro: 8' }).click();
  await expect(lane('Pro: 8')).toContainText('3 come late');
  await page.getByRole('button', { name: 'Remove GitHub' }).click();
  await expect(lane('GitHub')).toBeHidden();
  await expect(page).toHaveURL(/rules=profile%3Astripe%2Cprofile%3Ashopify%2Cprofile%3Asvix%2Cnamed/);
  await page.reload();
  await expect(page.getByRole('table', { name: 'Totals' }).getByRole('row')).toHaveCount(5);
  await expect(page.getByRole('textbox', { name: 'for' })).toHaveValue('30 m');
});
