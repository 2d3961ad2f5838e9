import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { moveWaitingWrite, rescaleWrite } from '#engine/log/moved-times.ts';
import { writerThread } from '#engine/log/hot-writes.ts';
import type { Writer } from '#engine/store/database.ts';
import { openStore } from '#engine/store/open.ts';
import type { StartError } from '#engine/store/start-error.ts';
import { startTestEngine } from '../../support/engine.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

const fileIn = (dataDir: string) => join(dataDir, 'hookyard.db');
const setting = (key: string) => (writer: Writer) => void writer.runRaw('INSERT INTO settings (key, value_json) VALUES (?, ?)', [key, '1']);

function open(dataDir: string, options: Parameters<typeof openStore>[1] = {}) {
  const opened = openStore(dataDir, options);
  onTestFinished(opened.database.close);
  return opened;
}

/** The settings that the data file has by itself, without what is beside it. */
function settingsInFile(dataDir: string): unknown {
  const copy = join(createTempFolder(), 'copy.db');
  copyFileSync(fileIn(dataDir), copy);
  const sqlite = new BetterSqlite3(copy);
  try {
    return sqlite.prepare('SELECT key FROM settings ORDER BY key').pluck().all();
  } finally {
    sqlite.close();
  }
}

function removeJournal(dataDir: string): void {
  for (const end of ['-wal', '-shm']) rmSync(`${fileIn(dataDir)}${end}`);
}

function fakeWatch(): void {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
}

function refusalOf(dataDir: string): StartError {
  try {
    openStore(dataDir);
  } catch (error) {
    return error as StartError;
  }
  throw new Error('It opened although it should have been refused.');
}

