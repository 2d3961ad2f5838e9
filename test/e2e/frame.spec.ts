import { CapturesPage } from './pages/captures-page.ts';
import { DeliveriesPage } from './pages/deliveries-page.ts';
import { EndpointsPage } from './pages/endpoints-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { seedDeliveries } from './support/seed-deliveries.ts';
import { sendSample } from './support/send-sample.ts';
import { expect, test } from './support/hookyard.ts';

test.use({ startAt: '#/compose' });

const areaKeys = [
  ['e', 'Endpoints'],
  ['d', 'Deliveries'],
  ['a', 'Captures'],
  ['v', 'Verify'],
  ['r', 'Tests'],
  ['t', 'Events'],
  ['s', 'Settings'],
  ['c', 'Compose'],
] as const;

test('the palette finds areas, endpoints and event types by name', async ({ page }) => {
  const frame = new FramePage(page);
  // Before it is there, the window listens to no key.
  await expect(page.getByRole('status', { name: 'Engine: ready' })).toBeVisible();
  await frame.runInPalette('Deliveries');
  await expect(frame.area('Deliveries')).toBeVisible();
  await frame.runInPalette('Sample endpoint');
  await expect(new EndpointsPage(page).detail.getByRole('heading', { name: 'Sample endpoint' })).toBeVisible();
  await frame.runInPalette('refund.issued');
  await expect(page).toHaveURL(/#\/events\/refund\.issued$/);
  await frame.openPalette();
  await frame.paletteInput.fill('no such thing');
  await expect(page.getByText('Nothing has this name.')).toBeVisible();
});

test('two keys lead to each area, and one shows them all', async ({ page }) => {
  const frame = new FramePage(page);
  await frame.rail.getByRole('link', { name: 'Compose' }).focus();
  for (const [key, area] of areaKeys) {
    await frame.pressPair('g', key);
    await expect(frame.area(area)).toBeVisible();
  }
  await page.keyboard.press('?');
  await expect(frame.keySheet).toContainText('Go to Captures');
  await page.keyboard.press('Escape');
  await expect(frame.keySheet).toBeHidden();
});

test('the address names what is shown, so that reload, back and forward lead there', async ({ page, hookyard: { api } }) => {
  const frame = new FramePage(page);
  const deliveries = new DeliveriesPage(page);
  const sample = (await api.endpoints.list({})).items[0];
  await sendSample(api, sample?.id ?? '');
  await frame.open('Deliveries');
  await deliveries.rows.first().click();
  await expect(page).toHaveURL(/#\/deliveries\/dlv_/);
  await expect(deliveries.attempts).toHaveCount(1);
  await page.reload();
  await expect(deliveries.attempts).toHaveCount(1);
  await frame.open('Captures');
  await page.goBack();
  await expect(deliveries.attempts).toHaveCount(1);
  await page.goForward();
  await expect(new CapturesPage(page).bins).toBeVisible();
});

test('a theme is chosen by name and is still there after a reload', async ({ page, hookyard: { api } }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  const frame = new FramePage(page);
  await frame.runInPalette('Use the dark theme');
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  expect((await api.system.getSettings()).theme).toBe('dark');
  await page.reload();
  await expect(frame.engine).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
});

test('the window outlives its host: it says so, keeps what was typed, and shows the new state when the host is back', async ({
  page,
  hookyard,
}) => {
  const { api, host } = hookyard;
  test.skip(host === null, 'The host is the window itself.');
  if (host === null) return;
  const frame = new FramePage(page);
  const endpoints = new EndpointsPage(page);
  await frame.open('Endpoints');
  await endpoints.startNew('Half typed', 'http://127.0.0.1:9/half');
  await host.kill();
  await expect(frame.connectionNotice).toBeVisible();
  await expect(frame.engine).toHaveAccessibleName('Engine: reconnecting');
  await host.start();
  await api.endpoints.create({ name: 'Made meanwhile', url: 'http://127.0.0.1:9/meanwhile' });
  await expect(frame.connectionNotice).toBeHidden();
  await expect(frame.engine).toHaveAccessibleName('Engine: ready');
  await expect(endpoints.name).toHaveValue('Half typed');
  await endpoints.make();
  await endpoints.takeSecret();
  await expect(endpoints.list.getByRole('option', { name: 'Made meanwhile' })).toBeVisible();
});

test('new deliveries wait in a pill while the pointer is on the list, so that no row moves under it', async ({
  page,
  hookyard: { api },
}) => {
  const deliveries = new DeliveriesPage(page);
  const id = (await api.endpoints.list({})).items[0]?.id ?? '';
  await sendSample(api, id, 'booking.confirmed');
  await new FramePage(page).open('Deliveries');
  await expect(deliveries.rows).toHaveCount(1);
  await deliveries.rows.first().hover();
  const before = await deliveries.rows.first().boundingBox();
  await sendSample(api, id, 'refund.issued');
  await sendSample(api, id, 'parcel.dispatched');
  await expect(deliveries.newPill).toHaveText('2 new');
  await expect(deliveries.rows).toHaveCount(1);
  await expect(deliveries.rows.first()).toContainText('booking.confirmed');
  expect(await deliveries.rows.first().boundingBox()).toEqual(before);
  await deliveries.newPill.click();
  await expect(deliveries.rows).toHaveCount(3);
  await expect(deliveries.rows.first()).toContainText('parcel.dispatched');
});

test('a log of ten thousand deliveries draws only the rows in sight', async ({ page, hookyard: { api } }) => {
  test.slow();
  await seedDeliveries(api, 10_000);
  const deliveries = new DeliveriesPage(page);
  await new FramePage(page).open('Deliveries');
  await expect(deliveries.area.getByText('10,000', { exact: true }).first()).toBeVisible();
  const mostRows = 80;
  expect(await deliveries.rows.count()).toBeLessThan(mostRows);
  await deliveries.list.focus();
  await page.keyboard.press('Home');
  await expect(deliveries.rows.first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Escape');
  for (let loaded = 1; loaded <= 5; loaded += 1) {
    await page.keyboard.press('End');
    await expect(deliveries.list.locator(`[aria-posinset="${loaded * 100}"]`)).toHaveAttribute('aria-selected', 'true');
    // The next page has come when the row after the last one is there.
    await expect(deliveries.list.locator(`[aria-posinset="${loaded * 100 + 1}"]`)).toBeAttached();
    expect(await deliveries.rows.count()).toBeLessThan(mostRows);
  }
});
