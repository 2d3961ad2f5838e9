import { sql as rawSql, type Expression, type SqlBool } from 'kysely';
import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import type { Database, Reader, Writer } from '../store/database.ts';
import type { SeqRange } from '../store/in-steps.ts';
import { search } from '../store/searcher.ts';
import { firstSeqFrom } from '../store/seq-by-time.ts';
import { packOutcome } from '../base/packed-columns.ts';
import type { AttemptRow, DeliveryRow } from '../store/schema.ts';

/** A new row; the other columns start with the same value in every row. */
export type NewDelivery = Pick<
  DeliveryRow,
  | 'id'
  | 'message_id'
  | 'endpoint_id'
  | 'event_type'
  | 'status'
  | 'body_hash'
  | 'head_hash'
  | 'max_attempts'
  | 'due_at_ms'
  | 'sign_at_ms'
  | 'last_outcome_json'
  | 'environment_id'
  | 'is_test'
  | 'created_at_ms'
>;
export type StoredDelivery = Omit<DeliveryRow, 'seq'> & { readonly seq: number };

/** A new delivery: due at once, or already exhausted because of a problem that leaves nothing to send. */
export function newDelivery(made: {
  readonly id: string;
  readonly messageId: string;
  readonly endpointId: string;
  readonly eventType: string;
  readonly problem: Outcome | null;
  readonly maxAttempts: number;
  readonly environmentId: string | null;
  readonly nowMs: number;
  readonly isTest: boolean;
}): Omit<NewDelivery, 'body_hash' | 'head_hash'> {
  return {
    id: made.id,
    message_id: made.messageId,
    endpoint_id: made.endpointId,
    event_type: made.eventType,
    status: made.problem === null ? 'pending' : 'exhausted',
    max_attempts: made.maxAttempts,
    due_at_ms: made.problem === null ? made.nowMs : null,
    sign_at_ms: null,
    last_outcome_json: made.problem === null ? null : packOutcome(made.problem),
    environment_id: made.environmentId,
    is_test: Number(made.isTest),
    created_at_ms: made.nowMs,
  };
}

const insertSql = `INSERT INTO deliveries (id, message_id, endpoint_id, event_type, status, body_hash, head_hash, max_attempts, due_at_ms, sign_at_ms,
  last_outcome_json, environment_id, is_test, created_at_ms, updated_at_ms, attempt_count, schedule_step, next_trigger)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 'schedule')`;

/** Adds a delivery. Written by hand because it is on the path of every event. */
export function insertDelivery(writer: Writer, row: NewDelivery): void {
  writer.runRaw(insertSql, [
    row.id,
    row.message_id,
    row.endpoint_id,
    row.event_type,
    row.status,
    row.body_hash,
    row.head_hash,
    row.max_attempts,
    row.due_at_ms,
    row.sign_at_ms,
    row.last_outcome_json,
    row.environment_id,
    row.is_test,
    row.created_at_ms,
    row.created_at_ms,
  ]);
}

/** A filter of the log; each field narrows it. The text `q` is not part of the SQL: `lookInDeliveries` finds it. */
export interface DeliveryFilter {
  readonly endpointId?: string | undefined;
  readonly messageId?: string | undefined;
  readonly replayId?: string | undefined;
  readonly sourceCaptureId?: string | undefined;
  readonly relayId?: string | undefined;
  readonly status?: DeliveryStatus | undefined;
  readonly eventType?: string | undefined;
  readonly isTest?: boolean | undefined;
  readonly q?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Only these rows, such as those that a search found. */
  readonly seqs?: readonly number[] | undefined;
  /** Only these deliveries. */
  readonly ids?: readonly string[] | undefined;
}

/** A row of the log with the endpoint's name and URL as they are now. */
export type DeliveryWithEndpoint = StoredDelivery & {
  readonly endpoint_name: string;
  readonly endpoint_url: string;
  /** The endpoint that the delivery's own is a copy of, for a test. */
  readonly test_of: string | null;
};

