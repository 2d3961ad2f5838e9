import type { Locator } from '@playwright/test';
import { bytesOfHostile, hostileBodies } from '../support/hostile-bodies.ts';
import { respond, startReceiver } from '../support/scripted-receiver.ts';
import { CapturesPage } from './pages/captures-page.ts';
import { DeliveriesPage } from './pages/deliveries-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { VerifyPage } from './pages/verify-page.ts';
import { expect, test } from './support/hookyard.ts';

test.use({ startAt: '#/captures' });

/** What a view may come to, whatever it shows: how long its tasks are follows from that. `npm run bench -- window` measures them. */
const most = { elements: 8000, characters: 200_000, longestRun: 2001 };

/** How much a view has drawn. */
function drawnIn(view: Locator): Promise<{ elements: number; characters: number; longestRun: number }> {
  return view.evaluate((element) => {
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    let longestRun = 0;
    let characters = 0;
    while (texts.nextNode() !== null) {
      const { length } = texts.currentNode.nodeValue ?? '';
      longestRun = Math.max(longestRun, length);
      characters += length;
    }
    return { elements: element.querySelectorAll('*').length, characters, longestRun };
  });
}

async function expectBounded(view: Locator, what: string): Promise<void> {
  const drawn = await drawnIn(view);
  for (const [name, limit] of Object.entries(most)) expect(drawn[name as keyof typeof most], `${what}: ${name}`).toBeLessThanOrEqual(limit);
}

test('captures of hostile bodies are shown in bounded pieces in every view, and leave the area alive', async ({
  page,
  hookyard: { api },
}) => {
  test.setTimeout(180_000);
  const captures = new CapturesPage(page);
  const bin = await api.bins.create({ name: 'Hostile' });
  const ids: { readonly name: string; readonly id: string }[] = [];
  for (const [name, hostile] of Object.entries(hostileBodies)) {
    await fetch(bin.url, { method: 'POST', headers: { 'content-type': hostile[0] }, body: bytesOfHostile(hostile) });
    ids.push({ name, id: (await api.captures.list({ binId: bin.id, limit: 1 })).items[0]?.id ?? '' });
  }
  await new FramePage(page).open('Captures');
  await captures.captures('Hostile').first().waitFor();
  const panel = captures.detail.getByRole('tabpanel');
  for (const { name, id } of ids) {
    await page.evaluate((hash) => (window.location.hash = hash), `#/captures/${id}?bin=${bin.id}`);
    await captures.detail.getByText(id.slice(0, 7)).waitFor();
    await expect(panel.locator('[role=region], table').first(), name).toBeVisible();
    await expect(captures.detail.getByText('Reading\u2026'), name).toHaveCount(0);
    await expectBounded(panel, name);
    const later = captures.detail.getByRole('button', { name: 'Later', exact: true });
    if ((await later.count()) > 0) {
      await later.first().click();
      await expect(captures.detail.getByText('Reading\u2026'), `${name}, further on`).toHaveCount(0);
      await expectBounded(panel, `${name}, further on`);
    }
    await expect(captures.detail.getByRole('alert'), name).toHaveCount(0);
  }
  for (const tab of ['Raw', 'Hex', 'Headers', 'Pretty'] as const) {
    await captures.showTab(tab);
    await expectBounded(panel, tab);
    await expect(captures.detail.getByRole('alert'), tab).toHaveCount(0);
  }
  await new FramePage(page).open('Events');
  await new FramePage(page).open('Captures');
  await expect(captures.captures('Hostile').first()).toBeVisible();
});

test('a large request that is pasted in Verify is read in a worker, and given up by Cancel', async ({ page }) => {
  const verify = new VerifyPage(page);
  await new FramePage(page).open('Verify');
  const paste = (text: string) =>
    verify.headers.evaluate((field, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  const head = 'POST /in HTTP/1.1\nHost: a.example\nX-Hub-Signature-256: sha256=00';
  for (const name of ['one line of 10 MB', 'a million keys', 'five million empty lines'] as const) {
    const started = page.waitForEvent('worker');
    await paste(`${head}\n\n${hostileBodies[name]?.[1]() ?? ''}`);
    await started;
    await expect(verify.headers, name).toHaveValue(/X-Hub-Signature-256: sha256=00/, { timeout: 30_000 });
    await expect(page.getByText('pasted body'), name).toBeVisible();
    await verify.clearButton.click();
    await expect(verify.headers, name).toHaveValue('');
  }
  await paste(`${head}\n\n${'x'.repeat(15_000_000)}`);
  await page.getByText('Reading the pasted text').waitFor();
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(page.getByText('Reading the pasted text')).toHaveCount(0);
  await expect(verify.headers).toHaveValue('');
});

test("a receiver's hostile answer is shown in Deliveries, and the next delivery after it", async ({ page, hookyard: { api } }) => {
  const json = 'application/json';
  const receiver = await startReceiver([
    respond({ headers: [['content-type', json]], body: '['.repeat(20_000) + ']'.repeat(20_000) }),
    respond({ headers: [['content-type', json]], body: `"${'\\"'.repeat(20_000)}"` }),
  ]);
  const deliveries = new DeliveriesPage(page);
  const { id } = await api.endpoints.create({ name: 'Hostile', url: receiver.url, retryPolicy: 'none' });
  for (const order of [1, 2]) await api.messages.send({ type: 'order.made', data: { order }, endpointIds: [id] });
  await new FramePage(page).open('Deliveries');
  await expect(deliveries.rows).toHaveCount(2);
  for (const row of [0, 1]) {
    await deliveries.rows.nth(row).click();
    await expect(deliveries.detail.getByRole('region', { name: 'Response body' })).toBeVisible();
    await expectBounded(deliveries.detail, `answer ${row + 1}`);
    await expect(deliveries.detail.getByRole('alert')).toHaveCount(0);
  }
  await receiver.close();
});
