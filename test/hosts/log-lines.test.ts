import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLogLines, type WriteSome } from '#hosts/shared/log-lines.ts';
import { createTempFolder } from '../support/temp-workspace.ts';
import { builtEntry } from './command.ts';

/** A disk with so much room, which may be given more; what is written there. */
function smallFile(code = 'ENOSPC') {
  let [room, text] = [0, ''];
  const write: WriteSome = (bytes) => {
    const fits = Math.min(room, bytes.byteLength);
    if (fits === 0) throw Object.assign(new Error('No.'), { code });
    text += Buffer.from(bytes.subarray(0, fits)).toString('utf8');
    room -= fits;
    return fits;
  };
  return { write, give: (bytes: number) => (room = bytes), lines: () => text.split('\n') };
}

describe('the lines of a log', () => {
  it.each(['ENOSPC', 'EIO', 'EPIPE', 'EAGAIN'])('are lost with %s, and counted once there is room', (code) => {
    const file = smallFile(code);
    const log = createLogLines(file.write, () => 7);
    for (const line of ['a', 'b', 'c']) log.write(`${line}\n`);
    file.give(1000);
    log.write('d\n');
    log.write('e\n');
    const told = `{"level":40,"time":7,"lost":3,"msg":"3 lines of the log could not be written (${code})"}`;
    expect(file.lines()).toEqual([told, 'd', 'e', '']);
  });

  it('do not run into one of which only the beginning was written', () => {
    const file = smallFile();
    const log = createLogLines(file.write, () => 7);
    file.give(3);
    log.write('abcdef\n');
    file.give(1000);
    log.write('d\n');
    expect(file.lines()).toEqual(['abc', expect.stringContaining('1 line of the log could not'), 'd', '']);
  });
});

it.skipIf(!existsSync('/dev/full'))(
  'a host whose log and output are on a full disk runs on, and ends in order when its terminal closes',
  async () => {
    const dataDir = createTempFolder();
    // A new workspace beside a key is told to the log.
    writeFileSync(join(dataDir, 'vault.key'), `${Buffer.alloc(32, 7).toString('base64')}\n`, { mode: 0o600 });
    const args = ['serve', '--no-sample', '--port', '0', '--capture-port', '0', '--data-dir', dataDir];
    const host = spawn('sh', ['-c', 'exec "$0" "$@" >/dev/full 2>/dev/full', process.execPath, builtEntry('cli.js'), ...args], {
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    onTestFinished(() => void host.kill('SIGKILL'));
    const ended = once(host, 'exit');
    const note = join(dataDir, 'host.json');
    // The command line finds the host by its note; this one tells when it is there.
    await Promise.race([noteIn(dataDir), ended]);
    expect(host.exitCode).toBeNull();
    const { url, token } = JSON.parse(readFileSync(note, 'utf8')) as { readonly url: string; readonly token: string };
    const health = await fetch(`${url}/api/health`, { headers: { authorization: `Bearer ${token}` } });
    expect(await health.json()).toMatchObject({ isAccepting: true, problem: expect.stringContaining('A new workspace was begun in') });
    host.kill('SIGHUP');
    expect(await ended).toEqual([0, null]);
    expect(existsSync(note)).toBe(false);
  },
);

/** Settles once there is a note of a host in the folder. */
async function noteIn(dataDir: string): Promise<void> {
  const script = `const fs = require('fs'); const look = () => { if (fs.existsSync(process.argv[1] + '/host.json')) { console.log('there'); process.exit(); } }; fs.watch(process.argv[1], look); look();`;
  const watcher = spawn(process.execPath, ['-e', script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void watcher.kill('SIGKILL'));
  for await (const line of createInterface({ input: watcher.stdout })) if (line === 'there') break;
}