describe('a journal that another program empties while it is open', () => {
  it.each([
    ['main', 'emptied or written over by another program'],
    // It has to read first what is not there any more.
    ['writer', 'The disk failed to read'],
  ])('is noticed by the next write, of the %s thread, and the data file stays whole', async (where, message) => {
    const dataDir = createTempFolder();
    const { database } = open(dataDir, { writerThread });
    await database.hot(moveWaitingWrite, { nowMs: 0, byMs: 0 });
    await database.write(setting('kept'));
    expect(await database.copyJournal()).toBe(true);
    await database.write(setting('lost'));
    truncateSync(`${fileIn(dataDir)}-wal`);
    // It writes down where it is, although there are no rows.
    const rescale = { nowMs: 1, factor: 2, beforeSeq: 5, limit: 2 };
    const refused = where === 'main' ? database.write(setting('late')) : database.hot(rescaleWrite, rescale);
    await expect(refused).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining(message) });
    expect(await database.copyJournal()).toBe(false);
    await expect(database.write(setting('later'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await database.close();
    expect(settingsInFile(dataDir)).toEqual(['kept']);
    expect(open(dataDir).database.problem()).toBe(null);
  });

  it('keeps no later start from writing, when the process that had it was killed', async () => {
    const dataDir = createTempFolder();
    const { database } = open(dataDir);
    await database.write(setting('kept'));
    await database.close();
    writeFileSync(`${fileIn(dataDir)}-wal`, Buffer.alloc(50_000));
    const { database: next } = open(dataDir, { writerThread });
    await next.write(setting('next'));
    expect(next.problem()).toBe(null);
    await next.close();
    expect(settingsInFile(dataDir)).toEqual(['kept', 'next']);
  });

  it('is no other one after it was copied and emptied in order', async () => {
    const dataDir = createTempFolder();
    const { database } = open(dataDir, { writerThread });
    await database.write(setting('first'));
    const other = new BetterSqlite3(fileIn(dataDir));
    other.pragma('wal_checkpoint(TRUNCATE)');
    expect(statSync(`${fileIn(dataDir)}-wal`).size).toBe(0);
    await database.write(setting('second'));
    other.pragma('wal_checkpoint(RESTART)');
    await database.write(setting('third'));
    other.close();
    expect(database.problem()).toBe(null);
  });
});

describe('a journal that is deleted while it is open', () => {
  it.each(['main', 'writer'])(
    'is noticed by the next write, of the %s thread, and what was accepted is in the data file then',
    async (where) => {
      const dataDir = createTempFolder();
      const { database } = open(dataDir, { writerThread });
      await database.hot(moveWaitingWrite, { nowMs: 0, byMs: 0 });
      await database.write(setting('kept'));
      removeJournal(dataDir);
      const refused = where === 'main' ? database.write(setting('late')) : database.hot(moveWaitingWrite, { nowMs: 0, byMs: 0 });
      await expect(refused).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        message: expect.stringMatching(/hookyard\.db-wal, which holds what was accepted last, was moved, replaced or deleted/),
      });
      expect(settingsInFile(dataDir)).toEqual(['kept']);
      expect(database.problem()).toMatch(/What was accepted before is in .*hookyard\.db: stop Hookyard and start it again\.$/);
      await expect(database.write(setting('later'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    },
  );

  it('is noticed without a write too', async () => {
    fakeWatch();
    const dataDir = createTempFolder();
    const { database } = open(dataDir);
    await database.write(setting('kept'));
    removeJournal(dataDir);
    vi.advanceTimersByTime(2000);
    expect(database.problem()).toContain('What was accepted before is in');
    expect(settingsInFile(dataDir)).toEqual(['kept']);
  });

  it('is not copied beside one that took its place', async () => {
    const dataDir = createTempFolder();
    const { database } = open(dataDir);
    await database.write(setting('kept'));
    const before = readFileSync(fileIn(dataDir));
    removeJournal(dataDir);
    writeFileSync(`${fileIn(dataDir)}-wal`, 'of another program');
    await expect(database.write(setting('late'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(database.problem()).toContain('stop Hookyard in order');
    expect(readFileSync(fileIn(dataDir)).equals(before)).toBe(true);
  });

  it('turns away senders and readers with words that hold', async () => {
    const { engine, dataDir, captureUrl } = await startTestEngine();
    const { createDirectClient, admit } = await import('#engine/index.ts');
    const client = createDirectClient(engine.router, admit('test'));
    const { slug } = await client.bins.create({ name: 'Shop' });
    const send = async () => (await fetch(`${captureUrl}/${slug}`, { method: 'POST', body: 'x' })).status;
    expect(await send()).toBe(200);
    removeJournal(dataDir);
    expect(await send()).toBe(503);
    expect(await client.system.health()).toMatchObject({
      status: 'degraded',
      isAccepting: false,
      problem: expect.stringContaining('hookyard.db-wal was moved, replaced or deleted'),
    });
    // The threads that search open the file only now.
    expect(await client.captures.count({})).toMatchObject({ captures: 1 });
  });
});

describe('a data file', () => {
  it('soon has what was written, without its journal', async () => {
    fakeWatch();
    const dataDir = createTempFolder();
    const { database } = open(dataDir);
    vi.advanceTimersByTime(2000);
    expect(settingsInFile(dataDir)).toEqual([]);
    await database.write(setting('first'));
    vi.advanceTimersByTime(4000);
    expect(settingsInFile(dataDir)).toEqual(['first']);
  });

  it('whose folder is moved away ends all writing with what was seen', async () => {
    fakeWatch();
    const dataDir = join(createTempFolder(), 'data');
    const { database } = open(dataDir);
    renameSync(dataDir, `${dataDir}-gone`);
    await expect(database.write(setting('late'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(database.problem()).toMatch(/^The data folder .*data was moved or deleted while Hookyard runs/);
    vi.advanceTimersByTime(2000);
    expect(database.problem()).toMatch(/^The data folder .*data was moved or deleted while Hookyard runs/);
    expect(existsSync(dataDir)).toBe(false);
  });

  it('whose lock cannot be made again blames nobody for it', () => {
    fakeWatch();
    const dataDir = createTempFolder();
    const { database } = open(dataDir);
    rmSync(join(dataDir, 'hookyard.lock'));
    mkdirSync(join(dataDir, 'hookyard.lock'));
    vi.advanceTimersByTime(2000);
    expect(database.problem()).toMatch(/^The lock file of .* was deleted and could not be made again \(SQLITE_CANTOPEN\w*\)/);
  });
});

describe('a start in a folder that was in use', () => {
  /** As it is left by a kill after which the journal went. */
  async function emptyFile(dataDir: string) {
    const sqlite = new BetterSqlite3(fileIn(dataDir));
    sqlite.pragma('journal_mode = WAL');
    sqlite.close();
    expect(statSync(fileIn(dataDir)).size).toBe(4096);
  }

  it.each(['vault.key', 'vault.sealed', 'host.json'])('is refused where %s lies beside a data file with nothing in it', async (mark) => {
    const dataDir = createTempFolder();
    await emptyFile(dataDir);
    writeFileSync(join(dataDir, mark), 'x', { mode: 0o600 });
    const before = readFileSync(fileIn(dataDir));
    expect(refusalOf(dataDir)).toMatchObject({
      code: 'DATA_CORRUPT',
      message: expect.stringMatching(new RegExp(`has nothing in it, although ${mark} beside it is of a Hookyard that ran here`)),
    });
    expect(readFileSync(fileIn(dataDir)).equals(before)).toBe(true);
    rmSync(join(dataDir, mark));
    expect(open(dataDir)).toMatchObject({ isNew: true, notice: null });
  });

  it('begins anew where the data file was moved away, and says so', () => {
    const dataDir = createTempFolder();
    writeFileSync(join(dataDir, 'vault.key'), 'x', { mode: 0o600 });
    expect(open(dataDir)).toMatchObject({ isNew: true, notice: expect.stringMatching(/although vault\.key was there already/) });
  });

  it.each(['is missing', 'is empty'])('is refused where the data file of a journal %s, which keeps the journal', async (how) => {
    const dataDir = createTempFolder();
    const { database } = open(dataDir);
    await database.write(setting('kept'));
    const other = createTempFolder();
    copyFileSync(`${fileIn(dataDir)}-wal`, `${fileIn(other)}-wal`);
    if (how === 'is empty') writeFileSync(fileIn(other), '');
    const { size } = statSync(`${fileIn(other)}-wal`);
    expect(refusalOf(other)).toMatchObject({ code: 'DATA_CORRUPT', message: expect.stringContaining('the data file that it belongs to') });
    expect(statSync(`${fileIn(other)}-wal`).size).toBe(size);
  });
});

it.skipIf(process.platform === 'win32')('what a link of the folder has elsewhere keeps its rights, which is told', async () => {
  const [dataDir, elsewhere] = [createTempFolder(), createTempFolder()];
  await open(dataDir).database.close();
  for (const name of ['hookyard.db', 'vault.key']) {
    if (name === 'vault.key') writeFileSync(join(elsewhere, name), 'x');
    else renameSync(join(dataDir, name), join(elsewhere, name));
    chmodSync(join(elsewhere, name), 0o644);
    symlinkSync(join(elsewhere, name), join(dataDir, name));
  }
  expect(open(dataDir).notice).toMatch(
    /^Other users of this machine can read .*hookyard\.db, to which .* is a link, so its rights were left alone/,
  );
  for (const name of ['hookyard.db', 'vault.key']) expect(statSync(join(elsewhere, name)).mode & 0o777).toBe(0o644);
});
