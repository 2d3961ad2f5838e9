import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { AttemptTrigger } from '#shared/contract/deliveries.ts';
import { saveState, type StateOrder } from '../health/store.ts';
import { readBody } from '../store/bodies.ts';

import type { Database, Writer } from '../store/database.ts';
import { hotWrite } from '../store/hot-write.ts';
import { unpackHead, type GivenHead } from '../base/given-head.ts';
import { ownBytes } from '../base/own-bytes.ts';
import type { AttemptRow } from '../store/schema.ts';
import type { DeliveryStep } from '#shared/deciding/delivery-step.ts';

/** SQL of the queue: due deliveries, beginnings and ends of attempts. Written by hand because it is on the path of every attempt. */

/** A delivery whose attempt is to be made now, as it was in the queue. */
export interface Claim {
  /** Row number of the delivery. */
  readonly seq: number;
  readonly deliveryId: string;
  readonly messageId: string;
  readonly endpointId: string;
  readonly eventType: string;
  readonly attemptCount: number;
  readonly scheduleStep: number;
  readonly scheduleBeganAtMs: number;
  readonly trigger: AttemptTrigger;
  readonly dueAtMs: number;
  /** The time its request is signed as of; null for the time of the attempt. */
  readonly signAtMs: number | null;
  /** The message's own method and headers; null when the endpoint's fields make them. */
  readonly head: GivenHead | null;
  /** The environment that its variables are from; null for none. */
  readonly environmentId: string | null;
  /** Whether the attempt may go to loopback addresses only. */
  readonly isWithinLoopback: boolean;
}

/** The body, or null for a large one, which is read where it is needed. */
export interface ClaimWithBody extends Claim {
  readonly body: Uint8Array | null;
}

/** Bodies up to this size are part of a claim: the writer thread has them cached, while another thread would have to read the file. */
const bodyAlongBytes = 65_536;

/** A claim with its body, but without its endpoint, which is the same for all claims of one order. */
type WaitingRow = readonly [body: Uint8Array | null, ...claim: ClaimRow];

/** A list of values: claims are passed to another thread, and field names would cost as much as the values. */
type ClaimRow = readonly [
  seq: number,
  dueAtMs: number,
  deliveryId: string,
  messageId: string,
  eventType: string,
  attemptCount: number,
  scheduleStep: number,
  scheduleBeganAtMs: number,
  trigger: AttemptTrigger,
  signAtMs: number | null,
  head: Uint8Array | null,
  environmentId: string | null,
  isWithinLoopback: number,
];

const givenHeadSql = '(SELECT bytes FROM bodies WHERE hash = head_hash)';

const claimSql = `SELECT (SELECT bytes FROM bodies WHERE hash = body_hash AND size <= ${bodyAlongBytes}), seq, due_at_ms, id, message_id, event_type,
  attempt_count, schedule_step, COALESCE(schedule_began_at_ms, created_at_ms), next_trigger, sign_at_ms, ${givenHeadSql}, environment_id, is_within_loopback`;

const dueSql = `${claimSql}
  FROM deliveries WHERE endpoint_id = ? AND due_at_ms <= ? ORDER BY due_at_ms, seq LIMIT ?`;

const oneSql = `${claimSql} FROM deliveries WHERE id = ? AND due_at_ms <= ?`;

// Without this hint SQLite scans the whole log of the endpoint up to the first waiting row.
const ofHead = `FROM deliveries WHERE seq =
  (SELECT min(seq) FROM deliveries INDEXED BY deliveries_waiting WHERE endpoint_id = ? AND due_at_ms IS NOT NULL)`;
const headSql = `${claimSql} ${ofHead} AND due_at_ms <= ?`;
const headDueSql = `SELECT due_at_ms AS dueAtMs ${ofHead}`;

/** The first accepted of an endpoint's waiting deliveries; none when it is not due. */
export function headOf(reader: Pick<Writer, 'values'>, endpointId: string, nowMs: number): readonly WaitingRow[] {
  return reader.values<WaitingRow>(headSql, [endpointId, nowMs]);
}

