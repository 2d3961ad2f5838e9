import { describe, expect, it, onTestFinished } from 'vitest';
import { clearCaptures, restoreCleared } from '#engine/capture/marks.ts';
import { statsOf } from '#engine/deliveries/stats.ts';
import { cancelWaiting } from '#engine/log/waiting.ts';
import { createSettingsBook } from '#engine/settings/settings.ts';
import { followTimeScale } from '#engine/dispatch/time-scale.ts';
import type { Database } from '#engine/store/database.ts';
import { openStore } from '#engine/store/open.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

const nowMs = 1_000_000;
const many = 5000;

/** A data file with one endpoint and many deliveries that wait an hour, and a database that counts the steps of long writes. */
async function openLog() {
  const { database } = openStore(createTempFolder());
  onTestFinished(database.close);
  await database.write((writer) => {
    const columns = new Map(
      writer
        .raw<{ name: string; type: string; notnull: number }>(`SELECT name, type, "notnull" FROM pragma_table_info('endpoints')`, [])
        .map(({ name, type, notnull }) => [name, notnull === 0 ? 'NULL' : type === 'TEXT' ? "''" : type === 'BLOB' ? "x''" : '0']),
    );
    columns.delete('seq');
    columns.set('id', "'ep_1'");
    writer.runRaw(`INSERT INTO endpoints (${[...columns.keys()].join()}) VALUES (${[...columns.values()].join()})`, []);
    writer.runRaw(`INSERT INTO messages (id, event_type, data_json, created_at_ms) VALUES ('msg_1', 'a.b', '{}', 1)`, []);
    const body = writer.putBody(Buffer.from('{}'));
    writer.runRaw(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO deliveries (body_hash, id, message_id, endpoint_id, event_type, status, attempt_count, schedule_step, max_attempts, due_at_ms, next_trigger, created_at_ms, updated_at_ms)
       SELECT ?, 'dlv_' || i, 'msg_1', 'ep_1', 'a.b', 'pending', 0, 0, 1, ?, 'schedule', i, i FROM n`,
      [many, body, nowMs + 3_600_000],
    );
  });
  const steps: string[] = [];
  const counted: Database = {
    ...database,
    hot: (write, input) => {
      steps.push(write.name);
      return database.hot(write, input);
    },
  };
  const dueTimes = () =>
    database.raw<{ due: number | null; count: number }>(
      'SELECT due_at_ms AS due, count(*) AS count FROM deliveries GROUP BY 1 ORDER BY 1',
      [],
    );
  return { database: counted, steps, dueTimes };
}

describe('a change of the time scale', () => {
  it('moves everything that waits, in steps', async () => {
    const { database, steps, dueTimes } = await openLog();
    await followTimeScale(database, createSettingsBook(database, { timeScale: 3600 }), nowMs);
    expect(dueTimes()).toEqual([{ due: nowMs + 1000, count: many }]);
    expect(steps.length).toBeGreaterThan(2);
  });

  it('leaves what an attempt put off by the new scale meanwhile', async () => {
    const { database, dueTimes } = await openLog();
    await database.write((writer) =>
      writer.runRaw('UPDATE deliveries SET due_at_ms = ?, updated_at_ms = ? WHERE seq = 1', [nowMs + 7, nowMs + 1]),
    );
    await followTimeScale(database, createSettingsBook(database, { timeScale: 3600 }), nowMs);
    expect(dueTimes()).toEqual([
      { due: nowMs + 7, count: 1 },
      { due: nowMs + 1000, count: many - 1 },
    ]);
  });

  it('that was cut off goes on where it was, by the time at which it was made', async () => {
    const { database, steps, dueTimes } = await openLog();
    const cut: Database = {
      ...database,
      hot: (name, input) => (steps.length === 2 ? Promise.reject(new Error('cut off')) : database.hot(name, input)),
    };
    await expect(followTimeScale(cut, createSettingsBook(database, { timeScale: 3600 }), nowMs)).rejects.toThrow('cut off');
    expect(dueTimes()).toHaveLength(2);
    const later = createSettingsBook(database, { timeScale: 3600 });
    await followTimeScale(database, later, nowMs + 500);
    expect(dueTimes()).toEqual([{ due: nowMs + 1000, count: many }]);
    expect(later.recall('internal.rescale')).toBeNull();
  });
});

describe('what grows with the log', () => {
  it('is cancelled in steps when its endpoint goes', async () => {
    const { database, steps, dueTimes } = await openLog();
    expect(await cancelWaiting(database, 'ep_1', nowMs)).toBe(many);
    expect(dueTimes()).toEqual([{ due: null, count: many }]);
    expect(steps.length).toBeGreaterThan(2);
  });

  it('is taken out of a bin and brought back in steps', async () => {
    const { database, steps } = await openLog();
    await database.write((writer) => {
      writer.runRaw(
        `INSERT INTO bins (id, name, slug, response_json, secrets_sealed, fingerprints_json, created_at_ms) VALUES ('bin_1', 'a', 'a', '{}', x'', '[]', 1)`,
        [],
      );
      const hash = writer.putBody(Buffer.from('x'));
      writer.runRaw(
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
         INSERT INTO captures (id, bin_id, method, target, http_version, headers_json, trailers_json, body_hash, body_bytes, is_body_truncated, remote_address, status, response_json, body_ms, received_at_ms)
         SELECT 'cap_' || i, 'bin_1', 'POST', '/a', '1.1', '[]', '[]', ?, 1, 0, '', 200, '{}', 1, i FROM n`,
        [many, hash],
      );
    });
    expect(await clearCaptures(database, 'bin_1', nowMs)).toBe(many);
    expect(await clearCaptures(database, 'bin_1', nowMs + 1)).toBe(0);
    expect(await restoreCleared(database, 'bin_1', nowMs + 1)).toBe(0);
    expect(await restoreCleared(database, 'bin_1', nowMs)).toBe(many);
    expect(steps.length).toBeGreaterThan(2);
  });

  it('is counted in steps, and tells the same', async () => {
    const { database } = await openLog();
    const stats = await statsOf(
      { database, searcher: { budgetMs: 1, look: () => Promise.reject(new Error('Nothing is searched.')) } },
      {},
      { buckets: 10, nowMs: many },
      undefined,
    );
    expect(stats).toMatchObject({ total: many, fromMs: 1, toMs: many, byStatus: { pending: many } });
    expect(stats.buckets.map(({ counts }) => counts.pending)).toEqual(Array.from({ length: 10 }, () => 500));
  });
});
