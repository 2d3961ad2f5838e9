import { startReceiver, respond, type ScriptedReceiver } from '../support/scripted-receiver.ts';
import { CapturesPage } from './pages/captures-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

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
  await drawn.getByRole('button', { name: 'Change' }).click();
  await form.getByRole('button', { name: 'Delete relay' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete the relay "Orders to my code"?' });
  await dialog.getByRole('button', { name: 'Delete relay' }).click();
  await expect(captures.area).toContainText('A relay forwards what a bin captures to your own code');
});
