import { sql as rawSql } from 'kysely';
import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { Database, Writer } from '../store/database.ts';
import { conditions, type DeliveryFilter } from './deliveries.ts';

type Reader = Pick<Database, 'sql' | 'all' | 'first'>;

/** Notes which delivery a replay made due, and how many attempts it had before; throws when it did so before. */
export function insertReplayItem(
  writer: Writer,
  replaySeq: number,
  { deliverySeq, attemptsBefore }: { readonly deliverySeq: number; readonly attemptsBefore: number },
): void {
  writer.runRaw('INSERT INTO replay_items (replay_seq, delivery_seq, attempts_before) VALUES (?, ?, ?)', [
    replaySeq,
    deliverySeq,
    attemptsBefore,
  ]);
}

/** How many deliveries of a replay have each status, among the next `limit` of them after a row. */
export function countItems(
  reader: Pick<Database, 'raw'>,
  replaySeq: number,
  page: { readonly afterSeq: number; readonly limit: number },
): readonly { readonly status: DeliveryStatus; readonly count: number; readonly lastSeq: number }[] {
  return reader.raw(
    `SELECT d.status AS status, count(*) AS count, max(d.seq) AS lastSeq
     FROM (SELECT delivery_seq FROM replay_items WHERE replay_seq = ? AND delivery_seq > ? ORDER BY delivery_seq LIMIT ?) AS i
     JOIN deliveries AS d ON d.seq = i.delivery_seq GROUP BY d.status`,
    [replaySeq, page.afterSeq, page.limit],
  );
}

/** Rows after `afterSeq` up to and with `uptoSeq`. */
export interface RowRange {
  readonly afterSeq: number;
  readonly uptoSeq: number;
}

/** The deliveries of a replay: the log's filter, possibly with several statuses. */
export interface DeliveryScope extends Omit<DeliveryFilter, 'status'> {
  readonly statuses: readonly DeliveryStatus[] | null;
}

/** A delivery as a replay needs it. */
export interface FoundDelivery {
  readonly seq: number;
  readonly id: string;
  readonly messageId: string;
  readonly endpointId: string;
  readonly endpointName: string;
  readonly eventType: string;
  readonly status: DeliveryStatus;
  readonly hasBody: number;
  readonly environmentId: string | null;
  readonly isInFlight: number;
  readonly isWaiting: number;
  readonly createdAtMs: number;
}

function selectScope(database: Pick<Database, 'sql'>, { statuses, ...filter }: DeliveryScope, range: RowRange) {
  let select = database.sql
    .selectFrom('deliveries as d')
    .innerJoin('endpoints as e', 'e.id', 'd.endpoint_id')
    .where('d.seq', '>', range.afterSeq)
    .where('d.seq', '<=', range.uptoSeq);
  for (const condition of conditions(filter)) select = select.where(condition);
  return statuses === null ? select : select.where('d.status', 'in', [...statuses]);
}

/** Deliveries of a range, oldest first. */
export function listScope(reader: Reader, scope: DeliveryScope, range: RowRange, limit: number): readonly FoundDelivery[] {
  return reader.all(
    selectScope(reader, scope, range)
      .select([
        'd.seq as seq',
        'd.id as id',
        'd.message_id as messageId',
        'd.endpoint_id as endpointId',
        'e.name as endpointName',
        'd.event_type as eventType',
        rawSql<DeliveryStatus>`d.status`.as('status'),
        rawSql<number>`d.body_hash IS NOT NULL`.as('hasBody'),
        'd.environment_id as environmentId',
        rawSql<number>`d.in_flight_attempt_id IS NOT NULL`.as('isInFlight'),
        rawSql<number>`d.due_at_ms IS NOT NULL`.as('isWaiting'),
        'd.created_at_ms as createdAtMs',
      ])
      .orderBy('d.seq')
      .limit(limit),
  );
}

/** How many deliveries of a range there are of each kind that matters. */
export interface DeliveryGroup {
  readonly endpointId: string;
  readonly eventType: string;
  readonly status: DeliveryStatus;
  readonly isInFlight: number;
  readonly isWaiting: number;
  readonly count: number;
}

export function countScope(reader: Reader, scope: DeliveryScope, range: RowRange): readonly DeliveryGroup[] {
  return reader.all(
    selectScope(reader, scope, range)
      .select([
        'd.endpoint_id as endpointId',
        'd.event_type as eventType',
        rawSql<DeliveryStatus>`d.status`.as('status'),
        rawSql<number>`d.in_flight_attempt_id IS NOT NULL`.as('isInFlight'),
        rawSql<number>`d.due_at_ms IS NOT NULL`.as('isWaiting'),
        rawSql<number>`count(*)`.as('count'),
      ])
      .groupBy(['d.endpoint_id', 'd.event_type', 'd.status', rawSql`d.in_flight_attempt_id IS NOT NULL`, rawSql`d.due_at_ms IS NOT NULL`]),
  );
}

