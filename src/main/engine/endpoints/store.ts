import { sql as rawSql } from 'kysely';
import type { Outcome } from '#shared/contract/outcome.ts';
import { unpackOutcome } from '../base/packed-columns.ts';
import { recentAttempts } from '../health/condition.ts';
import type { Database, Writer } from '../store/database.ts';
import { beginningWith, containing } from '../store/page.ts';
import type { EndpointRow } from '../store/schema.ts';
import { timedStep, writeInSteps, type WriteStep } from '../store/write-steps.ts';

type NewRow = Omit<EndpointRow, 'seq'>;
export type StoredEndpoint = NewRow & { readonly seq: number };

/** Adds an endpoint. */
export function insertEndpoint(database: Pick<Database, 'sql'>, writer: Writer, row: NewRow): void {
  writer.run(database.sql.insertInto('endpoints').values(row));
}

/** Replaces the columns of an endpoint that has not been deleted, all but whether it is active, which its state decides. */
export function updateEndpoint(database: Database, writer: Writer, { is_active: _, ...row }: NewRow): void {
  writer.run(database.sql.updateTable('endpoints').set(row).where('id', '=', row.id).where('deleted_at_ms', 'is', null));
}

/** Marks an endpoint deleted and forgets its secrets; the row stays for the log to refer to. */
export function deleteEndpoint(
  database: Database,
  writer: Writer,
  id: string,
  noSecrets: Pick<NewRow, 'secret_headers_sealed' | 'secrets_sealed'>,
  nowMs: number,
): void {
  writer.run(
    database.sql
      .updateTable('endpoints')
      .set({ ...noSecrets, fingerprints_json: '[]', secret_header_names_json: '[]', deleted_at_ms: nowMs, is_active: 0 })
      .where('id', '=', id),
  );
}

/** Cancels some of what is still to be sent to an endpoint. */
export function cancelWaitingStep(
  writer: Pick<Writer, 'runRaw'>,
  { endpointId, nowMs, limit }: { readonly endpointId: string; readonly nowMs: number; readonly limit: number },
): WriteStep {
  return timedStep(() => {
    const changed = writer.runRaw(
      `UPDATE deliveries SET status = 'cancelled', due_at_ms = NULL, updated_at_ms = ? WHERE seq IN
         (SELECT seq FROM deliveries INDEXED BY deliveries_waiting WHERE endpoint_id = ? AND due_at_ms IS NOT NULL LIMIT ?)`,
      [nowMs, endpointId, limit],
    );
    return { rows: changed, changed };
  });
}

/** Cancels all that is still to be sent to an endpoint, in steps; answers how many deliveries that were. */
export function cancelWaiting(database: Pick<Database, 'hot'>, endpointId: string, nowMs: number): Promise<number> {
  return writeInSteps((limit) => database.hot('cancelWaiting', { endpointId, nowMs, limit }));
}

export function findEndpoint(database: Database, id: string): StoredEndpoint | undefined {
  return database.first(database.sql.selectFrom('endpoints').selectAll().where('id', '=', id));
}

/** Written out, since an index on part of a table is only used where its condition stands in the query. */
const isListed = rawSql<boolean>`deleted_at_ms IS NULL AND is_one_off = 0`;

/** Endpoints in the list, newest first, before `seq`. */
export function listEndpoints(
  database: Database,
  query: { readonly beforeSeq: number; readonly limit: number; readonly q: string | undefined },
): readonly StoredEndpoint[] {
  let select = database.sql.selectFrom('endpoints').selectAll().where(isListed).where('seq', '<', query.beforeSeq);
  if (query.q !== undefined) {
    const pattern = containing(query.q);
    select = select.where(
      rawSql<boolean>`(name LIKE ${pattern} ESCAPE '\\' OR url LIKE ${pattern} ESCAPE '\\' OR description LIKE ${pattern} ESCAPE '\\' OR events_json LIKE ${pattern} ESCAPE '\\')`,
    );
  }
  return database.all(select.orderBy('seq', 'desc').limit(query.limit));
}

/** Every endpoint that may get messages. */
export function allEndpoints(database: Database): readonly StoredEndpoint[] {
  return database.all(database.sql.selectFrom('endpoints').selectAll().where(isListed).orderBy('seq'));
}

export interface EndpointActivity {
  /** Oldest first. */
  readonly newestAttempts: readonly { readonly code: string; readonly durationMs: number; readonly endedAtMs: number }[];
  readonly last: { readonly deliveryId: string; readonly atMs: number; readonly outcome: Outcome } | null;
  readonly pendingDeliveries: number;
}

/** What an endpoint did lately, for lists. */
export function activityOf(database: Database, endpointId: string): EndpointActivity {
  const attempts = database.all(
    database.sql
      .selectFrom('attempts')
      .select(['delivery_id', 'ended_at_ms', 'outcome_json', 'outcome_code', 'duration_ms'])
      .where('endpoint_id', '=', endpointId)
      .where('ended_at_ms', 'is not', null)
      .orderBy('seq', 'desc')
      .limit(recentAttempts),
  );
  const last = attempts[0];
  const waiting = database.first(
    database.sql
      .selectFrom('deliveries')
      .select((count) => count.fn.countAll<number>().as('count'))
      .where('endpoint_id', '=', endpointId)
      .where('due_at_ms', 'is not', null),
  );
  return {
    newestAttempts: attempts
      .map((attempt) => ({ code: attempt.outcome_code ?? '', durationMs: attempt.duration_ms ?? 0, endedAtMs: attempt.ended_at_ms ?? 0 }))
      .toReversed(),
    last:
      last === undefined || last.outcome_json === null
        ? null
        : { deliveryId: last.delivery_id, atMs: last.ended_at_ms ?? 0, outcome: unpackOutcome(last.outcome_json) },
    pendingDeliveries: waiting?.count ?? 0,
  };
}

/** Points endpoints that send to this workspace's own bins at the capture listener's new base URL; answers how many moved. */
export function moveCaptureUrls(
  writer: Writer,
  move: { readonly fromBase: string; readonly toBase: string; readonly slugs: readonly string[] },
): number {
  let moved = 0;
  for (const slug of move.slugs) {
    const from = `${move.fromBase}/${slug}`;
    moved += writer.runRaw(
      `UPDATE endpoints SET url = ? || substr(url, ?) WHERE deleted_at_ms IS NULL AND (url = ? OR url LIKE ? ESCAPE '\\' OR url LIKE ? ESCAPE '\\')`,
      [`${move.toBase}/${slug}`, from.length + 1, from, beginningWith(`${from}/`), beginningWith(`${from}?`)],
    );
  }
  return moved;
}
