import type { Page } from '@playwright/test';
import { Webhook } from 'standardwebhooks';
import { FramePage } from './pages/frame-page.ts';
import { VerifyPage } from './pages/verify-page.ts';
import { expect, test } from './support/hookyard.ts';

test.use({ startAt: '#/verify' });

const secret = `whsec_${Buffer.from('a secret that only this test knows').toString('base64')}`;
const body = '{\n  "type": "invoice.paid",\n  "data": { "total": 213 }\n}\n';

/** Headers of a request signed by the package of the Standard Webhooks project. */
function signedHeaders(signedBody: string, at: Date): string {
  const id = 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W';
  const signature = new Webhook(secret).sign(id, at, signedBody);
  return [`webhook-id: ${id}`, `webhook-timestamp: ${Math.floor(at.getTime() / 1000)}`, `webhook-signature: ${signature}`].join('\n');
}

async function openVerify(page: Page): Promise<VerifyPage> {
  await new FramePage(page).open('Verify');
  return new VerifyPage(page);
}

test('a request that was signed with the secret is valid, check by check', async ({ page }) => {
  const verify = await openVerify(page);
  await verify.headers.fill(signedHeaders(body, new Date()));
  await verify.body.fill(body);
  await verify.secret.fill(secret);
  await verify.checkButton.click();
  await expect(verify.verdict).toContainText('Valid: the signature matches the secret');
  for (const name of ['Headers', 'Secret', 'Timestamp', 'Signature'] as const) await expect(verify.check(name)).toContainText('passed');
});

test('another secret makes it invalid, with the sentence that says so and both signatures side by side', async ({ page }) => {
  const verify = await openVerify(page);
  await verify.headers.fill(signedHeaders(body, new Date()));
  await verify.body.fill(body);
  await verify.secret.fill(`whsec_${Buffer.from('another secret').toString('base64')}`);
  await verify.checkButton.click();
  await expect(verify.check('Signature')).toContainText('failed');
  await expect(verify.check('Timestamp')).toContainText('passed');
  await expect(verify.verdict).toContainText('does not match');
  await expect(verify.verdict).toContainText('Expected beside received');
});

test('a signature of an hour ago fails by its timestamp alone, and is valid by the clock of that time', async ({ page }) => {
  const verify = await openVerify(page);
  await verify.headers.fill(signedHeaders(body, new Date(Date.now() - 3_600_000)));
  await verify.body.fill(body);
  await verify.secret.fill(secret);
  await verify.checkButton.click();
  await expect(verify.check('Timestamp')).toContainText('failed');
  await expect(verify.check('Signature')).toContainText('passed');
  await verify.area.getByRole('button', { name: 'time signed' }).click();
  await expect(verify.check('Timestamp')).toContainText('passed');
  await expect(verify.verdict).toContainText('Valid: the signature matches the secret');
});

test('line breaks stay as they were pasted, so a body damaged to CRLF fails until they are LF again', async ({ page, hookyard }) => {
  const verify = await openVerify(page);
  await verify.headers.fill(signedHeaders(body, new Date()));
  await verify.secret.fill(secret);
  await hookyard.writeClipboard(body.replaceAll('\n', '\r\n'));
  await verify.body.focus();
  await page.keyboard.press('ControlOrMeta+v');
  await expect(verify.lineEndings).toHaveValue('As pasted: 4 CRLF');
  await expect(verify.check('Signature')).toContainText('failed');
  await verify.chooseLineEndings('All LF');
  await expect(verify.check('Signature')).toContainText('passed');
});

test('a curl command is read where it is pasted, and what it was read as can be corrected', async ({ page, hookyard }) => {
  const verify = await openVerify(page);
  const headers = signedHeaders(body, new Date()).split('\n');
  await hookyard.writeClipboard(
    `curl 'https://example.com/hook' \\\n${headers.map((line) => `  -H '${line}' \\\n`).join('')}  --data-raw '${body}'`,
  );
  await verify.headers.focus();
  await page.keyboard.press('ControlOrMeta+v');
  await expect(verify.readAs).toHaveValue('curl');
  await expect(verify.headers).toHaveValue(/^POST https:\/\/example\.com\/hook\nwebhook-id: /);
  await expect(verify.body).toHaveValue(body);
  await expect(verify.notes).toContainText('names no Content-Type');
  await verify.secret.fill(secret);
  await expect(verify.verdict).toContainText('Valid: the signature matches the secret');
  await verify.readAs.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('option', { name: 'Body only' }).click();
  await expect(verify.body).toHaveValue(/^curl /);
});

test('a raw request that was damaged to CRLF is taken apart as it is, and says so', async ({ page, hookyard }) => {
  const verify = await openVerify(page);
  await hookyard.writeClipboard(
    `POST /hook HTTP/1.1\nHost: example.com\n${signedHeaders(body, new Date())}\n\n${body}`.replaceAll('\n', '\r\n'),
  );
  await verify.headers.focus();
  await page.keyboard.press('ControlOrMeta+v');
  await verify.secret.fill(secret);
  await expect(verify.readAs).toHaveValue('Raw request');
  await expect(verify.notes).toContainText("The body's line endings are CRLF (4)");
  await expect(verify.check('Signature')).toContainText('failed');
  await verify.chooseLineEndings('All LF');
  await expect(verify.check('Signature')).toContainText('passed');
});

test('a verdict can be had with the keyboard alone', async ({ page }) => {
  const verify = new VerifyPage(page);
  const frame = new FramePage(page);
  await frame.rail.getByRole('link', { name: 'Compose' }).focus();
  await frame.pressPair('g', 'v');
  await expect(frame.area('Verify')).toBeVisible();
  await verify.tabTo(verify.headers);
  await page.keyboard.insertText(signedHeaders(body, new Date()));
  await verify.tabTo(verify.body);
  await page.keyboard.insertText(body);
  await verify.tabTo(verify.secret);
  await page.keyboard.type(secret);
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(verify.verdict).toContainText('Valid: the signature matches the secret');
});

test('a paste or a file of 100 MiB gets a sentence, and the page keeps working', async ({ page }) => {
  const verify = await openVerify(page);
  await page.evaluate(() => navigator.clipboard.writeText('x'.repeat(100 * 1024 * 1024)));
  for (const [field, sentence] of [
    [verify.headers, 'The paste is larger than 16 MiB'],
    [verify.body, 'The pasted text has 100 MiB, and this page accepts at most 16 MiB'],
  ] as const) {
    await field.focus();
    await page.keyboard.press('ControlOrMeta+v');
    await expect(verify.area.getByText(sentence)).toBeVisible();
    await expect(field).toHaveValue('');
  }
  const drop = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(100 * 1024 * 1024)], 'large.bin'));
    return data;
  });
  await verify.headers.dispatchEvent('drop', { dataTransfer: drop });
  await expect(verify.area.getByText('The file large.bin has 100 MiB, and this page accepts at most 16 MiB')).toBeVisible();
  await verify.secret.fill('still here');
  await expect(verify.secret).toHaveValue('still here');
});
