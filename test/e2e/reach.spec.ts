import { startSmeeServer, type SmeeServer } from '../support/smee-server.ts';
import { CapturesPage } from './pages/captures-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

let smee: SmeeServer;
test.beforeEach(async () => {
  smee = await startSmeeServer();
});
test.afterEach(() => smee.close());

test('a smee channel is added to a bin, marks what it wrote again, is paused and removed; a stream URL is made and revoked', async ({
  page,
  hookyard: { api },
}) => {
  await api.bins.create({ name: 'Hub', signing: { scheme: 'github-sha256' }, secrets: ['it-is-a-secret'] });
  const captures = new CapturesPage(page);
  await new FramePage(page).open('Captures');
  await captures.bins.getByRole('button', { name: /Hub/ }).click();
  await captures.area.getByRole('button', { name: 'Reach' }).click();
  const sources = captures.detail.getByRole('region', { name: 'Sources' });
  await sources.getByRole('button', { name: 'Add a source' }).click();
  await sources.getByRole('textbox', { name: 'URL' }).fill('not a URL');
  await sources.getByRole('button', { name: 'Add source' }).click();
  await expect(sources.getByRole('textbox', { name: 'URL' })).toHaveAttribute('aria-invalid', 'true');
  await sources.getByRole('textbox', { name: 'URL' }).fill(smee.channel);
  await sources.getByRole('button', { name: 'Add source' }).click();
  await expect(sources).toContainText('connected');
  await expect(captures.area).toContainText('1 of 1 source connected');

  await fetch(smee.channel, { method: 'POST', body: '{ "a": 1 }', headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } });
  await expect(sources).toContainText('1 capture');
  smee.drop();
  await expect(sources).toContainText('1 gap');
  await sources.getByText('1 gap').click();
  await expect(sources).toContainText('keeps nothing for later');
  await sources.getByRole('button', { name: 'Pause' }).click();
  await expect(sources).toContainText('paused');

  await captures.captures('Hub').first().click();
  await expect(captures.detail).toContainText('body re-written');
  await captures.showTab('Signature');
  await expect(captures.detail.getByRole('tabpanel')).toContainText('The channel parsed and re-wrote the body');

  await captures.area.getByRole('button', { name: 'Reach' }).click();
  await sources.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove source' }).click();
  await expect(sources).not.toContainText(smee.channel);

  const streams = captures.detail.getByRole('region', { name: 'Stream URLs' });
  const newUrl = streams.getByRole('button', { name: 'New stream URL' });
  if (await newUrl.isHidden()) {
    await expect(streams).toContainText('which this app does not open');
    return;
  }
  await newUrl.click();
  await streams.getByLabel('Whom it is for').fill('Ann');
  await streams.getByRole('button', { name: 'Make stream URL' }).click();
  const dialog = page.getByRole('dialog', { name: 'Stream URL' });
  await expect(dialog.getByTestId('secret')).toContainText('/stream/hsk_');
  const url = (await dialog.getByTestId('secret').textContent()) ?? '';
  await dialog.getByLabel('I have put it where it is needed').check();
  await dialog.getByRole('button', { name: 'Done' }).click();
  const follower = await fetch(url, { headers: { accept: 'text/event-stream' } });
  await expect(streams).toContainText('used by 1 follower');
  await streams.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(streams).not.toContainText('Ann');
  await follower.body?.cancel().catch(() => undefined);
  expect((await fetch(url)).status).toBe(404);
});