function selectDeliveries(database: Reader) {
  return database.sql
    .selectFrom('deliveries as d')
    .innerJoin('endpoints as e', 'e.id', 'd.endpoint_id')
    .selectAll('d')
    .select(['e.name as endpoint_name', 'e.url as endpoint_url', 'e.test_of as test_of']);
}

/** The SQL conditions of a filter, without its text. */
export function conditions(filter: Omit<DeliveryFilter, 'q'>): Expression<SqlBool>[] {
  return [
    ...(filter.endpointId === undefined ? [] : [atEndpoint(filter.endpointId, filter.isTest)]),
    ...(filter.messageId === undefined ? [] : [rawSql<boolean>`d.message_id = ${filter.messageId}`]),
    ...(filter.replayId === undefined
      ? []
      : [
          rawSql<boolean>`d.seq IN (SELECT delivery_seq FROM replay_items WHERE replay_seq = (SELECT seq FROM replays WHERE id = ${filter.replayId}))`,
        ]),
    ...(filter.sourceCaptureId === undefined
      ? []
      : [rawSql<boolean>`d.message_id IN (SELECT id FROM messages WHERE source_capture_id = ${filter.sourceCaptureId})`]),
    ...(filter.relayId === undefined
      ? []
      : [rawSql<boolean>`d.message_id IN (SELECT id FROM messages WHERE relay_id = ${filter.relayId})`]),
    ...(filter.status === undefined ? [] : [rawSql<boolean>`d.status = ${filter.status}`]),
    ...(filter.eventType === undefined ? [] : [rawSql<boolean>`d.event_type = ${filter.eventType}`]),
    ...(filter.isTest === undefined ? [] : [rawSql<boolean>`d.is_test = ${Number(filter.isTest)}`]),
    ...(filter.fromMs === undefined ? [] : [rawSql<boolean>`d.created_at_ms >= ${filter.fromMs}`]),
    ...(filter.toMs === undefined ? [] : [rawSql<boolean>`d.created_at_ms < ${filter.toMs}`]),
    ...(filter.seqs === undefined ? [] : [rawSql<boolean>`d.seq IN (SELECT value FROM json_each(${JSON.stringify(filter.seqs)}))`]),
    ...(filter.ids === undefined ? [] : [rawSql<boolean>`d.id IN (SELECT value FROM json_each(${JSON.stringify(filter.ids)}))`]),
  ];
}

/**
 * Deliveries of an endpoint, its tests among them only when tests are asked for: they went to copies of it, and to look for those
 * always would cost every page of a long log its index.
 */
function atEndpoint(endpointId: string, isTest: boolean | undefined): Expression<SqlBool> {
  return isTest === true
    ? rawSql<boolean>`d.endpoint_id IN (SELECT id FROM endpoints WHERE test_of = ${endpointId})`
    : rawSql<boolean>`d.endpoint_id = ${endpointId}`;
}

/** Rows of the log, newest first, before `beforeSeq`. */
export function listDeliveries(
  database: Reader,
  filter: Omit<DeliveryFilter, 'q'>,
  page: { readonly beforeSeq: number; readonly limit: number },
): readonly DeliveryWithEndpoint[] {
  let select = selectDeliveries(database).where('d.seq', '<', page.beforeSeq);
  for (const condition of conditions(filter)) select = select.where(condition);
  return database.all(select.orderBy('d.seq', 'desc').limit(page.limit));
}

/** Rows of the log after a number, oldest first. */
export function deliveriesAfter(
  database: Reader,
  filter: Omit<DeliveryFilter, 'q'>,
  page: { readonly afterSeq: number; readonly limit: number },
): readonly DeliveryWithEndpoint[] {
  let select = selectDeliveries(database).where('d.seq', '>', page.afterSeq);
  for (const condition of conditions(filter)) select = select.where(condition);
  return database.all(select.orderBy('d.seq').limit(page.limit));
}

