import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';
import type { Found } from './electron-binary.ts';

// The headless shell draws no window of its own, which takes a third of the processor off a spec.
const headlessShell = 'chromium-headless-shell';
const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ...[process.env['PROGRAMFILES'], process.env['PROGRAMFILES(X86)'], process.env['LOCALAPPDATA']].flatMap((folder) =>
    folder === undefined ? [] : [join(folder, 'Google/Chrome/Application/chrome.exe')],
  ),
];
/** What Debian-like systems call it; not all of them have the first. */
const aptPackages = [headlessShell, 'chromium'] as const;

/** A Chromium for the browser tests: HOOKYARD_CHROMIUM, the system's headless shell, Playwright's own, or the system's. */
export function findChromium(): Found {
  const chosen = process.env['HOOKYARD_CHROMIUM'];
  if (chosen !== undefined && chosen !== '') {
    return existsSync(chosen) ? { path: chosen } : { why: `HOOKYARD_CHROMIUM names ${chosen}, where there is no file` };
  }
  const onPath = (names: readonly string[]) =>
    (process.env['PATH'] ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const path = [...onPath([headlessShell]), chromium.executablePath(), ...onPath(commands), ...places].find(isExecutable);
  return path === undefined ? { why: 'There is no Chromium' } : { path };
}

/** Finds a Chromium, and on a Debian-like machine installs the system's when there is none and this user may. */
export function ensureChromium(): Found {
  const found = findChromium();
  if ('path' in found || process.env['HOOKYARD_CHROMIUM'] !== undefined) return found;
  const prefix = process.platform === 'linux' && existsSync('/usr/bin/apt-get') ? administratorPrefix() : null;
  if (prefix === null) return { why: `${found.why} for the browser tests. Install one with: npx playwright install chromium` };
  const apt = (...args: readonly string[]) => {
    const [command = '', ...rest] = [...prefix, 'apt-get', ...args];
    process.stderr.write(`No Chromium found: running ${[command, ...rest].join(' ')}\n`);
    return spawnSync(command, rest, { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0;
  };
  if (apt('update', '-qq')) aptPackages.find((name) => apt('install', '-y', '-qq', '--no-install-recommends', name));
  const installed = findChromium();
  return 'path' in installed
    ? installed
    : { why: 'Chromium could not be installed with apt-get. Install one with: npx playwright install --with-deps chromium' };
}

/** Prefix that runs a command as administrator without asking for a password, or null. */
function administratorPrefix(): readonly string[] | null {
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
