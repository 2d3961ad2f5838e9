import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as playwright from '@playwright/test';
import type { Page } from '@playwright/test';
import { atRest, emptyViews, filledViews, showView, startFresh, type View } from '../test/e2e/pages/all-areas.ts';
import { ComposePage } from '../test/e2e/pages/compose-page.ts';
import { DeliveriesPage } from '../test/e2e/pages/deliveries-page.ts';
import { EndpointsPage } from '../test/e2e/pages/endpoints-page.ts';
import { FramePage } from '../test/e2e/pages/frame-page.ts';
import { TestsPage } from '../test/e2e/pages/tests-page.ts';
import { VerifyPage } from '../test/e2e/pages/verify-page.ts';
import { createBrowserShell } from '../test/e2e/support/browser-shell.ts';
import { emptyWorkspace, fillWorkspace, type FilledWorkspace } from '../test/e2e/support/fill-workspace.ts';
import { makePageFolder } from '../test/e2e/support/page-folder.ts';
import type { Hookyard } from '../test/e2e/support/shell.ts';
import { buildIfStale, root } from './build.ts';
import { ensureChromium } from './chromium.ts';

const themes = ['light', 'dark'] as const;
type Theme = (typeof themes)[number];

const sizes = [
  { width: 1280, height: 800 },
  { width: 1024, height: 700 },
] as const;

/** A picture: how to bring the window into the state it shows. */
interface Picture {
  readonly name: string;
  readonly show: (hookyard: Hookyard) => Promise<void>;
}

/** The pictures of README and guide: the file each becomes, and its theme. */
const docsPictures: readonly (readonly [file: string, picture: string, theme: Theme])[] = [
  ['compose-light', 'compose-sent', 'light'],
  ['compose-dark', 'compose-sent', 'dark'],
  ['endpoints-light', 'endpoint', 'light'],
  ['deliveries-dark', 'delivery-exhausted', 'dark'],
  ['deliveries-light', 'delivery-waiting', 'light'],
  ['retries-light', 'policy', 'light'],
  ['what-if-light', 'what-if', 'light'],
  ['captures-light', 'capture-own', 'light'],
  ['verify-light', 'verify-invalid', 'light'],
  ['tests-light', 'tests', 'light'],
];

function ofView(view: View): Picture {
  return { name: view.name, show: ({ page }) => showView(page, view) };
}

function filledPictures(filled: FilledWorkspace): readonly Picture[] {
  return [
    ...filledViews(filled).map(ofView),
    { name: 'compose-sent', show: ({ page }) => showResult(page) },
    { name: 'compose-template-error', show: showTemplateError },
    { name: 'delivery-request', show: ({ page }) => showAttemptTab(page, filled.deliveredId, 'Request') },
    { name: 'delivery-timing', show: ({ page }) => showAttemptTab(page, filled.waitingId, 'Timing') },
    { name: 'delivery-signature', show: ({ page }) => showAttemptTab(page, filled.deliveredId, 'Signature') },
    { name: 'capture-hex', show: ({ page }) => showHex(page, filled.binaryCaptureId) },
    { name: 'verify-valid', show: ({ page }) => showValid(page, filled) },
    { name: 'endpoint-errors', show: ({ page }) => showFieldErrors(page) },
    { name: 'tests', show: showTests },
    // It is about rules, so it looks the same in an empty workspace.
    ...emptyViews.filter(({ name }) => name === 'what-if').map(ofView),
    { name: 'palette', show: ({ page }) => showPalette(page) },
    { name: 'keys', show: ({ page }) => showKeys(page) },
    { name: 'time-scale', show: ({ page }) => showTimeScale(page) },
  ];
}

async function showResult(page: Page): Promise<void> {
  const compose = await composeToSample(page);
  await compose.send();
  await compose.resultLine('Same bytes as sent').waitFor();
  await atRest(page);
}

async function composeToSample(page: Page): Promise<ComposePage> {
  await showView(page, { name: 'compose', hash: '#/compose', area: 'Compose', shows: 'tinted headers' });
  const compose = new ComposePage(page);
  await compose.chooseEndpoint('Sample endpoint');
  await page.getByRole('main').getByText('/sample-bin').first().waitFor();
  return compose;
}

