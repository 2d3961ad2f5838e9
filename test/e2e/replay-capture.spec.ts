import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { verify } from '@octokit/webhooks-methods';
import { CapturesPage } from './pages/captures-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

const secret = 'correct-horse-battery-staple-7Q2x9Lw4';

interface Received {
  readonly method: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A server of somebody's own, which keeps what it gets. */
async function startOwnCode() {
  const received: Received[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(request);
    received.push({ method: request.method ?? '', headers: request.headers, body: body.toString() });
    response.end('thanks');
  };
  const server = createServer((request, response) => void take(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

let own: Awaited<ReturnType<typeof startOwnCode>>;
test.beforeEach(async () => {
  own = await startOwnCode();
});
test.afterEach(() => own.close());

test('a capture is replayed as it came, then edited and signed anew', async ({ page, hookyard: { api } }) => {
  const bin = await api.bins.create({ name: 'Pushes', signing: { scheme: 'github-sha256' }, secrets: [secret] });
  await fetch(bin.url, {
    method: 'PUT',
    headers: { 'x-github-event': 'push', 'x-hub-signature-256': 'sha256=00' },
    body: '{"ref":"main"}',
  });
  const captures = new CapturesPage(page);
  await new FramePage(page).open('Captures');
  await captures.bins.getByRole('button', { name: 'Pushes' }).click();
  await captures.captures('Pushes').first().click();

  await captures.detail.getByRole('button', { name: 'Replay' }).click();
  const dialog = page.getByRole('dialog', { name: 'Replay this request' });
  await dialog.getByLabel('URL').fill(own.url);
  await dialog.getByRole('button', { name: 'Send' }).click();
  await expect(captures.detail.getByRole('list', { name: 'Where it went on to' })).toContainText(/delivered.*Sent on to/);
  expect(own.received[0]).toMatchObject({ method: 'PUT', body: '{"ref":"main"}' });
  expect(own.received[0]?.headers['x-hub-signature-256']).toBe('sha256=00');

  await page.keyboard.press('r');
  await dialog.getByRole('link', { name: 'Edit first' }).click();
  await expect(page.getByRole('region', { name: 'Sending again' })).toContainText('Sending this capture as it came');
  await page.getByLabel('URL').fill(own.url);
  await page.getByRole('combobox', { name: 'Signing' }).fill('GitHub');
  await page.getByRole('option', { name: /^GitHub(?!, old)/ }).click();
  await page.getByLabel('Secret').fill(secret);
  await page.getByRole('tab', { name: 'Headers' }).click();
  await page.getByRole('textbox', { name: /Headers, one a line/ }).press('ControlOrMeta+End');
  await page.keyboard.type('\nX-Edited: yes');
  await expect(page.getByRole('region', { name: 'Sending again' })).toContainText('with your changes');
  await page.getByRole('button', { name: 'Send event' }).click();
  await expect.poll(() => own.received.length).toBe(2);
  const [, edited] = own.received;
  expect(edited).toMatchObject({ method: 'PUT', body: '{"ref":"main"}' });
  expect(edited?.headers['x-edited']).toBe('yes');
  expect(await verify(secret, '{"ref":"main"}', String(edited?.headers['x-hub-signature-256']))).toBe(true);
});

test('a pasted curl command becomes the target, headers and body in Compose, beside the own draft', async ({ page }) => {
  await new FramePage(page).open('Compose');
  await page.getByRole('button', { name: 'Paste a request' }).click();
  const dialog = page.getByRole('dialog', { name: 'Paste a request' });
  await dialog
    .getByLabel('Request')
    .fill(`curl -X PATCH ${own.url} -H 'X-Own: 1' -H 'content-type: text/plain' --data-raw '{"type":"order.made","n":1.10}'`);
  await expect(dialog.getByRole('status')).toContainText(`Read as curl: PATCH ${own.url}, 2 headers, a body of 30 B.`);
  await dialog.getByRole('button', { name: 'Use this request' }).click();
  await expect(page.getByRole('region', { name: 'Sending again' })).toContainText('Sending the pasted request as it came');
  await page.reload();
  await expect(page.getByLabel('URL')).toHaveValue(own.url);
  await page.getByRole('button', { name: 'Send event' }).click();
  await expect.poll(() => own.received.length).toBe(1);
  expect(own.received[0]).toMatchObject({ method: 'PATCH', body: '{"type":"order.made","n":1.10}' });
  expect(own.received[0]?.headers['x-own']).toBe('1');
  await page.getByRole('button', { name: 'Back to my draft' }).click();
  await expect(page.getByRole('tab', { name: 'Data' })).toBeVisible();
});

test('a capture becomes a profile that a new endpoint can choose', async ({ page, hookyard: { api } }) => {
  const bin = await api.bins.create({ name: 'Orders' });
  await fetch(bin.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: String.raw`{"type":"order.made","u":"http:\/\/x"}`,
  });
  const captures = new CapturesPage(page);
  await new FramePage(page).open('Captures');
  await captures.bins.getByRole('button', { name: 'Orders' }).click();
  await captures.captures('Orders').first().click();
  await captures.detail.getByRole('button', { name: 'Save as' }).click();
  await page.getByRole('menuitem', { name: 'Profile' }).click();
  const dialog = page.getByRole('dialog', { name: 'Make a profile from this request' });
  await expect(dialog.getByRole('list', { name: 'What was read from the request' })).toContainText('The JSON is written so: compact, / as');
  await dialog.getByLabel('Name').fill('Order system');
  await dialog.getByRole('button', { name: 'Save profile' }).click();
  await expect(dialog.getByRole('status')).toContainText('Order system is saved.');
  await dialog.getByRole('link', { name: 'New endpoint' }).click();
  await page.getByRole('combobox', { name: 'Behaves like' }).fill('Order');
  await expect(page.getByRole('option', { name: 'Order system' })).toBeVisible();
});
