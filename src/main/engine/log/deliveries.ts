import { sql as rawSql, type Expression, type SqlBool } from 'kysely';
import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import type { Database, Reader, Writer } from '../store/database.ts';
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
  | 'is_within_loopback'
  | 'check_case'
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
  /** Whether its attempts may go to loopback addresses only; they may go anywhere where it is left out. */
  readonly isWithinLoopback?: boolean;
  /** Title of the case of a check that it is sent for. */
  readonly checkCase?: string;
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
    is_within_loopback: Number(made.isWithinLoopback ?? false),
    check_case: made.checkCase ?? null,
    created_at_ms: made.nowMs,
  };
}

const insertSql = `INSERT INTO deliveries (id, message_id, endpoint_id, event_type, status, body_hash, head_hash, max_attempts, due_at_ms, sign_at_ms,
  last_outcome_json, environment_id, is_test, is_within_loopback, check_case, created_at_ms, updated_at_ms, in_flight_attempt_id, attempt_count, schedule_step,
  next_trigger)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 'schedule')`;

/**
 * Adds a delivery and returns its row number; with the id of an attempt, it is claimed for that and so is not due. Written by hand because
 * it is on the path of every event.
 */
export function insertDelivery(writer: Writer, row: NewDelivery, attemptId: string | null = null): number {
  return writer.insertRaw(insertSql, [
    row.id,
    row.message_id,
    row.endpoint_id,
    row.event_type,
    row.status,
    row.body_hash,
    row.head_hash,
    row.max_attempts,
    attemptId === null ? row.due_at_ms : null,
    row.sign_at_ms,
    row.last_outcome_json,
    row.environment_id,
    row.is_test,
    row.is_within_loopback,
    row.check_case,
    row.created_at_ms,
    row.created_at_ms,
    attemptId,
  ]);
}

/** A filter of the log; each field narrows it. The text `q` and the failure group are not part of the SQL: `deliverySearch` finds them. */
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
  readonly failureGroup?: string | undefined;
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

/** The SQL conditions of a filter, without its text and its failure group. */
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
    ...(filter.isTest === undefined ? [] : [isTestRow(filter)]),
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

/** Tests are found by their index, which its literal leads to, unless something else in the filter finds far fewer rows. */
function isTestRow({ isTest, messageId, replayId, sourceCaptureId, relayId, endpointId, ids, seqs }: DeliveryFilter): Expression<SqlBool> {
  if (isTest === false) return rawSql<boolean>`d.is_test = 0`;
  const isNarrow = [messageId, replayId, sourceCaptureId, relayId, endpointId, ids, seqs].some((each) => each !== undefined);
  return isNarrow ? rawSql<boolean>`+d.is_test = 1` : rawSql<boolean>`d.is_test = 1`;
}

/** The SQL condition of a delivery that is still to be sent: it waits, or has an attempt under way. */
export const isOpenRow = rawSql<boolean>`(d.due_at_ms IS NOT NULL OR d.in_flight_attempt_id IS NOT NULL)`;

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

export function attemptsOf(database: Database, deliveryId: string): readonly (Omit<AttemptRow, 'seq'> & { readonly seq: number })[] {
  return database.all(database.sql.selectFrom('attempts').selectAll().where('delivery_id', '=', deliveryId).orderBy('number'));
}

/** URL and headers, as JSON, of the newest attempts of a delivery in whose request a secret is masked. */
export function maskedRequestsOf(
  database: Database,
  deliveryId: string,
  limit: number,
): readonly (readonly [url: string, headersJson: string])[] {
  return database.values<[string, string]>(
    `SELECT url, request_headers_json FROM attempts
       WHERE delivery_id = ? AND (instr(url, '[secret') > 0 OR instr(request_headers_json, '[secret') > 0) ORDER BY number DESC LIMIT ?`,
    [deliveryId, limit],
  );
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
    Pick<
      StoredDelivery,
      | 'status'
      | 'body_hash'
      | 'schedule_step'
      | 'schedule_began_at_ms'
      | 'max_attempts'
      | 'end_reason'
      | 'sign_at_ms'
      | 'is_within_loopback'
    >
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
