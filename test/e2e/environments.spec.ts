import { EndpointsPage } from './pages/endpoints-page.ts';
import { EnvironmentsPage } from './pages/environments-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

test.use({ startAt: '#/settings' });

test('an environment is made, used by an endpoint, switched in the frame, duplicated, deleted and restored', async ({
  page,
  hookyard: { api },
}) => {
  const dev = await api.bins.create({ name: 'Dev' });
  const staging = await api.bins.create({ name: 'Staging' });
  const environments = new EnvironmentsPage(page);
  const frame = new FramePage(page);
  await environments.open();
  await expect(environments.area).toContainText('An environment is a named set of variables.');
  await environments.newButton.click();
  await environments.name.fill('dev');
  await environments.nameOf(1).fill('base url');
  await environments.valueOf('base url').fill(dev.url);
  await environments.createButton.click();
  await expect(environments.variables).toContainText('Use letters, digits and _ for the name');
  await expect(environments.nameOf(1)).toBeFocused();
  await environments.nameOf(1).fill('baseUrl');
  await environments.addVariable(2, 'token', 'token-of-dev');
  await environments.secrecyOf('token').check();
  await expect(environments.valueOf('token')).toHaveAttribute('type', 'password');
  await environments.createButton.click();
  await expect(environments.list).toContainText('baseUrl, token');
  await expect(environments.valueOf('token')).toHaveValue('');

  await environments.detail.getByRole('button', { name: 'Duplicate' }).click();
  await expect(environments.name).toHaveValue('dev copy');
  await environments.name.fill('staging');
  await environments.valueOf('baseUrl').fill(staging.url);
  await environments.saveButton.click();
  await expect(environments.list).toContainText('staging');

  await environments.use('dev');
  await expect(environments.chip).toHaveAccessibleName('Environment: dev');
  await expect(environments.chip).toBeFocused();
  const endpoints = new EndpointsPage(page);
  await frame.open('Endpoints');
  await endpoints.startNew('Shop', '{{ vars.baseUrl }}/hook?key={{ vars.token }}');
  await expect(endpoints.detail).toContainText(`${new URL(dev.url).pathname}/hook?key=[secret vars.token]`);
  await endpoints.url.fill('{{ vars.baseURL }}/hook');
  await expect(endpoints.detail).toContainText('The URL cannot be made: the environment dev has no variable baseURL.');
  await endpoints.url.fill('{{ vars.baseUrl }}/hook?key={{ vars.token }}');
  await endpoints.make();
  await endpoints.takeSecret();
  await expect(endpoints.detail.getByRole('heading', { level: 2, name: 'Shop' })).toBeVisible();

  await endpoints.testButton.click();
  await expect.poll(async () => (await api.captures.list({ binId: dev.id })).items.length).toBe(1);
  await frame.runInPalette('Use the environment staging');
  await expect(environments.chip).toHaveAccessibleName('Environment: staging');
  await endpoints.testButton.click();
  await expect.poll(async () => (await api.captures.list({ binId: staging.id })).items.length).toBe(1);
  const [capture] = (await api.captures.list({ binId: staging.id })).items;
  expect(capture?.target).toContain('/hook?key=token-of-dev');
  const [delivery] = (await api.deliveries.list({ isTest: true, limit: 1 })).items;
  await page.goto(new URL(`#/deliveries/${delivery?.id ?? ''}`, page.url()).href);
  await expect(page.getByRole('region', { name: 'Detail' })).toContainText('environment staging');
  await expect(page.getByRole('region', { name: 'Detail' })).not.toContainText('token-of-dev');

  await environments.open();
  await environments.list.getByText('staging').click();
  await environments.detail.getByRole('button', { name: 'Delete environment' }).click();
  await expect(environments.chip).toHaveAccessibleName('Environment: No environment');
  await expect(environments.undo).toContainText('staging deleted.');
  await environments.undo.getByRole('button', { name: 'Undo' }).click();
  await expect(environments.undo).toContainText('staging restored.');
  await expect(environments.chip).toHaveAccessibleName('Environment: staging');
  await expect(environments.valueOf('token')).toHaveAttribute('placeholder', 'kept, type to replace it');
});
