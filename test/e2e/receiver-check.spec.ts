import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AxeBuilder } from '@axe-core/playwright';
import { EndpointsPage } from './pages/endpoints-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test as base } from './support/hookyard.ts';

const secret = 'a-secret-that-both-of-them-have';

/** A receiver of GitHub's that takes requests without a signature until it is told better. */
const test = base.extend<{ readonly receiver: { readonly url: string; readonly correct: () => void } }>({
  receiver: async ({ playwright: _ }, use) => {
    let isRight = false;
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of request) chunks.push(chunk as Buffer);
      } catch {
        // The check cuts some connections.
        return;
      }
      const received = request.headers['x-hub-signature-256'];
      const expected = `sha256=${createHmac('sha256', secret).update(Buffer.concat(chunks)).digest('hex')}`;
      response.statusCode = received === expected || (received === undefined && !isRight) ? 200 : 401;
      response.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await use({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/github`, correct: () => (isRight = true) });
    server.close();
  },
});

test('a check names what is wrong with a receiver, and finds nothing once it is right', async ({ page, hookyard: { api }, receiver }) => {
  await api.endpoints.create({ name: 'Our receiver', profile: 'github', url: receiver.url, secret });
  const endpoints = new EndpointsPage(page);
  await new FramePage(page).open('Endpoints');
  await endpoints.open('Our receiver');
  await endpoints.detail.getByRole('button', { name: 'Check receiver…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Check the receiver of Our receiver' });
  const begin = dialog.getByRole('button', { name: 'Start check' });
  await expect(begin).toBeVisible();
  const heightAtFirst = (await dialog.boundingBox())?.height;
  await begin.click();
  const wrong = dialog.getByRole('region', { name: 'What is wrong' });
  await expect(dialog.getByRole('button', { name: 'Check again' })).toBeVisible({ timeout: 60_000 });
  await expect(wrong.getByRole('heading', { name: 'It takes requests without a signature' })).toBeVisible();
  // It is as high as before, and the button is in view without scrolling.
  expect((await dialog.boundingBox())?.height).toBe(heightAtFirst);
  await expect(dialog.getByRole('button', { name: 'Check again' })).toBeInViewport({ ratio: 1 });
  await expect(wrong).toContainText('Seen in: “No signature header”, while it did this right: “Signed with another secret”');
  const cases = dialog.getByRole('list', { name: 'Cases, with those that went wrong first' });
  const missing = cases.getByRole('listitem').filter({ hasText: 'No signature header' });
  await missing.getByText('No signature header').click();
  await expect(missing).toContainText('It was answered 200.');
  await expect(missing.getByRole('link', { name: 'Open the delivery' })).toBeVisible();
  // Another width lays the endpoint over the list; what was found stays.
  const size = page.viewportSize() ?? { width: 1280, height: 800 };
  await page.setViewportSize({ ...size, width: 800 });
  await expect(page.getByText('Back to the list')).toBeAttached();
  await expect(missing).toContainText('It was answered 200.');
  await expect(dialog.getByRole('button', { name: 'Check again' })).toBeVisible();
  await page.setViewportSize(size);
  await expect(page.getByText('Back to the list')).not.toBeAttached();
  await expect(missing).toContainText('It was answered 200.');
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).include('[role="dialog"]').analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id: rule }) => rule)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  receiver.correct();
  // The last check is still there.
  await endpoints.detail.getByRole('button', { name: 'Check receiver…' }).click();
  await expect(wrong).toContainText('It takes requests without a signature');
  await dialog.getByRole('button', { name: 'Check again' }).click();
  await expect(wrong).toContainText('Nothing wrong was found.', { timeout: 60_000 });
  // Beside the comparison, too; what is wrong, or that nothing is, stands above that.
  await expect(wrong).toContainText(/Nothing wrong was found\..*Compared with/s);
  await expect(dialog.getByRole('button', { name: 'Check again' })).toBeInViewport({ ratio: 1 });
  expect((await dialog.boundingBox())?.height).toBe(heightAtFirst);
  // Both are in the list of checks, and the second says what it fixed.
  await dialog.getByRole('link', { name: 'Open as a page' }).click();
  await expect(endpoints.area.getByRole('listbox', { name: 'Checks' }).getByRole('option')).toHaveCount(2);
  const report = endpoints.area.getByRole('region', { name: 'What is wrong' });
  await expect(report.getByRole('listitem').filter({ hasText: 'No signature header' })).toContainText('fixed');
  const address = page.url();
  // The log says what each delivery was for, and is not buried under them.
  const frame = new FramePage(page);
  await frame.open('Deliveries');
  const ofCase = page.getByRole('option').filter({ hasText: 'Our receiver: A genuine request after all others' });
  await expect(ofCase.first()).toBeVisible();
  await page.getByRole('button', { name: 'hide tests' }).click();
  await expect(ofCase).toHaveCount(0);
  await page.getByRole('button', { name: 'tests hidden' }).click();
  await expect(ofCase.first()).toBeVisible();
  await page.goto(address);
  await page.reload();
  await report.getByRole('link', { name: /^the check/ }).click();
  await expect(report.getByRole('heading', { name: 'It takes requests without a signature' })).toBeVisible();
});
