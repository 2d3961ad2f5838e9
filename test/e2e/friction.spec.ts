import type { Locator, Page } from '@playwright/test';
import { CapturesPage } from './pages/captures-page.ts';
import { ComposePage } from './pages/compose-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { VerifyPage } from './pages/verify-page.ts';
import { signRequest } from './support/fill-workspace.ts';
import { expect, test } from './support/hookyard.ts';

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
  await captures.detail.getByRole('button', { name: 'Save' }).press('Enter');
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
  const search = captures.area.getByRole('searchbox', { name: 'Search captures' });
  await page.keyboard.press('/');
  await page.keyboard.type('nothing');
  await captures.area.getByRole('button', { name: 'Clear search' }).press('Enter');
  await expect(search, 'clearing the search').toBeFocused();
  await page.keyboard.press('Escape');
  await expect(list, 'leaving the search').toBeFocused();

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
