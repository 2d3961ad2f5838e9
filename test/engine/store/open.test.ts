import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { migrations } from '#engine/store/migrations/index.ts';
import { openStore } from '#engine/store/open.ts';
import { StartError } from '#engine/store/start-error.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

const root = join(import.meta.dirname, '../../..');
const newest = migrations.at(-1)?.version ?? 0;
const first = {
  version: 1,
  sql: `CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT; INSERT INTO notes (text) VALUES ('kept');`,
};
const second = { version: 2, sql: `ALTER TABLE notes ADD COLUMN colour TEXT NOT NULL DEFAULT 'red';` };

function open(dataDir: string, steps = migrations) {
  const opened = openStore(dataDir, { migrations: steps });
  onTestFinished(opened.database.close);
  return opened;
}

function refusalOf(act: () => unknown): StartError {
  try {
    act();
  } catch (error) {
    if (error instanceof StartError) return error;
    throw error;
  }
  throw new Error('It opened although it should have been refused.');
}

const fileIn = (dataDir: string) => join(dataDir, 'hookyard.db');

/** Every file of the folder with a hash of its bytes, for showing that a refusal changed none. What SQLite maps as memory is no data, and the lock is an empty file. */
function bytesOf(dataDir: string): Readonly<Record<string, string>> {
  const names = readdirSync(dataDir).filter((name) => !name.endsWith('-shm') && name !== 'hookyard.lock');
  return Object.fromEntries(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(dataDir, name)))
        .digest('hex'),
    ]),
  );
}

describe('opening a data file', () => {
  it('makes one in a folder that is not there yet, closed to other users', () => {
    const dataDir = join(createTempFolder(), 'a', 'b');
    const { database, isNew } = open(dataDir);
    expect(isNew).toBe(true);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(database.raw('PRAGMA user_version', [])).toEqual([{ user_version: newest }]);
    expect(database.raw('PRAGMA application_id', [])).toEqual([{ application_id: 0x484b5944 }]);
  });

  it('waits for the disk at each commit, in WAL mode, with foreign keys on', () => {
    const { database } = open(createTempFolder());
    const pragmas = ['journal_mode', 'synchronous', 'foreign_keys'].map(
      (name) => Object.values(database.raw<object>(`PRAGMA ${name}`, [])[0] ?? {})[0],
    );
    expect(pragmas).toEqual(['wal', 2, 1]);
  });

  it('has strict tables only', () => {
    const { database } = open(createTempFolder());
    const tables = database.raw<{ name: string; strict: number }>(
      `SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'`,
      [],
    );
    expect(tables.length).toBeGreaterThan(7);
    expect(tables.filter((table) => table.strict !== 1)).toEqual([]);
  });

  it('opens its own file again and says that it is not new', async () => {
    const dataDir = createTempFolder();
    await open(dataDir).database.close();
    expect(open(dataDir).isNew).toBe(false);
    expect(readdirSync(dataDir).filter((name) => name.endsWith('.bak'))).toEqual([]);
  });

  it('takes an empty file for a new one', () => {
    const dataDir = createTempFolder();
    writeFileSync(fileIn(dataDir), '');
    expect(open(dataDir).isNew).toBe(true);
  });
});

