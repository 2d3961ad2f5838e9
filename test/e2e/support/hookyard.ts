import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { createBrowserShell } from './browser-shell.ts';
import { createDesktopShell } from './desktop-shell.ts';
import type { Hookyard, Shell } from './shell.ts';

interface TestFixtures {
  /** Arguments of `hookyard serve`, such as `--no-sample`; specs that give some run on the headless host only. */
  readonly hostArguments: readonly string[];
  /** The area that the window opens with. Compose loads the editor, which takes most of a start, so specs of it ask for it. */
  readonly startAt: string;
  readonly hookyard: Hookyard;
}

interface WorkerFixtures {
  readonly shell: Shell;
}

/** Playwright's `test` with a fresh Hookyard for each spec: the headless host in Chromium, or the desktop app. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  hostArguments: [[], { option: true }],
  startAt: ['#/settings', { option: true }],
  shell: [
    async ({ playwright }, use, workerInfo) => {
      const shell = workerInfo.project.name === 'desktop' ? createDesktopShell(playwright) : await createBrowserShell(playwright);
      await use(shell);
      await shell.close();
    },
    { scope: 'worker' },
  ],
  hookyard: async ({ shell, hostArguments, startAt }, use, testInfo) => {
    if (shell.missing !== null) testInfo.skip(true, shell.missing);
    if (testInfo.project.name === 'desktop' && hostArguments.length > 0)
      testInfo.skip(true, 'The desktop app takes no arguments of serve.');
    const dataDir = mkdtempSync(join(tmpdir(), 'hookyard-e2e-'));
    const { hookyard, close } = await shell.launch({ dataDir, startAt, arguments: hostArguments });
    await use(hookyard);
    await close();
    rmSync(dataDir, { recursive: true, force: true });
  },
  page: async ({ hookyard }, use) => await use(hookyard.page),
});

export { expect } from '@playwright/test';
