import { AxeBuilder } from '@axe-core/playwright';
import { ComposePage } from './pages/compose-page.ts';
import { EndpointsPage } from './pages/endpoints-page.ts';
import { FramePage } from './pages/frame-page.ts';
import { expect, test } from './support/hookyard.ts';

test.use({ startAt: '#/compose' });

test('a later attempt is shown with what it sends otherwise, and the first again', async ({ page, hookyard: { api } }) => {
  await api.endpoints.create({ profile: 'slack', name: 'Our Slack app', url: 'http://127.0.0.1:9/' });
  const compose = new ComposePage(page);
  await compose.chooseEndpoint('Our Slack app');
  await expect(compose.request).toContainText('X-Slack-Signature');
  await expect(compose.request).not.toContainText('X-Slack-Retry-Num');
  await page.getByRole('button', { name: 'Attempt and time' }).click();
  await page.getByRole('textbox', { name: 'Attempt', exact: true }).fill('3');
  await page.getByLabel('Made at').fill('2026-11-28T12:00:00');
  await page.keyboard.press('Escape');
  await expect(compose.request).toContainText('Shown as attempt 3, after an answer with 500');
  await expect(compose.request).toContainText(/X-Slack-Retry-Num2/);
  await compose.request.getByRole('button', { name: 'Back to the first, now' }).click();
  await expect(compose.request).not.toContainText('X-Slack-Retry-Num');
});

test('the request is written as code in each language, and copied', async ({ page }) => {
  const compose = new ComposePage(page);
  await compose.showTab('Code');
  for (const [language, text] of [
    ['cURL', 'curl -g'],
    ['HTTPie', 'http --path-as-is'],
    ['fetch', 'await fetch('],
    ['Python', 'import http.client'],
    ['Go', 'package main'],
  ] as const) {
    await compose.request.getByText(language, { exact: true }).click();
    await expect(compose.request.getByLabel(`${language} code`)).toContainText(text);
  }
  await compose.request.getByRole('button', { name: 'Copy' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('package main');
});

test('the request is compared with what was sent last, to the first byte', async ({ page }) => {
  const compose = new ComposePage(page);
  await compose.send();
  await expect(compose.resultLine('Attempt 1')).toContainText('200');
  await compose.showTab('Compare');
  const comparison = compose.request.getByRole('region', { name: 'Comparison' });
  await expect(comparison).toContainText('Request lineThe same.');
  await expect(comparison.getByRole('row', { name: /^webhook-id/ })).toContainText('another value');
  await expect(comparison).toContainText(/The bodies differ from byte \d+ on/);
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).include('main[aria-label="Compose"]').analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id: rule }) => rule)).toEqual([]);
});

test('the preview of a new endpoint has its attempts and its code too', async ({ page }) => {
  const endpoints = new EndpointsPage(page);
  await new FramePage(page).open('Endpoints');
  await endpoints.startNew('Draft', 'http://127.0.0.1:9/draft');
  await endpoints.detail.getByRole('tab', { name: 'Code' }).click();
  await endpoints.detail.getByText('Python', { exact: true }).click();
  await expect(endpoints.detail.getByLabel('Python code')).toContainText('putrequest("POST", "/draft"');
});