describe('a file of an older format', () => {
  it('is brought forward with its rows, and a copy from before is kept beside it', async () => {
    const dataDir = createTempFolder();
    await open(dataDir, [first]).database.close();
    const { database, isNew } = open(dataDir, [first, second]);
    expect(isNew).toBe(false);
    expect(database.raw('SELECT text, colour FROM notes', [])).toEqual([{ text: 'kept', colour: 'red' }]);
    const copies = readdirSync(dataDir).filter((name) => /^hookyard\.db\.format-1-\d+\.bak$/.test(name));
    expect(copies).toHaveLength(1);
    const copy = new BetterSqlite3(join(dataDir, copies[0] ?? ''), { readonly: true });
    onTestFinished(() => void copy.close());
    expect(copy.prepare('SELECT * FROM notes').all()).toEqual([{ id: 1, text: 'kept' }]);
    expect(copy.pragma('user_version', { simple: true })).toBe(1);
    expect(statSync(join(dataDir, copies[0] ?? '')).mode & 0o077).toBe(0);
  });

  it('stays as it was when a step fails half way', async () => {
    const dataDir = createTempFolder();
    await open(dataDir, [first]).database.close();
    const broken = { version: 2, sql: `UPDATE notes SET text = 'changed'; CREATE TABLE notes (id INTEGER) STRICT;` };
    expect(refusalOf(() => openStore(dataDir, { migrations: [first, broken] })).message).toContain('already exists');
    const { database } = open(dataDir, [first]);
    expect(database.raw('SELECT text FROM notes', [])).toEqual([{ text: 'kept' }]);
  });

  it('keeps one copy, however often the step to it is killed, and one that is whole', async () => {
    const dataDir = createTempFolder();
    await open(dataDir, [first]).database.close();
    const endless = { version: 2, sql: 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n' };
    const isCopy = (name: string) => name.includes('.bak');
    for (let killed = 0; killed < 3; killed += 1) {
      const watcher = watch(dataDir);
      const copied = new Promise<void>((resolve) => {
        watcher.on('change', (_, name) => {
          if (isCopy(String(name))) resolve();
        });
      });
      const child = spawn(
        process.execPath,
        [
          '--input-type=module',
          '-e',
          `(await import('#engine/store/open.ts')).openStore(process.argv[1], { migrations: ${JSON.stringify([first, endless])} });`,
          dataDir,
        ],
        { cwd: root, stdio: 'inherit' },
      );
      onTestFinished(() => void child.kill('SIGKILL'));
      await copied;
      watcher.close();
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(readdirSync(dataDir).filter((name) => name.endsWith('.bak'))).toEqual([]);
    }

    const { database } = open(dataDir, [first, second]);

    expect(database.raw('SELECT text, colour FROM notes', [])).toEqual([{ text: 'kept', colour: 'red' }]);
    const copies = readdirSync(dataDir).filter(isCopy);
    expect(copies).toEqual([expect.stringMatching(/^hookyard\.db\.format-1-\d+\.bak$/)]);
    const copy = new BetterSqlite3(join(dataDir, copies[0] ?? ''), { readonly: true });
    onTestFinished(() => void copy.close());
    expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
  });

  it('may have a table built anew without losing the rows that refer to it', async () => {
    const dataDir = createTempFolder();
    const parents = {
      version: 1,
      sql: `CREATE TABLE parents (id INTEGER PRIMARY KEY) STRICT; CREATE TABLE children (parent INTEGER REFERENCES parents (id) ON DELETE CASCADE) STRICT; INSERT INTO parents VALUES (1); INSERT INTO children VALUES (1);`,
    };
    const anew = {
      version: 2,
      sql: `CREATE TABLE parents_2 (id INTEGER PRIMARY KEY, name TEXT) STRICT; INSERT INTO parents_2 SELECT id, NULL FROM parents; DROP TABLE parents; ALTER TABLE parents_2 RENAME TO parents;`,
    };
    await open(dataDir, [parents]).database.close();
    const { database } = open(dataDir, [parents, anew]);
    expect(database.raw('SELECT parent FROM children', [])).toEqual([{ parent: 1 }]);
  });

  it('keeps event types and profiles when what may be large of them is moved apart', async () => {
    const dataDir = createTempFolder();
    const old = open(
      dataDir,
      migrations.filter(({ version }) => version < 33),
    ).database;
    const samples = '[{"name":"A","data":1.10},{"name":"B","data":{}}]';
    const content = '{"name":"P","fields":{"signing":{"scheme":"github"}},"eventTypes":[{},{}]}';
    await old.write((writer) => {
      const type = `INSERT INTO event_types (name, description, samples_json, schema_json, created_at_ms, updated_at_ms) VALUES (?, '', ?, ?, 1, 1)`;
      writer.runRaw(type, ['a.b', samples, '{}']);
      writer.runRaw(type, ['broken', 'not JSON', null]);
      const profile = `INSERT INTO profiles (id, name, summary, content_json, created_at_ms, updated_at_ms) VALUES (?, ?, '', ?, 1, 1)`;
      writer.runRaw(profile, ['prf_1', 'P', content]);
      writer.runRaw(profile, ['prf_2', 'broken', 'not JSON']);
    });
    await old.close();
    const { database } = open(dataDir);
    const types = 'SELECT name, sample_count, has_schema, samples_json, schema_json FROM event_types JOIN event_type_contents USING (name)';
    expect(database.raw(types, [])).toEqual([
      { name: 'a.b', sample_count: 2, has_schema: 1, samples_json: samples, schema_json: '{}' },
      { name: 'broken', sample_count: 0, has_schema: 0, samples_json: 'not JSON', schema_json: null },
    ]);
    expect(database.raw('SELECT id, scheme, event_type_count, content_json FROM profiles', [])).toEqual([
      { id: 'prf_1', scheme: 'github', event_type_count: 2, content_json: content },
      { id: 'prf_2', scheme: null, event_type_count: 0, content_json: 'not JSON' },
    ]);
  });

  it('is not brought to a format in which rows refer to nothing', async () => {
    const dataDir = createTempFolder();
    const linked = {
      version: 1,
      sql: `CREATE TABLE parents (id INTEGER PRIMARY KEY) STRICT; CREATE TABLE children (parent INTEGER REFERENCES parents (id)) STRICT; INSERT INTO parents VALUES (1); INSERT INTO children VALUES (1);`,
    };
    await open(dataDir, [linked]).database.close();
    expect(refusalOf(() => openStore(dataDir, { migrations: [linked, { version: 2, sql: 'DELETE FROM parents' }] })).message).toContain(
      'refer to nothing',
    );
    expect(open(dataDir, [linked]).database.raw('SELECT id FROM parents', [])).toEqual([{ id: 1 }]);
  });
});

describe('a file that cannot be used is refused in plain words and stays byte for byte as it was', () => {
  const refused = (dataDir: string) => {
    const before = bytesOf(dataDir);
    const refusal = refusalOf(() => openStore(dataDir));
    expect(bytesOf(dataDir)).toEqual(before);
    return refusal;
  };

  it('from a newer version', async () => {
    const dataDir = createTempFolder();
    await open(dataDir, [first, { ...second, version: newest + 6 }]).database.close();
    expect(refused(dataDir)).toMatchObject({
      code: 'DATA_NEWER',
      message: expect.stringContaining(`format ${newest + 6}, this program reads up to ${newest}`),
    });
  });

  it('from a newer version that was killed, with commits that are not folded in yet', async () => {
    const dataDir = createTempFolder();
    const killed = `
      const { openStore } = await import('#engine/store/open.ts');
      openStore(process.argv[1], { migrations: ${JSON.stringify([first, { ...second, version: newest + 1 }])} });
      process.kill(process.pid, 'SIGKILL');
    `;
    await once(spawn(process.execPath, ['--input-type=module', '-e', killed, dataDir], { cwd: root, stdio: 'inherit' }), 'exit');
    expect(statSync(`${fileIn(dataDir)}-wal`).size).toBeGreaterThan(0);
    expect(refused(dataDir).code).toBe('DATA_NEWER');
  });

  it('of another program, which keeps its journal mode', () => {
    const dataDir = createTempFolder();
    const other = new BetterSqlite3(fileIn(dataDir));
    other.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1)');
    other.close();
    expect(refused(dataDir)).toMatchObject({ code: 'DATA_CORRUPT', message: expect.stringContaining('another program') });
  });

  it.each([
    ['garbage', 'This is not a database. '.repeat(400)],
    ['a text of one line', 'hello'],
  ])('of %s', (_, content) => {
    const dataDir = createTempFolder();
    writeFileSync(fileIn(dataDir), content);
    expect(refused(dataDir)).toMatchObject({ code: 'DATA_CORRUPT', message: expect.stringContaining('Move it away to start afresh') });
  });

  it.each([0.5, 0.9])('cut off at %f of its length', async (share) => {
    const dataDir = createTempFolder();
    await open(dataDir).database.close();
    truncateSync(fileIn(dataDir), Math.floor(statSync(fileIn(dataDir)).size * share));
    expect(refused(dataDir)).toMatchObject({ code: 'DATA_CORRUPT', message: expect.stringContaining('damaged') });
  });

  it('with a folder in its place', () => {
    const dataDir = createTempFolder();
    mkdirSync(fileIn(dataDir));
    expect(refusalOf(() => openStore(dataDir))).toMatchObject({ code: 'DATA_CORRUPT', message: expect.stringContaining('is a folder') });
  });

  it.each([
    ['is a file', (folder: string) => join(folder, 'taken')],
    ['lies below a file', (folder: string) => join(folder, 'taken', 'data')],
  ])('in a folder that %s', (_, dirOf) => {
    const folder = createTempFolder();
    writeFileSync(join(folder, 'taken'), 'x');
    expect(refusalOf(() => openStore(dirOf(folder)))).toMatchObject({
      code: 'DATA_READ_ONLY',
      message: expect.stringContaining('is not a folder'),
    });
    expect(readFileSync(join(folder, 'taken'), 'utf8')).toBe('x');
  });

  it('in a folder that may not be written to', ({ skip }) => {
    if (process.getuid?.() === 0 || process.platform === 'win32') skip('Mode bits do not keep this user from writing.');
    const dataDir = createTempFolder();
    chmodSync(dataDir, 0o500);
    onTestFinished(() => chmodSync(dataDir, 0o700));
    expect(refusalOf(() => openStore(dataDir))).toMatchObject({ code: 'DATA_READ_ONLY', message: expect.stringContaining('write access') });
  });
});

