import { resolve } from 'node:path';
import { defineConfig } from '@playwright/test';
import { useMemoryDisk } from './scripts/memory-disk.ts';

useMemoryDisk();
// Each spec starts a host: compiled code is kept, so that the start is not spent on compiling again.
process.env['NODE_COMPILE_CACHE'] ??= resolve(import.meta.dirname, 'node_modules/.cache/node-compile');

/** One suite for both hosts: `browser` drives the headless host in Chromium, `desktop` drives Electron. */
export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  // These end what hangs. Nothing is shown by them, so they leave room for a slow machine that is busy otherwise.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  // No spec sees what another does, so whichever worker is free takes the next.
  fullyParallel: true,
  forbidOnly: process.env['CI'] !== undefined,
  // Each worker owns a host with its own data folder and ports, so that specs cannot see each other's rows.
  workers: 2,
  retries: 0,
  reporter:
    process.env['HOOKYARD_TEST_REPORT'] === undefined
      ? [['list']]
      : [['list'], ['json', { outputFile: process.env['HOOKYARD_TEST_REPORT'] }]],
  use: { viewport: { width: 1280, height: 800 }, trace: 'off', screenshot: 'only-on-failure' },
  projects: [
    { name: 'browser', metadata: { host: 'headless' } },
    { name: 'desktop', metadata: { host: 'electron' } },
  ],
});
