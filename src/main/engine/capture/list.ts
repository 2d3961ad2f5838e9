import { sql as rawSql } from 'kysely';
import type { WireFaultKind } from '#shared/contract/wire-fault.ts';
import type { Database, Reader } from '../store/database.ts';
import type { CaptureRow } from '../store/schema.ts';
import { ofLiveBinSql } from './bin-store.ts';

export type SummaryRow = Pick<
  CaptureRow,
  | 'id'
  | 'bin_id'
  | 'method'
  | 'target'
  | 'content_type'
  | 'body_bytes'
  | 'is_body_truncated'
  | 'status'
  | 'verdict'
  | 'remote_address'
  | 'received_at_ms'
  | 'seen_before_id'
  | 'answered_json'
  | 'message_id'
  | 'event_type'
  | 'is_pinned'
  | 'note'
  | 'tags_json'
> & { readonly seq: number; readonly same_message_as_id: string | null; readonly fault: WireFaultKind | null };

export interface CaptureQuery {
  readonly binId: string | undefined;
  readonly beforeSeq: number;
  readonly limit: number;
  /** Only these rows, such as those that a search found. */
  readonly seqs?: readonly number[];
  /** Only these captures. */
  readonly ids?: readonly string[];
}

/** The first capture of the bin with the same webhook id, where that is another one. */
const sameMessageAs = rawSql<string | null>`(
  SELECT f.id FROM captures AS f WHERE f.bin_id = captures.bin_id AND f.message_id = captures.message_id AND f.seq < captures.seq ORDER BY f.seq LIMIT 1
)`.as('same_message_as_id');

/** The kind of the fault that the answer was given with, unless the connection could not have it. */
const faultOfAnswer =
  rawSql<WireFaultKind | null>`CASE WHEN sent_json ->> '$.end' = 'not-possible' THEN NULL ELSE response_json ->> '$.fault.kind' END`.as(
    'fault',
  );

/** Captures before `beforeSeq`, newest first. */
export function listCaptures(database: Reader, query: CaptureQuery): readonly SummaryRow[] {
  let select = database.sql
    .selectFrom('captures')
    .select([
      'seq',
      'id',
      'bin_id',
      'method',
      'target',
      'content_type',
      'captures.body_bytes',
      'is_body_truncated',
      'status',
      'verdict',
      'remote_address',
      'received_at_ms',
      'seen_before_id',
      'answered_json',
      'message_id',
      'event_type',
      'is_pinned',
      'note',
      'tags_json',
      sameMessageAs,
      faultOfAnswer,
    ])
    .where(rawSql<boolean>`${rawSql.raw(ofLiveBinSql('bin_id'))}`)
    .where('removed_at_ms', 'is', null)
    .where('seq', '<', query.beforeSeq);
  if (query.binId !== undefined) select = select.where('bin_id', '=', query.binId);
  if (query.seqs !== undefined) select = select.where(rawSql<boolean>`seq IN (SELECT value FROM json_each(${JSON.stringify(query.seqs)}))`);
  if (query.ids !== undefined) select = select.where(rawSql<boolean>`id IN (SELECT value FROM json_each(${JSON.stringify(query.ids)}))`);
  return database.all(select.orderBy('seq', 'desc').limit(query.limit));
}

/** A capture with its body, or undefined. */
export function findCapture(
  database: Database,
  id: string,
): (Omit<CaptureRow, 'seq'> & { readonly bytes: Uint8Array; readonly same_message_as_id: string | null }) | undefined {
  return database.first(
    database.sql
      .selectFrom('captures')
      .innerJoin('bodies', 'bodies.hash', 'captures.body_hash')
      .selectAll('captures')
      .select(['bodies.bytes', sameMessageAs])
      .where('removed_at_ms', 'is', null)
      .where(rawSql<boolean>`${rawSql.raw(ofLiveBinSql('bin_id'))}`)
      .where('id', '=', id),
  );
}