/** When the first accepted waiting delivery is due; null when none waits. */
export function headDueAtMs(reader: Pick<Writer, 'raw'>, endpointId: string): number | null {
  return reader.raw<{ readonly dueAtMs: number }>(headDueSql, [endpointId])[0]?.dueAtMs ?? null;
}

/** The body of a delivery that is not part of its claim. */
export function bodyOf(reader: Pick<Database, 'raw'>, { seq }: Pick<Claim, 'seq'>): Uint8Array {
  const row = reader.raw<{ readonly hash: Uint8Array }>('SELECT body_hash AS hash FROM deliveries WHERE seq = ?', [seq])[0];
  if (row === undefined) throw new Error('A delivery whose attempt is to be made is missing from the data file.');
  return readBody(reader, row.hash);
}

/** The next due deliveries of an endpoint, longest due first. */
export function dueOf(reader: Pick<Writer, 'values'>, endpointId: string, nowMs: number, limit: number): readonly WaitingRow[] {
  return reader.values<WaitingRow>(dueSql, [endpointId, nowMs, limit]);
}

/** When an endpoint's next delivery is due, or null when none waits. */
export function nextDueOf(reader: Pick<Writer, 'raw'>, endpointId: string): number | null {
  const row = reader.raw<{ readonly dueAtMs: number | null }>(
    'SELECT min(due_at_ms) AS dueAtMs FROM deliveries WHERE endpoint_id = ? AND due_at_ms IS NOT NULL',
    [endpointId],
  )[0];
  return row?.dueAtMs ?? null;
}

/** Endpoints with waiting deliveries, each with its earliest due time. */
export function waitingEndpoints(database: Pick<Database, 'raw'>): readonly { readonly endpointId: string; readonly dueAtMs: number }[] {
  return database.raw(
    'SELECT endpoint_id AS endpointId, min(due_at_ms) AS dueAtMs FROM deliveries WHERE due_at_ms IS NOT NULL GROUP BY endpoint_id',
    [],
  );
}

/** Up to as many of an endpoint's due deliveries as there are ids for their attempts. */
export interface ClaimOrder {
  readonly endpointId: string;
  readonly nowMs: number;
  readonly attemptIds: readonly string[];
  /** Only the delivery that was accepted first, and only when it is due. */
  readonly isOrdered: boolean;
  /** Only this delivery; null for those that have been due longest. */
  readonly deliveryId: string | null;
}

/** The claims; {@link claimsOf} reads them. */
export interface Claimed {
  readonly rows: readonly ClaimRow[];
  /** Size of each body; null for a body that is not included. */
  readonly bodyBytes: readonly (number | null)[];
  /** The bodies, concatenated: a separate buffer for each would cost more than its contents. */
  readonly bodies: Uint8Array;
  /** When the next delivery of the endpoint is due after these; null when none waits. */
  readonly nextDueAtMs: number | null;
}

const beginSql = 'UPDATE deliveries SET in_flight_attempt_id = ?, due_at_ms = NULL, updated_at_ms = ? WHERE seq = ?';

/** Claims due deliveries: each is marked as under way, so that the attempt of a killed process can be seen. */
export function claimDue(writer: Writer, order: ClaimOrder): Claimed {
  const { endpointId, nowMs, attemptIds, isOrdered } = order;
  const rows: ClaimRow[] = [];
  const bodyBytes: (number | null)[] = [];
  const bodies: Uint8Array[] = [];
  for (const [body, ...row] of takeable(writer, order)) {
    writer.runRaw(beginSql, [attemptIds[rows.length], nowMs, row[0]]);
    rows.push(row);
    bodyBytes.push(body?.byteLength ?? null);
    if (body !== null) bodies.push(body);
  }
  const nextDueAtMs = isOrdered ? headDueAtMs(writer, endpointId) : nextDueOf(writer, endpointId);
  return { rows, bodyBytes, bodies: ownBytes(Buffer.concat(bodies)), nextDueAtMs };
}

export const claimWrite = hotWrite('claim', claimDue);

