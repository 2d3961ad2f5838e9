import type { Page } from '@playwright/test';
import { atRest, filledViews, emptyViews, showView, startFresh, type View } from './pages/all-areas.ts';
import { ComposePage } from './pages/compose-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { TestsPage } from './pages/tests-page.ts';
import { clippedTexts } from './support/clipped-texts.ts';
import { emptyWorkspace, fillWorkspace } from './support/fill-workspace.ts';
import { expect, test } from './support/hookyard.ts';
import { makePageFolder } from './support/page-folder.ts';

test.use({ startAt: '#/compose' });

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

/** Looks at what stands in the window in each size; one window for all, as a user drags it. */
async function expectFitsInEachSize(page: Page, name: string, show: () => Promise<void> = () => Promise.resolve()): Promise<void> {
  for (const size of sizes) {
    await test.step(`${name} at ${size.width}x${size.height}`, async () => {
      await page.setViewportSize(size);
      await show();
      await drawnAnew(page);
      await expectNothingClipped(page, `${name} at ${size.width}x${size.height}`);
    });
  }
}

/** Waits until what a new size changes has been laid out, and then drawn. */
async function drawnAnew(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => void requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await atRest(page);
}

async function expectViewsFit(page: Page, views: readonly View[]): Promise<void> {
  for (const view of views) await expectFitsInEachSize(page, view.name, () => showView(page, view));
}

test('the search for cut texts finds one that is cut', async ({ page }) => {
  const title = page.getByRole('heading', { level: 1, name: 'Compose' });
  await title.evaluate((element) =>
    element.setAttribute('style', 'flex: none; width: 30px; min-width: 0; overflow: hidden; text-overflow: ellipsis'),
  );
  expect(await page.evaluate(clippedTexts)).toEqual([expect.stringMatching(/^"Compose" is cut by h1/)]);
});

test('rows go to the edge of their list, and end where their heads and the bar above do', async ({ page, hookyard: { api } }) => {
  await api.endpoints.create({ name: 'Shop', url: 'http://127.0.0.1:9/' });
  await new FramePage(page).open('Endpoints');
  const row = page.getByRole('option').filter({ hasText: 'Shop' });
  await expect(row).toBeVisible();
  const rights = await row.evaluate((element) => {
    const rightOf = (shape: Element | null | undefined) => shape?.getBoundingClientRect().right;
    const cells = element.firstElementChild?.lastElementChild;
    const head = element.closest('[role=listbox]')?.previousElementSibling;
    return {
      main: rightOf(document.querySelector('main')),
      row: rightOf(element),
      cell: rightOf(cells),
      head: rightOf(head?.firstElementChild?.lastElementChild),
      button: rightOf([...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'New endpoint')),
    };
  });
  expect(rights).toEqual({
    main: rights.row,
    row: expect.any(Number),
    cell: rights.button,
    head: rights.button,
    button: expect.any(Number),
  });
});

test.describe('at 640x400, 1024x700 and 1280x800', () => {
  test.beforeEach(async ({ page }) => await page.emulateMedia({ reducedMotion: 'reduce' }));

  test('no text is cut in the areas at work, as lists and with one thing open', async ({ page, hookyard: { api, captureUrl } }) => {
    test.slow();
    await expectViewsFit(page, filledViews(await fillWorkspace(api, captureUrl)));
  });

  test('no text is cut in the empty areas', async ({ page, hookyard: { api } }) => {
    await emptyWorkspace(api);
    await startFresh(page);
    await expectViewsFit(page, emptyViews);
  });

  test('no text is cut in a result, nor while a template is wrong', async ({ page }) => {
    const compose = new ComposePage(page);
    await compose.send();
    await expect(compose.resultLine('Same bytes as sent')).toBeVisible();
    await expectFitsInEachSize(page, 'result');
    await compose.showTab('Template');
    await compose.replaceText(compose.templateEditor, '{{ data.nothing.here }}');
    await expect(compose.problem).toBeVisible();
    await expectFitsInEachSize(page, 'template error');
  });
});

test('no text is cut in the tests of a project, whatever they and their hosts are called', async ({ page, hookyard: { api } }) => {
  test.slow();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const bin = await api.bins.create({ name: 'Shop', slug: 'shop', response: { status: 202, body: '{"ok":true}' } });
  const name = 'the customer pays an invoice twice within a minute and gets it back on both';
  const host = 'webhooks.a-rather-long-name-of-a-host.of-somebody.example.com';
  await makePageFolder(page, {
    'hookyard.yaml': `hookyard: 1
runs:
  fails: { to: "${bin.url}", speed: 1000, steps: [{ event: order.made.of.${'several.'.repeat(8)}parts, expect: { status: 422 } }, { again: 1, afterMs: 60000 }] }
  ${name}:
    description: ${name}, which is what somebody told us on the first of November
    to: https://${host}/hooks/of/the/shop
    signing: { scheme: github-sha256 }
    secret: env:A_RATHER_LONG_NAME_OF_A_VARIABLE_WITH_A_SECRET
    steps: [{ event: order.refunded, bodyFile: bodies/of/the/shop/a-rather-long-name-of-a-body.json, expect: { answer: { json: { $.refund.amount: 10 } } } }]
`,
  });
  const tests = new TestsPage(page);
  await new FramePage(page).open('Tests');
  await tests.button('Choose a folder').click();
  await expect(tests.rows).toHaveCount(2);
  await expectFitsInEachSize(page, 'tests');
  await tests.rows.nth(1).click();
  await expect(tests.area.getByText(`goes to ${host}`).first()).toBeVisible();
  await page.keyboard.press('r');
  await expect(tests.problem).toBeVisible();
  await expectFitsInEachSize(page, 'test that lacks something');
  await page.evaluate(() => (window.location.hash = '#/tests/fails'));
  await page.keyboard.press('r');
  await expect(tests.area.getByText('Expected status 422.')).toBeVisible();
  await expect(tests.button('Run again')).toBeEnabled();
  await expectFitsInEachSize(page, 'test that failed');
});

test('the rail fits a window at 200 %, and keeps its foot and each area in reach in one that is lower still', async ({
  page,
  hookyard: { api },
}) => {
  const { id } = await api.environments.create({ name: 'staging', variables: [] });
  await api.system.updateSettings({ activeEnvironmentId: id, timeScale: 60 });
  const { rail, engine, timeScaleChip } = new FramePage(page);
  await expect(timeScaleChip).toContainText('60x');
  const links = rail.getByRole('link');
  for (const size of [
    { width: 640, height: 400 },
    { width: 512, height: 350 },
  ]) {
    await page.setViewportSize(size);
    for (const part of [links.first(), links.last(), timeScaleChip, engine]) await expect(part).toBeInViewport({ ratio: 1 });
  }
  await page.setViewportSize({ width: 512, height: 240 });
  await expect(engine).toBeInViewport({ ratio: 1 });
  await expect(links.last()).not.toBeInViewport();
  await links.last().focus();
  await expect(links.last()).toBeInViewport({ ratio: 1 });
});
