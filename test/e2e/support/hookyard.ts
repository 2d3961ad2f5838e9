import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, type Page } from '@playwright/test';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '#shared/contract/index.ts';
import { createBrowserShell } from './browser-shell.ts';
import { createDesktopShell } from './desktop-shell.ts';

/** The contract as functions, for preparing and checking what a spec does in the window. */
export type Api = ContractRouterClient<Contract>;

/** One running Hookyard with a data folder of its own and its window open. */
export interface Hookyard {
  /** The window, already showing its first area. */
  readonly page: Page;
  readonly api: Api;
  /** Base URL of the capture listener, without a slash at the end. */
  readonly captureUrl: string;
  readonly dataDir: string;
  /** Address and token of the REST door; the desktop host has none. */
  readonly rest: { readonly url: string; readonly token: string } | null;
  /** Puts a text on the clipboard as another program would, every line break as it is. */
  readonly writeClipboard: (text: string) => Promise<void>;
  /** The process behind the window; null where it is the window's own. */
  readonly host: HostProcess | null;
}

/** A host that can be ended and started under an open window. */
export interface HostProcess {
  /** Ends it at once, as a power cut would. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the same ports, data folder and token. */
  readonly start: () => Promise<void>;
}

/** How a shell starts a host; `arguments` are those of `serve`. */
export interface LaunchSettings {
  readonly dataDir: string;
  /** Address of the area that the window opens with, such as `#/verify`. */
  readonly startAt: string;
  readonly arguments: readonly string[];
}

/** A Hookyard and how to end it. */
export interface Launched {
  readonly hookyard: Hookyard;
  readonly close: () => Promise<void>;
}

/** What opens Hookyard for a project; one for each worker. */
export interface Shell {
  /** Why this machine cannot run the project's specs, or null. */
  readonly missing: string | null;
  readonly launch: (settings: LaunchSettings) => Promise<Launched>;
  readonly close: () => Promise<void>;
}

interface TestFixtures {
  /** Arguments of `hookyard serve`, such as `--no-sample`; specs that give some run on the headless host only. */
  readonly hostArguments: readonly string[];
  /** What the window opens with. Compose loads the editor, which takes most of a start; specs without it begin elsewhere. */
  readonly startAt: string;
  readonly hookyard: Hookyard;
}

interface WorkerFixtures {
  readonly shell: Shell;
}

/** Playwright's `test` with a fresh Hookyard for each spec: the headless host in Chromium, or the desktop app. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  hostArguments: [[], { option: true }],
  startAt: ['#/compose', { option: true }],
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
