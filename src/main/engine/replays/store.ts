import { sql as rawSql } from 'kysely';
import type { ReplaySource, ReplayStatus, SkipReason } from '#shared/contract/replays.ts';
import type { RedeliveryTimestamp } from '#shared/contract/redelivery.ts';
import { readJson } from '../store/damage.ts';
import type { Database, Writer } from '../store/database.ts';
import type { ReplayRow } from '../store/schema.ts';

type Reader = Pick<Database, 'sql' | 'all' | 'first'>;

/** How often each reason occurred. */
export type SkipCounts = Readonly<Partial<Record<SkipReason, number>>>;

/** A replay as the engine works with it. */
export interface StoredReplay {
  readonly seq: number;
  readonly id: string;
  readonly source: ReplaySource;
  readonly timestamp: RedeliveryTimestamp;
  readonly ratePerSecond: number | null;
  readonly status: ReplayStatus;
  readonly problem: string | null;
  readonly total: number;
  readonly replayed: number;
  readonly skipped: SkipCounts;
  /** Number of the last row it has processed. */
  readonly afterSeq: number;
  /** Number of the newest row when it started; it stops there. */
  readonly uptoSeq: number;
  readonly creator: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly endedAtMs: number | null;
}

/** Adds a running replay that has processed nothing yet. */
export function insertReplay(
  writer: Writer,
  made: Pick<StoredReplay, 'id' | 'source' | 'timestamp' | 'ratePerSecond' | 'total' | 'uptoSeq' | 'creator' | 'createdAtMs'>,
): void {
  writer.run(
    writer.sql.insertInto('replays').values({
      id: made.id,
      source_json: JSON.stringify(made.source),
      timestamp: made.timestamp,
      rate_per_second: made.ratePerSecond,
      status: 'running',
      problem: null,
      total: made.total,
      replayed: 0,
      skipped_json: '{}',
      after_seq: 0,
      upto_seq: made.uptoSeq,
      creator: made.creator,
      created_at_ms: made.createdAtMs,
      updated_at_ms: made.createdAtMs,
      ended_at_ms: null,
    }),
  );
}

/** Updates the status of a replay. */
export function updateReplay(
  writer: Writer,
  id: string,
  change: Partial<Pick<StoredReplay, 'status' | 'problem' | 'replayed' | 'skipped' | 'afterSeq' | 'endedAtMs'>> &
    Pick<StoredReplay, 'updatedAtMs'>,
): void {
  const row: Partial<Omit<ReplayRow, 'seq'>> = {
    updated_at_ms: change.updatedAtMs,
    ...(change.status === undefined ? {} : { status: change.status }),
    ...(change.problem === undefined ? {} : { problem: change.problem }),
    ...(change.replayed === undefined ? {} : { replayed: change.replayed }),
    ...(change.skipped === undefined ? {} : { skipped_json: JSON.stringify(change.skipped) }),
    ...(change.afterSeq === undefined ? {} : { after_seq: change.afterSeq }),
    ...(change.endedAtMs === undefined ? {} : { ended_at_ms: change.endedAtMs }),
  };
  writer.run(writer.sql.updateTable('replays').set(row).where('id', '=', id));
}

export function findReplay(reader: Reader, id: string): StoredReplay | undefined {
  const row = reader.first(reader.sql.selectFrom('replays').selectAll().where('id', '=', id));
  return row === undefined ? undefined : fromRow(row);
}

/** Replays before `beforeSeq`, newest first. */
export function listReplays(reader: Reader, page: { readonly beforeSeq: number; readonly limit: number }): readonly StoredReplay[] {
  const rows = reader.all(
    reader.sql.selectFrom('replays').selectAll().where('seq', '<', page.beforeSeq).orderBy('seq', 'desc').limit(page.limit),
  );
  return rows.map(fromRow);
}

/** Replays that were under way when they were last heard of, oldest first. */
export function runningReplays(reader: Reader): readonly StoredReplay[] {
  return reader
    .all(
      reader.sql
        .selectFrom('replays')
        .selectAll()
        .where(rawSql<boolean>`status = 'running'`)
        .orderBy('seq'),
    )
    .map(fromRow);
}

function fromRow(row: Omit<ReplayRow, 'seq'> & { readonly seq: number }): StoredReplay {
  return {
    seq: row.seq,
    id: row.id,
    source: readJson<ReplaySource>(row.source_json, { table: 'replays', column: 'source_json', row: row.id }),
    timestamp: row.timestamp as RedeliveryTimestamp,
    ratePerSecond: row.rate_per_second,
    status: row.status as ReplayStatus,
    problem: row.problem,
    total: row.total,
    replayed: row.replayed,
    skipped: readJson<SkipCounts>(row.skipped_json, { table: 'replays', column: 'skipped_json', row: row.id }),
    afterSeq: row.after_seq,
    uptoSeq: row.upto_seq,
    creator: row.creator,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
    endedAtMs: row.ended_at_ms,
  };
}
