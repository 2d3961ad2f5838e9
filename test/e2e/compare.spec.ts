import type { Locator } from '@playwright/test';
import { respond, startReceiver } from '../support/scripted-receiver.ts';
import { DeliveriesPage } from './pages/deliveries-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

const json = [['Content-Type', 'application/json']] as const;

test('an attempt is compared with the one before it, with the last success and with a capture', async ({ page, hookyard: { api } }) => {
  const receiver = await startReceiver([
    respond({ headers: json, body: '{"ok":true}' }),
    respond({ status: 500, headers: json, body: '{"ok":false,"error":"no stock"}' }),
    respond({ headers: json, body: '{"ok":true}' }),
  ]);
  const bin = await api.bins.create({ name: 'Orders' });
  await fetch(bin.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"order":7}' });
  const endpoint = await api.endpoints.create({ name: 'Shop', url: receiver.url, signing: null, retryPolicy: 'none' });
  const send = async (status: 'delivered' | 'exhausted') => {
    const { deliveries } = await api.messages.send({ type: 'order.made', data: { order: 1 }, endpointIds: [endpoint.id] });
    const id = deliveries[0]?.id ?? '';
    await expect.poll(async () => (await api.deliveries.get({ id })).status).toBe(status);
    return id;
  };
  await send('delivered');
  const failed = await send('exhausted');
  await api.deliveries.redeliver({ id: failed });
  await expect.poll(async () => (await api.deliveries.get({ id: failed })).status).toBe('delivered');

  const deliveries = new DeliveriesPage(page);
  await new FramePage(page).open('Deliveries');
  await deliveries.rows.first().click();
  await expect(deliveries.attempts).toHaveCount(2);
  await page.keyboard.press('d');

  const compare = page.getByRole('main', { name: 'Compare' });
  await expect(compare.getByRole('region', { name: 'First', exact: true })).toContainText('Attempt 1 of order.made to Shop');
  await expect(compare.getByRole('status').first()).toContainText(
    'The requests are the same; the first was answered with 500 and the second with 200, and the answers differ in the body',
  );
  const answers = compare.getByRole('region', { name: 'Answers compared' });
  await expect(answers.getByRole('row', { name: /\$\.error/ })).toContainText('"no stock"');
  await expect(answers.locator('[data-diff]')).toContainText('no stock');
  await answers.getByText('Hex', { exact: true }).click();
  await expect(answers.getByRole('region', { name: 'Bytes of both bodies' }).locator('mark').first()).toBeVisible();
  await compare.getByRole('tab', { name: /^Timing/ }).click();
  await expect(compare.getByRole('row', { name: /^Total/ })).toContainText('ms');
  await compare.getByRole('tab', { name: /^Connection/ }).click();
  await expect(compare.getByRole('row', { name: /^Connection/ })).toContainText('reused from an earlier attempt');

  // Escape closes one layer: the list of a side, its field, the comparison.
  const first = compare.getByRole('region', { name: 'First', exact: true });
  await first.getByRole('button', { name: 'Change' }).click();
  await expect(first.getByRole('combobox')).toBeFocused();
  await expect(page.getByRole('option').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('option').first()).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(first.getByRole('combobox')).toHaveCount(0);
  await expect(first.getByRole('button', { name: 'Change' })).toBeFocused();

  await page.keyboard.press('w');
  await expect(compare.getByRole('region', { name: 'First', exact: true })).toContainText('Attempt 2 of order.made to Shop');
  await page.reload();
  await expect(compare.getByRole('tab', { name: /^Connection/ })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Escape');
  await expect(deliveries.attempts).toHaveCount(2);

  await page.keyboard.press('=');
  const likely = compare.getByRole('region', { name: 'Likely to compare with' });
  // What comes meanwhile is offered too, behind what stands there.
  const relations = likely.getByRole('button').locator('b');
  await expect(relations).toHaveText(['Previous attempt', 'Last success of this endpoint']);
  await api.deliveries.redeliver({ id: failed });
  await expect(relations).toHaveText(['Previous attempt', 'Last success of this endpoint', 'Next attempt']);
  await likely.getByRole('button', { name: /^Last success of this endpoint/ }).click();
  await expect(compare.getByRole('status').first()).toContainText('both were answered with 200, and the answers are the same');

  await compare.getByRole('region', { name: 'Second', exact: true }).getByRole('button', { name: 'Change' }).click();
  await compare.getByRole('combobox', { name: 'Compare with another one' }).fill('POST /orders');
  await page.getByRole('option', { name: /^POST \/orders/ }).click();
  await expect(compare.getByRole('region', { name: 'Second', exact: true })).toContainText('Capture of Orders');
  const report = compare.getByRole('region', { name: 'Comparison' });
  await expect(report.getByRole('row', { name: /\$\.order/ })).toContainText('7');

  await api.captures.remove({ id: (await api.captures.list({ binId: bin.id })).items[0]?.id ?? '' });
  await page.reload();
  await expect(compare.getByRole('alert')).toContainText('There is no capture');
  await receiver.close();
});

test('a capture is compared with a request of a file that is dropped or pasted, which a reload forgets', async ({
  page,
  hookyard: { api },
}) => {
  const bin = await api.bins.create({ name: 'Orders' });
  for (const order of [7, 8])
    await fetch(bin.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-signature': `s${order}` },
      body: `{"order":${order}}`,
    });
  const { items } = await api.captures.list({ binId: bin.id });
  const { contentBase64 } = await api.captures.export({ format: 'har', ids: items.map(({ id }) => id) });
  const file = await page.evaluateHandle((base64) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], 'customer.har'));
    return transfer;
  }, String(contentBase64));
  await page.evaluate((id) => (location.hash = `#/compare/${id}`), items[0]?.id ?? '');

  const compare = page.getByRole('main', { name: 'Compare' });
  const second = compare.getByRole('region', { name: 'Second', exact: true });
  const dialog = page.getByRole('dialog');
  await expect(second.getByRole('button', { name: 'Paste or drop a file…' })).toBeVisible();
  await second.dispatchEvent('drop', { dataTransfer: file });
  await expect(dialog).toContainText('customer.har (HAR');
  await expect(dialog.getByRole('textbox', { name: 'Find a request' })).toBeFocused();
  // Captured later and second in the file, but it has the signature of the other side.
  await expect(dialog.getByRole('group', { name: 'Requests' }).getByRole('button').first()).toContainText('Same signature');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(second).toContainText('Request 1 of customer.har');
  await expect(second).toContainText('read as HAR');
  const report = compare.getByRole('region', { name: 'Comparison' });
  await expect(report.getByRole('row', { name: /\$\.order/ })).toContainText('7');
  await expect(report.locator('[data-diff]')).toContainText('7');

  // The other request of the same file.
  await expect(dialog).toHaveCount(0);
  await second.getByRole('button', { name: 'Change' }).click();
  await second.getByRole('button', { name: 'Another request of it…' }).click();
  await expect(dialog.getByRole('textbox', { name: 'Find a request' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(second).toContainText('Request 2 of customer.har');
  await expect(compare.getByRole('status').first()).toContainText('The requests are the same');

  // A paste that tells no answer.
  await expect(dialog).toHaveCount(0);
  await page.keyboard.press('p');
  await dialog
    .getByRole('textbox', { name: 'Request' })
    .fill(`curl ${bin.url} -H 'content-type: application/json' -H 'x-signature: s8' -d '{"order":8}'`);
  await page.keyboard.press('Control+Enter');
  await expect(second).toContainText('What was pasted');
  await expect(second).toContainText('answer not known');
  await expect(compare.getByRole('tab', { name: /^Response/ })).toContainText('not compared');
  await expect(compare.getByRole('tab', { name: /^Request/ })).toContainText('same');
  // Texts that were compared before are still here.
  await page.goBack();
  await expect(second).toContainText(/Request \d of customer\.har/);

  await page.reload();
  await expect(second).toContainText('What was pasted here is gone');
  await second.getByRole('button', { name: 'Paste it again…' }).click();
  await dialog.getByRole('textbox', { name: 'Request' }).fill('['.repeat(1000));
  await dialog.getByRole('button', { name: 'Compare' }).click();
  await expect(dialog.getByRole('alert')).toContainText('levels deep');
  await expect(dialog.getByRole('textbox', { name: 'Request' })).toHaveValue('['.repeat(1000));
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(second.getByRole('button', { name: 'Paste it again…' })).toBeFocused();
});

test('two files that are dropped or chosen at once are the two sides, and of three none is taken', async ({ page }) => {
  const texts = ['first', 'second', 'third'].map((name, at) => ({
    name: `${name}.txt`,
    text: `curl https://shop.example/orders -H 'content-type: application/json' -d '{"order":${at}}'`,
  }));
  const transferOf = async (count: number) =>
    await page.evaluateHandle(
      (given) => {
        const transfer = new DataTransfer();
        for (const { name, text } of given) transfer.items.add(new File([text], name));
        return transfer;
      },
      texts.slice(0, count),
    );
  await page.evaluate(() => (location.hash = '#/compare'));
  const compare = page.getByRole('main', { name: 'Compare' });
  const first = compare.getByRole('region', { name: 'First', exact: true });
  const second = compare.getByRole('region', { name: 'Second', exact: true });
  await expect(second).toBeVisible();
  await second.dispatchEvent('drop', { dataTransfer: await transferOf(3) });
  await expect(compare.getByRole('alert')).toContainText('These are 3 files, and two are compared');
  await second.dispatchEvent('drop', { dataTransfer: await transferOf(2) });
  await expect(first).toContainText('first.txt');
  await expect(second).toContainText('second.txt');
  await expect(compare.getByRole('alert')).toHaveCount(0);
  const report = compare.getByRole('region', { name: 'Comparison' });
  await expect(report.getByRole('row', { name: /\$\.order/ })).toContainText('other value');

  const dialog = page.getByRole('dialog');
  // Keys are of the dialog until it is gone.
  await expect(dialog).toHaveCount(0);
  await page.keyboard.press('p');
  const files = texts.map(({ name, text }) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) }));
  const choose = async (chosen: typeof files) => {
    const chooser = page.waitForEvent('filechooser');
    await dialog.getByRole('button', { name: 'Choose a file or two' }).click();
    await (await chooser).setFiles(chosen);
  };
  await choose(files);
  await expect(dialog.getByRole('alert')).toContainText('These are 3 files');
  await choose(files.slice(1));
  await expect(first).toContainText('second.txt');
  await expect(second).toContainText('third.txt');
  await expect(dialog).toHaveCount(0);
});

