import { sql as rawSql } from 'kysely';
import { failureScope } from '#shared/failure-scope.ts';
import type { Reader } from '../store/database.ts';
import { failedStatuses, type DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { SeqRange } from '../store/in-steps.ts';
import { conditions, isOpenRow, type DeliveryFilter } from './deliveries.ts';

/** A delivery whose last attempt failed, with what that came to. */
export interface FailedRow {
  readonly seq: number;
  readonly id: string;
  /** For a test, the endpoint that was tested. */
  readonly endpointId: string;
  /** What endpoints have in common that are one: their id, or the URL of those that were made for one message each. */
  readonly place: string;
  readonly status: DeliveryStatus;
  readonly outcomeJson: string;
  /** When the last attempt ended, or when the delivery was made if there was none. */
  readonly atMs: number;
  /** Of the answer, in hex, since most answers are the same few; null for none. */
  readonly answerHash: string | null;
  readonly answerHeadersJson: string | null;
}

/**
 * Deliveries of a range that failed or are exhausted, or are in the given states, newest first with a limit, otherwise in any order; no
 * tests, unless the filter asks for them.
 */
export function failedRows(
  reader: Reader,
  filter: Omit<DeliveryFilter, 'q' | 'failureGroup'>,
  {
    fromSeq,
    beforeSeq,
    limit,
    isOpen = false,
    statuses = failedStatuses,
  }: SeqRange & { readonly limit?: number; readonly isOpen?: boolean; readonly statuses?: readonly DeliveryStatus[] },
): readonly FailedRow[] {
  let select = reader.sql
    .selectFrom('deliveries as d')
    .leftJoin('attempts as a', (join) => join.onRef('a.delivery_id', '=', 'd.id').onRef('a.number', '=', 'd.attempt_count'))
    .innerJoin('endpoints as e', 'e.id', 'd.endpoint_id')
    .select(['d.seq', 'd.id'])
    .select(rawSql<string>`coalesce(e.test_of, e.id)`.as('endpointId'))
    .select(
      rawSql<string>`CASE WHEN e.is_one_off = 1 AND e.relay_id IS NULL AND e.test_of IS NULL THEN e.url ELSE coalesce(e.test_of, e.id) END`.as(
        'place',
      ),
    )
    .select('d.status')
    .select('d.last_outcome_json')
    .select(rawSql<number>`coalesce(a.ended_at_ms, d.created_at_ms)`.as('atMs'))
    .select(rawSql<string>`hex(a.response_body_hash)`.as('hash'))
    .select('a.response_headers_json')
    .where('d.seq', '>=', fromSeq)
    .where('d.seq', '<', beforeSeq)
    .where('d.last_outcome_json', 'is not', null);
  for (const condition of conditions(failureScope(filter))) select = select.where(condition);
  if (isOpen) select = select.where(isOpenRow);
  const among = rawSql.join([...statuses]);
  // By the index of states, except where rows are wanted in their order: that index has them apart.
  select =
    limit === undefined
      ? select.where(rawSql<boolean>`d.status IN (${among})`)
      : select
          .where(rawSql<boolean>`+d.status IN (${among})`)
          .orderBy('d.seq', 'desc')
          .limit(limit);
  const { sql, parameters } = select.compile();
  type Row = readonly [number, string, string, string, DeliveryStatus, string, number, string | null, string | null];
  return reader.values<Row>(sql, parameters).map(([seq, id, endpointId, place, status, outcomeJson, atMs, hash, answerHeadersJson]) => ({
    seq,
    id,
    endpointId,
    place,
    status,
    outcomeJson,
    atMs,
    answerHash: hash === null || hash === '' ? null : hash,
    answerHeadersJson,
  }));
}

/** How the last attempt of a delivery ended that was not itself cancelled; null where there is none. */
export function outcomeBeforeCancel(reader: Reader, deliveryId: string): string | null {
  const [row] = reader.values<readonly [string]>(
    "SELECT outcome_code FROM attempts WHERE delivery_id = ? AND outcome_code IS NOT NULL AND outcome_code <> 'cancelled' ORDER BY number DESC LIMIT 1",
    [deliveryId],
  );
  return row?.[0] ?? null;
}
