import type { Attempt, AttemptStep, DeliverySummary, Redirect } from '#shared/contract/deliveries.ts';
import { answerHeadersOf, type HeaderField } from '#shared/contract/common.ts';
import type { DeliveryHold } from '#shared/contract/health.ts';
import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { AttemptUnderWay } from '../dispatch/flights.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import { unpackSignature, type SignatureRecord } from '../request/signature-record.ts';
import type { AttemptRow } from '../store/schema.ts';
import { base64ForAnswer } from '../base/deferred-text.ts';
import { unpackConnection, unpackOutcome, unpackTimings } from '../base/packed-columns.ts';
import type { DeliveryWithEndpoint } from '../log/deliveries.ts';

function parsed<T>(json: string | null): T | null {
  return json === null ? null : (JSON.parse(json) as T);
}

function unpacked<T>(json: string | null, unpack: (json: string) => T): T | null {
  return json === null ? null : unpack(json);
}

/** What holds back a delivery of this endpoint that is due at `dueAtMs`; null when nothing does. */
export type HoldOn = (endpointId: string, dueAtMs: number) => DeliveryHold | null;

/** What a row of the log does not say itself. */
export interface SummaryFacts {
  readonly holdOn: HoldOn;
  /** The name of an environment by its id. */
  readonly environmentOf: (id: string | null) => string | null;
}

/** A row of the log as the contract shows it. */
export function toSummary(row: DeliveryWithEndpoint, { holdOn, environmentOf }: SummaryFacts): DeliverySummary {
  return {
    id: row.id,
    messageId: row.message_id,
    endpointId: row.test_of ?? row.endpoint_id,
    endpointName: row.endpoint_name,
    url: row.endpoint_url,
    eventType: row.event_type,
    environment: environmentOf(row.environment_id),
    isTest: row.is_test === 1,
    checkCase: row.check_case,
    status: row.status as DeliveryStatus,
    attemptCount: row.attempt_count,
    maxAttempts: row.max_attempts,
    endReason: row.end_reason,
    lastOutcome: unpacked(row.last_outcome_json, unpackOutcome),
    lastDurationMs: row.last_duration_ms,
    nextAttemptAtMs: row.due_at_ms,
    isInFlight: row.in_flight_attempt_id !== null,
    hold: row.due_at_ms === null ? null : holdOn(row.endpoint_id, row.due_at_ms),
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}

/** An attempt with everything that was recorded; `bodyOf` reads a stored body. Without bodies the signed string is left out too. */
export function toAttempt(row: Omit<AttemptRow, 'seq'>, withBodies: boolean, bodyOf: (hash: Uint8Array | null) => Uint8Array): Attempt {
  const signature = parsed<SignatureRecord>(row.signature_json);
  const sentHeaders = parsed<HeaderField[]>(row.request_headers_json) ?? [];
  const requestBody = withBodies ? bodyOf(row.request_body_hash) : null;
  const encode = (bytes: Uint8Array | null) => (bytes === null ? null : base64ForAnswer(bytes));
  return {
    id: row.id,
    deliveryId: row.delivery_id,
    number: row.number,
    trigger: row.trigger as Attempt['trigger'],
    startedAtMs: row.started_at_ms,
    endedAtMs: row.ended_at_ms,
    outcome: unpacked(row.outcome_json, unpackOutcome),
    request: {
      method: row.method,
      url: row.url,
      headers: sentHeaders,
      bodyBase64: encode(requestBody),
      bodyBytes: row.request_body_bytes,
    },
    response:
      row.status === null
        ? null
        : {
            status: row.status,
            reason: row.reason ?? '',
            headers: row.response_headers_json === null ? [] : answerHeadersOf(row.response_headers_json),
            bodyBase64: withBodies ? encode(bodyOf(row.response_body_hash)) : null,
            bodyBytes: row.response_body_bytes ?? 0,
            isBodyTruncated: row.is_response_truncated === 1,
          },
    timings: unpacked(row.timings_json, unpackTimings),
    connection: unpacked(row.connection_json, unpackConnection),
    redirects: parsed<Redirect[]>(row.redirects_json) ?? [],
    steps: parsed<AttemptStep[]>(row.steps_json) ?? [],
    signature: signature === null || requestBody === null ? null : unpackSignature(signature, sentHeaders, requestBody),
  };
}

/** An attempt that has not ended yet, with what is known so far. */
export function toAttemptUnderWay(begun: AttemptUnderWay, deliveryId: string, endpoint: Pick<EndpointConfig, 'method' | 'url'>): Attempt {
  return {
    id: begun.attemptId,
    deliveryId,
    number: begun.number,
    trigger: begun.trigger,
    startedAtMs: begun.startedAtMs,
    endedAtMs: null,
    outcome: null,
    request: { method: begun.method ?? endpoint.method, url: endpoint.url, headers: [], bodyBase64: null, bodyBytes: 0 },
    response: null,
    redirects: [],
    steps: [],
    timings: null,
    connection: null,
    signature: null,
  };
}
