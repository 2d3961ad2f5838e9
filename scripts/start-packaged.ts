import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { root } from './build.ts';

/** How long the packaged app may take until its captures answer; the first start of an unsigned app is slow on macOS. */
const startLimitMs = 60_000;
/** How long it must then keep running: a window that cannot load ends the app soon. */
const settleMs = 5000;

/** Where electron-builder leaves the app that it packs, by system. */
const executables: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'dist/linux*-unpacked/hookyard',
  darwin: 'dist/mac*/Hookyard.app/Contents/MacOS/Hookyard',
  win32: 'dist/win*-unpacked/Hookyard.exe',
};

const pattern = executables[process.platform] ?? '';
const [executable] = globSync(pattern, { cwd: root });
if (executable === undefined) fail(`There is no packaged app at ${pattern}: run "npm run package" first.`);

// The sandbox of Chromium and the native addon, the archive and the fuses are what a packaged app can fail at, so it is
// started as a user would, and only its data folder is another.
const dataDir = mkdtempSync(join(tmpdir(), 'hookyard-packaged-'));
const child = spawn(join(root, executable), [], { stdio: 'inherit', env: { ...process.env, HOOKYARD_DATA_DIR: dataDir } });
const ended = once(child, 'exit');
const problem = await Promise.race([
  ended.then(([code, signal]) => `The packaged app ended by itself with ${String(code ?? signal)}.`),
  once(child, 'error').then(([error]) => `The packaged app cannot be started: ${String(error)}.`),
  isUp().then(async (up) => {
    if (!up) return `The packaged app did not answer captures within ${startLimitMs / 1000} s.`;
    await wait(settleMs);
    return null;
  }),
]);
child.kill('SIGTERM');
await ended;
const hasData = existsSync(join(dataDir, 'hookyard.db'));
rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
if (problem !== null) fail(problem);
if (!hasData) fail('The packaged app answered, but its data file is not in the data folder that it was given.');
process.stdout.write(`${executable} starts, and captures answer.\n`);

/** Whether the engine inside answers on the port of captures in time. */
async function isUp(): Promise<boolean> {
  for (const limitMs = Date.now() + startLimitMs; Date.now() < limitMs; await wait(250)) {
    const answer = await fetch('http://127.0.0.1:4610/').catch(() => null);
    if (answer !== null) return true;
  }
  return false;
}

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
