import { openChangingProxy, reindent } from '../support/changing-proxy.ts';
import { CapturesPage } from './pages/captures-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const signing = { scheme: 'standard-webhooks' } as const;

test('a proxy that re-indents JSON is found out: in the capture, in Verify and in the attempt', async ({ page, hookyard: { api } }) => {
  const bin = await api.bins.create({ name: 'Orders', signing, secrets: [secret] });
  const proxy = await openChangingProxy(() => bin.url, reindent);
  try {
    const endpoint = await api.endpoints.create({ name: 'Shop', url: proxy.url, signing, secret, retryPolicy: 'none' });
    await api.messages.send({ type: 'order.made', data: { order: 1 }, endpointIds: [endpoint.id] });
    const captures = new CapturesPage(page);
    await new FramePage(page).open('Captures');
    await captures.bins.getByRole('button', { name: 'Orders' }).click();
    await captures.captures('Orders').first().click();
    await expect(captures.detail).toContainText('The same content, but its bytes differ from those sent');

    await captures.detail.getByRole('button', { name: 'Compare with what was sent' }).click();
    const report = captures.detail.getByRole('region', { name: 'Comparison' });
    await expect(report).toContainText('The JSON was re-indented: sent in one line without spaces, arrived indented by 2 spaces.');
    await expect(report.getByRole('row', { name: /^Via/ })).toContainText('added');
    await expect(report.getByRole('row', { name: /^Connection/i })).toContainText('of one connection');
    await expect(report.getByRole('figure')).toContainText('First difference at byte 1');

    await captures.detail.getByRole('link', { name: 'Check in Verify' }).click();
    await expect(page.getByRole('region', { name: 'Changed on its way' })).toContainText(
      'Over the body that was sent the signature matches, so this is the cause.',
    );
    await page.getByRole('link', { name: 'Open the delivery that sent it' }).click();
    await page.getByRole('tab', { name: 'What arrived' }).click();
    await expect(page.getByRole('region', { name: 'Comparison' })).toContainText('The JSON was re-indented');
    await page.getByRole('link', { name: 'this capture' }).click();
    await expect(captures.detail).toContainText('POST /orders');
  } finally {
    proxy.close();
  }
});