function takeable(writer: Writer, { endpointId, nowMs, attemptIds, isOrdered, deliveryId }: ClaimOrder): readonly WaitingRow[] {
  if (isOrdered) return headOf(writer, endpointId, nowMs);
  return deliveryId === null ? dueOf(writer, endpointId, nowMs, attemptIds.length) : writer.values<WaitingRow>(oneSql, [deliveryId, nowMs]);
}

/** Reads the claims of one endpoint. */
export function claimsOf(endpointId: string, { rows, bodyBytes, bodies }: Claimed): readonly ClaimWithBody[] {
  let read = 0;
  return rows.map((row, index) => {
    const [seq, dueAtMs, deliveryId, messageId, eventType, attemptCount, scheduleStep, scheduleBeganAtMs, trigger, signAtMs, ...brought] =
      row;
    const [head, environmentId, isWithinLoopback] = brought;
    const bytes = bodyBytes[index] ?? null;
    const body = bytes === null ? null : bodies.subarray(read, (read += bytes));
    const progress = { attemptCount, scheduleStep, scheduleBeganAtMs, trigger };
    return {
      seq,
      deliveryId,
      messageId,
      endpointId,
      eventType,
      ...progress,
      dueAtMs,
      signAtMs,
      head: head === null ? null : unpackHead(head),
      environmentId,
      isWithinLoopback: isWithinLoopback === 1,
      body,
    };
  });
}

/** Undoes a claim whose attempt does not begin: its delivery waits again, or is cancelled. */
export interface ReleaseOrder {
  readonly claim: Pick<Claim, 'seq' | 'dueAtMs'>;
  readonly isCancelled: boolean;
  readonly nowMs: number;
}

function releaseClaim(writer: Writer, { claim, isCancelled, nowMs }: ReleaseOrder): void {
  writer.runRaw(
    `UPDATE deliveries SET in_flight_attempt_id = NULL, due_at_ms = ?, status = CASE ? WHEN 1 THEN 'cancelled' ELSE status END, updated_at_ms = ? WHERE seq = ?`,
    [isCancelled ? null : claim.dueAtMs, Number(isCancelled), nowMs, claim.seq],
  );
}

export const releaseWrite = hotWrite('release', releaseClaim);

/** The record of an attempt that has ended, with the new state of its delivery. */
export interface AttemptRecord {
  /** Row number of the delivery. */
  readonly deliverySeq: number;
  readonly attempt: Omit<AttemptRow, 'seq' | 'request_body_hash' | 'response_body_hash'>;
  /** Whether the body sent is the delivery's. */
  readonly isBodyOfDelivery: boolean;
  /** The body that was sent where it is not the delivery's: it contains the signature, or was rendered for this attempt. */
  readonly ownBody: Uint8Array | null;
  readonly responseBody: Uint8Array | null;
  readonly step: DeliveryStep;
  readonly maxAttempts: number;
  /** Why the answer disables the endpoint, as a sentence; null when it does not. */
  readonly disableReason: string | null;
}

const attemptColumns = [
  'id',
  'delivery_id',
  'endpoint_id',
  'number',
  'trigger',
  'started_at_ms',
  'ended_at_ms',
  'outcome_code',
  'outcome_json',
  'method',
  'url',
  'request_headers_json',
  'request_body_bytes',
  'status',
  'reason',
  'response_headers_json',
  'response_body_bytes',
  'is_response_truncated',
  'duration_ms',
  'timings_json',
  'connection_json',
  'redirects_json',
  'signature_json',
  'steps_json',
] as const satisfies readonly (keyof AttemptRecord['attempt'])[];

const attemptSql = `INSERT INTO attempts (${attemptColumns.join(', ')}, request_body_hash, response_body_hash)
  VALUES (${attemptColumns.map(() => '?').join(', ')}, COALESCE(?, (SELECT body_hash FROM deliveries WHERE seq = ?)), ?)`;

const endSql = `UPDATE deliveries SET status = ?, attempt_count = ?, schedule_step = ?, max_attempts = ?, due_at_ms = ?, next_trigger = 'schedule',
  in_flight_attempt_id = NULL, last_outcome_json = ?, end_reason = ?, last_duration_ms = ?, updated_at_ms = ? WHERE seq = ?`;