const byMaking = {
  nextSql: 'SELECT seq, created_at_ms FROM deliveries WHERE seq >= ? ORDER BY seq LIMIT 1',
  newestSql: 'SELECT max(seq) FROM deliveries',
};

/** The number of the first delivery that was made from a time on. They are stored in the order in which they are made, so it is found by halving. */
export function deliverySeqFrom(reader: Pick<Database, 'values'>, fromMs: number): number {
  return firstSeqFrom(reader, byMaking, fromMs);
}

export function findDelivery(database: Database, id: string, reader: Pick<Database, 'first'> = database): DeliveryWithEndpoint | undefined {
  return reader.first(selectDeliveries(database).where('d.id', '=', id));
}

/** The newest row's number; 0 in an empty log. */
export function newestSeq(database: Database): number {
  return database.raw<{ readonly seq: number | null }>('SELECT max(seq) AS seq FROM deliveries', [])[0]?.seq ?? 0;
}

/** When and how the rows with these numbers were made. */
export interface CountRow {
  readonly createdAtMs: number;
  readonly status: string;
}

/** When each of these rows was made, and its status. */
export function listForCount(database: Reader, seqs: readonly number[]): readonly CountRow[] {
  return database.all(
    database.sql
      .selectFrom('deliveries as d')
      .select(['d.created_at_ms as createdAtMs', 'd.status as status'])
      .where(rawSql<boolean>`d.seq IN (SELECT value FROM json_each(${JSON.stringify(seqs)}))`),
  );
}

export interface DeliveryCount {
  readonly bucket: number;
  readonly status: string;
  readonly count: number;
}

/** The times of the oldest and newest matching rows of a range, or null when none matches. Not for a text search. */
export function spanOf(
  database: Database,
  filter: Omit<DeliveryFilter, 'q'>,
  range: SeqRange,
): { readonly fromMs: number; readonly toMs: number } | null {
  let select = database.sql
    .selectFrom('deliveries as d')
    .select(({ fn }) => [fn.min('d.created_at_ms').as('fromMs'), fn.max('d.created_at_ms').as('toMs')])
    .where('d.seq', '>=', range.fromSeq)
    .where('d.seq', '<', range.beforeSeq);
  for (const condition of conditions(filter)) select = select.where(condition);
  const span = database.first(select);
  return span === undefined || span.fromMs === null || span.toMs === null ? null : { fromMs: span.fromMs, toMs: span.toMs };
}

/** How many matching rows of a range there are in each step of `stepMs` from `fromMs`, by status. Not for a text search. */
export function countDeliveries(
  database: Database,
  filter: Omit<DeliveryFilter, 'q'>,
  steps: { readonly fromMs: number; readonly stepMs: number },
  range: SeqRange,
): readonly DeliveryCount[] {
  const bucket = rawSql<number>`CAST((d.created_at_ms - ${steps.fromMs}) / ${steps.stepMs} AS INTEGER)`;
  let select = database.sql
    .selectFrom('deliveries as d')
    .select(({ fn }) => [bucket.as('bucket'), 'd.status as status', fn.countAll<number>().as('count')])
    .where('d.seq', '>=', range.fromSeq)
    .where('d.seq', '<', range.beforeSeq);
  for (const condition of conditions(filter)) select = select.where(condition);
  return database.all(select.groupBy(['bucket', 'd.status']));
}

export function attemptsOf(database: Database, deliveryId: string): readonly (Omit<AttemptRow, 'seq'> & { readonly seq: number })[] {
  return database.all(database.sql.selectFrom('attempts').selectAll().where('delivery_id', '=', deliveryId).orderBy('number'));
}

export function findAttempt(database: Database, id: string): (Omit<AttemptRow, 'seq'> & { readonly seq: number }) | undefined {
  return database.first(database.sql.selectFrom('attempts').selectAll().where('id', '=', id));
}

