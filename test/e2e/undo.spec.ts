import { CapturesPage } from './pages/captures-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

test('what is deleted can be brought back, and a limit that removes something asks first', async ({ page, hookyard: { api } }) => {
  const bin = await api.bins.create({ name: 'Shop' });
  for (const body of ['one', 'two', 'three']) await fetch(bin.url, { method: 'POST', body });
  const frame = new FramePage(page);
  const captures = new CapturesPage(page);
  const undo = page.getByRole('region', { name: 'Undo' });
  await frame.open('Captures');
  await captures.bins.getByRole('button', { name: 'Shop' }).click();
  await captures.captures('Shop').first().click();
  await captures.detail.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(captures.captures('Shop')).toHaveCount(2);
  await expect(undo).toContainText('Capture deleted.');
  await captures.choose('Delete the bin');
  const question = page.getByRole('dialog', { name: 'Delete the bin "Shop"?' });
  await expect(question).toContainText('2 captures will be deleted with it');
  await question.getByRole('button', { name: 'Delete bin' }).click();
  await expect(undo).toContainText('Bin Shop deleted.');
  await undo.getByRole('button', { name: 'Undo' }).press('Enter');
  await expect(captures.captures('Shop')).toHaveCount(2);
  await expect(undo).toContainText('Bin Shop restored.');
  await expect(captures.bins.getByRole('button', { name: 'Shop' })).toBeFocused();
  await undo.getByRole('button', { name: 'Undo' }).press('Enter');
  await expect(captures.captures('Shop')).toHaveCount(3);
  await expect(undo).toContainText('Capture restored.');
  // The list that it is back in has the focus, with its row as the current one.
  const list = captures.area.getByRole('listbox', { name: 'Captures of Shop' });
  await expect(list).toBeFocused();
  await expect(captures.captures('Shop').first()).toHaveAttribute('aria-selected', 'true');
  await undo.getByRole('button', { name: 'Dismiss' }).click();
  await expect(undo).toHaveCount(0);

  await frame.open('Settings');
  const limit = page.getByRole('textbox', { name: 'Captures kept' });
  const before = await limit.inputValue();
  const limitQuestion = page.getByRole('dialog', { name: 'Set "Captures kept" to 1?' });
  await limit.fill('1');
  await limit.press('Enter');
  await expect(limitQuestion).toContainText('2 captures beyond this limit will be removed for good');
  await limitQuestion.getByRole('button', { name: `Keep ${before}` }).click();
  await expect(limit).toHaveValue(before);
  await limit.fill('1');
  await limit.press('Enter');
  await limitQuestion.getByRole('button', { name: 'Set and remove' }).click();
  await expect.poll(async () => (await api.system.getSettings()).keepCaptures).toBe(1);
});
