import { join } from 'node:path';
import { call } from '@orpc/server';
import BetterSqlite3 from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { admit } from '#engine/index.ts';
import { createProcedures } from '#engine/base/procedures.ts';
import { createDeliveryHandlers, type DeliveryDeps } from '#engine/procedures/deliveries.ts';
import { openStore } from '#engine/store/open.ts';
import { createTempFolder, createTestLog } from '../../support/temp-workspace.ts';

/** A row with these values, and with nothing in every other column that must have a value. */
function insert(sqlite: BetterSqlite3.Database, table: string, values: Readonly<Record<string, string | number | null>>): void {
  const columns = sqlite.pragma(`table_info(${table})`) as readonly {
    readonly name: string;
    readonly type: string;
    readonly notnull: number;
  }[];
  const row = Object.fromEntries(
    columns
      .filter(({ name, notnull }) => name !== 'seq' && (notnull === 1 || Object.hasOwn(values, name)))
      .map(({ name, type }) => [name, values[name] ?? (type === 'TEXT' ? '' : type === 'BLOB' ? Buffer.alloc(0) : 0)]),
  );
  const names = Object.keys(row);
  sqlite.prepare(`INSERT INTO ${table} (${names.join()}) VALUES (${names.map((name) => `@${name}`).join()})`).run(row);
}

it.each([
  { reads: 1, told: { attempts: [{ id: 'att_1', outcome: { code: 'http_status', status: 418 } }] } },
  { reads: 2, told: { status: 'pending', attempts: [{ id: 'att_1', outcome: null }] } },
])('a delivery whose attempt is recorded after $reads reads of it is never told as ended without it', async ({ reads, told }) => {
  const dataDir = createTempFolder();
  const { database } = openStore(dataDir);
  const sqlite = new BetterSqlite3(join(dataDir, 'hookyard.db'));
  onTestFinished(async () => {
    sqlite.close();
    await database.close();
  });
  insert(sqlite, 'endpoints', { id: 'ep_1', name: 'Shop' });
  insert(sqlite, 'messages', { id: 'msg_1', event_type: 'a.b', data_json: '{}' });
  const delivery = { id: 'dlv_1', message_id: 'msg_1', endpoint_id: 'ep_1', event_type: 'a.b', next_trigger: 'schedule' };
  insert(sqlite, 'deliveries', { ...delivery, status: 'pending', in_flight_attempt_id: 'att_1' });
  let read = 0;
  const record = () => {
    read += 1;
    if (read !== reads) return;
    insert(sqlite, 'attempts', {
      id: 'att_1',
      delivery_id: 'dlv_1',
      endpoint_id: 'ep_1',
      number: 1,
      trigger: 'schedule',
      ended_at_ms: 2,
      outcome_code: 'http_status',
      outcome_json: JSON.stringify({ code: 'http_status', message: 'It answered 418.', status: 418 }),
      request_headers_json: '[]',
    });
    sqlite.exec("UPDATE deliveries SET status = 'exhausted', attempt_count = 1, in_flight_attempt_id = NULL");
  };
  // The thread that writes commits between two reads.
  const raced: DeliveryDeps['database'] = {
    ...database,
    first: (query) => {
      const found = database.first(query);
      record();
      return found;
    },
    all: (query) => {
      const found = database.all(query);
      record();
      return found;
    },
  };
  const begun = { attemptId: 'att_1', number: 1, trigger: 'schedule', startedAtMs: 1 } as const;
  const handlers = createDeliveryHandlers(createProcedures(createTestLog()), {
    database: raced,
    dispatcher: { underWay: () => begun, holdOn: () => null },
    environments: { nameOf: () => null },
    endpoints: { find: () => ({ id: 'ep_1', url: 'http://127.0.0.1:9/', method: 'POST' }) },
  } as unknown as DeliveryDeps);

  expect(await call(handlers.get, { id: 'dlv_1', bodies: false }, { context: admit('test') })).toMatchObject(told);
});
