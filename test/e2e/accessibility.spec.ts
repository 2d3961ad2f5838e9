import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { emptyViews, filledViews, showView, type View } from './pages/all-areas.ts';
import { ComposePage } from './pages/compose-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { emptyWorkspace, fillWorkspace } from './support/fill-workspace.ts';
import { expect, test } from './support/hookyard.ts';

const themes = ['light', 'dark'] as const;

/** What axe finds serious or critical, one line for each rule and element. */
async function violations(page: Page): Promise<readonly string[]> {
  // In the page itself: the usual way opens a second page to gather results in, which a desktop app does not allow.
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary?.replaceAll(/\s+/g, ' ') ?? ''}`),
    );
}

async function expectNoViolation(page: Page, views: readonly View[]): Promise<void> {
  for (const view of views) {
    await test.step(view.name, async () => {
      await showView(page, view);
      expect.soft(await violations(page), view.name).toEqual([]);
    });
  }
}

for (const theme of themes) {
  test.describe(`in the ${theme} theme`, () => {
    test.beforeEach(async ({ page, hookyard: { api } }) => {
      test.slow();
      await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: theme });
      await api.system.updateSettings({ theme });
      await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', theme);
    });

    test('axe finds nothing serious in the empty areas', async ({ page, hookyard: { api } }) => {
      await emptyWorkspace(api);
      await page.reload();
      await expectNoViolation(page, emptyViews);
    });

    test('axe finds nothing serious in the areas at work', async ({ page, hookyard: { api, captureUrl } }) => {
      await expectNoViolation(page, filledViews(await fillWorkspace(api, captureUrl)));
    });

    test('axe finds nothing serious in a result, the palette, the sheet of keys and the time scale', async ({ page }) => {
      const frame = new FramePage(page);
      const compose = new ComposePage(page);
      await compose.send();
      await expect(compose.resultLine('Same bytes as sent')).toBeVisible();
      expect.soft(await violations(page), 'result').toEqual([]);
      await frame.openPalette();
      expect.soft(await violations(page), 'palette').toEqual([]);
      await page.keyboard.press('Escape');
      await frame.rail.getByRole('link', { name: 'Compose' }).focus();
      await page.keyboard.press('?');
      await expect(frame.keySheet).toBeVisible();
      expect.soft(await violations(page), 'keys').toEqual([]);
      await page.keyboard.press('Escape');
      await frame.timeScaleChip.click();
      await expect(frame.timeScaleSlider).toBeVisible();
      expect.soft(await violations(page), 'time scale').toEqual([]);
    });
  });
}
