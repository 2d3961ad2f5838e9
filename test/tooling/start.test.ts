import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

describe.skipIf(process.platform !== 'linux')('npm start where there is no display (Linux only: elsewhere there always is one)', () => {
  it('says so in one sentence, serves the window instead, and ends on a signal', { timeout: 120_000 }, async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'hookyard-start-'));
    onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
    const env = { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '', HOOKYARD_DATA_DIR: dataDir };
    const args = ['--import', './scripts/check-node.js', 'scripts/start.ts', '--port', '0', '--capture-port', '0'];
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const exit = once(child, 'exit');

    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const [why, ready, captures] = [await lines.next(), await lines.next(), await lines.next()].map((line) => String(line.value));
    expect(why).toBe(
      'There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so Hookyard serves the same window to your browser instead.',
    );
    const url = /^Ready at (http:\/\/127\.0\.0\.1:\d+\/\?token=\S+)$/.exec(ready ?? '')?.[1] ?? '';
    expect(captures).toMatch(/^Captures at http:\/\/127\.0\.0\.1:\d+\/$/);
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(302);

    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  });
});
