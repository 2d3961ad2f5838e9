import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { Webhook } from 'standardwebhooks';
import { CaseFilePage } from './pages/case-file-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { VerifyPage } from './pages/verify-page.ts';
import { expect, test } from './support/hookyard.ts';

test.use({ startAt: '#/verify' });

const secret = `whsec_${Buffer.from('a secret that only this test knows').toString('base64')}`;
const otherSecret = `whsec_${Buffer.from('the secret of another customer').toString('base64')}`;
const body = '{\n  "type": "invoice.paid",\n  "data": { "total": 213 }\n}\n';

/** Headers of a request signed just now by the package of the Standard Webhooks project. */
function signedHeaders(signedBody: string): readonly (readonly [name: string, value: string])[] {
  const at = new Date();
  return [
    ['Content-Type', 'application/json'],
    ['webhook-id', 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W'],
    ['webhook-timestamp', String(Math.floor(at.getTime() / 1000))],
    ['webhook-signature', new Webhook(secret).sign('msg_2KWPBgLlAfxdpx2AI54pPJ85f4W', at, signedBody)],
  ];
}

function rawRequest(signedBody: string): string {
  const lines = signedHeaders(signedBody).map((header) => header.join(': '));
  return ['POST /hook HTTP/1.1', 'Host: shop.example', 'Authorization: Bearer open-sesame', ...lines, '', signedBody].join('\n');
}

/** Opens Verify and pastes into its first field, with keys alone. */
async function pasteByKeys(page: Page, paste: () => Promise<void>): Promise<VerifyPage> {
  const verify = new VerifyPage(page);
  const frame = new FramePage(page);
  await paste();
  await frame.rail.getByRole('link', { name: 'Compose' }).focus();
  await frame.pressPair('g', 'v');
  await expect(frame.area('Verify')).toBeVisible();
  await verify.tabTo(verify.headers);
  await page.keyboard.press('ControlOrMeta+v');
  return verify;
}

async function enterSecret(verify: VerifyPage, text: string): Promise<void> {
  await verify.tabTo(verify.secret);
  await verify.page.keyboard.insertText(text);
}

test('a curl command whose body was re-indented leads to the cause, which can be applied', async ({ page, hookyard }) => {
  const signed = '{"type":"invoice.paid","data":{"total":213}}';
  const headers = signedHeaders(signed).map(([name, value]) => `-H '${name}: ${value}'`);
  const curl = `curl -X POST 'https://shop.example/hook' ${headers.join(' ')} --data-raw '${JSON.stringify(JSON.parse(signed), null, 2)}'`;
  const verify = await pasteByKeys(page, () => hookyard.writeClipboard(curl));
  await enterSecret(verify, secret);
  await expect(verify.causes.first()).toContainText('Valid if the body is minified');
  await expect(verify.causes.first()).toContainText('The bodies differ from byte 1 on (line 1, column 2).');
  await expect(page.locator('#announcements')).toContainText('Cause found: Valid if the body is minified');
  await verify.tabTo(verify.applyButton);
  await page.keyboard.press('Enter');
  await expect(verify.verdict).toContainText('Valid: the signature matches the secret');
  await expect(verify.body).toHaveValue(signed);
});

test('a raw request that was damaged to CRLF leads to its line endings', async ({ page, hookyard }) => {
  const verify = await pasteByKeys(page, () => hookyard.writeClipboard(rawRequest(body).replaceAll('\n', '\r\n')));
  await enterSecret(verify, secret);
  await expect(verify.causes.first()).toContainText(/Valid if .*LF/);
  await expect(verify.causes.first()).toContainText('⟦CR⟧⟦LF⟧');
  await verify.tabTo(verify.applyButton);
  await page.keyboard.press('Enter');
  await expect(verify.verdict).toContainText('Valid: the signature matches the secret');
});

test('a wrong secret leads to what to ask for, and to the endpoint whose secret it is once all may be tried', async ({
  page,
  hookyard,
}) => {
  await hookyard.api.endpoints.create({
    name: 'Billing service',
    url: 'http://127.0.0.1:9/hook',
    signing: { scheme: 'standard-webhooks' },
    secret,
  });
  const verify = await pasteByKeys(page, () => hookyard.writeClipboard(rawRequest(body)));
  await enterSecret(verify, otherSecret);
  await expect(verify.cause).toContainText('No cause was found. What would help:');
  await expect(verify.cause).toContainText(/\d signatures tried in/);
  await verify.tabTo(verify.allSecretsSwitch);
  await page.keyboard.press('Space');
  await expect(verify.causes.first()).toContainText('the endpoint Billing service');
  await expect(verify.cause).not.toContainText(secret);
  await verify.tabTo(verify.applyButton);
  await page.keyboard.press('Enter');
  await expect(verify.verdict).toContainText('Valid: the signature matches');
});

test('in a small window Check goes to the verdict, which asks for the body where none was pasted', async ({ page }) => {
  await page.setViewportSize({ width: 640, height: 400 });
  const verify = new VerifyPage(page);
  await verify.headers.fill(
    signedHeaders(body)
      .map((header) => header.join(': '))
      .join('\n'),
  );
  await verify.secret.fill(secret);
  await verify.headers.focus();
  await expect(verify.verdict).not.toBeInViewport();
  await verify.checkButton.click();
  await expect(verify.verdict).toBeInViewport();
  await expect(verify.verdict.getByText('The signature does not match the secret')).toBeInViewport();
  await expect(verify.cause).toContainText('There is no body here');
});

test('a scheme is found by a header it sends, and what else it signs can be given', async ({ page }) => {
  const verify = new VerifyPage(page);
  await new FramePage(page).open('Verify');
  await verify.tabTo(verify.headers);
  await page.keyboard.insertText('PAYPAL-TRANSMISSION-ID: 1\nPAYPAL-TRANSMISSION-SIG: AAAA');
  await verify.tabTo(verify.scheme);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('paypal-trans');
  await expect(page.getByRole('option')).toHaveText([/^PayPal/]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(verify.scheme).toHaveValue('PayPal');
  const webhookId = verify.area.getByRole('textbox', { name: 'Id of the webhook' });
  await verify.tabTo(webhookId);
  await page.keyboard.type('WH-1');
  await expect(webhookId).toHaveValue('WH-1');
  await expect(verify.verdict).toContainText('The id of the webhook is signed and stands nowhere in the request');
});

test('a search under way can be cancelled, and begun again', async ({ page, hookyard }) => {
  const large = JSON.stringify({ items: Array.from({ length: 20_000 }, (_, index) => ({ index, name: `a "name" of ${index}/é` })) });
  const verify = await pasteByKeys(page, () => hookyard.writeClipboard(rawRequest(large)));
  await enterSecret(verify, otherSecret);
  const cancel = verify.cause.getByRole('button', { name: 'Cancel' });
  await expect(cancel).toBeVisible();
  await cancel.focus();
  await page.keyboard.press('Enter');
  await expect(verify.cause).toContainText('Cancelled after');
  await expect(verify.cause.getByRole('button', { name: 'Search again' })).toBeVisible();
});

test('the case file holds no secret, opens offline and runs its checks again', async ({ page, hookyard }, testInfo) => {
  const browser = page.context().browser();
  if (browser === null) return testInfo.skip(true, 'The desktop app asks where to save a file in a dialog of the system.');
  const verify = await pasteByKeys(page, () => hookyard.writeClipboard(rawRequest(body).replaceAll('\n', '\r\n')));
  await enterSecret(verify, secret);
  await expect(verify.causes.first()).toBeVisible();
  await verify.tabTo(verify.caseButton);
  await page.keyboard.press('Enter');
  await expect(verify.savePageButton).toBeFocused();
  const downloading = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^hookyard-case-standard-webhooks-invalid-\d{8}-\d{6}\.html$/);
  const context = await browser.newContext({ offline: true });
  const opened = await context.newPage();
  const path = testInfo.outputPath('case.html');
  await download.saveAs(path);
  await opened.goto(pathToFileURL(path).href);
  const file = new CaseFilePage(opened);
  await expect(file.summary).toContainText('none differs from what was recorded');
  expect(await file.result('Body')).toBe('passed');
  expect(await file.result('Signed string')).toBe('passed');
  expect(await file.result('Age by the clock of now')).toBe('passed');
  await expect(opened.getByText(/Valid if .*LF/).first()).toBeVisible();
  const content = await opened.content();
  expect(content).not.toContain(secret.slice('whsec_'.length));
  expect(content).not.toContain('open-sesame');
  await context.close();
});

test('a change that was applied can be undone, and a case file keeps the request as it came with its cause', async ({
  page,
  hookyard,
}, testInfo) => {
  if (page.context().browser() === null) return testInfo.skip(true, 'The desktop app asks where to save a file in a dialog of the system.');
  const damaged = rawRequest(body).replaceAll('\n', '\r\n');
  const verify = await pasteByKeys(page, () => hookyard.writeClipboard(damaged));
  await enterSecret(verify, secret);
  await expect(verify.causes.first()).toContainText(/Valid if .*LF/);
  await verify.tabTo(verify.applyButton);
  await page.keyboard.press('Enter');
  await expect(verify.verdict).toContainText('Valid: the signature matches the secret');
  await expect(verify.applied).toContainText(/Applied: Valid if .*LF/);
  await expect(verify.undoButton).toBeFocused();
  await verify.tabTo(verify.caseButton);
  await page.keyboard.press('Enter');
  await expect(verify.savePageButton).toBeFocused();
  await page.keyboard.press('Tab');
  const downloading = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  const path = testInfo.outputPath('case.json');
  await (await downloading).saveAs(path);
  const file = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly request: { readonly body: { readonly base64: string } };
    readonly verdict: { readonly verdict: string };
    readonly search: { readonly matches: readonly { readonly sentence: string }[] };
  };
  expect(Buffer.from(file.request.body.base64, 'base64').toString('utf8')).toBe(body.replaceAll('\n', '\r\n'));
  expect(file.verdict.verdict).toBe('invalid');
  expect(file.search.matches[0]?.sentence).toMatch(/Valid if .*LF/);
  await verify.tabTo(verify.undoButton);
  await page.keyboard.press('Enter');
  await expect(verify.verdict).toContainText('The signature does not match');
  await expect(verify.applied).toHaveCount(0);
  await expect(verify.causes.first()).toContainText(/Valid if .*LF/);
});

