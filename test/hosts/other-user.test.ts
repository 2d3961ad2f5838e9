import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTempFolder } from '../support/temp-workspace.ts';
import { startCommand } from './command.ts';

/** A user that exists on every Unix and owns nothing. */
const nobody = 65_534;

/** Starts a host on a folder that its user has opened to everybody, and answers what it keeps there. */
async function serveLooseFolder() {
  const dataDir = createTempFolder();
  chmodSync(dataDir, 0o755);
  // As an older version, or a copy put back, may have left them.
  for (const name of ['hookyard.db.format-1-1.bak', 'notes.txt']) writeFileSync(join(dataDir, name), 'old', { mode: 0o644 });
  const command = startCommand(['serve', '--port', '0', '--capture-port', '0', '--data-dir', dataDir]);
  const ready = await command.nextLine();
  const captures = (await command.nextLine()).replace(/^Captures at (\S+)\/$/, '$1');
  return { dataDir, command, ready, captures };
}

describe.skipIf(process.platform === 'win32')('a data folder that its user opened to others', () => {
  it('holds only files that its user alone can read, while the host runs and after, and is told', async () => {
    const { dataDir, command, captures } = await serveLooseFolder();
    await fetch(`${captures}/nothing`, { method: 'POST', body: 'x' });
    const readable = () => readdirSync(dataDir).filter((name) => (statSync(join(dataDir, name)).mode & 0o077) !== 0);
    expect(readdirSync(dataDir)).toEqual(
      expect.arrayContaining(['hookyard.db', 'hookyard.db-wal', 'hookyard.db-shm', 'hookyard.lock', 'host.json', 'vault.key']),
    );
    // What is not ours stays as it is.
    expect(readable()).toEqual(['notes.txt']);
    command.signal('SIGTERM');
    const { stderr } = await command.ended;
    expect(stderr).toContain(`can look into the data folder ${dataDir} (mode 755): run chmod 700 on it`);
    expect(readable()).toEqual(['notes.txt']);
  });

  it.skipIf(process.getuid?.() !== 0)('gives another user of the machine nothing (skipped unless root runs the tests)', async () => {
    const { dataDir, command, ready } = await serveLooseFolder();
    const ours = readdirSync(dataDir).filter((name) => name !== 'notes.txt');
    const asNobody = (args: readonly string[]) => spawnSync(args[0] ?? '', args.slice(1), { uid: nobody, gid: nobody, encoding: 'utf8' });
    expect(asNobody(['cat', join(dataDir, 'notes.txt')]), 'the other user does get into the folder').toMatchObject({
      status: 0,
      stdout: 'old',
    });
    for (const name of ours) {
      const { status, stdout } = asNobody(['cat', join(dataDir, name)]);
      expect({ name, status, stdout }).toEqual({ name, status: 1, stdout: '' });
    }
    if (existsSync(`/proc/${command.pid}/environ`)) expect(asNobody(['cat', `/proc/${command.pid}/environ`]).status).not.toBe(0);
    expect(ready).toContain('token=');
    // The port is open to every user of the machine; without the token it says nothing.
    const url = /http:\/\/[^/]+/.exec(ready)?.[0] ?? '';
    expect((await fetch(`${url}/api/endpoints`)).status).toBe(401);
  });
});
