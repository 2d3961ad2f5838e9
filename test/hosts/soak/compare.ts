import type BetterSqlite3 from 'better-sqlite3';
import { astraySql, countOf, misnumberedSql } from './inspect.ts';
import { slugs, type Promised } from './load.ts';
import { relayTempers, tempers, type Receivers } from './receivers.ts';

interface DeliveryFound {
  /** What its requests are known by at receivers: the id of its message, or the path of the capture that a relay forwarded. */
  readonly arrivalId: string;
  readonly endpoint: string;
  readonly status: string;
  readonly attempts: number;
}

/** Holds what the last host left on the disk against what was promised and what receivers saw. */
export function compare(file: BetterSqlite3.Database, receivers: Receivers, promised: Promised) {
  const problems: string[] = [];
  const expectNone = (count: number, sentence: string) => {
    if (count > 0) problems.push(`${count} ${sentence}`);
  };
  const integrity = String(file.pragma('integrity_check', { simple: true }));
  if (integrity !== 'ok') problems.push(`The integrity check says: ${integrity}.`);
  expectNone((file.pragma('foreign_key_check') as readonly unknown[]).length, 'rows refer to nothing.');
  expectNone(countOf(file, astraySql), 'deliveries are neither final nor scheduled.');
  expectNone(countOf(file, misnumberedSql), 'deliveries have attempts that are missing or numbered twice.');

  const stored = new Set(file.prepare('SELECT id FROM messages WHERE relay_id IS NULL').pluck().all() as readonly string[]);
  expectNone([...promised.messages].filter((id) => !stored.has(id)).length, 'accepted messages are missing.');
  const deliveries = file
    .prepare(
      `SELECT iif(m.relay_id IS NULL, m.id, substr(c.target, ?)) AS arrivalId, e.name AS endpoint, d.status, d.attempt_count AS attempts
         FROM deliveries AS d JOIN endpoints AS e ON e.id = d.endpoint_id JOIN messages AS m ON m.id = d.message_id
         LEFT JOIN captures AS c ON c.id = m.source_capture_id`,
    )
    .all(slugs.relayed.length + 2) as readonly DeliveryFound[];
  const toRelay = countOf(file, `SELECT count(*) FROM captures AS c JOIN bins AS b ON b.id = c.bin_id WHERE b.slug = '${slugs.relayed}'`);
  expectNone(
    Math.abs(deliveries.length - stored.size * (tempers.length + 2) - toRelay * relayTempers.length),
    'deliveries too few or too many for the messages and relayed captures there are.',
  );

  let duplicates = 0;
  for (const temper of tempers) {
    const arrivals = receivers.arrivalsAt(temper);
    const own = deliveries.filter(({ endpoint }) => endpoint === temper);
    const neverCame = (ids: ReadonlySet<string>) => [...ids].filter((id) => (arrivals.get(id)?.succeeded ?? 0) === 0).length;
    expectNone(neverCame(promised.messages), `accepted messages never arrived at ${temper}.`);
    if (relayTempers.includes(temper)) expectNone(neverCame(promised.relayed), `captures were never forwarded to ${temper}.`);
    expectNone(own.filter(({ status }) => status !== 'delivered').length, `deliveries to ${temper} did not end as delivered.`);
    expectNone(
      own.filter(({ arrivalId, attempts }) => (arrivals.get(arrivalId)?.arrived ?? 0) > attempts).length,
      `deliveries arrived at ${temper} more often than attempts are recorded.`,
    );
    for (const { succeeded } of arrivals.values()) duplicates += Math.max(0, succeeded - 1);
  }
  expectNone(
    deliveries.filter(({ endpoint, status }) => endpoint === 'dead' && status !== 'exhausted').length,
    'deliveries that nobody answers did not end as exhausted.',
  );

  const targets = file.prepare('SELECT target, count(*) AS n FROM captures GROUP BY target').all() as readonly {
    readonly target: string;
    readonly n: number;
  }[];
  const captured = new Set(targets.map(({ target }) => target.slice(target.lastIndexOf('/'))));
  const answered = [...promised.captures, ...promised.relayed];
  expectNone(answered.filter((path) => !captured.has(path)).length, 'captures that were answered are missing.');
  const toBin = countOf(file, "SELECT count(*) FROM captures WHERE headers_json LIKE '%webhook-id%'");
  const binDeliveries = deliveries.filter(({ endpoint, status }) => endpoint === 'bin' && status === 'delivered').length;
  expectNone(Math.max(0, binDeliveries - toBin), 'deliveries to the bin have no capture.');
  duplicates += Math.max(0, toBin - binDeliveries);

  const byStatus = Object.fromEntries(
    (file.prepare('SELECT status, count(*) AS n FROM deliveries GROUP BY status').all() as readonly { status: string; n: number }[]).map(
      ({ status, n }) => [status, n],
    ),
  );
  return {
    problems,
    duplicates,
    deliveries: deliveries.length,
    byStatus,
    attempts: countOf(file, 'SELECT count(*) FROM attempts'),
    interrupted: countOf(file, "SELECT count(*) FROM attempts WHERE outcome_code = 'interrupted'"),
  };
}