test('a case file of a hostile request runs no script of it, and says when it was tampered with', async ({ page, hookyard }, testInfo) => {
  const browser = page.context().browser();
  if (browser === null) return testInfo.skip(true, 'The desktop app has no second window for files.');
  const hostile = '</script><script>window.pwned=1</script><img src=x onerror="window.pwned=1">';
  const { contentBase64 } = await hookyard.api.verifying.case({
    scheme: 'standard-webhooks',
    secrets: [secret],
    request: {
      method: hostile.slice(0, 40),
      url: `https://shop.example/${hostile}`,
      headers: [...signedHeaders(hostile).map(([name, value]): [string, string] => [name, value]), [hostile, hostile]],
      bodyBase64: Buffer.from(hostile).toString('base64'),
    },
    format: 'html',
  });
  const folder = mkdtempSync(join(tmpdir(), 'hookyard-case-'));
  const context = await browser.newContext({ offline: true });
  const opened = await context.newPage();
  const requests: string[] = [];
  opened.on('request', (request) => requests.push(request.url()));
  const open = async (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    await opened.goto(pathToFileURL(join(folder, name)).href);
    return new CaseFilePage(opened);
  };
  const content = Buffer.from(contentBase64, 'base64').toString('utf8');
  const genuine = await open('genuine.html', content);
  await expect(genuine.summary).toContainText('none differs');
  await expect(opened.getByText('<script>window.pwned=1</script>').first()).toBeVisible();
  expect(await opened.evaluate(() => 'pwned' in window)).toBe(false);
  expect(requests).toEqual([opened.url()]);
  const base64 = Buffer.from(hostile).toString('base64');
  const tampered = await open('tampered.html', content.replaceAll(base64, Buffer.from(hostile.replace('1', '2')).toString('base64')));
  await expect(tampered.summary).toContainText('2 differ from what was recorded');
  expect(await tampered.result('Body')).toBe('differs');
  await context.close();
  rmSync(folder, { recursive: true, force: true });
});
