import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand, startCommand, type CommandOptions, type RunningCommand } from './command.ts';

interface Served {
  readonly command: RunningCommand;
  readonly dataDir: string;
  readonly url: string;
  readonly token: string;
  readonly captures: string;
}

async function startServe(args: readonly string[] = [], options: CommandOptions & { readonly dataDir?: string } = {}): Promise<Served> {
  const dataDir = options.dataDir ?? createTempFolder();
  const command = startCommand(['serve', '--port', '0', '--capture-port', '0', '--data-dir', dataDir, ...args], options);
  const [ready, captures] = [await command.nextLine(), await command.nextLine()];
  const match = /^Ready at (http:\/\/127\.0\.0\.1:\d+)\/\?token=([\w-]+)$/.exec(ready);
  if (match === null) throw new Error(`This is not a ready line: ${ready}`);
  return { command, dataDir, url: match[1] ?? '', token: match[2] ?? '', captures };
}

const health = (served: Pick<Served, 'url' | 'token'>) =>
  fetch(`${served.url}/api/health`, { headers: { authorization: `Bearer ${served.token}` } });

describe('hookyard serve', () => {
  it('prints two lines that work, and stops cleanly on SIGTERM', async () => {
    const served = await startServe();
    expect(served.captures).toMatch(/^Captures at http:\/\/127\.0\.0\.1:\d+\/$/);
    expect((await health(served)).status).toBe(200);
    const link = await fetch(`${served.url}/?token=${served.token}`, { redirect: 'manual' });
    expect(link.status).toBe(302);
    served.command.signal('SIGTERM');
    const { code, stdout, stderr } = await served.command.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toHaveLength(3);
    await expect(health(served)).rejects.toThrow();
  });

  it('prints one JSON document when asked to', async () => {
    const command = startCommand(['serve', '--port', '0', '--capture-port', '0', '--data-dir', createTempFolder(), '--json']);
    expect(JSON.parse(await command.nextLine())).toEqual({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/\?token=/),
      captureUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      openUrls: [],
      pid: command.pid,
    });
    command.signal('SIGINT');
    expect((await command.ended).code).toBe(0);
  });

  it('runs alone as serve.js too, without the name of the command', async () => {
    const command = startCommand(['--port', '0', '--data-dir', createTempFolder()], { entry: 'serve.js' });
    expect(await command.nextLine()).toMatch(/^Ready at /);
    command.signal('SIGTERM');
    expect((await command.ended).code).toBe(0);
  });

  it('leaves a note for the command line while it runs, for the user alone', async () => {
    const served = await startServe();
    const note = join(served.dataDir, 'host.json');
    expect(JSON.parse(readFileSync(note, 'utf8'))).toEqual({ pid: served.command.pid, url: served.url, token: served.token });
    if (process.platform !== 'win32') expect(statSync(note).mode & 0o777).toBe(0o600);
    expect(await runCommand(['status', '--data-dir', served.dataDir, '--json'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"isRunning": true'),
    });
    served.command.signal('SIGTERM');
    await served.command.ended;
    expect(existsSync(note)).toBe(false);
    expect(await runCommand(['status', '--data-dir', served.dataDir])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('No Hookyard'),
    });
  });

  it('is not found by a note that a killed host left behind', async () => {
    const served = await startServe();
    served.command.signal('SIGKILL');
    await served.command.ended;
    expect(existsSync(join(served.dataDir, 'host.json'))).toBe(true);
    expect(await runCommand(['status', '--data-dir', served.dataDir])).toMatchObject({ code: 1 });
    const again = await startServe([], { dataDir: served.dataDir });
    expect((await health(again)).status).toBe(200);
  });

  it('makes a token file for the user alone and uses it at each start', async () => {
    const tokenFile = join(createTempFolder(), 'token');
    const first = await startServe(['--token-file', tokenFile]);
    expect(readFileSync(tokenFile, 'utf8').trim()).toBe(first.token);
    if (process.platform !== 'win32') expect(statSync(tokenFile).mode & 0o777).toBe(0o600);
    first.command.signal('SIGTERM');
    await first.command.ended;
    expect((await startServe(['--token-file', tokenFile])).token).toBe(first.token);
  });

  it('takes the token from the environment, and makes another at each start without it', async () => {
    const token = 'token-from-the-environment';
    expect((await startServe([], { env: { HOOKYARD_TOKEN: token } })).token).toBe(token);
    expect((await startServe()).token).not.toBe((await startServe()).token);
  });

  it.skipIf(process.platform === 'win32')('refuses a token file that others can read', async () => {
    const tokenFile = join(createTempFolder(), 'token');
    writeFileSync(tokenFile, 'a-token-that-is-long-enough', { mode: 0o644 });
    expect(await runCommand(['serve', '--data-dir', createTempFolder(), '--token-file', tokenFile])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('chmod 600'),
    });
  });

  it.each([
    ['--port', 'Port'],
    ['--capture-port', 'ort'],
  ])('exits 2 with a sentence when the port of %s is in use', async (option, part) => {
    const blocker = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void blocker.close());
    await once(blocker, 'listening');
    const address = blocker.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    const { code, stderr, stdout } = await runCommand([
      'serve',
      '--port',
      '0',
      '--capture-port',
      '0',
      '--data-dir',
      createTempFolder(),
      option,
      port,
    ]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^hookyard: .{20,}\n$/);
    expect(stderr).toContain(part);
    expect(stderr).toContain(port);
  });

  it('exits 2 when another Hookyard has the data folder, and leaves that one alone', async () => {
    const served = await startServe();
    const { code, stderr } = await runCommand(['serve', '--port', '0', '--data-dir', served.dataDir]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^hookyard: .{20,}\n$/);
    expect((await health(served)).status).toBe(200);
    expect(existsSync(join(served.dataDir, 'host.json'))).toBe(true);
  });

  it('exits 2 with a sentence when it cannot leave its note, and lets go of folder and ports', async () => {
    const dataDir = createTempFolder();
    mkdirSync(join(dataDir, 'host.json', 'taken'), { recursive: true });
    const { code, stdout, stderr } = await runCommand(['serve', '--port', '0', '--capture-port', '0', '--data-dir', dataDir]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^hookyard: Hookyard cannot write .*host\.json \(E\w+\), by which its command line finds it: .*\n$/);
    rmSync(join(dataDir, 'host.json'), { recursive: true });
    expect((await health(await startServe([], { dataDir }))).status).toBe(200);
  });

  it('makes no new key for a data folder that has lost its own', async () => {
    const served = await startServe();
    served.command.signal('SIGTERM');
    await served.command.ended;
    rmSync(join(served.dataDir, 'vault.key'));
    expect(await runCommand(['serve', '--port', '0', '--data-dir', served.dataDir])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('put back its copy, vault.key'),
    });
    expect(existsSync(join(served.dataDir, 'vault.key'))).toBe(false);
  });

  it('exits 2 for a data file that is none', async () => {
    const dataDir = createTempFolder();
    writeFileSync(join(dataDir, 'hookyard.db'), 'this is not a database at all, but text that someone put here'.repeat(100));
    const { code, stderr } = await runCommand(['serve', '--port', '0', '--data-dir', dataDir]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^hookyard: .{20,}\n$/);
  });

  it('exits 2 for a data folder that cannot be made', async () => {
    const file = join(createTempFolder(), 'file');
    writeFileSync(file, '');
    expect(await runCommand(['serve', '--data-dir', join(file, 'folder')])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--data-dir'),
    });
  });

  // Root writes wherever it likes, so there is no read-only folder for it.
  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('exits 2 for a data folder that cannot be written', async () => {
    const dataDir = createTempFolder();
    chmodSync(dataDir, 0o500);
    expect(await runCommand(['serve', '--port', '0', '--data-dir', dataDir])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--data-dir'),
    });
  });

  it.each([
    [['--port', '70000'], '65535'],
    [['--time-scale', '0'], '3600'],
    [['--log-level', 'loud'], 'silent'],
    [['--frob'], '--frob'],
  ])('exits 2 for %j', async (args, part) => {
    const { code, stderr } = await runCommand(['serve', ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(part);
  });
});
