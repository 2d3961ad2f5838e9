import type { Locator, Page } from '@playwright/test';
import { CapturesPage } from './pages/captures-page.ts';
import { ComposePage } from './pages/compose-page.ts';
import { DeliveriesPage } from './pages/deliveries-page.ts';
import { EndpointsPage } from './pages/endpoints-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { VerifyPage } from './pages/verify-page.ts';
import { signRequest } from './support/fill-workspace.ts';
import { expect, test } from './support/hookyard.ts';
import type { Api } from './support/shell.ts';

test.use({ startAt: '#/compose' });

/** Waits until the focus is at an element of the page, and within this one. */
async function expectFocusWithin(page: Page, home: Locator, after: string): Promise<void> {
  await expect(page.locator('body'), `after ${after} the focus is nowhere`).not.toBeFocused();
  await expect.poll(() => home.evaluate((element) => element.contains(document.activeElement)), `after ${after}`).toBe(true);
}

/** The selected part of a text field. */
function selectedText(field: Locator): Promise<string> {
  return field.evaluate((input: HTMLInputElement) => input.value.slice(input.selectionStart ?? 0, input.selectionEnd ?? 0));
}

test('the focus goes to a sensible place after every action in Captures and Verify', async ({ page, hookyard: { api } }) => {
  const frame = new FramePage(page);
  const captures = new CapturesPage(page);
  await frame.open('Captures');
  await captures.newBinButton.press('Enter');
  await page.keyboard.type('Callback');
  await page.keyboard.press('Enter');
  await expect(captures.bins.getByRole('button', { name: 'Callback' })).toBeVisible();
  await expectFocusWithin(page, captures.area, 'making a bin');
  const status = captures.detail.getByRole('textbox', { name: 'Status' });
  await status.fill('202');
  await captures.detail.getByRole('button', { name: /^Save/ }).press('Enter');
  await expect(captures.nextAnswer).toContainText('202');
  await expectFocusWithin(page, captures.detail, 'saving the answer');

  const more = captures.area.getByRole('button', { name: 'More for Callback' });
  const question = page.getByRole('dialog', { name: /^Delete the bin/ });
  await more.press('Enter');
  await page.getByRole('menuitem', { name: 'Delete the bin' }).press('Enter');
  await expect(question).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  await expect(more, 'a dialog that a menu opened gives the focus back to what opened the menu').toBeFocused();

  const url = await captures.binUrl();
  await Promise.all([fetch(`${url}/one`, { method: 'POST', body: '1' }), fetch(`${url}/two`, { method: 'POST', body: '2' })]);
  const list = captures.area.getByRole('listbox', { name: 'Captures of Callback' });
  await expect(list.getByRole('option')).toHaveCount(2);
  await list.getByRole('option').first().click();
  await captures.detail.getByRole('button', { name: 'Delete', exact: true }).press('Enter');
  await expect(list.getByRole('option')).toHaveCount(1);
  await expect(list, 'deleting a capture').toBeFocused();
  const search = captures.filter;
  await page.keyboard.press('/');
  await page.keyboard.type('nothing');
  await captures.area.getByRole('button', { name: 'Clear filter' }).press('Enter');
  await expect(search, 'clearing the filter').toBeFocused();
  // The first press closes the list of completions.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(list, 'leaving the filter').toBeFocused();

  const verify = new VerifyPage(page);
  const signed = signRequest();
  await frame.open('Verify');
  await verify.headers.fill(
    Object.entries(signed.headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
  );
  await verify.body.fill(`${signed.body}\n`);
  await verify.secret.fill(signed.secret);
  await verify.applyButton.press('Enter');
  await expect(verify.check('Signature')).toHaveAttribute('data-result', 'passed');
  await expectFocusWithin(page, verify.verdict, 'applying a change');
  await verify.secret.fill('whsec_AAAA');
  await expect(verify.verdict.getByText('Valid', { exact: false }), 'a verdict goes with a changed secret').toBeHidden();
  await verify.clearButton.click();
  await verify.checkButton.press('Enter');
  await expect(verify.verdict.getByRole('alert')).toContainText('There is no request to check yet');
  await expect(verify.headers, 'Check leads to what is missing').toBeFocused();
  expect((await api.bins.list({})).items.map(({ name }) => name)).toContain('Callback');
});

test('a new endpoint and a new event type begin in the name, when they are asked for by key', async ({ page }) => {
  const main = page.getByRole('main');
  const beginsInName = async (button: string) => {
    await main.getByRole('button', { name: button }).press('Enter');
    await expect(main.getByRole('textbox', { name: 'Name', exact: true })).toBeFocused();
  };
  // In the narrow window the form slides over the list, or takes the place of a detail that did.
  for (const width of [1280, 1024]) {
    await page.setViewportSize({ width, height: 700 });
    await page.evaluate(() => void (window.location.hash = '#/events'));
    await beginsInName('New event type');
    await page.evaluate(() => void (window.location.hash = '#/endpoints'));
    await main.getByRole('option').first().click();
    await beginsInName('New endpoint');
  }
});

test('Compose can be worked by keys alone: fields are typed over, Tab leaves the editor, and Escape closes one layer', async ({ page }) => {
  const frame = new FramePage(page);
  const compose = new ComposePage(page);
  await compose.dataEditor.waitFor();
  for (const field of [compose.eventType, compose.endpoint]) {
    await field.focus();
    await expect.poll(() => selectedText(field)).not.toBe('');
    expect(await selectedText(field)).toBe(await field.inputValue());
    await page.keyboard.press('Escape');
  }
  await compose.eventType.click();
  await page.keyboard.type('own.event');
  await expect(compose.eventType, 'a click selects what is typed over').toHaveValue('own.event');
  await page.keyboard.press('Escape');

  await compose.dataEditor.focus();
  await expect(page.getByText('Esc, then Tab leaves the editor.')).toBeVisible();
  await page.keyboard.press('ControlOrMeta+k');
  await expect(frame.paletteInput).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(frame.paletteInput).toBeHidden();
  await expect(compose.dataEditor).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByText('Tab leaves the editor.', { exact: true })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(compose.dataEditor).not.toBeFocused();
  await expect(page.locator('body')).not.toBeFocused();
});

/** An endpoint whose deliveries have all failed for good, at a receiver that accepts again. */
async function failedDeliveries(api: Api, count: number): Promise<void> {
  const bin = await api.bins.create({ name: 'Shop', slug: 'shop', response: { status: 500 } });
  const { id } = await api.endpoints.create({ name: 'Shop', url: bin.url, retryPolicy: 'none', headers: { 'X-Tenant': 'acme' } });
  for (let number = 1; number <= count; number += 1)
    await api.messages.send({ type: 'order.made', data: { number }, endpointIds: [id], bodyBase64: btoa(`{"number": ${number}}\r\n`) });
  await expect.poll(async () => (await api.deliveries.list({ status: 'exhausted' })).items.length).toBe(count);
  await api.bins.update({ id: bin.id, response: { status: 200, body: '{"thanks": true}' } });
}

test('failures are worked through without losing the place, and Back steps through selections and filters', async ({
  page,
  hookyard: { api },
}) => {
  await failedDeliveries(api, 6);
  const deliveries = new DeliveriesPage(page);
  await new FramePage(page).open('Deliveries');
  await deliveries.filter.fill('status:exhausted endpoint:Shop');
  await page.keyboard.press('Escape');
  await expect(deliveries.rows).toHaveCount(6);
  const filtered = page.url();
  const third = deliveries.rows.nth(2);
  await third.click();
  await expect(deliveries.attempts).toHaveCount(1);
  const opened = page.url();
  const place = await third.boundingBox();
  await deliveries.redeliverButton.press('Enter');
  await expect(third).toContainText('delivered');
  await expect(deliveries.attempts).toHaveCount(2);
  await expect(third).toHaveAttribute('aria-selected', 'true');
  expect(await third.boundingBox()).toEqual(place);
  await expect(deliveries.rows).toHaveCount(6);
  await expectFocusWithin(page, deliveries.detail, 'redelivering');
  // Visits that follow one another within a second are one step of the history.
  await page.waitForFunction((since) => performance.now() - since > 1000, await page.evaluate(() => performance.now()));
  await page.keyboard.press('j');
  await expect(deliveries.rows.nth(3)).toHaveAttribute('aria-selected', 'true');
  await page.goBack();
  await expect(page).toHaveURL(opened);
  await expect(third).toHaveAttribute('aria-selected', 'true');
  await page.goBack();
  await expect(page).toHaveURL(filtered);
  await expect(deliveries.filter).toHaveValue('status:exhausted endpoint:Shop');
  await page.goForward();
  await expect(deliveries.attempts).toHaveCount(2);
});

test('a delivery is sent again to its endpoint byte for byte, and the draft of the user is untouched', async ({
  page,
  hookyard: { api },
}) => {
  await failedDeliveries(api, 1);
  const frame = new FramePage(page);
  const compose = new ComposePage(page);
  const deliveries = new DeliveriesPage(page);
  await compose.dataEditor.waitFor();
  await compose.replaceText(compose.dataEditor, '{"mine": 1}');
  const endpoint = await compose.endpoint.inputValue();
  await frame.open('Deliveries');
  await deliveries.rows.first().click();
  await deliveries.detail.getByRole('button', { name: 'Edit and resend' }).click();
  const bar = page.getByRole('region', { name: 'Sending again' });
  await expect(bar).toContainText('as it was sent. Its body is sent byte for byte.');
  await expect(compose.endpoint).toHaveValue('Shop');
  await expect(compose.request).toContainText('X-Tenant');
  await compose.send();
  await expect(compose.resultLine('Same bytes as sent')).toBeVisible();
  await expect(compose.result.getByRole('region', { name: 'Body of the answer' })).toContainText('"thanks"');
  const [captured] = (await api.captures.list({ q: 'shop', limit: 1 })).items;
  expect(atob((await api.captures.get({ id: captured?.id ?? '' })).bodyBase64)).toBe('{"number": 1}\r\n');
  await page.reload();
  await expect(bar, 'the address names what is sent again').toBeVisible();
  await bar.getByRole('button', { name: 'Back to my draft' }).click();
  await expect(compose.endpoint).toHaveValue(endpoint);
  await expect(compose.dataEditor).toBeVisible();
  await expect(page.locator('.view-lines').first()).toContainText('"mine"');
  await page.goBack();
  await expect(bar).toBeVisible();
});

test('a problem is shown once, at the first wrong field, and disappears when that is corrected', async ({ page, hookyard: { api } }) => {
  const frame = new FramePage(page);
  const endpoints = new EndpointsPage(page);
  const wrong = page.getByText('Write the whole URL with its scheme', { exact: false });
  await frame.open('Endpoints');
  await endpoints.startNew('Shop', 'shop.example/hooks');
  await endpoints.detail.getByRole('textbox', { name: 'Timeout' }).fill('15 s');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(endpoints.url).toBeFocused();
  await expect(endpoints.url).toBeInViewport();
  await expect(wrong).toHaveCount(1);
  await endpoints.url.fill('http://shop.example/hooks');
  await expect(wrong).toHaveCount(0);

  const compose = new ComposePage(page);
  await frame.open('Compose');
  await compose.chooseEndpoint('Any URL, without an endpoint');
  await compose.url.fill('shop.example/hooks');
  await compose.send();
  await expect(compose.url).toBeFocused();
  await expect(wrong).toHaveCount(1);
  await compose.url.fill('http://127.0.0.1:9/hooks');
  await expect(wrong).toHaveCount(0);

  const insecure = await api.endpoints.create({ name: 'Staging', url: 'https://127.0.0.1:9/', verifyTls: false, isActive: false });
  const mark = (place: Locator) => place.getByRole('img', { name: 'TLS certificate not checked' });
  // The draft of before is open still; the list stands beside it again at its own address.
  await page.evaluate(() => void (window.location.hash = '#/endpoints'));
  await expect(mark(endpoints.list.getByRole('option', { name: 'Staging' }))).toBeVisible();
  await endpoints.open('Staging');
  await expect(mark(endpoints.detail)).toBeVisible();
  await endpoints.detail.getByRole('button', { name: 'Compose', exact: true }).click();
  await expect(compose.endpoint).toHaveValue('Staging (disabled)');
  await expect(mark(page.getByRole('main'))).toBeVisible();
  await compose.send();
  await expect(compose.result.getByRole('alert')).toContainText('Staging is disabled');
  await api.endpoints.update({ id: insecure.id, isActive: true });
  await expect(compose.result, 'a refusal goes when its reason does').toBeHidden();
});