/** Deliveries that wait or are under way, for health. */
export function countPending(database: Database): number {
  const row = database.raw<{ readonly count: number }>(
    'SELECT (SELECT count(*) FROM deliveries WHERE due_at_ms IS NOT NULL) + (SELECT count(*) FROM deliveries WHERE in_flight_attempt_id IS NOT NULL) AS count',
    [],
  )[0];
  return row?.count ?? 0;
}

/** Makes a delivery due, from the first step of its schedule when it is a redelivery. */
export function scheduleDelivery(
  database: Database,
  writer: Writer,
  id: string,
  change: Partial<
    Pick<StoredDelivery, 'status' | 'body_hash' | 'schedule_step' | 'schedule_began_at_ms' | 'max_attempts' | 'end_reason' | 'sign_at_ms'>
  > &
    Pick<StoredDelivery, 'due_at_ms' | 'next_trigger' | 'updated_at_ms'>,
): void {
  writer.run(database.sql.updateTable('deliveries').set(change).where('id', '=', id));
}

/** Cancels a waiting delivery; returns false when it does not wait any more. */
export function cancelDelivery(database: Database, writer: Writer, id: string, nowMs: number): boolean {
  return (
    writer.run(
      database.sql
        .updateTable('deliveries')
        .set({ status: 'cancelled', due_at_ms: null, updated_at_ms: nowMs })
        .where('id', '=', id)
        .where('due_at_ms', 'is not', null),
    ) === 1
  );
}

/** A delivery that is not final. */
export interface OpenDelivery {
  readonly seq: number;
  readonly id: string;
  readonly isInFlight: number;
}

/** Deliveries of a range that are not final. */
export function listOpen(
  database: Reader,
  filter: Omit<DeliveryFilter, 'q'>,
  range: { readonly fromSeq: number; readonly beforeSeq: number },
): readonly OpenDelivery[] {
  let select = database.sql
    .selectFrom('deliveries as d')
    .innerJoin('endpoints as e', 'e.id', 'd.endpoint_id')
    .select(['d.seq as seq', 'd.id as id', rawSql<number>`d.in_flight_attempt_id IS NOT NULL`.as('isInFlight')])
    .where('d.seq', '>=', range.fromSeq)
    .where('d.seq', '<', range.beforeSeq)
    .where(rawSql<boolean>`(d.due_at_ms IS NOT NULL OR d.in_flight_attempt_id IS NOT NULL)`);
  for (const condition of conditions(filter)) select = select.where(condition);
  return database.all(select);
}

/** Cancels those of these deliveries that wait; returns how many. */
export function cancelWaitingSeqs(writer: Writer, seqs: readonly number[], nowMs: number): number {
  return writer.runRaw(
    `UPDATE deliveries SET status = 'cancelled', due_at_ms = NULL, updated_at_ms = ?
     WHERE seq IN (SELECT value FROM json_each(?)) AND due_at_ms IS NOT NULL`,
    [nowMs, JSON.stringify(seqs)],
  );
}

/** Deliveries of a range that are still to be sent, by a filter without text. */
export const openSearch = search('open', (reader, { filter, ...range }: { readonly filter: Omit<DeliveryFilter, 'q'> } & SeqRange) =>
  openRows(listOpen(reader, filter, range)),
);

/** Deliveries that are still to be sent: row numbers of those that wait, which can be very many, and those with an attempt under way. */
export interface OpenRows {
  readonly waiting: readonly number[];
  readonly inFlight: readonly OpenDelivery[];
}

export function openRows(found: readonly OpenDelivery[]): OpenRows {
  const isUnderWay = ({ isInFlight }: OpenDelivery) => isInFlight === 1;
  return { waiting: found.filter((each) => !isUnderWay(each)).map(({ seq }) => seq), inFlight: found.filter(isUnderWay) };
}
