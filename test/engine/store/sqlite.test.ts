import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Refusal } from '#engine/base/refusal.ts';
import type { Database, Writer } from '#engine/store/database.ts';
import { writerThread } from '#engine/log/hot-writes.ts';
import { claimWrite } from '#engine/log/queue.ts';
import { openStore } from '#engine/store/open.ts';
import { createDatabase } from '#engine/store/sqlite.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

function openDatabase(dataDir = createTempFolder()) {
  const { database } = openStore(dataDir);
  onTestFinished(database.close);
  return database;
}

const setting = (key: string, value: unknown) => (writer: Writer) =>
  void writer.runRaw('INSERT INTO settings (key, value_json) VALUES (?, ?)', [key, JSON.stringify(value)]);
const keys = (database: Database) => database.raw<{ key: string }>('SELECT key FROM settings ORDER BY rowid', []).map(({ key }) => key);

describe('the thread that writes', () => {
  it('says that it accepts nothing for as long as the thread cannot start, whatever is still written beside it', async () => {
    const folder = createTempFolder();
    const file = join(folder, 'no-database');
    writeFileSync(file, 'This is text that SQLite does not take for one of its files. '.repeat(20));
    const sqlite = new BetterSqlite3(join(folder, 'other.db'));
    sqlite.exec('CREATE TABLE settings (key TEXT PRIMARY KEY, value_json TEXT NOT NULL)');
    const database = createDatabase(sqlite, { writerThread: { file, code: writerThread }, onClosed: () => undefined });
    onTestFinished(database.close);
    const claim = { endpointId: 'ep_1', nowMs: 0, attemptIds: [], isOrdered: false, deliveryId: null };
    await expect(database.hot(claimWrite, claim)).rejects.toThrow(
      /^The thread that writes the data file could not start \(.*\), and Hookyard goes on trying\./,
    );
    const problem = database.problem();
    expect(problem).toContain('goes on trying');
    await database.write(setting('a', 1));
    expect(keys(database)).toEqual(['a']);
    expect(database.problem()).toBe(problem);
    await expect(database.hot(claimWrite, claim)).rejects.toBeInstanceOf(Refusal);
  });
});

