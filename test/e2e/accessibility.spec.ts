import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { atRest, emptyViews, filledViews, showView, type View } from './pages/all-areas.ts';
import { ComposePage } from './pages/compose-page.ts';
import { EndpointsPage } from './pages/endpoints-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { emptyWorkspace, fillWorkspace } from './support/fill-workspace.ts';
import { expect, test } from './support/hookyard.ts';
import type { Api } from './support/shell.ts';

const themes = ['light', 'dark'] as const;

/** What axe finds serious or critical, one line for each rule and element; by all its rules, or by those that colours can break. */
async function violations(page: Page, rules: 'all' | 'colours' = 'all'): Promise<readonly string[]> {
  // In the page itself: the usual way opens a second page to gather results in, which a desktop app does not allow.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
  const { violations: found } = await (rules === 'all' ? axe : axe.withRules(['color-contrast', 'link-in-text-block'])).analyze();
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary?.replaceAll(/\s+/g, ' ') ?? ''}`),
    );
}

/** Looks at what stands in the window in both themes; only colours differ between them. */
async function expectNoViolation(page: Page, api: Api, name: string): Promise<void> {
  for (const theme of themes) {
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: theme });
    await api.system.updateSettings({ theme });
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', theme);
    await atRest(page);
    expect.soft(await violations(page, theme === 'light' ? 'all' : 'colours'), `${name}, ${theme}`).toEqual([]);
  }
}

async function expectNoViolationIn(page: Page, api: Api, views: readonly View[]): Promise<void> {
  for (const view of views) {
    await test.step(view.name, async () => {
      await showView(page, view);
      await expectNoViolation(page, api, view.name);
    });
  }
}

for (const look of ['light', 'dark and small', 'forced colours'] as const) {
  test(`axe finds nothing serious with dialogs open and errors shown, ${look}`, async ({ page, hookyard: { api } }) => {
    test.slow();
    const theme = look === 'dark and small' ? 'dark' : 'light';
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: theme, forcedColors: look === 'forced colours' ? 'active' : 'none' });
    if (look === 'dark and small') await page.setViewportSize({ width: 640, height: 400 });
    await api.system.updateSettings({ theme });
    const check = async (name: string) => {
      await atRest(page);
      expect.soft(await violations(page, look === 'forced colours' ? 'colours' : 'all'), name).toEqual([]);
    };
    const frame = new FramePage(page);
    const endpoints = new EndpointsPage(page);
    await frame.open('Endpoints');
    await endpoints.startNew('', 'no scheme');
    await endpoints.make();
    await expect(endpoints.name).toBeFocused();
    await check('errors of a form');
    await endpoints.name.fill('Shop');
    await endpoints.url.fill('https://127.0.0.1:9/');
    await endpoints.make();
    await expect(endpoints.secretDialog).toBeVisible();
    await check('a secret shown once');
    await endpoints.takeSecret();
    await endpoints.detail.getByRole('button', { name: 'Rotate secret' }).click();
    await expect(page.getByRole('dialog', { name: /^Rotate/ })).toBeVisible();
    await check('a dialog with a form');
    await page.keyboard.press('Escape');
    await endpoints.deleteButton.click();
    await expect(endpoints.deleteDialog).toBeVisible();
    await check('a question');
    await page.keyboard.press('Escape');
    await expect(endpoints.deleteDialog).toBeHidden();
    const compose = new ComposePage(page);
    await frame.open('Compose');
    await compose.replaceText(compose.dataEditor, '{"broken": }');
    await expect(compose.problem).toBeVisible();
    await check('data that is not JSON');
    await compose.chooseEndpoint('Any URL, without an endpoint');
    await compose.url.fill('no scheme');
    await expect(compose.url).toHaveAttribute('aria-invalid', 'true');
    await check('a wrong URL');
    await frame.open('Verify');
    await page.getByRole('button', { name: /^Check/ }).click();
    await expect(page.getByRole('main').getByRole('alert')).toBeVisible();
    await check('Check with nothing to check');
    if (look !== 'forced colours') return;
    await frame.open('Endpoints');
    const selected = endpoints.list.getByRole('option', { selected: true });
    await expect(selected).toHaveCSS('outline-style', 'solid');
  });
}

test.describe('in the light and the dark theme', () => {
  test.beforeEach(() => test.slow());

  test('axe finds nothing serious in the empty areas', async ({ page, hookyard: { api } }) => {
    await emptyWorkspace(api);
    await page.reload();
    await expectNoViolationIn(page, api, emptyViews);
  });

  test('axe finds nothing serious in the areas at work', async ({ page, hookyard: { api, captureUrl } }) => {
    await expectNoViolationIn(page, api, filledViews(await fillWorkspace(api, captureUrl)));
  });

  test('axe finds nothing serious in a result, the palette, the sheet of keys and the time scale', async ({ page, hookyard: { api } }) => {
    const frame = new FramePage(page);
    const compose = new ComposePage(page);
    await frame.open('Compose');
    await compose.send();
    await expect(compose.resultLine('Same bytes as sent')).toBeVisible();
    await expectNoViolation(page, api, 'result');
    await frame.openPalette();
    await expectNoViolation(page, api, 'palette');
    await page.keyboard.press('Escape');
    await frame.rail.getByRole('link', { name: 'Compose' }).focus();
    await page.keyboard.press('?');
    await expect(frame.keySheet).toBeVisible();
    await expectNoViolation(page, api, 'keys');
    await page.keyboard.press('Escape');
    await frame.timeScaleChip.click();
    await expect(frame.timeScales).toBeVisible();
    await expectNoViolation(page, api, 'time scale');
  });
});