describe('a data file that is open', () => {
  const holder = `
    const { openStore } = await import('#engine/store/open.ts');
    openStore(process.argv[1]);
    console.log('open');
    setInterval(() => undefined, 1000);
  `;

  async function startHolder(dataDir: string) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', holder, dataDir], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    for await (const line of createInterface({ input: child.stdout })) if (line === 'open') break;
    return child;
  }

  it('is refused to a second process until the first one ends, also when it is killed', async () => {
    const dataDir = createTempFolder();
    const child = await startHolder(dataDir);
    expect(refusalOf(() => openStore(dataDir))).toMatchObject({
      code: 'DATA_LOCKED',
      message: expect.stringContaining('Another Hookyard is using'),
    });
    // A refused opener must not have loosened the lock.
    expect(refusalOf(() => openStore(dataDir)).code).toBe('DATA_LOCKED');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(open(dataDir).isNew).toBe(false);
  });

  it('is refused to a second process also when its lock file was deleted', async () => {
    const dataDir = createTempFolder();
    await startHolder(dataDir);
    rmSync(join(dataDir, 'hookyard.lock'));
    // Not even a first refusal makes a second try go through.
    for (let tries = 0; tries < 2; tries += 1) {
      const refusal = refusalOf(() => openStore(dataDir));
      expect(refusal.code).toBe('DATA_LOCKED');
      expect(refusal.message).toMatch(
        /^(Another program has .*hookyard\.db open, and the lock file .* was deleted|Another Hookyard is using)/,
      );
    }
  });

  it('takes a lock again that was deleted, and no more writes once the file was moved away', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const dataDir = createTempFolder();
    const { database } = open(dataDir);
    rmSync(join(dataDir, 'hookyard.lock'));
    vi.advanceTimersByTime(2000);
    expect(database.problem()).toBeNull();
    expect(refusalOf(() => openStore(dataDir)).message).toContain('Another Hookyard is using');
    renameSync(fileIn(dataDir), join(dataDir, 'elsewhere.db'));
    vi.advanceTimersByTime(2000);
    expect(database.problem()).toContain('was moved, replaced or deleted while Hookyard runs');
    await expect(database.write(() => undefined)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it.each([
    ['garbage in it', (path: string) => writeFileSync(path, 'not a lock at all '.repeat(100)), 'is something else'],
    ['a folder in its place', (path: string) => mkdirSync(path), 'is a folder or a device'],
  ])('is not blamed for its lock file with %s', async (_, spoil, says) => {
    const dataDir = createTempFolder();
    await open(dataDir).database.close();
    rmSync(join(dataDir, 'hookyard.lock'));
    spoil(join(dataDir, 'hookyard.lock'));
    const { message } = refusalOf(() => openStore(dataDir));
    expect(message).toContain(`hookyard.lock should be the lock of this folder and ${says}. Delete it and start again`);
    expect(message).not.toContain('hookyard.db');
  });

  it('is refused to a second opener in the same process, and stays locked for others', async () => {
    const dataDir = createTempFolder();
    const { database } = open(dataDir);
    expect(refusalOf(() => openStore(dataDir)).code).toBe('DATA_LOCKED');
    const probe = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `try { (await import('#engine/store/open.ts')).openStore(process.argv[1]); } catch (error) { process.exitCode = error.code === 'DATA_LOCKED' ? 7 : 8; }`,
        dataDir,
      ],
      { cwd: root, stdio: 'ignore' },
    );
    const [exitCode] = (await once(probe, 'exit')) as [number | null];
    expect(exitCode).toBe(7);
    expect(database.raw('SELECT 1 AS one', [])).toEqual([{ one: 1 }]);
  });
});
