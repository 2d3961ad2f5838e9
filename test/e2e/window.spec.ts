import { expect, test } from './support/hookyard.ts';

test.use({ startAt: '#/compose' });

const areas = ['Compose', 'Endpoints', 'Deliveries', 'Captures', 'Verify', 'Tests', 'Events', 'Settings'];

test('the app opens with its areas in the rail and a ready engine', async ({ page, hookyard }) => {
  const rail = page.getByRole('navigation', { name: 'Areas' });
  await expect(rail.getByRole('listitem').getByRole('link')).toHaveText(areas);
  await expect(page.getByRole('status', { name: 'Engine: ready' })).toBeVisible();
  expect(await hookyard.api.system.health()).toMatchObject({ dataDir: hookyard.dataDir, captureUrl: hookyard.captureUrl });
});

test('each area opens by its link, which then says that it is the current one', async ({ page }) => {
  const rail = page.getByRole('navigation', { name: 'Areas' });
  for (const area of areas) {
    await rail.getByRole('link', { name: area }).click();
    await expect(rail.getByRole('link', { name: area })).toHaveAttribute('aria-current', 'page');
    await expect(page).toHaveURL(new RegExp(`#/${area.toLowerCase()}`));
  }
});