test('nothing moves when a comparison has come, and all of it is as wide as the bar above', async ({ page, hookyard: { api } }) => {
  const bin = await api.bins.create({ name: 'Orders' });
  const { id: endpointId } = await api.endpoints.create({ name: 'Shop', url: bin.url, retryPolicy: 'none' });
  const rows = Array.from({ length: 20_000 }, (_, row) => ({ row, name: `Person number ${row}`, email: `p${row}@example.com` }));
  const attemptOf = async (order: number) => {
    const { deliveries } = await api.messages.send({ type: 'order.made', data: { order, rows }, endpointIds: [endpointId] });
    const id = deliveries[0]?.id ?? '';
    await expect.poll(async () => (await api.deliveries.get({ id })).status).toBe('delivered');
    return (await api.deliveries.get({ id })).attempts[0]?.id ?? '';
  };
  const [first, second] = [await attemptOf(7), await attemptOf(8)];
  await page.evaluate((id) => (location.hash = `#/compare/${id}`), second);
  const compare = page.getByRole('main', { name: 'Compare' });
  const rightOf = async (locator: Locator) => {
    const box = await locator.boundingBox();
    return box === null ? null : Math.round(box.x + box.width);
  };
  const close = compare.getByRole('button', { name: 'Close', exact: true });
  const offers = compare.getByRole('region', { name: 'Likely to compare with' });
  const secondCard = compare.getByRole('region', { name: 'Second', exact: true });
  await expect(offers).toBeVisible();
  expect([await rightOf(secondCard), await rightOf(offers)]).toEqual([await rightOf(close), await rightOf(close)]);

  // Where the switches stand in every frame until the comparison is there, and whether it was waited for then.
  const seen = page.evaluate(async () => {
    const tops = new Set<number>();
    let hasWaited = false;
    for (;;) {
      await new Promise(requestAnimationFrame);
      const main = document.querySelector('main');
      const label = [...(main?.querySelectorAll('span') ?? [])].find(({ textContent }) => textContent === 'Leave out');
      if (label !== undefined) tops.add(label.getBoundingClientRect().top);
      hasWaited ||= main?.querySelector('[role=progressbar]') != null;
      if (main?.querySelector('[role=tab]') != null) return { tops: [...tops], hasWaited };
    }
  });
  await page.evaluate(([one, other]) => (location.hash = `#/compare/${one}?with=${other}`), [first, second] as const);
  expect(await seen).toEqual({ tops: [expect.any(Number)], hasWaited: true });
  expect(await rightOf(secondCard)).toBe(await rightOf(close));
});
