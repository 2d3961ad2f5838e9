import { expect, it, onTestFinished } from 'vitest';
import { allStates } from '#engine/health/store.ts';
import { migrations } from '#engine/store/migrations/index.ts';
import { openStore } from '#engine/store/open.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

const before = migrations.filter(({ version }) => version < 4);

function endpointSql(id: string, isActive: number): string {
  return `INSERT INTO endpoints (id, name, url, description, method, content_type, events_json, headers_json, secret_headers_sealed,
      secret_header_names_json, secrets_sealed, fingerprints_json, retry_policy_json, success_rule, timeout_ms, verify_tls, https_only,
      is_active, is_one_off, creator, created_at_ms, updated_at_ms)
    VALUES ('${id}', '${id}', 'http://127.0.0.1:9/', '', 'POST', 'application/json', '["*"]', '{}', x'00', '[]', x'00', '[]', '"none"', '2xx', 1000, 1, 0,
      ${isActive}, 0, 'test', 5, 50)`;
}

it('an older data file brings its failures in a row and what was switched off into the states', async () => {
  const dataDir = createTempFolder();
  const old = openStore(dataDir, { migrations: before }).database;
  const run = (sql: string) => old.write((writer) => writer.runRaw(sql, []));
  const attempts: readonly (readonly [string, string])[] = [
    ['failing', 'reset'],
    ['failing', 'ok'],
    ['failing', 'http_status'],
    ['failing', 'cancelled'],
    ['failing', 'timeout'],
    ['healthy', 'reset'],
    ['healthy', 'ok'],
    ['off', 'refused'],
  ];
  await Promise.all([
    run(endpointSql('failing', 1)),
    run(endpointSql('healthy', 1)),
    run(endpointSql('off', 0)),
    run(endpointSql('fresh', 1)),
    run("INSERT INTO messages (id, event_type, data_json, created_at_ms) VALUES ('msg', 'a.b', '{}', 1)"),
    ...attempts.flatMap(([endpoint, code], index) => [
      run(`INSERT INTO deliveries (id, message_id, endpoint_id, event_type, status, attempt_count, schedule_step, max_attempts, next_trigger, created_at_ms, updated_at_ms)
        VALUES ('dlv${index}', 'msg', '${endpoint}', 'a.b', 'exhausted', 1, 1, 1, 'schedule', 1, 1)`),
      run(`INSERT INTO attempts (id, delivery_id, endpoint_id, number, trigger, started_at_ms, ended_at_ms, outcome_code, method, url, request_headers_json, request_body_bytes)
        VALUES ('att${index}', 'dlv${index}', '${endpoint}', 1, 'schedule', 1, ${100 + index}, '${code}', 'POST', '', '[]', 0)`),
    ]),
  ]);
  await old.close();
  const { database } = openStore(dataDir);
  onTestFinished(database.close);
  const states = allStates(database);
  expect([...states.keys()].toSorted()).toEqual(['failing', 'off']);
  expect(states.get('failing')).toMatchObject({ failuresInARow: 2, failingSinceMs: 102, disabled: null });
  expect(states.get('off')).toMatchObject({ failuresInARow: 1, disabled: { reason: 'byHand', atMs: 50 } });
});