describe('writing', () => {
  it('keeps the order of the writes of one turn and answers each with its own value', async () => {
    const database = openDatabase();
    const writes = Array.from({ length: 50 }, (_, index) =>
      database.write((writer) => {
        setting(`k${index}`, index)(writer);
        return index;
      }),
    );
    expect(keys(database)).toEqual([]);
    expect(await Promise.all(writes)).toEqual(Array.from({ length: 50 }, (_, index) => index));
    expect(keys(database)).toEqual(Array.from({ length: 50 }, (_, index) => `k${index}`));
  });

  it('rolls back a write that throws and commits those before and after it', async () => {
    const database = openDatabase();
    const results = await Promise.allSettled([
      database.write(setting('before', 1)),
      database.write((writer) => {
        setting('half', 1)(writer);
        throw new Error('changed my mind');
      }),
      database.write(setting('before', 2)),
      database.write(setting('after', 1)),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(keys(database)).toEqual(['before', 'after']);
    expect(database.problem()).toBeNull();
  });

  it('lets a later write of the same turn see what an earlier one did', async () => {
    const database = openDatabase();
    const [, seen] = await Promise.all([
      database.write(setting('a', 1)),
      database.write((writer) => writer.first(database.sql.selectFrom('settings').select('key'))?.key),
    ]);
    expect(seen).toBe('a');
  });

  it('takes a write made while another is answered', async () => {
    const database = openDatabase();
    await database.write(setting('a', 1)).then(() => database.write(setting('b', 1)));
    expect(keys(database)).toEqual(['a', 'b']);
  });

  it('commits what is queued when it closes, and refuses what comes later', async () => {
    const dataDir = createTempFolder();
    const database = openDatabase(dataDir);
    const queued = database.write(setting('queued', 1));
    const closing = database.close();
    await expect(queued).resolves.toBeUndefined();
    await expect(database.write(setting('late', 1))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('stopping'),
    });
    await Promise.all([closing, database.close()]);
    expect(keys(openDatabase(dataDir))).toEqual(['queued']);
  });

  it('keeps equal bytes once, and empty ones too', async () => {
    const database = openDatabase();
    const [one, two, empty] = await database.write((writer) => [
      writer.putBody(Buffer.from('same')),
      writer.putBody(Uint8Array.from(Buffer.from('same'))),
      writer.putBody(new Uint8Array()),
    ]);
    expect(Buffer.from(one ?? [])).toEqual(Buffer.from(two ?? []));
    expect(database.raw('SELECT size, length(bytes) AS length FROM bodies ORDER BY size', [])).toEqual([
      { size: 0, length: 0 },
      { size: 4, length: 4 },
    ]);
    expect(empty).not.toEqual(one);
  });

  it('holds the invariant that what is due has a body and is not under way', async () => {
    const database = openDatabase();
    const insert = (dueAtMs: number | null, inFlight: string | null) =>
      database.write((writer) => {
        writer.runRaw('PRAGMA defer_foreign_keys = ON', []);
        return writer.runRaw(
          `INSERT INTO deliveries (id, message_id, endpoint_id, event_type, status, attempt_count, schedule_step, max_attempts, due_at_ms, next_trigger, in_flight_attempt_id, created_at_ms, updated_at_ms) VALUES ('d', 'm', 'e', 't', 'pending', 0, 0, 1, ?, 'schedule', ?, 0, 0)`,
          [dueAtMs, inFlight],
        );
      });
    await expect(insert(5, null)).rejects.toThrow('CHECK');
    await expect(insert(5, 'att_1')).rejects.toThrow('CHECK');
  });
});

describe('a store without room', () => {
  const big = (byte: number) => Buffer.alloc(200_000, byte);

  it('refuses with a sentence, accepts nothing by halves, and goes on when there is room again', async () => {
    const database = openDatabase();
    const pages = database.raw<{ page_count: number }>('PRAGMA page_count', [])[0]?.page_count ?? 0;
    database.raw(`PRAGMA max_page_count = ${pages + 20}`, []);
    const results = await Promise.allSettled([
      database.write(setting('small', 1)),
      database.write((writer) => {
        setting('with-body', 1)(writer);
        writer.putBody(big(1));
      }),
      database.write(setting('other', 1)),
    ]);
    const reasons = results.map((result) => (result.status === 'rejected' ? (result.reason as unknown) : null));
    for (const reason of reasons) {
      expect(reason).toBeInstanceOf(Refusal);
      expect(reason).toMatchObject({
        code: 'STORE_UNAVAILABLE',
        message: 'The disk is full: free some space, then try again. Nothing was accepted.',
        data: { reason: 'SQLITE_FULL' },
      });
    }
    expect(keys(database)).toEqual([]);
    expect(database.raw('SELECT count(*) AS count FROM bodies', [])).toEqual([{ count: 0 }]);
    expect(database.problem()).toContain('disk is full');

    database.raw('PRAGMA max_page_count = 1000000', []);
    await database.write((writer) => {
      setting('with-body', 1)(writer);
      writer.putBody(big(1));
    });
    expect(keys(database)).toEqual(['with-body']);
    expect(database.problem()).toBeNull();
  });

  it('does so on a disk that is really full', async ({ skip }) => {
    const disk = createTempFolder();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      return skip('Only root on Linux may mount a small disk.');
    }
    onTestFinished(() => void execFileSync('umount', ['-l', disk]));
    const dataDir = join(disk, 'data');
    mkdirSync(dataDir);
    const database = openDatabase(dataDir);
    let accepted = 0;
    let refusal: unknown = null;
    for (let byte = 0; byte < 40 && refusal === null; byte += 1) {
      try {
        await database.write((writer) => {
          setting(`k${byte}`, byte)(writer);
          writer.putBody(big(byte));
        });
        accepted += 1;
      } catch (error) {
        refusal = error;
      }
    }
    expect(refusal).toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringMatching(/full|cannot be written/) });
    expect(keys(database)).toHaveLength(accepted);
    execFileSync('mount', ['-o', 'remount,size=64m', disk]);
    await database.write(setting('room again', 1));
    await database.close();
    const reopened = openDatabase(dataDir);
    expect(reopened.raw('PRAGMA integrity_check', [])).toEqual([{ integrity_check: 'ok' }]);
    expect(keys(reopened)).toHaveLength(accepted + 1);
    await reopened.close();
  });
});
