import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { CapturesPage } from './pages/captures-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

/** Says what no HTTP client would, and waits for the end of the answer. */
async function say(captureUrl: string, text: string): Promise<void> {
  const socket = connect(Number(new URL(captureUrl).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(text);
  socket.resume();
  await once(socket, 'end');
  socket.end();
}

test('a refused request is in the list of its bin, with why, what to change and its bytes, and can be deleted and restored', async ({
  page,
  hookyard: { captureUrl },
}) => {
  const captures = new CapturesPage(page);
  await new FramePage(page).open('Captures');
  await captures.makeBin('Orders');
  await fetch(`${captureUrl}/orders/fine`, { method: 'POST', body: 'hello' });
  await say(captureUrl, 'POST /orders/line ends HTTP/1.1\r\nHost: x\r\n\r\n');
  const rows = captures.captures('Orders');
  await expect(rows).toHaveCount(2);
  await rows.first().click();
  await expect(captures.detail).toContainText('The path holds a space at byte 17; HTTP/1.1 allows none.');
  await expect(captures.detail).toContainText('Percent-encode the space as %20.');
  await expect(captures.detail).toContainText('POST /orders/line ends HTTP/1.1');
  await page.keyboard.press('j');
  await expect(captures.detail).toContainText('POST /orders/fine');

  expect((await fetch(`${captureUrl}/order`, { method: 'POST', body: 'hello' })).status).toBe(404);
  await captures.bins.getByRole('button', { name: /^Refused/ }).click();
  const refused = captures.area.getByRole('listbox', { name: 'Refused requests' }).getByRole('option');
  await expect(refused).toHaveCount(2);
  await refused.first().click();
  await expect(captures.detail).toContainText('There is a bin with the slug orders.');
  await expect(captures.area.getByRole('alert')).toHaveCount(0);
  await captures.detail.getByRole('button', { name: 'Delete' }).click();
  await expect(refused).toHaveCount(1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(refused).toHaveCount(2);
});

test('a cut body is marked, a packed one is shown decoded and raw, and what was refused is listed without a bin', async ({
  page,
  hookyard: { api, captureUrl },
}) => {
  const captures = new CapturesPage(page);
  await new FramePage(page).open('Captures');
  await captures.makeBin('Orders');
  await say(captureUrl, 'POST /orders/cut HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ngood\r\nno size\r\n');
  const rows = captures.captures('Orders');
  await expect(rows).toContainText([/cut.*incomplete/]);
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  await fetch(`${captureUrl}/orders/packed`, { method: 'POST', headers, body: gzipSync('{"inside":true}') });
  await rows.filter({ hasText: 'packed' }).click();
  await expect(captures.detail).toContainText('"inside": true');
  await captures.detail
    .getByRole('radiogroup', { name: /decoded or raw/ })
    .getByText('Raw')
    .click();
  await expect(captures.detail).not.toContainText('inside');

  await say(captureUrl, 'GET /a b HTTP/1.1\r\nHost: x\r\n\r\n');
  for (const { id } of (await api.bins.list({})).items) await api.bins.remove({ id });
  await captures.bins.getByRole('button', { name: /^Refused/ }).click();
  await expect(captures.area.getByRole('listbox', { name: 'Refused requests' }).getByRole('option')).toHaveText([/space in the path/]);
});
