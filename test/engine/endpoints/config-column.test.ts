import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect, it } from 'vitest';
import { migrations } from '#engine/store/migrations/index.ts';
import { openStore } from '#engine/store/open.ts';
import { sealJson } from '#engine/store/sealed.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';
import { createTempFolder, testVault } from '../../support/temp-workspace.ts';

const root = resolve(import.meta.dirname, '../../..');

/** What an endpoint of the older format comes out as: every field other than its default. */
const shown = {
  name: "Zoë's shop",
  url: 'http://127.0.0.1:9/a?b="c"',
  description: 'two\nlines',
  method: 'PUT',
  contentType: 'application/vnd.shop+json',
  events: ['order.*', 'order.made'],
  headers: { 'X-Own': 'says "hello" \\ there', 'X-Big': '12345678901234567890' },
  signing: { scheme: 'stripe', toleranceSeconds: 60 },
  template: '{"a": "{{ data.a }}",\n\t"b": 1e400}',
  retryPolicy: 'quick',
  successRule: '200-204',
  timeoutMs: 1234,
  verifyTls: false,
  httpsOnly: true,
  redirects: { follow: 3 },
  metaHeaders: { deliveryId: 'X-Delivery', attempt: null, eventType: 'X-Event' },
  autoDisable: { onExhaustion: true, afterFailures: 7, afterFailingMs: null },
  disableOn410: true,
  rateLimit: { count: 5, perMs: 1000 },
  maxConcurrency: 2,
  isOrdered: true,
  circuitBreaker: { failures: 3, pauseMs: 1000, maxPauseMs: 60_000 },
  isActive: false,
  creator: 'alice (window)',
  createdAtMs: 5,
  updatedAtMs: 50,
} as const;

const columns = {
  name: shown.name,
  url: shown.url,
  description: shown.description,
  method: shown.method,
  content_type: shown.contentType,
  events_json: JSON.stringify(shown.events),
  headers_json: JSON.stringify(shown.headers),
  secret_headers_sealed: sealJson(testVault, { 'X-Key': 'hush' }),
  secret_header_names_json: '["X-Key"]',
  signing_json: JSON.stringify(shown.signing),
  secrets_sealed: sealJson(testVault, [{ secret: 'whsec_own', expiresAtMs: null }]),
  fingerprints_json: '[]',
  template: shown.template,
  retry_policy_json: JSON.stringify(shown.retryPolicy),
  success_rule: shown.successRule,
  timeout_ms: shown.timeoutMs,
  verify_tls: 0,
  https_only: 1,
  redirects_json: JSON.stringify(shown.redirects),
  meta_headers_json: JSON.stringify(shown.metaHeaders),
  auto_disable_json: JSON.stringify(shown.autoDisable),
  disable_on_410: 1,
  rate_limit_json: JSON.stringify(shown.rateLimit),
  max_concurrency: shown.maxConcurrency,
  is_ordered: 1,
  circuit_breaker_json: JSON.stringify(shown.circuitBreaker),
  is_active: 0,
  is_one_off: 0,
  creator: shown.creator,
  created_at_ms: shown.createdAtMs,
  updated_at_ms: shown.updatedAtMs,
};

const absent = { signing_json: null, template: null, rate_limit_json: null, max_concurrency: null, circuit_breaker_json: null };

/** A data file of the format before endpoints had one column for their fields, with endpoints, a delivery and a state of health. */
async function olderFolder(more: readonly Readonly<Record<string, unknown>>[] = []): Promise<string> {
  const dataDir = createTempFolder();
  const { database } = openStore(dataDir, { migrations: migrations.filter(({ version }) => version < 21) });
  await database.write((writer) => {
    for (const row of [{ ...columns, id: 'ep_full' }, { ...columns, ...absent, is_active: 1, id: 'ep_bare' }, ...more])
      writer.runRaw(
        `INSERT INTO endpoints (${Object.keys(row).join(', ')}) VALUES (${Object.keys(row)
          .map(() => '?')
          .join(', ')})`,
        Object.values(row),
      );
    writer.runRaw(
      `INSERT INTO endpoint_states (endpoint_id, revision, failures_in_a_row, is_warned, failed_probes, disabled_reason, disabled_message, disabled_at_ms)
       VALUES ('ep_full', 1, 4, 0, 0, 'byHand', 'Switched off by hand.', 40)`,
      [],
    );
    writer.runRaw(`INSERT INTO messages (id, event_type, data_json, created_at_ms) VALUES ('msg_1', 'order.made', '{}', 1)`, []);
    writer.runRaw(
      `INSERT INTO deliveries (id, message_id, endpoint_id, event_type, status, attempt_count, schedule_step, max_attempts, next_trigger, created_at_ms, updated_at_ms)
       VALUES ('dlv_1', 'msg_1', 'ep_full', 'order.made', 'exhausted', 1, 1, 1, 'schedule', 1, 1)`,
      [],
    );
  });
  await database.close();
  return dataDir;
}

