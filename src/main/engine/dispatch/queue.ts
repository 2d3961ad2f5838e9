import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import type { Database, Writer } from '../store/database.ts';
import type { SignatureRecord } from '../messages/signature-record.ts';
import type { SendResult } from './sender.types.ts';
import type { DeliveryStep } from './transition.ts';

/** SQL of the queue: deliveries that are due, attempts that begin and end. Written by hand, being on the path of every attempt. */

export interface Claim {
  readonly deliveryId: string;
  readonly messageId: string;
  readonly endpointId: string;
  readonly bodyHash: Uint8Array;
  readonly attemptCount: number;
  readonly scheduleStep: number;
  readonly trigger: 'schedule' | 'redelivery' | 'manual';
}

const dueSql = `SELECT id AS deliveryId, message_id AS messageId, endpoint_id AS endpointId, body_hash AS bodyHash, attempt_count AS attemptCount,
  schedule_step AS scheduleStep, next_trigger AS trigger
  FROM deliveries WHERE endpoint_id = ? AND due_at_ms <= ? ORDER BY due_at_ms, seq LIMIT ?`;

/** The next due deliveries of an endpoint, longest due first. */
export function dueOf(database: Pick<Database, 'raw'>, endpointId: string, nowMs: number, limit: number): readonly Claim[] {
  return database.raw<Claim>(dueSql, [endpointId, nowMs, limit]);
}

/** When an endpoint's next delivery is due, or null when none waits. */
export function nextDueOf(database: Pick<Database, 'raw'>, endpointId: string): number | null {
  const row = database.raw<{ readonly dueAtMs: number | null }>(
    'SELECT min(due_at_ms) AS dueAtMs FROM deliveries WHERE endpoint_id = ? AND due_at_ms IS NOT NULL',
    [endpointId],
  )[0];
  return row?.dueAtMs ?? null;
}

/** Endpoints with deliveries that wait, each with its earliest due time. */
export function waitingEndpoints(database: Pick<Database, 'raw'>): readonly { readonly endpointId: string; readonly dueAtMs: number }[] {
  return database.raw(
    'SELECT endpoint_id AS endpointId, min(due_at_ms) AS dueAtMs FROM deliveries WHERE due_at_ms IS NOT NULL GROUP BY endpoint_id',
    [],
  );
}

/** Records that an attempt begins, so that a killed process leaves a trace of it. */
export function beginAttempt(
  writer: Writer,
  claim: Claim,
  attempt: { readonly id: string; readonly startedAtMs: number; readonly method: string; readonly url: string },
): void {
  writer.runRaw('UPDATE deliveries SET in_flight_attempt_id = ?, due_at_ms = NULL, updated_at_ms = ? WHERE id = ?', [
    attempt.id,
    attempt.startedAtMs,
    claim.deliveryId,
  ]);
  writer.runRaw(
    `INSERT INTO attempts (id, delivery_id, endpoint_id, number, trigger, started_at_ms, method, url, request_headers_json, request_body_hash, request_body_bytes)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, '[]', ?, 0)`,
    [
      attempt.id,
      claim.deliveryId,
      claim.endpointId,
      claim.attemptCount + 1,
      claim.trigger,
      attempt.startedAtMs,
      attempt.method,
      attempt.url,
      claim.bodyHash,
    ],
  );
}

/** All that is recorded when an attempt has ended. */
export interface EndedAttempt {
  readonly attemptId: string;
  readonly deliveryId: string;
  readonly endedAtMs: number;
  readonly maxAttempts: number;
  readonly step: DeliveryStep;
  readonly outcome: Outcome;
  /** Null when no request could be made. */
  readonly sent: {
    readonly result: SendResult;
    readonly url: string;
    readonly bodyBytes: number;
    /** The body where the signature stands in it, so that it is not the one the attempt began with; else null. */
    readonly signedBody: Uint8Array | null;
    readonly signature: SignatureRecord | null;
  } | null;
}

const endSql = `UPDATE attempts SET ended_at_ms = ?, outcome_code = ?, outcome_json = ?, request_headers_json = ?,
  url = COALESCE(?, url), request_body_hash = CASE ? WHEN 1 THEN NULL ELSE COALESCE(?, request_body_hash) END, request_body_bytes = ?,
  status = ?, reason = ?, response_headers_json = ?, response_body_hash = ?, response_body_bytes = ?, is_response_truncated = ?,
  duration_ms = ?, timings_json = ?, connection_json = ?, signature_json = ? WHERE id = ?`;

/** Records how an attempt ended and where its delivery stands. */
export function endAttempt(writer: Writer, ended: EndedAttempt): void {
  const { outcome, sent, step } = ended;
  const response = sent?.result.response ?? null;
  const durationMs = sent?.result.timings.totalMs ?? null;
  writer.runRaw(endSql, [
    ended.endedAtMs,
    outcome.code,
    JSON.stringify(outcome),
    JSON.stringify(sent?.result.sentHeaders ?? []),
    sent?.url ?? null,
    // The body that the attempt began with stays, as it is what was sent, unless nothing was (a GET has no body) or it was signed inside.
    Number(sent?.bodyBytes === 0),
    sent === null || sent.signedBody === null ? null : writer.putBody(sent.signedBody),
    sent?.bodyBytes ?? 0,
    response?.status ?? null,
    response?.reason ?? null,
    response === null ? null : JSON.stringify(response.headers),
    response === null || response.body.byteLength === 0 ? null : writer.putBody(response.body),
    response?.bodyBytes ?? null,
    Number(response?.isBodyTruncated ?? false),
    durationMs,
    sent === null ? null : JSON.stringify(sent.result.timings),
    sent === null || sent.result.connection === null ? null : JSON.stringify(sent.result.connection),
    sent === null || sent.signature === null ? null : JSON.stringify(sent.signature),
    ended.attemptId,
  ]);
  writer.runRaw(
    `UPDATE deliveries SET status = ?, attempt_count = ?, schedule_step = ?, max_attempts = ?, due_at_ms = ?, next_trigger = 'schedule', in_flight_attempt_id = NULL,
       last_outcome_json = ?, last_duration_ms = ?, updated_at_ms = ? WHERE id = ?`,
    [
      step.status,
      step.attemptCount,
      step.scheduleStep,
      ended.maxAttempts,
      step.dueAtMs,
      JSON.stringify(outcome),
      durationMs,
      ended.endedAtMs,
      ended.deliveryId,
    ],
  );
}

/** An attempt that a killed process left under way. */
export interface Interrupted {
  readonly attemptId: string;
  readonly deliveryId: string;
  readonly endpointId: string;
  readonly attemptCount: number;
  readonly scheduleStep: number;
  readonly status: DeliveryStatus;
}

export function interruptedAttempts(database: Pick<Database, 'raw'>): readonly Interrupted[] {
  return database.raw(
    `SELECT in_flight_attempt_id AS attemptId, id AS deliveryId, endpoint_id AS endpointId, attempt_count AS attemptCount, schedule_step AS scheduleStep, status
     FROM deliveries WHERE in_flight_attempt_id IS NOT NULL`,
    [],
  );
}

/** Brings all due times nearer or further after the time scale changed. */
export function rescale(writer: Writer, nowMs: number, factor: number): void {
  writer.runRaw('UPDATE deliveries SET due_at_ms = ? + CAST((due_at_ms - ?) * ? AS INTEGER) WHERE due_at_ms > ?', [
    nowMs,
    nowMs,
    factor,
    nowMs,
  ]);
}
