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
  const mark = mine.detail.getByRole('status').filter({ hasText: 'Changed elsewhere meanwhile: name, now Theirs' });
  await expect(mark).toBeVisible();
  await mark.getByRole('button', { name: 'Keep my name' }).click();
  await expect(mark).toHaveCount(0);
  await new FramePage(page).open('Deliveries');
  await page.reload();
  await page.goto(`${rest?.url ?? ''}/#/endpoints/${id}`);
  await expect(mine.name).toHaveValue('Mine');
  await api.endpoints.update({ id, name: 'Theirs again' });
  await mine.detail.getByRole('button', { name: 'Take their name' }).click();
  await expect(mine.name).toHaveValue('Theirs again');
  await expect(mine.detail.getByRole('region', { name: 'Unsaved changes' })).toHaveCount(0);
});

test('saving one field of an event type and of a bin leaves what a script changed meanwhile', async ({ page, hookyard: { api } }) => {
  await api.eventTypes.create({ name: 'invoice.paid', sample: { id: 1 } });
  const frame = new FramePage(page);
  await frame.open('Events');
  await page.getByRole('option', { name: /invoice\.paid/ }).click();
  const events = page.getByRole('main', { name: 'Events' });
  await events.getByLabel('Description').fill('An invoice was paid');
  await api.eventTypes.update({ name: 'invoice.paid', sample: { id: 2 } });
  await expect(events.getByLabel('Sample payload')).toHaveValue('{\n  "id": 2\n}');
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
  await captures.area.getByRole('button', { name: 'Save' }).click();
  await expect(captures.nextAnswer).toContainText('503 Service Unavailable');
  expect((await api.bins.get({ id })).response).toMatchObject({ status: 503, body: 'come back later' });
});
