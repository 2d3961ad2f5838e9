import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import type * as StandIn from './electron.ts';

/** The real entry of the desktop app, run on the stand-in, and what a test needs to play Chromium to it. */
export interface StartedApp {
  readonly electron: typeof StandIn;
  readonly dataDir: string;
  /** The window that the app has opened. */
  readonly window: StandIn.BrowserWindow;
  /** Quits as a user would and waits for the end. */
  readonly quit: () => Promise<void>;
}

/** What to have ready before the entry runs. */
export interface StartSettings {
  readonly dataDir?: string;
  readonly prepare?: (electron: typeof StandIn) => void;
}

/** Runs src/main/index.ts as it is on a fresh stand-in and a data folder of its own, until its window is open. */
export async function startApp({ dataDir = makeDataFolder(), prepare }: StartSettings = {}): Promise<StartedApp> {
  const electron = await runEntry(dataDir, prepare);
  const [window] = electron.BrowserWindow.all.length > 0 ? electron.BrowserWindow.all : await windowOf(electron);
  if (window === undefined) throw new Error('The app has opened no window.');
  return { electron, dataDir, window, quit: () => quitApp(electron) };
}

/** Runs the entry and waits for nothing. */
export async function runEntry(dataDir: string, prepare?: (electron: typeof StandIn) => void): Promise<typeof StandIn> {
  vi.resetModules();
  vi.stubEnv('HOOKYARD_DATA_DIR', dataDir);
  // The alias of `electron`, so that the app and the test hold the same fresh module.
  const electron = (await import('electron')) as unknown as typeof StandIn;
  prepare?.(electron);
  await import('../../../src/main/index.ts');
  return electron;
}

/** A folder for one app; {@link removeDataFolders} takes it away. */
export function makeDataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hookyard-desktop-'));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];

/** Removes the folders of this file's apps. */
export function removeDataFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

async function windowOf(electron: typeof StandIn): Promise<StandIn.BrowserWindow[]> {
  const failed = electron.app.ended.then((code) => {
    throw new Error(`The app ended with ${code}: ${electron.dialog.errors.map((error) => error.content).join(' ')}`);
  });
  return (await Promise.race([once(electron.app, 'stand-in:window'), failed])) as StandIn.BrowserWindow[];
}

async function quitApp(electron: typeof StandIn): Promise<void> {
  electron.app.quit();
  await electron.app.ended;
}
