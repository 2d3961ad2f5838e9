import { CapturesPage } from './pages/captures-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

test('a bin gets rules, a sequence and a template in the window, and its captures say what answered', async ({
  page,
  hookyard: { api },
}) => {
  const bin = await api.bins.create({ name: 'Shop' });
  const send = async (path: string, body: string) => {
    const answer = await fetch(`${bin.url}${path}`, { method: 'POST', body });
    return [answer.status, await answer.text()];
  };
  await send('/orders/1', '{"id":7}');
  const captures = new CapturesPage(page);
  await new FramePage(page).open('Captures');
  await captures.changeButton.click();
  const form = page.getByRole('region', { name: 'Detail' }).locator('form');
  const rules = form.getByRole('list', { name: 'Rules' });

  // Two rules, of which the second is moved to the first place by the keyboard.
  await form.getByRole('button', { name: 'Add a rule' }).click();
  const first = form.getByRole('group', { name: 'Rule 1' });
  await first.getByLabel('Name').fill('Orders');
  await first.getByLabel('Answers if').fill('path=/orders/*');
  await first.getByLabel('Sequence').fill('500, boom');
  await expect(first).toContainText('At character 6: "boom" is no step');
  await first.getByLabel('Sequence').fill('500, answer');
  await first.getByLabel('Body', { exact: true }).fill('order {{ request.json.id }}');
  await form.getByRole('button', { name: 'Add a rule' }).click();
  await form.getByRole('group', { name: 'Rule 2' }).getByLabel('Name').fill('Everything');
  await form.getByRole('group', { name: 'Rule 2' }).getByLabel('Status').fill('202');
  await rules.getByRole('button', { name: /^Move Everything/ }).press('ArrowUp');
  await expect(rules.getByRole('listitem').first()).toContainText('Everything');

  // Removed and put back, and then switched off.
  await rules.getByRole('button', { name: 'Delete Everything' }).click();
  await expect(rules.getByRole('button', { name: /^Move Everything/ })).toHaveCount(0);
  await form.getByRole('button', { name: 'Undo' }).click();
  await rules.getByText('Everything', { exact: true }).click();
  await rules.getByRole('switch', { name: 'Everything is on' }).click({ force: true });

  // What it makes of the capture that came, before it is saved.
  await rules.getByText('Orders', { exact: true }).click();
  await form.getByRole('group', { name: 'Rule 2' }).getByRole('button', { name: 'Edit with preview' }).click();
  const editor = page.getByRole('dialog', { name: 'Body of rule 2' });
  await expect(editor.getByRole('region', { name: 'Answer' })).toContainText('order 7');
  await editor.getByRole('button', { name: 'Close' }).click();
  await form.getByRole('button', { name: 'Try a request' }).click();
  const tried = page.getByRole('dialog', { name: 'What the bin would answer' });
  await expect(tried.getByRole('list', { name: 'What was looked at' })).toContainText('step 1 of 2: 500');
  await tried.getByRole('button', { name: 'Close' }).click();

  await form.getByRole('button', { name: /^Save/ }).click();
  await expect
    .poll(async () => (await api.bins.get({ id: bin.id })).answers.rules.map(({ name, isActive }) => [name, isActive]))
    .toEqual([
      ['Everything', false],
      ['Orders', true],
    ]);
  expect(await send('/orders/2', '{"id":8}')).toEqual([500, '']);
  expect(await send('/orders/3', '{"id":9}')).toEqual([200, 'order 9']);
  await expect(captures.captures('Shop').first()).toContainText('/orders/3');
  await captures.captures('Shop').first().click();
  await expect(captures.detail).toContainText('It meets path=/orders/*; request 2, step 2 of 2: answer.');
});
