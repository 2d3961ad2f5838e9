import { EndpointsPage } from './pages/endpoints-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { PoliciesPage } from './pages/policies-page.ts';
import { sendSample } from './support/send-sample.ts';
import { expect, test } from './support/hookyard.ts';

test('a named policy is created, used by an endpoint, changed for it, and not deleted while it is used', async ({
  page,
  hookyard: { api },
}) => {
  const policies = new PoliciesPage(page);
  await policies.open();
  await expect(policies.area).toContainText('A named retry policy is one schedule for many endpoints');
  await policies.newButton.click();
  await policies.delays.fill('1 m, soon');
  await expect(policies.detail).toContainText('"soon" is not a length of time');
  await policies.delays.fill('1 m, 10 m');
  await expect(policies.schedule).toContainText('3 attempts over 11 m.');
  await policies.create('Free: 3');
  expect((await api.policies.list({})).items).toMatchObject([{ name: 'Free: 3', policy: { delaysMs: [60_000, 600_000] } }]);

  const endpoints = new EndpointsPage(page);
  await new FramePage(page).open('Endpoints');
  await endpoints.startNew('Billing service', 'http://127.0.0.1:9/webhooks');
  await endpoints.chooseRetryPolicy('Free: 3');
  await expect(policies.schedule).toContainText('3 attempts over 11 m.');
  await endpoints.make();
  await endpoints.takeSecret();
  await endpoints.detail.getByRole('link', { name: 'Change Free: 3' }).click();

  await expect(policies.usedBy.getByRole('link', { name: 'Billing service' })).toBeVisible();
  await policies.delays.fill('1 m, 10 m, 1 h');
  await policies.saveButton.click();
  await expect(policies.list).toContainText('4 attempts over 1 h 11 m');
  await policies.deleteButton.click();
  await expect(policies.deleteDialog).toContainText('1 endpoint uses it and needs another retry policy first.');
  await policies.deleteDialog.getByRole('button', { name: 'Delete policy' }).click();
  await expect(policies.deleteDialog.getByRole('alert')).toContainText('Free: 3 is used by Billing service.');
  await policies.deleteDialog.getByRole('button', { name: 'Cancel' }).click();

  const { items } = await api.endpoints.list({ q: 'Billing' });
  await api.endpoints.update({ id: items[0]?.id ?? '', retryPolicy: 'quick' });
  await expect(policies.usedBy).toContainText('No endpoint uses it.');
  await policies.deleteButton.click();
  await policies.deleteDialog.getByRole('button', { name: 'Delete policy' }).click();
  await expect(policies.area).toContainText('A named retry policy is one schedule for many endpoints');
});

test('a schedule is drawn before anything is sent, and shows each attempt by pointer and arrow keys', async ({
  page,
  hookyard: { api },
}) => {
  await api.system.updateSettings({ timeScale: 60 });
  const policies = new PoliciesPage(page);
  const endpoints = new EndpointsPage(page);
  await new FramePage(page).open('Endpoints');
  await endpoints.newButton.click();
  await expect(policies.schedule).toContainText('10 attempts over 75 h 35 m; at 60x 1 h 16 m.');
  await endpoints.chooseRetryPolicy('Svix: 8 attempts over 27 h');
  await expect(policies.schedule).toContainText('As of 2026-11-21: docs.svix.com/retries');
  await policies.timeline.focus();
  await policies.timeline.press('ArrowRight');
  await expect(policies.timeline).toHaveAttribute(
    'aria-valuetext',
    'Attempt 2: 5 s after the first (4 s to 6 s); 83 ms at 60x; 5 s after attempt 1.',
  );
  await policies.timeline.press('End');
  await expect(policies.schedule).toContainText('Attempt 8: 27 h 35 m after the first (22 h 4 m to 33 h 6 m)');
  await policies.timeline.hover({ position: { x: 4, y: 30 } });
  await expect(policies.schedule).toContainText('Attempt 1: at once.');
});

test('a policy with every limit is written out in the form of an endpoint', async ({ page, hookyard: { api } }) => {
  const endpoints = new EndpointsPage(page);
  const policies = new PoliciesPage(page);
  await new FramePage(page).open('Endpoints');
  await endpoints.startNew('Billing service', 'http://127.0.0.1:9/webhooks');
  await endpoints.chooseRetryPolicy('Custom linear backoff');
  const fill = (label: string, text: string) => endpoints.detail.getByRole('textbox', { name: label, exact: true }).fill(text);
  const choose = (label: string, option: string) =>
    policies.choose(endpoints.detail.getByLabel(label, { exact: true }).and(page.locator('input')), option);
  await fill('First delay', '30s');
  await fill('Added each time', '1 m');
  await fill('Attempts in all', '6');
  await choose('Jitter', 'Only longer');
  await fill('Jitter in per cent', '10');
  await endpoints.detail.getByText(/^Retries after any failure/).click();
  await choose('Retry after', 'Chosen outcomes and statuses');
  await choose('Outcomes', 'timeout');
  await page.keyboard.press('Escape');
  await fill('Statuses', '429,5xx');
  await fill('Total time at most', '10 m');
  await fill('Wait at most', '5 m');
  await expect(policies.schedule).toContainText('5 attempts over 8 m.');
  await expect(policies.schedule).toContainText('The limit on the total time leaves out 1 attempt.');
  await endpoints.make();
  await endpoints.takeSecret();
  expect((await api.endpoints.list({ q: 'Billing' })).items[0]?.retryPolicy).toEqual({
    kind: 'linear',
    baseMs: 30_000,
    stepMs: 60_000,
    maxDelayMs: 3_600_000,
    maxAttempts: 6,
    jitter: { kind: 'addOnly', ratio: 0.1 },
    totalTimeMs: 600_000,
    retryAfter: { kind: 'honour', maxMs: 300_000 },
    retryOn: { kind: 'custom', codes: ['timeout'], statuses: '429,5xx' },
  });
});

test('a delivery that the policy ends early says why', async ({ page, hookyard: { api } }) => {
  const bin = await api.bins.create({ name: 'Strict', response: { status: 404 } });
  const { id } = await api.endpoints.create({
    name: 'Strict',
    url: bin.url,
    retryPolicy: { kind: 'exponential', baseMs: 1000, maxAttempts: 5, retryOn: { kind: 'serverErrors' } },
  });
  const { deliveries } = await sendSample(api, id);
  await page.evaluate((delivery) => void (window.location.hash = `#/deliveries/${delivery}`), deliveries[0]?.id ?? '');
  await expect(new FramePage(page).area('Deliveries')).toContainText(
    'answered 404. The retry policy tries again only after answers with 5xx or 429, and the answer was 404.',
  );
});
