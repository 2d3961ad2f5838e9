import { readFile } from 'node:fs/promises';
import { CapturesPage } from './pages/captures-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

const body = '{"type":"order.made","id":9007199254740993,"total":12.50,"at":"2026-02-28T12:00:00Z"}';

/** Opens the only capture of a bin. */
async function openCapture(page: ConstructorParameters<typeof CapturesPage>[0], bin: string) {
  const captures = new CapturesPage(page);
  await new FramePage(page).open('Captures');
  await captures.bins.getByRole('button', { name: bin }).click();
  await captures.captures(bin).first().click();
  await expect(captures.detail.getByRole('button', { name: 'Save as' })).toBeVisible();
  return captures;
}

test('a capture becomes an event type with a schema, by keys, and is composed from', async ({ page, hookyard: { api } }) => {
  const bin = await api.bins.create({ name: 'Shop' });
  await fetch(bin.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  await openCapture(page, 'Shop');

  await page.keyboard.press('s');
  await expect(page.getByRole('menuitem', { name: 'Sample of an event type' })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'New event type' })).toBeFocused();
  await page.keyboard.press('Enter');

  const notes = page.getByRole('list', { name: 'What was read from the request' });
  await expect(notes).toContainText('The schema is inferred from one request');
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('order.made');
  await expect(page.getByRole('group', { name: 'JSON Schema' })).toContainText('"format": "date-time"');
  await page.getByRole('button', { name: 'Create event type' }).click();
  await expect(page.getByRole('heading', { name: 'order.made' })).toBeVisible();
  expect(await api.eventTypes.get({ name: 'order.made' })).toMatchObject({
    sampleText: body,
    schema: { properties: { id: { type: 'integer' }, total: { type: 'number' }, at: { type: 'string', format: 'date-time' } } },
  });

  await page.getByRole('button', { name: 'Compose', exact: true }).click();
  await expect(page.getByRole('main', { name: 'Compose' })).toContainText('9007199254740993');
  await expect(page.getByRole('main', { name: 'Compose' })).toContainText('12.50');
});

test('a capture is saved as one more sample, and as an answer that can be taken back', async ({ page, hookyard: { api } }) => {
  const bin = await api.bins.create({ name: 'Shop', response: { body: 'as before' } });
  await api.eventTypes.create({ name: 'order.made' });
  await fetch(bin.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const captures = await openCapture(page, 'Shop');

  await captures.detail.getByRole('button', { name: 'Save as' }).click();
  await page.getByRole('menuitem', { name: 'Sample of an event type' }).click();
  const sample = page.getByRole('dialog', { name: 'Save as a sample' });
  await sample.getByLabel('Event type').fill('order.lost');
  await sample.getByRole('button', { name: 'Save sample' }).click();
  await expect(sample).toContainText('There is no event type order.lost');
  await sample.getByLabel('Event type').fill('order.made');
  await sample.getByRole('button', { name: 'Save sample' }).click();
  await expect(sample.getByRole('status')).toContainText('order.made has the sample captured now.');
  await page.keyboard.press('Escape');
  await expect(sample).toBeHidden();
  await expect(captures.detail.getByRole('button', { name: 'Save as' })).toBeFocused();

  await page.keyboard.press('s');
  await page.getByRole('menuitem', { name: 'Answer of a bin' }).click();
  const answer = page.getByRole('dialog', { name: 'Save as an answer' });
  await answer.getByRole('button', { name: 'Save answer' }).click();
  await expect(answer).toBeHidden();
  await expect.poll(async () => await (await fetch(bin.url)).text()).toBe(body);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(async () => await (await fetch(bin.url)).text()).toBe('as before');
});

test('a capture is saved as a test file without its secrets', async ({ page, hookyard: { api } }) => {
  const bin = await api.bins.create({ name: 'Shop', signing: { scheme: 'stripe' } });
  const headers = { 'content-type': 'application/json', 'stripe-signature': 't=1,v1=00', authorization: 'Bearer private' };
  await fetch(bin.url, { method: 'POST', headers, body });
  await openCapture(page, 'Shop');

  await page.keyboard.press('s');
  await page.getByRole('menuitem', { name: 'Test file' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save as a test' });
  await expect(dialog.getByRole('region', { name: 'Code of order-made.test.mjs' })).toContainText('createHmac');
  await dialog.getByRole('tab', { name: 'pytest' }).click();
  await dialog.getByLabel('Status').fill('204');
  await expect(dialog.getByRole('region', { name: 'Code of test_order_made.py' })).toContainText('== 204');
  await expect(dialog.getByRole('list', { name: 'What to know about this test' })).toContainText('set WEBHOOK_AUTHORIZATION');
  const downloading = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Download' }).click();
  const file = await downloading;
  expect(file.suggestedFilename()).toBe('test_order_made.py');
  const code = await readFile(await file.path(), 'utf8');
  expect(code).toContain('hmac.new(secret.encode(), signed, hashlib.sha256)');
  expect(code).toContain('12.50');
  expect(code).not.toContain('Bearer private');
});
