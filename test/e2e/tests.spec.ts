import { readFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { FramePage } from './pages/frame-page.ts';
import { TestsPage } from './pages/tests-page.ts';
import { expect, test } from './support/hookyard.ts';
import { projectFolder } from './support/project-folder.ts';

async function violationsOf(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** A report as it is saved. */
async function reportOf(page: Page, save: Locator): Promise<{ readonly name: string; readonly text: string }> {
  const saved = page.waitForEvent('download');
  await save.click();
  const download = await saved;
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}

test('the tests of a project are run in the window, one by one and all together', async ({ page, hookyard: { api } }) => {
  const bin = await api.bins.create({ name: 'Shop', slug: 'shop', response: { status: 202, body: '{"ok":true}' } });
  const folder = await projectFolder({
    'hookyard.yaml': `hookyard: 1
runs:
  checkout:
    description: An order is made and paid
    to: ${bin.url}
    steps:
      - { event: order.made, data: { id: 1 }, expect: { status: 202 } }
      - { name: the same once more, again: 1, expect: { status: 202 } }
  refund:
    to: ${bin.url}
    signing: { scheme: github-sha256 }
    secret: env:SHOP_SECRET
    steps: [{ event: order.refunded, bodyFile: bodies/refund.json, expect: { status: 200 } }]
`,
    'bodies/refund.json': '{"id":1}',
  });
  const frame = new FramePage(page);
  await frame.openPalette();
  await frame.paletteInput.fill('Tests');
  await page.keyboard.press('Enter');
  const { area, rows, steps, folderInput } = new TestsPage(page);
  await expect(area.getByText('A project keeps its tests in hookyard.yaml')).toBeVisible();
  await folderInput.setInputFiles(folder);
  await expect(rows).toHaveText([/checkout.*An order is made and paid/, /refund.*1 step to/]);

  await rows.first().click();
  await expect(steps).toHaveText([/order\.made.*status 202/, /the same once more.*status 202/]);
  await area.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(area.getByText('Both expectations were met.')).toBeVisible();
  await expect(steps).toHaveText([/met.*order\.made.*Answered 202/, /met.*the same once more.*Answered 202/]);
  await expect(rows.first()).toContainText('passed');
  expect(await violationsOf(page)).toEqual([]);

  // All of them: what one of them needs is asked for first, with where it goes.
  await page.keyboard.press('Escape');
  await area.getByRole('button', { name: 'Run all' }).click();
  const dialog = page.getByRole('dialog', { name: 'Run all tests' });
  await expect(dialog.getByText('goes to 127.0.0.1:').first()).toBeVisible();
  await expect(dialog.getByLabel('Value of env:SHOP_SECRET')).toBeFocused();
  await dialog.getByLabel('Value of env:SHOP_SECRET').fill('of the shop');
  expect(await violationsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Run 2 tests' }).click();
  await expect(rows).toHaveText([/passed/, /1 of 1 not met/]);
  await expect(area.getByText('2 tests: 1 passed, 1 failed')).toBeVisible();
  await expect(page.locator('#announcements')).toHaveText('2 tests: 1 passed, 1 failed');
  const all = await reportOf(page, area.getByRole('button', { name: 'Save as JUnit' }));
  expect(all.name).toBe('hookyard-runs.xml');
  expect(all.text).toContain('<testsuite name="hookyard run checkout" tests="2" failures="0"');
  expect(all.text).toContain('<testsuite name="hookyard run refund" tests="1" failures="1"');
  await rows.nth(1).click();
  const one = await reportOf(page, area.getByRole('region', { name: 'Detail' }).getByRole('button', { name: 'Save as JUnit' }));
  expect(one.name).toBe('hookyard-run-refund.xml');
  expect(one.text).toContain('<failure message="Expected status 200. It is 202.">');
  expect(one.text).not.toContain('checkout');
  await expect(steps.first()).toContainText('Expected status 200. It is 202.');
  await expect(steps.first()).toContainText('{"ok":true}');
  await expect(steps.first().getByRole('link', { name: 'Open the delivery' })).toBeVisible();

  // What was chosen, and what came out, is still there after another area.
  await frame.open('Captures');
  await page.goBack();
  await expect(area.getByText('The one expectation was not met.')).toBeVisible();
  await area.getByRole('link', { name: 'Its deliveries' }).click();
  await expect(page.getByRole('listbox', { name: 'Deliveries' }).getByRole('option')).toHaveCount(1);
});

test('a test that waits is stopped, and a file that is no project says where it is wrong', async ({ page, hookyard: { api } }) => {
  const bin = await api.bins.create({ name: 'Slow', slug: 'slow', response: { delayMs: 60_000 } });
  const folder = await projectFolder({
    'hookyard.yaml': `hookyard: 1\nruns:\n  waits: { to: "${bin.url}", steps: [{ event: a.b, expect: { withinMs: 60000 } }] }\n`,
  });
  await page.evaluate(() => (location.hash = '#/tests/waits'));
  const { area, steps, folderInput } = new TestsPage(page);
  await folderInput.setInputFiles(folder);
  await expect(area.getByRole('heading', { name: 'waits' })).toBeVisible();
  await page.keyboard.press('r');
  await expect(area.getByText(/attempt 1 not ended after \d+ s/)).toBeVisible();
  await page.keyboard.press('s');
  await expect(area.getByText('Stopped after 0 of 1 steps;')).toBeVisible();
  await expect(steps).toHaveText([/stopped.*a\.b/]);
  await expect.poll(async () => (await api.deliveries.list({})).items[0]?.status).toBe('cancelled');

  await folderInput.setInputFiles(
    await projectFolder({ 'hookyard.yaml': 'hookyard: 1\nruns:\n  waits: { stepz: [] }\n', 'README.md': '' }),
  );
  await expect(area.getByRole('alert')).toContainText('hookyard.yaml:3:');
  await expect(area.getByText('The tests below are those that were read before.')).toBeVisible();
  await expect(area.getByRole('listbox', { name: 'Tests' })).toBeVisible();
});

test('a secret of the workspace goes nowhere before somebody agrees, and a host that ends is told', async ({ page, hookyard }) => {
  const { api, host } = hookyard;
  if (host === null) return test.skip(true, 'The desktop app ends with its window.');
  await api.environments.create({ name: 'dev', variables: [{ name: 'token', value: 'of-the-workspace', isSecret: true }] });
  const bin = await api.bins.create({ name: 'Slow', slug: 'slow', response: { delayMs: 60_000 } });
  const folder = await projectFolder({
    'hookyard.yaml': `hookyard: 1\nruns:\n  theirs: { to: "${bin.url}", signing: { scheme: gitlab-token }, secret: "vault:dev/token", steps: [{ event: a.b, expect: { withinMs: 60000 } }] }\n`,
    'README.md': '',
  });
  const frame = new FramePage(page);
  await frame.pressPair('g', 'r');
  const { area, folderInput } = new TestsPage(page);
  await folderInput.setInputFiles(folder);
  await area.getByRole('option', { name: /theirs/ }).click();
  const agree = area.getByRole('checkbox', { name: /^Let vault:dev\/token go to 127\.0\.0\.1:/ });
  await expect(agree).not.toBeChecked();
  await page.keyboard.press('r');
  await expect(area.getByRole('alert')).toContainText('agree to that above, and run the test again.');
  await expect(agree).toBeFocused();
  expect((await api.captures.list({ binId: bin.id })).items).toEqual([]);
  await agree.check();
  await expect(area.getByRole('alert')).toBeHidden();
  await page.keyboard.press('Enter');
  await expect(area.getByText(/attempt 1 not ended after/)).toBeVisible();
  await host.kill();
  await expect(area.getByText('0 of 1 steps are known to be decided.')).toBeVisible();
  await expect(area.getByRole('alert')).toContainText('The connection to Hookyard was lost before it answered.');
  await expect(area.getByRole('option', { name: /theirs/ })).toContainText('broke off');
  await host.start();
});
