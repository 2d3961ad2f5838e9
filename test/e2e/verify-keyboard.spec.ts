import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { Webhook } from 'standardwebhooks';
import { FramePage } from './pages/frame-page.ts';
import { VerifyPage } from './pages/verify-page.ts';
import { expect, test } from './support/hookyard.ts';

test.use({ startAt: '#/compose' });

const secret = `whsec_${Buffer.from('a secret that only this test knows').toString('base64')}`;
const wrongSecret = `whsec_${Buffer.from('the secret of another customer').toString('base64')}`;
const body = '{\n  "type": "invoice.paid",\n  "data": { "total": 213 }\n}\n';

function signedHeaders(signedBody: string): readonly string[] {
  const at = new Date();
  const id = 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W';
  return [
    `webhook-id: ${id}`,
    `webhook-timestamp: ${Math.floor(at.getTime() / 1000)}`,
    `webhook-signature: ${new Webhook(secret).sign(id, at, signedBody)}`,
  ];
}

/** Goes to Verify as someone without a mouse does. */
async function openByKeys(page: Page): Promise<VerifyPage> {
  const frame = new FramePage(page);
  await frame.rail.getByRole('link', { name: 'Compose' }).focus();
  await frame.pressPair('g', 'v');
  await expect(frame.area('Verify')).toBeVisible();
  return new VerifyPage(page);
}

test('a case is worked from paste to case file and receiver code with keys alone', async ({ page, hookyard }, testInfo) => {
  const verify = await openByKeys(page);

  // A curl command from a dashboard, with the right secret.
  const headers = signedHeaders(body).map((line) => `-H '${line}'`);
  await hookyard.writeClipboard(`curl -X POST 'https://shop.example/hook' ${headers.join(' ')} --data-raw '${body}'`);
  await verify.tabTo(verify.headers);
  await page.keyboard.press('ControlOrMeta+v');
  await expect(verify.readAs).toHaveValue('curl');
  await verify.tabTo(verify.secret);
  await page.keyboard.insertText(secret);
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(verify.verdict).toContainText('Valid: the signature matches the secret');

  // Everything is cleared, and the same comes as a raw request whose line endings a mail client changed, with a wrong secret.
  await verify.tabBackTo(verify.clearButton);
  await page.keyboard.press('Enter');
  await expect(verify.headers).toHaveValue('');
  const raw = ['POST /hook HTTP/1.1', 'Host: shop.example', ...signedHeaders(body), '', body].join('\n');
  await hookyard.writeClipboard(raw.replaceAll('\n', '\r\n'));
  await verify.tabTo(verify.headers);
  await page.keyboard.press('ControlOrMeta+v');
  await expect(verify.readAs).toHaveValue('Raw request');
  await expect(verify.notes).toContainText("The body's line endings are CRLF (4)");
  await verify.tabTo(verify.secret);
  await page.keyboard.insertText(wrongSecret);
  await expect(verify.verdict).toContainText('does not match');
  await expect(verify.cause).toContainText('No cause was found. What would help:');

  // The right secret, in the quotes of the settings file it came from, with the line endings still wrong: two changes.
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(`"${secret}"`);
  await expect(verify.causes.first()).toContainText(/Valid if .*quotes/);
  await expect(verify.causes.first()).toContainText(/LF/);
  await expect(verify.signedString).toContainText('msg_2KWPBgLlAfxdpx2AI54pPJ85f4W');
  await expect(verify.bodyDiff).toContainText('⟦CR⟧⟦LF⟧');
  await verify.tabTo(verify.applyButton);
  await page.keyboard.press('Enter');
  await expect(verify.verdict).toContainText('Valid: the signature matches the secret');
  await expect(verify.secret).toHaveValue(secret);
  await expect(verify.check('Signature')).toContainText('passed');

  await verify.tabTo(verify.receiverCodeButton);
  await page.keyboard.press('Enter');
  const code = page.getByRole('dialog', { name: 'Receiver code for standard-webhooks' });
  await expect(code.getByRole('region', { name: /^Code of / })).toContainText('standardwebhooks');
  await page.keyboard.press('Escape');
  await expect(code).toBeHidden();
  await expect(verify.receiverCodeButton).toBeFocused();

  if (page.context().browser() === null) return testInfo.skip(true, 'The desktop app asks where to save a file in a dialog of the system.');
  await verify.tabBackTo(verify.caseButton);
  await page.keyboard.press('Enter');
  await expect(verify.savePageButton).toBeFocused();
  const downloading = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  const path = testInfo.outputPath('case.html');
  await (await downloading).saveAs(path);
  const file = readFileSync(path, 'utf8');
  // The case is the one that was pasted, with the cause that was found for it.
  expect(file).toContain('The secret stands in quotes');
  expect(file).toMatch(/Valid if /);
  expect(file).not.toContain(secret.slice('whsec_'.length));
});

