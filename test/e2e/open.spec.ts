import { CapturesPage } from './pages/captures-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

test('bins are opened to named senders, which is said in every area and beside their URL, and closed again', async ({
  page,
  hookyard: { api },
}) => {
  await api.bins.create({ name: 'Shop', slug: 'shop' });
  const frame = new FramePage(page);
  const mark = page.getByRole('navigation', { name: 'Areas' }).getByRole('link', { name: /^Bins are open to other machines/ });
  await frame.open('Settings');
  const machines = page.getByRole('region', { name: 'Other machines' });
  const where = machines.getByRole('combobox', { name: 'Bins receive at' });
  const choose = async (name: string) => {
    await where.click();
    await page.getByRole('option', { name }).click();
  };
  await choose('All addresses of this machine');
  await expect(machines).toContainText('Save the allowed senders first.');
  const senders = machines.getByRole('textbox', { name: 'Allowed senders' });
  await senders.fill('192.168.1.0/24, everybody');
  await page.getByRole('button', { name: /^Save/ }).first().click();
  await expect(senders).toHaveAttribute('aria-invalid', 'true');
  await senders.fill('192.168.1.0/24, fd00::/64');
  await page.getByRole('button', { name: /^Save/ }).first().click();
  await expect.poll(async () => (await api.system.getSettings()).allowedSenders).toEqual(['192.168.1.0/24', 'fd00::/64']);
  await expect(mark).toHaveCount(0);
  // An address beyond 127.0.0.1 that every machine has.
  await api.system.updateSettings({ openAddress: '::1' });
  const { openAddresses } = await api.system.health();
  const url = openAddresses[0]?.url ?? '';
  expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
  await expect(machines).toContainText(url);
  await expect(mark).toHaveAccessibleName('Bins are open to other machines at ::1, for 192.168.1.0/24, fd00::/64');
  expect((await fetch(`${url}/shop`)).status).toBe(404);

  await frame.open('Captures');
  const captures = new CapturesPage(page);
  await captures.bins.getByRole('button', { name: /Shop/ }).click();
  await expect(captures.area).toContainText('Open to other machines');
  await captures.area.getByRole('button', { name: 'Addresses' }).click();
  const dialog = page.getByRole('dialog', { name: 'Addresses of Shop' });
  await expect(dialog).toContainText(`${url}/shop`);
  await dialog.getByRole('button', { name: 'Close' }).click();

  await mark.click();
  await choose('This machine only');
  await expect(mark).toHaveCount(0);
  await expect(fetch(`${url}/shop`)).rejects.toThrow();
  await frame.open('Captures');
  await expect(captures.area).not.toContainText('Open to other machines');
});
