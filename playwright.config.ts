import { defineConfig } from '@playwright/test';

/** One suite for both hosts: `browser` drives the headless host in Chromium, `desktop` drives Electron. */
export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  fullyParallel: false,
  forbidOnly: process.env['CI'] !== undefined,
  // Each worker owns a host with its own data folder and ports, so that specs cannot see each other's rows.
  workers: 2,
  retries: 0,
  reporter:
    process.env['HOOKYARD_TEST_REPORT'] === undefined
      ? [['list']]
      : [['list'], ['json', { outputFile: process.env['HOOKYARD_TEST_REPORT'] }]],
  use: { viewport: { width: 1280, height: 800 }, trace: 'retain-on-failure', screenshot: 'only-on-failure' },
  projects: [
    { name: 'browser', metadata: { host: 'headless' } },
    { name: 'desktop', metadata: { host: 'electron' } },
  ],
});
