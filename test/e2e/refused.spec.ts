import { once } from 'node:events';
import { connect } from 'node:net';
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

test('what was refused stands in the list of its bin, with why, what to change and its bytes, and is deleted and brought back', async ({
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