/** A delivery as read inside a write. */
export function deliveryNow(
  writer: Writer,
  seq: number,
): { readonly status: DeliveryStatus; readonly attemptCount: number; readonly isInFlight: number; readonly isWaiting: number } | undefined {
  return writer.raw<{ status: DeliveryStatus; attemptCount: number; isInFlight: number; isWaiting: number }>(
    `SELECT status, attempt_count AS attemptCount, in_flight_attempt_id IS NOT NULL AS isInFlight, due_at_ms IS NOT NULL AS isWaiting
     FROM deliveries WHERE seq = ?`,
    [seq],
  )[0];
}

/** Messages that an endpoint has no delivery of. */
export interface MissingScope {
  readonly endpointId: string;
  readonly events: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
}

export interface FoundMessage {
  readonly seq: number;
  readonly id: string;
  readonly eventType: string;
  readonly createdAtMs: number;
}

/** The SQL counterpart of `matchesEvent`, since a range may have many messages that do not match. */
function listensTo(events: readonly string[]) {
  const each = events.map((pattern) => {
    if (pattern === '*') return rawSql<boolean>`1`;
    if (!pattern.endsWith('.*')) return rawSql<boolean>`m.event_type = ${pattern}`;
    const prefix = pattern.slice(0, -1);
    return rawSql<boolean>`substr(m.event_type, 1, ${prefix.length}) = ${prefix}`;
  });
  return rawSql<boolean>`(${rawSql.join([rawSql`0`, ...each], rawSql` OR `)})`;
}

function selectMissing(database: Pick<Database, 'sql'>, scope: MissingScope, range: RowRange) {
  return database.sql
    .selectFrom('messages as m')
    .where('m.seq', '>', range.afterSeq)
    .where('m.seq', '<=', range.uptoSeq)
    .where('m.created_at_ms', '>=', scope.fromMs)
    .where('m.created_at_ms', '<', scope.toMs)
    .where(listensTo(scope.events))
    .where(
      // A test went to a copy of an endpoint, and is none that the others miss.
      rawSql<boolean>`NOT EXISTS (SELECT 1 FROM deliveries AS d WHERE d.message_id = m.id AND (d.endpoint_id = ${scope.endpointId} OR d.is_test = 1))`,
    );
}

/** Missing messages of a range, oldest first. */
export function listMissing(reader: Reader, scope: MissingScope, range: RowRange, limit: number): readonly FoundMessage[] {
  return reader.all(
    selectMissing(reader, scope, range)
      .select(['m.seq as seq', 'm.id as id', 'm.event_type as eventType', 'm.created_at_ms as createdAtMs'])
      .orderBy('m.seq')
      .limit(limit),
  );
}

export function countMissing(
  reader: Reader,
  scope: MissingScope,
  range: RowRange,
): readonly { readonly eventType: string; readonly count: number }[] {
  return reader.all(
    selectMissing(reader, scope, range)
      .select(['m.event_type as eventType', rawSql<number>`count(*)`.as('count')])
      .groupBy('m.event_type'),
  );
}

/** Whether an endpoint has a delivery of a message by now. */
export function hasDelivery(writer: Writer, messageId: string, endpointId: string): boolean {
  return writer.raw('SELECT 1 FROM deliveries WHERE message_id = ? AND endpoint_id = ? LIMIT 1', [messageId, endpointId]).length > 0;
}

/** Row number of a delivery. */
export function deliverySeqOf(writer: Writer, deliveryId: string): number {
  const row = writer.raw<{ readonly seq: number }>('SELECT seq FROM deliveries WHERE id = ?', [deliveryId])[0];
  if (row === undefined) throw new Error('A delivery that was just made is missing from the data file.');
  return row.seq;
}

/** The method and headers that a message brought along, by their hash; null when it brought none. */
export function headHashOf(writer: Writer, messageId: string): Uint8Array | null {
  return writer.values<[Uint8Array | null]>('SELECT head_hash FROM messages WHERE id = ?', [messageId])[0]?.[0] ?? null;
}

/** The newest message's row number; 0 when there is none. */
export function newestMessageSeq(reader: Pick<Database, 'raw'>): number {
  return reader.raw<{ readonly seq: number | null }>('SELECT max(seq) AS seq FROM messages', [])[0]?.seq ?? 0;
}
