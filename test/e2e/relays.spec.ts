import { verify } from '@octokit/webhooks-methods';
import { startReceiver, respond, type ScriptedReceiver } from '../support/scripted-receiver.ts';
import { CapturesPage } from './pages/captures-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

const json = (body: object, status = 200) =>
  respond({ status, headers: [['Content-Type', 'application/json']], body: JSON.stringify(body) });

let target: ScriptedReceiver;
test.beforeEach(async () => {
  target = await startReceiver();
});
test.afterEach(async () => await target.close());

test('a relay is made, drawn, paused, resumed, changed and deleted', async ({ page, hookyard: { api } }) => {
  const bin = await api.bins.create({ name: 'Shop' });
  const send = (path: string, body: string) => fetch(`${bin.url}${path}`, { method: 'POST', body });
  const captures = new CapturesPage(page);
  await new FramePage(page).open('Captures');
  await captures.bins.getByRole('button', { name: /^Relays/ }).click();
  await expect(captures.area).toContainText('A relay forwards what a bin captures to your own code');
  await captures.area.getByRole('button', { name: 'Create a relay' }).click();

  const form = captures.detail;
  await form.getByLabel('Name').fill('Orders to my code');
  await form.getByLabel('Forward only if').fill('colour=red');
  await form.getByLabel('URL').fill(target.url);
  await form.getByRole('button', { name: 'Create relay' }).click();
  await expect(form).toContainText('Line 1: "colour" is nothing to filter by');
  await form.getByLabel('Forward only if').fill('path=/orders/*');
  await form.getByRole('button', { name: 'Create relay' }).click();
  const drawn = captures.area.getByRole('article', { name: 'Orders to my code' });
  await expect(drawn).toContainText('active');
  await expect(drawn).toContainText('path=/orders/*');

  await send('/orders/1', 'one');
  await send('/other', 'two');
  expect(await target.nextRequest()).toMatchObject({ target: '/orders/1', body: Buffer.from('one') });
  await expect(drawn.getByRole('link', { name: '1 forwarded' })).toBeVisible();
  await expect(drawn).toContainText('1 not: no filter matched');
  await expect(drawn).toContainText('healthy');

  await drawn.getByRole('button', { name: 'Pause' }).click();
  await expect(drawn).toContainText('paused');
  await send('/orders/2', 'three');
  await expect(drawn).toContainText('1 capture waits');
  target.append(respond({ status: 503 }));
  await drawn.getByRole('button', { name: 'Resume' }).click();
  await expect(drawn).toContainText('1 waiting for a retry or their turn');
  await expect(drawn).toContainText('failing');

  await drawn.getByRole('link', { name: '2 forwarded' }).click();
  await page.getByRole('option').first().click();
  const delivery = page.getByRole('region', { name: 'Detail' });
  await delivery.getByText(/changes to the captured request/).click();
  await expect(delivery).toContainText('/orders/2 became /orders/2.');
  await delivery.getByRole('link', { name: 'a capture' }).click();
  await expect(captures.detail.getByRole('list', { name: 'Where it went on to' })).toContainText(`Sent on to ${target.url}`);

  await captures.bins.getByRole('button', { name: /^Relays/ }).click();
  // The second one was tried twice.
  for (const _ of ['first', 'again']) expect((await target.nextRequest()).target).toBe('/orders/2');
  await drawn.getByRole('button', { name: 'Change' }).click();
  await form.getByLabel('Set query fields').fill('env=test');
  await form.getByRole('combobox', { name: 'Signature' }).click();
  await page.getByRole('option', { name: 'made anew' }).click();
  await form.getByRole('combobox', { name: 'Sign with' }).fill('GitHub');
  await page
    .getByRole('option', { name: /GitHub/ })
    .first()
    .click();
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toContainText('Give the secret to sign with, since the bin has none for this scheme.');
  await form.getByLabel('Secret', { exact: true }).fill('of this target');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toContainText('Leave it empty to keep the current one, with fingerprint');
  await send('/orders/3', 'four');
  const signed = await target.nextRequest();
  expect(signed.target).toBe('/orders/3?env=test');
  expect(await verify('of this target', 'four', signed.header('x-hub-signature-256') ?? '')).toBe(true);
  await form.getByRole('button', { name: 'Delete relay' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete the relay "Orders to my code"?' });
  await dialog.getByRole('button', { name: 'Delete relay' }).click();
  await expect(captures.area).toContainText('A relay forwards what a bin captures to your own code');
});

test('the sender gets the answer of a target, and what a shadow answers otherwise is listed', async ({ page, hookyard: { api } }) => {
  const bin = await api.bins.create({ name: 'Shop' });
  const next = await startReceiver([json({ id: 2, total: 11 })]);
  target.append(json({ id: 1, total: 10 }, 201));
  const captures = new CapturesPage(page);
  await new FramePage(page).open('Captures');
  await captures.bins.getByRole('button', { name: /^Relays/ }).click();
  await captures.area.getByRole('button', { name: 'Create a relay' }).click();
  const form = captures.detail;
  await form.getByLabel('Name').fill('Old and new');
  await form.getByLabel('URL').fill(target.url);
  await form.getByRole('button', { name: 'Add a target' }).click();
  await form.getByLabel('URL').nth(1).fill(next.url);
  await form.getByRole('combobox', { name: 'The sender gets' }).click();
  await page.getByRole('option', { name: /the answer of target 1/ }).click();
  await form.getByLabel('Within').fill('3 s');
  await form.getByRole('combobox', { name: 'Tried out as a shadow' }).click();
  await page.getByRole('option', { name: /^target 2/ }).click();
  await form.getByLabel('Values that may differ').fill('$.id');
  await form.getByLabel('Times may be apart by').fill('60 s');
  await form.getByRole('button', { name: 'Create relay' }).click();
  const drawn = captures.area.getByRole('article', { name: 'Old and new' });
  await expect(drawn).toContainText('Its answer goes to the sender.');
  await expect(drawn).toContainText('Tried out as a shadow.');

  const answer = await fetch(bin.url, { method: 'POST', body: '{}' });
  expect([answer.status, await answer.json()]).toEqual([201, { id: 1, total: 10 }]);
  await next.nextRequest();
  await expect(drawn).toContainText('last 200');
  await drawn.getByRole('button', { name: 'Differences' }).click();
  const dialog = page.getByRole('dialog', { name: 'Differences of Old and new' });
  await expect(dialog).toContainText('1 of 1 compared capture differs.');
  await expect(dialog.getByRole('article', { name: 'POST /' })).toContainText('201 became 200; the body differs at $.total.');
  await dialog.getByRole('link', { name: 'Capture' }).click();
  await expect(captures.detail).toContainText(/Answered 201: The target .* of the relay Old and new answered in \d+ ms\./);
  await next.close();
});