it('an endpoint of an older data file keeps every field, its health and its deliveries', async () => {
  const { client } = await startClockedEngine({ dataDir: await olderFolder() });
  const full = await client.endpoints.get({ id: 'ep_full' });
  expect(full).toMatchObject({ ...shown, secretHeaderNames: ['X-Key'] });
  expect(full.secretFingerprints).toHaveLength(1);
  expect(full).toMatchObject({ health: 'disabled', healthSinceMs: 40, disabledReason: 'byHand', failuresInARow: 4 });
  expect(await client.endpoints.get({ id: 'ep_bare' })).toMatchObject({
    signing: null,
    template: null,
    rateLimit: null,
    maxConcurrency: null,
    circuitBreaker: null,
    isActive: true,
  });
  expect((await client.deliveries.list({})).items).toMatchObject([{ id: 'dlv_1', endpointId: 'ep_full' }]);
  expect((await client.endpoints.list({})).items.map(({ id }) => id)).toEqual(['ep_bare', 'ep_full']);
});

it('an older data file that holds a broken field is refused with the place of it, and its copy stays', async () => {
  const dataDir = await olderFolder([{ ...columns, id: 'ep_broken', headers_json: '{' }]);
  await expect(startClockedEngine({ dataDir })).rejects.toMatchObject({
    code: 'DATA_CORRUPT',
    message: expect.stringMatching(/config_json of ep_broken in the table endpoints does not hold JSON.*hookyard\.db\.format-19-\d+\.bak/),
  });
});

it('a process that is killed in the step leaves the older file whole, and the next start makes the step', async () => {
  const dataDir = await olderFolder();
  const file = join(dataDir, 'hookyard.db');
  // A cache of one page, so that much of the step is in the journal when the process dies.
  const killed = `
    const { default: BetterSqlite3 } = await import('better-sqlite3');
    const { endpointConfig } = await import('#engine/store/migrations/0021-endpoint-config.ts');
    const sqlite = new BetterSqlite3(process.argv[1]);
    sqlite.pragma('cache_size = 1');
    sqlite.pragma('foreign_keys = OFF');
    sqlite.exec('BEGIN IMMEDIATE');
    sqlite.exec(endpointConfig.sql);
    process.kill(process.pid, 'SIGKILL');
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', killed, file], { cwd: root, stdio: 'inherit' });
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
  const older = new BetterSqlite3(file, { readonly: true });
  expect(older.prepare('SELECT timeout_ms, success_rule FROM endpoints WHERE id = ?').get('ep_full')).toEqual({
    timeout_ms: 1234,
    success_rule: '200-204',
  });
  expect(older.pragma('integrity_check', { simple: true })).toBe('ok');
  older.close();
  const { client } = await startClockedEngine({ dataDir });
  expect(await client.endpoints.get({ id: 'ep_full' })).toMatchObject(shown);
});

it('what an endpoint was made of is the same after a restart', async () => {
  const { creator: _, createdAtMs: __, updatedAtMs: ___, ...input } = shown;
  const first = await startClockedEngine();
  const { id } = await first.client.endpoints.create({
    ...input,
    url: 'https://127.0.0.1:9/',
    events: [...input.events],
    secret: 'whsec_own',
    secretHeaders: { 'X-Key': 'hush' },
  });
  const before = await first.client.endpoints.get({ id });
  await first.stop();
  const second = await startClockedEngine({ dataDir: first.dataDir, clock: first.clock });
  expect(await second.client.endpoints.get({ id })).toEqual(before);
});

it('a field that came after a row was written has its default', async () => {
  const first = await startClockedEngine();
  const { id } = await first.client.endpoints.create({ name: 'Shop', url: 'http://127.0.0.1:9/', timeoutMs: 1234 });
  await first.stop();
  const file = new BetterSqlite3(join(first.dataDir, 'hookyard.db'));
  file.exec(`UPDATE endpoints SET config_json = json_remove(config_json, '$.redirects', '$.isOrdered')`);
  file.close();
  const { client } = await startClockedEngine({ dataDir: first.dataDir });
  expect(await client.endpoints.get({ id })).toMatchObject({ timeoutMs: 1234, redirects: 'refuse', isOrdered: false });
});
