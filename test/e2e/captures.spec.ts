import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { CapturesPage } from './pages/captures-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

test.use({ startAt: '#/captures' });

/** Every byte there is, and one after another so that a lost or changed one shows. */
const everyByte = Buffer.from(Array.from({ length: 256 }, (_, value) => value));

/** Sends a body in two chunks without saying how long it is. */
async function postChunked(url: string, body: Buffer): Promise<{ readonly status: number | undefined; readonly body: string }> {
  const outgoing = request(url, { method: 'POST', headers: { 'content-type': 'application/octet-stream' } });
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
  outgoing.write(body.subarray(0, 100));
  outgoing.end(body.subarray(100));
  const [response] = await answered;
  return { status: response.statusCode, body: await text(response) };
}

test('a new bin shows a chunked body of any bytes as it came in', async ({ page, hookyard: { captureUrl } }) => {
  const captures = new CapturesPage(page);
  await new FramePage(page).open('Captures');
  await captures.makeBin('Payments callback');
  const url = await captures.binUrl();
  expect(url).toBe(`${captureUrl}/payments-callback`);
  expect((await postChunked(`${url}/any/path?x=1`, everyByte)).status).toBe(200);

  await captures.captures('Payments callback').first().click();
  await expect(captures.detail).toContainText('POST /payments-callback/any/path?x=1');
  await captures.showTab('Hex');
  expect((await captures.hexBody.shownBytes()).toString('hex')).toBe(everyByte.toString('hex'));
  await captures.showTab('Headers');
  await expect(captures.detail.getByRole('row', { name: /transfer-encoding chunked/i })).toBeVisible();
  await captures.showTab('Raw');
  await expect(captures.detail).toContainText('The body is not UTF-8 text');
});

test('requests appear live, and the bin answers as configured', async ({ page }) => {
  const captures = new CapturesPage(page);
  await new FramePage(page).open('Captures');
  await captures.makeBin('Payments callback');
  const url = await captures.binUrl();

  await captures.changeButton.click();
  await captures.area.getByLabel('Status').fill('503');
  await captures.area.getByLabel('Body', { exact: true }).fill('come back later');
  await expect(captures.area.getByText('The next request will get')).toContainText('503 Service Unavailable with a body of 15 B');
  await captures.area.getByRole('button', { name: /^Save/ }).click();
  await expect(captures.nextAnswer).toContainText('503 Service Unavailable');

  expect(await postChunked(url, everyByte)).toEqual({ status: 503, body: 'come back later' });
  await expect(captures.captures('Payments callback')).toHaveCount(1);
  await expect(captures.captures('Payments callback')).toContainText('503');
});

test('captures are cleared and a bin is deleted, each with its consequence named', async ({ page, hookyard: { api } }) => {
  const captures = new CapturesPage(page);
  await new FramePage(page).open('Captures');
  await captures.makeBin('Payments callback');
  const url = await captures.binUrl();
  await postChunked(url, everyByte);
  await postChunked(url, everyByte);
  await expect(captures.captures('Payments callback')).toHaveCount(2);

  await captures.choose('Delete its captures');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('2 captures will be deleted.');
  await dialog.getByRole('button', { name: 'Delete captures' }).click();
  await expect(captures.area.getByText('This bin holds no captures')).toBeVisible();

  await captures.choose('Delete the bin');
  await expect(dialog).toContainText('will get 404');
  await dialog.getByRole('button', { name: 'Delete bin' }).click();
  await expect(captures.bins.getByRole('button', { name: 'Payments callback' })).toHaveCount(0);
  expect((await api.bins.list({})).items.map(({ name }) => name)).toEqual(['Sample bin']);
  expect((await postChunked(url, everyByte)).status).toBe(404);
});
