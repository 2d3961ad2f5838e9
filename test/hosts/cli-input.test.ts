import { spawnSync } from 'node:child_process';
import { existsSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { createTempFolder } from '../support/temp-workspace.ts';
import { builtEntry, runCommand } from './command.ts';

function fileOf(content: string | Uint8Array): string {
  const path = join(createTempFolder(), 'file');
  writeFileSync(path, content);
  return path;
}

const body = () => fileOf('{}');
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('a file of text for an option', () => {
  it.each([
    ['in Latin-1', Buffer.from('{"name":"Zo\xeb"}', 'latin1'), 'is not UTF-8, which --data takes: from byte 11 on'],
    ['cut off in a character', Buffer.from('"Zoë').subarray(0, -1), 'from byte 3 on'],
    ['in UTF-16', Buffer.from('\ufeff{"a":1}', 'utf16le'), 'is UTF-16, as > of Windows PowerShell writes it, and --data takes UTF-8'],
    ['in UTF-16 without a mark', Buffer.from('{"a":1}', 'utf16le'), 'is UTF-16'],
  ])('is refused %s, with the place', async (_, content, says) => {
    const { code, stdout, stderr } = await runCommand([
      'send',
      'a.b',
      '--to',
      'http://127.0.0.1:9/',
      '--data',
      fileOf(content),
      '--data-dir',
      createTempFolder(),
    ]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
  });

  it.each([
    ['bytes', Buffer.from([0x73, 0xff, 0x80]), 'from byte 1 on (the first is 0). Save it as UTF-8. A secret that is bytes and no text'],
    ['UTF-16', Buffer.from(`\ufeff${secret}\n`, 'utf16le'), 'is UTF-16'],
  ])('signs with no secret that is %s', async (_, content, says) => {
    const { code, stdout, stderr } = await runCommand([
      'sign',
      '--scheme',
      'github-sha256',
      '--secret-file',
      fileOf(content),
      '--body',
      body(),
    ]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
  });

  it('keeps its characters, without the mark that editors put at the beginning', async () => {
    const fromFile = await runCommand(['sign', '--scheme', 'github-sha256', '--secret-file', fileOf('\ufeffZoë\r\n'), '--body', body()]);
    const without = await runCommand(['sign', '--scheme', 'github-sha256', '--secret', 'Zoë', '--body', body()]);
    expect(fromFile).toEqual(without);
    expect(fromFile.code).toBe(0);
  });
});

describe('a file without an end', () => {
  const zero = existsSync('/dev/zero');
  it.skipIf(!zero).each([
    ['--secret-file', ['sign', '--scheme', 'github-sha256', '--secret-file', '/dev/zero', '--body', '-'], '1 MiB'],
    ['--headers', ['verify', '--scheme', 'github-sha256', '--secret', 'x', '--headers', '/dev/zero', '--body', '-'], '256 MiB'],
    ['--body', ['sign', '--scheme', 'github-sha256', '--secret', 'x', '--body', '/dev/zero'], '256 MiB'],
  ])('is given up for %s', async (option, args, most) => {
    const { code, stderr } = await runCommand(args, { input: '' });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `hookyard: /dev/zero has more than ${most}, which is too large for ${option}: give only what is meant.\n`,
    });
  });

  it('is not begun where its length tells', async () => {
    const path = fileOf('');
    truncateSync(path, 300 * 1_048_576);
    const { code, stderr } = await runCommand(['sign', '--scheme', 'github-sha256', '--secret', 'x', '--body', path]);
    expect(code).toBe(2);
    expect(stderr).toContain('has more than 256 MiB, which is too large for --body');
  });
});

describe.skipIf(!existsSync('/dev/full'))('standard output that cannot be written', () => {
  it.each([
    ['sign', () => []],
    ['verify', () => ['--headers', fileOf('x-hub-signature-256: sha256=00\n')]],
  ])('is no verdict of %s', (command, more) => {
    const args = [command, '--scheme', 'github-sha256', '--secret', 'x', '--body', body(), ...more()];
    const script = 'exec "$0" "$@" >/dev/full';
    const { status, stderr } = spawnSync('sh', ['-c', script, process.execPath, builtEntry('cli.js'), ...args], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr:
        'hookyard: Standard output could not be written (ENOSPC), so not all of it came: free some space, or give it another place.\n',
    });
  });
});

it('a host that goes away during a call leaves open what was done', async () => {
  const server = createServer((_, response) => response.end('{}'));
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => socket.on('message', () => socket.terminate()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    sockets.close();
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const dataDir = createTempFolder();
  writeFileSync(join(dataDir, 'host.json'), JSON.stringify({ pid: process.pid, url, token: 'x' }));
  const { code, stderr } = await runCommand(['policies', 'list', '--data-dir', dataDir]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: `hookyard: The Hookyard at ${url} stopped before it answered, so it is not known whether this was done, or which part of it: start it again, and look before you repeat it.\n`,
  });
});
