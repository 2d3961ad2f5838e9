import { CapturesPage } from './pages/captures-page.ts';
import { EndpointsPage } from './pages/endpoints-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

test('two windows and a script edit an endpoint, nobody loses a saved field, and a field that two edit is marked', async ({
  page,
  hookyard: { api, rest },
}) => {
  test.skip(rest === null, 'The desktop app has one window.');
  const { id } = await api.endpoints.create({ name: 'Billing', url: 'http://127.0.0.1:9/a' });
  const other = await page.context().newPage();
  const [mine, theirs] = [new EndpointsPage(page), new EndpointsPage(other)];
  await page.goto(`${rest?.url ?? ''}/#/endpoints/${id}`);
  await other.goto(`${rest?.url ?? ''}/#/endpoints/${id}`);
  const descriptionOf = ({ detail }: EndpointsPage) => detail.getByRole('textbox', { name: 'Description' });

  await mine.name.fill('Invoices');
  await descriptionOf(theirs).fill('Made by the other window');
  await theirs.detail.getByRole('button', { name: /^Save/ }).click();
  await expect(descriptionOf(mine)).toHaveValue('Made by the other window');
  await api.endpoints.update({ id, url: 'http://127.0.0.1:9/b' });
  await expect(mine.url).toHaveValue('http://127.0.0.1:9/b');
  await mine.detail.getByRole('button', { name: /^Save/ }).click();
  await expect(theirs.name).toHaveValue('Invoices');
  expect(await api.endpoints.get({ id })).toMatchObject({
    name: 'Invoices',
    description: 'Made by the other window',
    url: 'http://127.0.0.1:9/b',
  });

  await mine.name.fill('Mine');
  await api.endpoints.update({ id, name: 'Theirs' });
  const mark = mine.detail.getByRole('group', { name: 'Name was changed elsewhere' });
  await expect(mark).toContainText('Theirs');
  await expect(mine.detail.getByRole('status').filter({ hasText: 'Changed elsewhere meanwhile: Name' })).toBeVisible();
  await mark.getByRole('button', { name: 'Keep my Name' }).click();
  await expect(mark).toHaveCount(0);
  await expect(mine.name).toBeFocused();
  await new FramePage(page).open('Deliveries');
  await page.reload();
  await page.goto(`${rest?.url ?? ''}/#/endpoints/${id}`);
  await expect(mine.name).toHaveValue('Mine');
  await api.endpoints.update({ id, name: 'Theirs again' });
  await mine.detail.getByRole('button', { name: 'Take their Name' }).click();
  await expect(mine.name).toHaveValue('Theirs again');
  await expect(mine.name).toBeFocused();
  await expect(mine.detail.getByRole('region', { name: 'Unsaved changes' })).toHaveCount(0);
});

test('saving over what somebody else saved asks, and names the fields', async ({ page, hookyard: { api } }) => {
  const { id } = await api.endpoints.create({ name: 'Billing', url: 'http://127.0.0.1:9/a' });
  const mine = new EndpointsPage(page);
  await new FramePage(page).open('Endpoints');
  await mine.list.getByRole('option', { name: /Billing/ }).click();
  await mine.detail.getByRole('textbox', { name: 'Success rule', exact: true }).fill('200');
  await mine.name.fill('Mine');
  await api.endpoints.update({ id, name: 'Theirs', successRule: '204' });
  await mine.detail.getByRole('button', { name: 'Show the first' }).click();
  await expect(mine.name).toBeFocused();

  await page.keyboard.press('ControlOrMeta+s');
  const question = page.getByRole('dialog', { name: 'Save over 2 changed fields?' });
  await expect(question).toContainText('Name and Success rule were changed elsewhere');
  await expect(question.getByRole('listitem')).toHaveText(['Name: Theirs', 'Success rule: 204']);
  await question.getByRole('button', { name: 'Cancel' }).click();
  expect(await api.endpoints.get({ id })).toMatchObject({ name: 'Theirs', successRule: '204' });

  await mine.detail.getByRole('button', { name: 'Take their Success rule' }).click();
  await mine.detail.getByRole('button', { name: /^Save/ }).click();
  await page.getByRole('dialog', { name: 'Save over their Name?' }).getByRole('button', { name: 'Save over it' }).click();
  await expect(mine.detail.getByRole('region', { name: 'Unsaved changes' })).toHaveCount(0);
  expect(await api.endpoints.get({ id })).toMatchObject({ name: 'Mine', successRule: '204' });
});