test('a logged attempt is found by what it holds and opened with keys alone, and so is one by its id', async ({ page, hookyard }) => {
  const { api } = hookyard;
  const bin = await api.bins.create({ name: 'Billing', slug: 'billing' });
  const endpoint = await api.endpoints.create({ name: 'Billing service', url: bin.url, signing: { scheme: 'stripe' } });
  const { deliveries } = await api.messages.send({ type: 'invoice.paid', data: { total: 7 }, endpointIds: [endpoint.id] });
  const id = deliveries[0]?.id ?? '';
  await expect.poll(async () => (await api.deliveries.get({ id })).status).toBe('delivered');
  const attemptId = (await api.deliveries.get({ id })).attempts[0]?.id ?? '';

  const verify = await openByKeys(page);
  await verify.tabTo(verify.fromLog);
  await page.keyboard.type('Billing service');
  await expect(page.getByRole('option')).toHaveText([/^invoice\.paid to Billing service/]);
  await page.keyboard.press('Enter');
  await expect(verify.opened).toContainText('From the log: attempt 1 of 1 to Billing service');
  await expect(verify.verdict).toContainText('Valid: the signature matches');
  await expect(verify.scheme).toHaveValue('Stripe');

  await verify.tabBackTo(verify.clearButton);
  await page.keyboard.press('Enter');
  await expect(verify.opened).toBeHidden();
  await verify.tabBackTo(verify.fromLog);
  await page.keyboard.insertText('att_01nothing');
  await page.getByRole('option', { name: 'The attempt of this id' }).waitFor();
  await page.keyboard.press('Enter');
  await expect(verify.openProblem).toContainText('att_01nothing');
  await page.keyboard.insertText(attemptId);
  await page.getByRole('option', { name: 'The attempt of this id' }).waitFor();
  await page.keyboard.press('Enter');
  await expect(verify.openProblem).toBeHidden();
  await expect(verify.verdict).toContainText('Valid: the signature matches');
});

test('the detail of an attempt leads to Verify, which judges it as of when it was sent', async ({ page, hookyard }) => {
  const { api } = hookyard;
  const endpoint = await api.endpoints.create({
    name: 'Gone',
    url: 'http://127.0.0.1:9/',
    signing: { scheme: 'discord' },
    retryPolicy: 'none',
  });
  const { deliveries } = await api.messages.send({ type: 'invoice.paid', data: {}, endpointIds: [endpoint.id] });
  const id = deliveries[0]?.id ?? '';
  await expect.poll(async () => (await api.deliveries.get({ id })).status).toBe('exhausted');
  const verify = await openByKeys(page);
  await page.evaluate((address) => void (window.location.hash = address), `#/deliveries/${id}`);
  const link = page.getByRole('main', { name: 'Deliveries' }).getByRole('link', { name: 'Check in Verify' });
  await link.focus();
  await page.keyboard.press('Enter');
  await expect(verify.verdict).toContainText('Valid: the signature matches the public key');
  await api.endpoints.remove({ id: endpoint.id });
  await verify.tabTo(verify.fromLog);
  await page.keyboard.insertText(id);
  await expect(page.getByRole('option')).toHaveText([/^invoice\.paid to Gone/]);
  await page.keyboard.press('Enter');
  await expect(verify.opened).toContainText('Its endpoint was deleted with its secrets; enter the secret.');
});
