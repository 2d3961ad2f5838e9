import type { Page } from '@playwright/test';
import { filledViews, emptyViews, showView, type View } from './pages/all-areas.ts';
import { ComposePage } from './pages/compose-page.ts';
import { clippedTexts } from './support/clipped-texts.ts';
import { emptyWorkspace, fillWorkspace } from './support/fill-workspace.ts';
import { expect, test } from './support/hookyard.ts';

const sizes = [
  // As small as a common screen is at 400 %, or 1280x800 at 200 %.
  { width: 640, height: 400 },
  { width: 1024, height: 700 },
  { width: 1280, height: 800 },
] as const;

async function expectNothingClipped(page: Page, name: string): Promise<void> {
  expect.soft(await page.evaluate(clippedTexts), name).toEqual([]);
  const overflow = await page.evaluate(() => {
    const boxes = [document.documentElement, document.querySelector('main')];
    return boxes.map((box) => (box === null ? 0 : box.scrollWidth - box.clientWidth));
  });
  expect.soft(overflow, `${name}: what the page could be scrolled sideways`).toEqual([0, 0]);
}

async function expectViewsFit(page: Page, views: readonly View[]): Promise<void> {
  for (const view of views) {
    await test.step(view.name, async () => {
      await showView(page, view);
      await expectNothingClipped(page, view.name);
    });
  }
}

test('the search for cut texts finds one that is cut', async ({ page }) => {
  const title = page.getByRole('heading', { level: 1, name: 'Compose' });
  await title.evaluate((element) =>
    element.setAttribute('style', 'flex: none; width: 30px; min-width: 0; overflow: hidden; text-overflow: ellipsis'),
  );
  expect(await page.evaluate(clippedTexts)).toEqual([expect.stringMatching(/^"Compose" is cut by h1/)]);
});

for (const size of sizes) {
  test.describe(`at ${size.width}x${size.height}`, () => {
    test.beforeEach(async ({ page }) => {
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await page.setViewportSize(size);
    });

    test('no text is cut in the areas at work, as lists and with one thing open', async ({ page, hookyard: { api, captureUrl } }) => {
      test.slow();
      await expectViewsFit(page, filledViews(await fillWorkspace(api, captureUrl)));
    });

    test('no text is cut in the empty areas', async ({ page, hookyard: { api } }) => {
      await emptyWorkspace(api);
      await page.reload();
      await expectViewsFit(page, emptyViews);
    });

    test('no text is cut in a result', async ({ page }) => {
      const compose = new ComposePage(page);
      await compose.send();
      await expect(compose.resultLine('Same bytes as sent')).toBeVisible();
      await expectNothingClipped(page, 'result');
    });

    test('no text is cut while a template is wrong', async ({ page }) => {
      const compose = new ComposePage(page);
      await compose.showTab('Template');
      await compose.replaceText(compose.templateEditor, '{{ data.nothing.here }}');
      await expect(compose.problem).toBeVisible();
      await expectNothingClipped(page, 'template error');
    });
  });
}
