import { once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeSmallDisk, noSmallDisk } from '../support/small-disk.ts';
import { createTempFolder } from '../support/temp-workspace.ts';
import { runCommand, startCommand, type RunningCommand } from './command.ts';

/**
 * Faults of the system around a host that have no test closer to what they break. The others: full disk, lock and damage in
 * test/engine/store, a lost key in serve.test.ts, the clock in clock-witness.test.ts and clock-jumps.test.ts.
 */
const serving = (dataDir: string) => ['serve', '--port', '0', '--capture-port', '0', '--data-dir', dataDir, '--no-sample'];

async function stop(command: RunningCommand): Promise<void> {
  command.signal('SIGTERM');
  expect((await command.ended).code).toBe(0);
}

/** Starts a host, which must work, and stops it. */
async function startAndStop(dataDir: string): Promise<void> {
  const command = startCommand(serving(dataDir));
  expect(await command.nextLine()).toMatch(/^Ready at /);
  await stop(command);
}

describe('a disk that is read-only', () => {
  it('ends the start with a sentence, and the data is as before once it can be written', async ({ skip }) => {
    const disk = makeSmallDisk('48m');
    if (disk === null) return skip(noSmallDisk);
    await startAndStop(disk.dataDir);
    disk.setReadOnly(true);
    const refused = await runCommand(serving(disk.dataDir));
    const unmade = await runCommand(serving(join(disk.dataDir, 'fresh')));
    disk.setReadOnly(false);

    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(`${disk.dataDir} cannot be written to (EROFS). Give yourself write access to it, or choose another`);
    expect(unmade).toMatchObject({ code: 2, stdout: '' });
    expect(unmade.stderr).toContain('cannot make its data folder');
    await startAndStop(disk.dataDir);
  });
});

describe('a limit of few open files', () => {
  it.skipIf(process.platform === 'win32').each([30, 33, 36])(
    'of %i ends the start with a sentence about it, or lets it work, and spoils nothing',
    async (openFiles) => {
      const dataDir = createTempFolder();
      const command = startCommand(serving(dataDir), { openFiles });
      const outcome = await Promise.race([command.nextLine().catch(() => ''), command.ended.then(() => '')]);
      if (outcome.startsWith('Ready at ')) await stop(command);
      else {
        const { code, stderr } = await command.ended;
        expect(code).toBe(2);
        // The thread that writes may have said before, in the log, that it could not start.
        expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
          /^hookyard: No more files or connections could be opened .*: close programs or raise the limit \(ulimit -n\)/,
        );
      }
      await startAndStop(dataDir);
    },
  );

  it.skipIf(process.platform === 'win32')('that clients have used up is felt only until they leave', async () => {
    const command = startCommand(serving(createTempFolder()), { openFiles: 60 });
    const [, url = '', token = ''] = /^Ready at (.*)\/\?token=(.*)$/.exec(await command.nextLine()) ?? [];
    const clients = await Promise.all(Array.from({ length: 100 }, () => connected(Number(new URL(url).port))));
    await Promise.all(clients.map(gone));

    const send = () =>
      fetch(`${url}/api/messages`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ type: 'order.made' }),
      });
    // The host may see that they left only after the next call has come.
    await expect.poll(async () => (await send().catch(() => null))?.status).toBe(202);
    await stop(command);
  });
});

async function connected(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' });
  onTestFinished(() => void socket.destroy());
  // One that finds no descriptor on the other side is reset, which is as well here.
  socket.on('error', () => undefined);
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  return socket;
}

async function gone(socket: Socket): Promise<void> {
  if (socket.closed) return;
  const closed = once(socket, 'close');
  socket.destroy();
  await closed;
}

describe('SIGTERM during the start', () => {
  it.each(['hookyard.db', 'hookyard.lock', 'vault.key', 'host.json'])(
    'is obeyed as soon as %s is there, and the next start works',
    async (file) => {
      const dataDir = createTempFolder();
      const isThere = new Promise<void>((resolve) => {
        const watcher = watch(dataDir, () => {
          if (existsSync(join(dataDir, file))) resolve();
        });
        onTestFinished(() => watcher.close());
      });
      const command = startCommand(serving(dataDir));
      await isThere;
      command.signal('SIGTERM');

      const { code, stderr } = await command.ended;
      // By the signal itself before the data file is open, in order after that.
      expect([null, 0]).toContain(code);
      expect(stderr).toBe('');
      await startAndStop(dataDir);
    },
  );
});