async function showTemplateError({ page, writeClipboard }: Hookyard): Promise<void> {
  const compose = await composeToSample(page);
  await compose.showTab('Template');
  await writeClipboard('{\n  "type": {{ type | json }},\n  "total": {{ data.totl | json }}\n}\n');
  await compose.pasteOver(compose.templateEditor);
  await compose.problem.waitFor();
  await atRest(page);
}

async function showAttemptTab(page: Page, id: string, tab: 'Request' | 'Timing' | 'Signature'): Promise<void> {
  await showView(page, { name: tab, hash: `#/deliveries/${id}`, area: 'Deliveries', shows: 'Edit and resend' });
  await new DeliveriesPage(page).showTab(tab);
  await atRest(page);
}

async function showHex(page: Page, id: string): Promise<void> {
  await showView(page, { name: 'hex', hash: `#/captures/${id}`, area: 'Captures', shows: 'application/octet-stream' });
  await page.getByRole('tab', { name: 'Hex' }).click();
  await atRest(page);
}

async function showValid(page: Page, { signed }: FilledWorkspace): Promise<void> {
  const verify = new VerifyPage(page);
  await new FramePage(page).open('Verify');
  await verify.headers.fill(
    Object.entries(signed.headers)
      .map((header) => header.join(': '))
      .join('\n'),
  );
  await verify.body.fill(signed.body);
  await verify.secret.fill(signed.secret);
  await verify.check('Signature').filter({ hasText: 'passed' }).waitFor();
  await page.getByRole('heading', { level: 1 }).click();
  await atRest(page);
}

async function showFieldErrors(page: Page): Promise<void> {
  const endpoints = new EndpointsPage(page);
  await new FramePage(page).open('Endpoints');
  await endpoints.startNew('Billing service', 'localhost:3000/webhooks');
  await endpoints.make();
  await endpoints.detail.locator('[aria-invalid="true"]').first().waitFor();
  await atRest(page);
}

async function showTests({ page, api }: Hookyard): Promise<void> {
  const { items } = await api.bins.list({});
  const to = items.find(({ slug }) => slug === 'sample-bin')?.url ?? '';
  const tests = new TestsPage(page);
  await makePageFolder(page, {
    'hookyard.yaml': `hookyard: 1
runs:
  a booking is paid:
    description: The booking is confirmed once, also when its event comes twice
    to: ${to}
    steps:
      - { event: booking.made, data: { id: bkg_1042 }, expect: { status: 2xx } }
      - { event: booking.paid, data: { id: bkg_1042 }, expect: { status: 2xx } }
      - { name: booking.paid once more, again: 2, afterMs: 2000, expect: { status: 2xx } }
    speed: 10
  a paid booking is cancelled:
    to: ${to}
    steps:
      - { event: booking.cancelled, data: { id: bkg_1042 }, expect: { status: 2xx } }
      - { event: refund.issued, data: { id: bkg_1042, amount: 39 }, expect: { status: 202, answer: { json: { $.refunded: 39 } } } }
  a booking nobody knows: { to: "${to}", steps: [{ event: booking.paid, data: { id: bkg_0 }, expect: { status: 2xx } }] }
`,
  });
  await new FramePage(page).open('Tests');
  await tests.button('Choose a folder').click();
  await tests.rows.nth(1).click();
  await tests.button('Run all').click();
  await tests.area.getByText('3 tests: 2 passed, 1 failed').waitFor();
  await atRest(page);
}

async function showPalette(page: Page): Promise<void> {
  const frame = new FramePage(page);
  await frame.open('Deliveries');
  await frame.openPalette();
  await frame.paletteInput.fill('de');
  await atRest(page);
}

async function showKeys(page: Page): Promise<void> {
  const frame = new FramePage(page);
  await frame.open('Compose');
  await frame.rail.getByRole('link', { name: 'Compose' }).focus();
  await page.keyboard.press('?');
  await frame.keySheet.waitFor();
  await atRest(page);
}