/** A record as it is passed to the writer thread: a list, since field names would cost as much as the values. */
export interface RecordOrder extends Pick<AttemptRecord, 'ownBody' | 'responseBody'> {
  readonly attempt: readonly unknown[];
  readonly end: readonly unknown[];
  /** Row number of the delivery whose body was sent; null when another one was, or none. */
  readonly bodyOfSeq: number | null;
  /** What the attempt changed about its endpoint; null for nothing. */
  readonly state: StateOrder | null;
}

/** `step` is the record's own step, or the one that replaced it. */
export function toRecordOrder(record: AttemptRecord, step: DeliveryStep, state: StateOrder | null): RecordOrder {
  const { deliverySeq, attempt, maxAttempts, isBodyOfDelivery, ownBody, responseBody } = record;
  // Not by `map`: what that makes may have holes by its kind, and crosses with a number for each value.
  const values: unknown[] = [];
  for (const column of attemptColumns) values.push(attempt[column]);
  return {
    state,
    attempt: values,
    end: [
      step.status,
      step.attemptCount,
      step.scheduleStep,
      maxAttempts,
      step.dueAtMs,
      attempt.outcome_json,
      step.endReason,
      attempt.duration_ms,
      attempt.ended_at_ms,
      deliverySeq,
    ],
    bodyOfSeq: isBodyOfDelivery ? deliverySeq : null,
    ownBody,
    responseBody,
  };
}

/** Records an attempt that has ended, and the new state of its delivery. */
export function recordAttempt(writer: Writer, { attempt, end, bodyOfSeq, ownBody, responseBody, state }: RecordOrder): void {
  const ownHash = ownBody === null ? null : writer.putBody(ownBody);
  const responseHash = responseBody === null ? null : writer.putBody(responseBody);
  writer.runRaw(attemptSql, [...attempt, ownHash, bodyOfSeq, responseHash]);
  writer.runRaw(endSql, end);
  if (state !== null) saveState(writer, state);
}

export const recordWrite = hotWrite('record', recordAttempt, { canWait: true });

/** An attempt that a killed process left under way. */
export interface Interrupted extends Claim {
  readonly attemptId: string;
  readonly startedAtMs: number;
  readonly status: DeliveryStatus;
}

export function interruptedAttempts(database: Pick<Database, 'raw'>): readonly Interrupted[] {
  const rows = database.raw<
    Omit<Interrupted, 'head' | 'isWithinLoopback'> & { readonly head: Uint8Array | null; readonly isWithinLoopback: number }
  >(
    `SELECT in_flight_attempt_id AS attemptId, updated_at_ms AS startedAtMs, status, seq, id AS deliveryId, message_id AS messageId,
       endpoint_id AS endpointId, event_type AS eventType, attempt_count AS attemptCount, schedule_step AS scheduleStep,
       COALESCE(schedule_began_at_ms, created_at_ms) AS scheduleBeganAtMs, next_trigger AS trigger, sign_at_ms AS signAtMs,
       updated_at_ms AS dueAtMs, ${givenHeadSql} AS head, environment_id AS environmentId, is_within_loopback AS isWithinLoopback
     FROM deliveries WHERE in_flight_attempt_id IS NOT NULL`,
    [],
  );
  return rows.map(({ head, isWithinLoopback, ...row }) => ({
    ...row,
    head: head === null ? null : unpackHead(head),
    isWithinLoopback: isWithinLoopback === 1,
  }));
}

/** The latest certain time in the log; 0 when it is empty. */
export function newestSeenMs(database: Pick<Database, 'raw'>): number {
  const row = database.raw<{ readonly atMs: number | null }>(
    `SELECT max(coalesce((SELECT ended_at_ms FROM attempts ORDER BY seq DESC LIMIT 1), 0),
       coalesce((SELECT created_at_ms FROM messages ORDER BY seq DESC LIMIT 1), 0)) AS atMs`,
    [],
  )[0];
  return row?.atMs ?? 0;
}
