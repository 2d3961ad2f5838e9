import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

test.use({ hostArguments: ['--no-sample'] });

const fixtures = join(import.meta.dirname, '../fixtures/documents');
const document = (...names: readonly string[]) =>
  `openapi: 3.1.0\ninfo: {title: Shop}\nwebhooks:\n${names.map((name) => `  ${name}: {post: {summary: About ${name}}}\n`).join('')}`;

test('event types are imported from files, chosen one by one, and a newer document shows the difference', async ({
  page,
  hookyard: { api },
}) => {
  await new FramePage(page).open('Events');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const view = page.getByRole('region', { name: 'Import event types' });
  await expect(view.getByRole('button', { name: 'Show what it has' })).toBeDisabled();
  await view
    .locator('input[type=file][multiple]')
    .setInputFiles([join(fixtures, 'adyen-management-v3.json'), join(fixtures, 'line-webhook-3.0.yml')]);
  const added = view.getByRole('region', { name: 'Added' });
  await expect(added.getByRole('checkbox', { name: /^merchant\.created/ })).toBeChecked();
  await expect(view.getByRole('region', { name: 'Left out' })).toContainText('it describes no webhooks');
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)).toEqual([]);
  await added
    .getByRole('checkbox', { name: /^terminal/ })
    .first()
    .uncheck();
  await view.getByRole('button', { name: 'Import 7 event types' }).click();
  await expect(page.getByRole('listbox', { name: 'Event types' }).getByText('merchant.created', { exact: true })).toBeVisible();
  expect((await api.eventTypes.summaries({})).items).toHaveLength(7);

  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await view.getByLabel('Document').fill(document('order.paid', 'order.lost'));
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(view.getByRole('button', { name: 'Import 2 event types' })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(view).toBeHidden();
  await api.eventTypes.update({ name: 'order.paid', description: 'Mine' });
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await view.getByLabel('Document').fill(document('order.paid', 'order.new'));
  await view.getByRole('button', { name: 'Show what it has' }).click();
  await expect(view.getByRole('region', { name: 'Changed' })).toContainText('Written by hand');
  await expect(view.getByRole('checkbox', { name: /^order\.paid/ })).not.toBeChecked();
  await expect(view.getByRole('region', { name: 'Removed' }).getByRole('checkbox', { name: /^order\.lost/ })).toBeChecked();
  await view.getByRole('button', { name: 'Import 2 event types' }).click();
  await expect(page.getByRole('listbox', { name: 'Event types' }).getByText('order.new', { exact: true })).toBeVisible();
  const names = (await api.eventTypes.summaries({ q: 'order' })).items.map(({ name }) => name);
  expect(names).toEqual(['order.new', 'order.paid']);
});

test('what cannot be imported is told where it was given, and stays there', async ({ page }) => {
  await new FramePage(page).open('Events');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const view = page.getByRole('region', { name: 'Import event types' });
  const text = readFileSync(join(fixtures, 'asyncapi-2.5-cli-bundle.yaml'), 'utf8');
  await view.getByLabel('Document').fill(text);
  await view.getByRole('button', { name: 'Show what it has' }).click();
  await expect(view.getByRole('alert')).toContainText('the file messages.yaml is not among those given');
  await expect(view.getByLabel('Document')).toHaveValue(text);
  await page.keyboard.press('Escape');
  await expect(view).toBeHidden();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(view.getByLabel('Document')).toHaveValue(text);
});