async function showTimeScale(page: Page): Promise<void> {
  const frame = new FramePage(page);
  await frame.open('Deliveries');
  await frame.timeScaleChip.click();
  await frame.timeScales.waitFor();
  await atRest(page);
}

/** Takes a picture with the pointer away and all motion finished. */
async function shoot(page: Page, path: string): Promise<void> {
  await page.mouse.move(0, 0);
  await atRest(page);
  await page.screenshot({ path, animations: 'disabled' });
}

/** Takes pictures in both themes and all sizes into `folder`; a picture that fails is reported and the rest go on. */
async function take(hookyard: Hookyard, pictures: readonly Picture[], folder: string, prefix: string): Promise<readonly string[]> {
  const { page, api } = hookyard;
  const failed: string[] = [];
  for (const theme of themes) {
    await api.system.updateSettings({ theme });
    for (const size of sizes) {
      await page.setViewportSize(size);
      for (const picture of pictures)
        failed.push(...(await takeOne(hookyard, picture, join(folder, `${prefix}${picture.name}-${theme}-${size.width}.png`))));
    }
  }
  return failed;
}

/** Takes the pictures of README and guide into `folder`; one that fails is reported and the rest go on. */
async function takeDocs(hookyard: Hookyard, pictures: readonly Picture[], folder: string): Promise<readonly string[]> {
  const { page, api } = hookyard;
  const failed: string[] = [];
  await page.setViewportSize(sizes[0]);
  for (const [file, name, theme] of docsPictures) {
    const picture = pictures.find((candidate) => candidate.name === name);
    if (picture === undefined) throw new Error(`There is no picture named ${name}.`);
    await api.system.updateSettings({ theme });
    failed.push(...(await takeOne(hookyard, picture, join(folder, `${file}.png`))));
  }
  return failed;
}

/** Takes one picture from a fresh page, so that none depends on those before it; returns what failed. */
async function takeOne(hookyard: Hookyard, { show }: Picture, path: string): Promise<readonly string[]> {
  try {
    await startFresh(hookyard.page);
    await show(hookyard);
    await shoot(hookyard.page, path);
    process.stdout.write(`${basename(path)}\n`);
    return [];
  } catch (error) {
    return [`${basename(path)}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { docs: { type: 'boolean', default: false } } });
const folder = resolve(root, positionals[0] ?? (values.docs ? 'docs/guide/images' : 'test-results/screenshots'));
const chromium = ensureChromium();
if ('why' in chromium) throw new Error(chromium.why);
process.env['HOOKYARD_CHROMIUM'] = chromium.path;
if (!buildIfStale()) process.exit(1);
mkdirSync(folder, { recursive: true });

const shell = await createBrowserShell(playwright);
const failed = await inWorkspace(async (hookyard) => {
  const pictures = filledPictures(await fillWorkspace(hookyard.api, hookyard.captureUrl));
  return values.docs ? takeDocs(hookyard, pictures, folder) : take(hookyard, pictures, folder, '');
});
const failedEmpty = await inWorkspace(async (hookyard) => {
  if (values.docs) return [];
  await emptyWorkspace(hookyard.api);
  return take(hookyard, emptyViews.map(ofView), folder, 'empty-');
});
await shell.close();
for (const sentence of [...failed, ...failedEmpty]) process.stderr.write(`Not taken: ${sentence}\n`);
process.exitCode = failed.length + failedEmpty.length === 0 ? 0 : 1;

/** Runs with a Hookyard of its own, in a folder whose name may be seen. */
async function inWorkspace<Result>(run: (hookyard: Hookyard) => Promise<Result>): Promise<Result> {
  const parent = mkdtempSync(join(tmpdir(), 'hookyard-pictures-'));
  const { hookyard, close } = await shell.launch({ dataDir: join(parent, 'Bicycle shop'), startAt: '#/compose', arguments: [] });
  try {
    await hookyard.page.emulateMedia({ reducedMotion: 'reduce' });
    hookyard.page.setDefaultTimeout(10_000);
    return await run(hookyard);
  } finally {
    await close();
    rmSync(parent, { recursive: true, force: true });
  }
}