test('what is deleted elsewhere keeps the unsaved changes of this window', async ({ page, hookyard: { api } }) => {
  const [endpoint, bin] = [
    await api.endpoints.create({ name: 'Billing', url: 'http://127.0.0.1:9/a', events: ['invoice.*'] }),
    await api.bins.create({ name: 'Orders' }),
  ];
  await api.eventTypes.create({ name: 'invoice.paid', description: 'Paid', sample: { id: 1 } });
  const frame = new FramePage(page);
  const endpoints = new EndpointsPage(page);
  await frame.open('Endpoints');
  await endpoints.list.getByRole('option', { name: /Billing/ }).click();
  await endpoints.name.fill('Invoices');
  await api.endpoints.remove({ id: endpoint.id });
  const gone = page.getByRole('region', { name: 'Deleted endpoint' });
  await expect(gone).toContainText('Billing was deleted');
  await expect(gone.getByRole('definition')).toHaveText(['Invoices']);
  await gone.getByRole('button', { name: 'Create a new endpoint with your changes' }).click();
  await expect(endpoints.name).toHaveValue('Invoices');
  await endpoints.makeButton.click();
  await endpoints.secretDialog.waitFor();
  expect((await api.endpoints.list({ q: 'Invoices' })).items).toMatchObject([
    { name: 'Invoices', url: 'http://127.0.0.1:9/a', events: ['invoice.*'] },
  ]);
  await page.goto(page.url().replace(/#.*/, '#/captures'));

  const captures = new CapturesPage(page);
  await page.reload();
  await captures.bins.getByRole('button', { name: 'Orders' }).click();
  await captures.area.getByLabel('Body', { exact: true }).fill('come back later');
  await expect(captures.bins.getByText('unsaved')).toBeVisible();
  await api.bins.remove({ id: bin.id });
  await page.getByRole('region', { name: 'Deleted bin' }).getByRole('button', { name: 'Restore the bin' }).click();
  await expect(captures.area.getByLabel('Body', { exact: true })).toHaveValue('come back later');
  await captures.area.getByRole('button', { name: /^Save/ }).click();
  await expect(captures.area.getByRole('region', { name: 'Unsaved changes' })).toHaveCount(0);
  expect((await api.bins.get({ id: bin.id })).response.body).toBe('come back later');

  await frame.open('Events');
  await page.getByRole('option', { name: /invoice\.paid/ }).click();
  const events = page.getByRole('main', { name: 'Events' });
  await events.getByLabel('Description').fill('An invoice was paid');
  await api.eventTypes.remove({ name: 'invoice.paid' });
  await page.getByRole('region', { name: 'Deleted event type' }).getByRole('button', { name: 'Discard changes' }).click();
  await expect(page.getByRole('region', { name: 'Deleted event type' })).toHaveCount(0);
});

test('saving one field of an event type and of a bin leaves what a script changed meanwhile', async ({ page, hookyard: { api } }) => {
  await api.eventTypes.create({ name: 'invoice.paid', sample: { id: 1 } });
  const frame = new FramePage(page);
  await frame.open('Events');
  await page.getByRole('option', { name: /invoice\.paid/ }).click();
  const events = page.getByRole('main', { name: 'Events' });
  await events.getByLabel('Description').fill('An invoice was paid');
  await api.eventTypes.update({ name: 'invoice.paid', sample: { id: 2 } });
  await expect(events.getByRole('group', { name: 'Sample payload' }).locator('.view-lines')).toContainText('"id": 2');
  await events.getByRole('button', { name: /^Save/ }).click();
  await expect(events.getByRole('region', { name: 'Unsaved changes' })).toHaveCount(0);
  expect(await api.eventTypes.get({ name: 'invoice.paid' })).toMatchObject({ description: 'An invoice was paid', sample: { id: 2 } });

  const { id } = await api.bins.create({ name: 'Orders' });
  const captures = new CapturesPage(page);
  await frame.open('Captures');
  await captures.changeButton.click();
  await captures.area.getByLabel('Body', { exact: true }).fill('come back later');
  await api.bins.update({ id, response: { status: 503 } });
  await expect(captures.area.getByText('The next request will get')).toContainText('503 Service Unavailable with a body of 15 B');
  await captures.area.getByRole('button', { name: /^Save/ }).click();
  await expect(captures.nextAnswer).toContainText('503 Service Unavailable');
  expect((await api.bins.get({ id })).response).toMatchObject({ status: 503, body: 'come back later' });
});
