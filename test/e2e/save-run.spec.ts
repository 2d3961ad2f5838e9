import { readFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { CapturesPage } from './pages/captures-page.ts';
import { DeliveriesPage } from './pages/deliveries-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { TestsPage } from './pages/tests-page.ts';
import { expect, test } from './support/hookyard.ts';
import { makePageFolder } from './support/page-folder.ts';
import type { Api } from './support/shell.ts';

test.use({ startAt: '#/deliveries' });

async function downloaded(page: Page): Promise<{ readonly name: string; readonly text: string }> {
  const downloading = page.waitForEvent('download');
  await page.getByRole('dialog').getByRole('button', { name: 'Download', exact: true }).click();
  const file = await downloading;
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}

/** How the steps of a run end. */
async function outcomes(api: Api, asked: Parameters<Api['runs']['run']>[0]): Promise<readonly string[]> {
  const seen: string[] = [];
  for await (const event of await api.runs.run(asked))
    if (event.kind === 'step') seen.push(`${event.isMet} ${event.title} ${event.status}`);
  return seen;
}

test('deliveries that a filter finds are saved as a test, which passes, and fails once the receiver changes', async ({
  page,
  hookyard: { api },
}) => {
  const bin = await api.bins.create({ name: 'Shop', slug: 'shop', response: { status: 202, body: '{"ok":true}' } });
  const { id } = await api.endpoints.create({ name: 'Shop', url: bin.url, retryPolicy: 'none' });
  for (const type of ['order.made', 'order.paid']) await api.messages.send({ type, data: { type }, endpointIds: [id] });
  await expect.poll(async () => (await api.deliveries.stats({ endpointId: id })).byStatus.delivered).toBe(2);
  const deliveries = new DeliveriesPage(page);
  await deliveries.filter.fill('event:order.*');
  await deliveries.filter.fill('endpoint:Shop');
  await expect(deliveries.rows).toHaveCount(2);
  // Its button has its words, and in a smaller window a tooltip with the key.
  const button = page.getByRole('button', { name: 'Save as test…' });
  await expect(button).toHaveText('Save as test…');
  const size = page.viewportSize() ?? { width: 1280, height: 800 };
  await page.setViewportSize({ width: 1024, height: 700 });
  await expect(button).toHaveText('');
  await button.hover();
  await expect(page.getByRole('tooltip', { name: 'Save what matches as a test (s)' })).toBeVisible();
  await page.setViewportSize(size);
  await expect(button).toHaveText('Save as test…');
  // The first Escape closes what the filter offers, the next one leaves it to the list.
  await deliveries.filter.fill('endpoint:Shop ');
  await expect(page.getByRole('option', { name: 'endpoint:Shop status:' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('option', { name: 'endpoint:Shop status:' })).toBeHidden();
  await expect(deliveries.filter).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('listbox', { name: 'Deliveries' })).toBeFocused();
  await page.keyboard.press('/');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('listbox', { name: 'Deliveries' })).toBeFocused();
  await page.keyboard.press('s');

  const dialog = page.getByRole('dialog', { name: 'Save as test' });
  const steps = dialog.getByRole('list', { name: 'Steps' }).getByRole('listitem');
  await expect(steps).toHaveText([/order\.made.*status 202/, /order\.paid.*status 202/]);
  await expect(dialog.getByRole('img', { name: /^2 steps over/ })).toBeVisible();
  await expect(dialog.getByText('Time since the first step')).toBeVisible();
  await dialog.getByLabel('Name').fill('-');
  await expect(dialog.getByText('Begin the name of a run with a letter')).toBeVisible();
  await dialog.getByLabel('Name').fill('checkout');
  await dialog.getByLabel('The values of a JSON answer').check();
  await expect(steps.first()).toContainText('answer $.ok is true');
  await expect(dialog.getByRole('region', { name: 'Text of checkout.yaml' })).toContainText('to: Shop');
  await expect(dialog.getByText('hookyard run save checkout --deliveries dlv_')).toBeInViewport({ ratio: 1 });
  await expect(dialog.getByRole('button', { name: 'Download', exact: true })).toBeInViewport({ ratio: 1 });
  await expect(dialog.getByText('hookyard run checkout', { exact: true })).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Copy the command that runs it' })).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).include('[role="dialog"]').analyze();
  expect(violations.map(({ id: rule, nodes }) => `${rule}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);

  const { name, text } = await downloaded(page);
  expect(name).toBe('checkout.yaml');
  const asked = { text, name: 'checkout', gaps: false };
  expect(await outcomes(api, asked)).toEqual(['true order.made 202', 'true order.paid 202']);
  await api.bins.update({ id: bin.id, response: { status: 500 } });
  expect(await outcomes(api, asked)).toEqual(['false order.made 500', 'false order.paid 500']);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  // Its deliveries are in the log like any other.
  await expect.poll(async () => (await api.deliveries.list({ q: 'run_checkout' })).items.length).toBe(4);

  // Tests opens the folder that it was downloaded to.
  await api.bins.update({ id: bin.id, response: { status: 202, body: '{"ok":true}' } });
  await makePageFolder(page, { 'readme.md': '# Other things', 'compose.yaml': 'services: {}', [name]: text });
  await new FramePage(page).open('Tests');
  const tests = new TestsPage(page);
  await tests.button('Choose a folder').click();
  await expect(tests.rows).toHaveText([/checkout.*2 steps to Shop/]);
  await page.keyboard.press('a');
  await expect(tests.rows).toHaveText([/passed/]);
});

test('captures that are picked become a test of another receiver, without their signatures and credentials', async ({
  page,
  hookyard: { api },
}) => {
  const bin = await api.bins.create({ name: 'Inbound', slug: 'in', signing: { scheme: 'stripe' } });
  const receiver = await api.bins.create({ name: 'Receiver', slug: 'receiver' });
  const headers = { 'content-type': 'application/json', 'stripe-signature': 't=1,v1=00', authorization: 'Bearer private' };
  for (const path of ['/a', '/b']) await fetch(`${bin.url}${path}`, { method: 'POST', headers, body: '{"type":"order.made"}' });
  const captures = new CapturesPage(page);
  await new FramePage(page).open('Captures');
  await captures.bins.getByRole('button', { name: 'Inbound' }).click();
  await captures.captures('Inbound').first().click();
  await expect(captures.detail.getByRole('button', { name: 'Save as' })).toHaveAttribute('title', 's');
  await page.keyboard.press('x');
  await page.getByRole('toolbar', { name: 'Picked captures' }).getByRole('button', { name: 'All shown' }).click();
  // Keys act on what is picked, although one of them is open, and the buttons say so.
  await expect(captures.detail.getByRole('button', { name: 'Save as' })).not.toHaveAttribute('title');
  await page.keyboard.press('r');
  const replay = page.getByRole('dialog', { name: 'Replay 2 captures' });
  await expect(replay).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(replay).toBeHidden();
  await page.keyboard.press('s');
  const dialog = page.getByRole('dialog', { name: 'Save as test' });
  await dialog.getByLabel('Send to').fill(receiver.url);
  const code = dialog.getByRole('region', { name: 'Text of in.yaml' });
  await expect(code).toContainText(`to: ${receiver.url}`);
  await expect(dialog.getByRole('list', { name: 'What to know about this test' })).toContainText('env:WEBHOOK_SECRET');
  const { text } = await downloaded(page);
  expect(text).not.toMatch(/stripe-signature|private/i);
  expect(await outcomes(api, { text, name: 'in', secrets: { 'env:WEBHOOK_SECRET': 'whsec_of_the_receiver' } })).toEqual([
    'true order.made 200',
    'true order.made 200',
  ]);
});
