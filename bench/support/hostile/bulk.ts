import { Buffer } from 'node:buffer';
import { openStore } from '#engine/store/open.ts';
import { callRest, rest, type HostileAct } from './act.ts';
import { slugFor } from './bins.ts';
import type { BenchHost } from '../host.ts';

/**
 * Puts deliveries that wait for a month into a data folder that no host has open: as many for each endpoint, which have to be
 * there.
 */
export async function seedWaiting(dataDir: string, endpointIds: readonly string[], each: number): Promise<void> {
  const { database } = openStore(dataDir);
  try {
    await database.write((writer) => {
      const [nowMs, hash] = [Date.now(), writer.putBody(Buffer.from('{"a":1}'))];
      for (const id of endpointIds) {
        writer.runRaw(`INSERT INTO messages (id, event_type, data_json, created_at_ms) VALUES (?, 'a.b', '{"a":1}', ?)`, [
          `msg_${id}`,
          nowMs,
        ]);
        writer.runRaw(
          `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
           INSERT INTO deliveries (id, message_id, endpoint_id, event_type, status, body_hash, attempt_count, schedule_step, max_attempts, due_at_ms,
             next_trigger, created_at_ms, updated_at_ms)
           SELECT 'dlv_' || ? || i, ?, ?, 'a.b', 'failed', ?, 1, 1, 9, ?, 'schedule', ?, ? FROM n`,
          [each, id, `msg_${id}`, id, hash, nowMs + 30 * 86_400_000, nowMs - 1000, nowMs - 1000],
        );
      }
    });
  } finally {
    await database.close();
  }
}

/** What is done to many deliveries at once: `each` wait for each of the endpoints. */
export function bulkActs(endpointIds: readonly string[], each: number): readonly HostileAct[] {
  const all = (each * endpointIds.length).toLocaleString('en');
  return [
    {
      name: `another time scale, with ${all} that wait`,
      group: 'bulk',
      act: (host, round) => rest(host, 'PATCH', '/settings', { timeScale: round % 2 === 0 ? 2 : 1 }),
    },
    { name: `statistics of ${all}`, group: 'bulk', act: (host) => rest(host, 'GET', '/deliveries/stats?buckets=60') },
    { name: `a text that is nowhere, in ${all}`, group: 'search', act: (host) => rest(host, 'GET', '/deliveries?q=nowhere-to-be-found') },
    {
      name: `cancelling ${each.toLocaleString('en')} that wait`,
      group: 'bulk',
      act: (host, round) => rest(host, 'POST', '/deliveries/cancel', { endpointId: endpointIds[round] }),
    },
    {
      name: `deleting an endpoint with ${each.toLocaleString('en')} that wait`,
      group: 'bulk',
      act: (host, round) => rest(host, 'DELETE', `/endpoints/${endpointIds[round] ?? ''}`),
    },
  ];
}

/** A bin that holds much: emptied, deleted and brought back. */
export const binActs: readonly HostileAct[] = [
  {
    name: 'emptying a bin of 20,000 captures or more, and bringing them back',
    group: 'bulk',
    act: async (host) => {
      const { id } = await benchBin(host);
      const cleared = await callRest(host, 'DELETE', `/captures?binId=${id}`);
      const { removedAtMs } = JSON.parse(cleared.text) as { readonly removedAtMs: number };
      return rest(host, 'POST', '/captures/restore', { binId: id, removedAtMs });
    },
  },
  {
    name: 'deleting a bin of 20,000 captures or more, and bringing it back',
    group: 'bulk',
    act: async (host) => {
      const { id } = await benchBin(host);
      await callRest(host, 'DELETE', `/bins/${id}`);
      return rest(host, 'POST', `/bins/${id}/restore`);
    },
  },
  { name: 'a clean-up', group: 'bulk', act: (host) => rest(host, 'POST', '/retention/clean-up', { confirm: true }) },
];

async function benchBin(host: BenchHost): Promise<{ readonly id: string }> {
  const { items } = JSON.parse((await callRest(host, 'GET', '/bins?limit=200')).text) as {
    readonly items: readonly { readonly id: string; readonly slug: string }[];
  };
  const bin = items.find(({ slug }) => slug === slugFor(null));
  if (bin === undefined) throw new Error('The bin of the benchmark is missing.');
  return bin;
}
