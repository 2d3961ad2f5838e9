import { z } from 'zod';
import { decodedBody, foundIn, searchRemarks } from './bodies.ts';
import { answerHeaderFields, base, headerFields, pageOf, pageQuery, queryBoolean, queryNumber, warnings } from './common.ts';
import { deliveryStatus } from './delivery-status.ts';
import { deliveryFilter } from './delivery-filter.ts';
import { failureGroupProcedures } from './failure-groups.ts';
import { deliveryHold } from './health.ts';
import { outcome } from './outcome.ts';
import { redeliveryTimestamp } from './redelivery.ts';
import { signatureEvidence } from './evidence.ts';
import { deferrableText } from './deferred-text.ts';

/** One row of the log. */
export const deliverySummary = z.strictObject({
  id: z.string(),
  messageId: z.string(),
  endpointId: z.string(),
  endpointName: z.string(),
  url: z.string(),
  eventType: z.string(),
  /** Name of the environment that its variables are from; null for none. */
  environment: z.string().nullable(),
  /** Sent to try something out: one attempt, without effect on the endpoint. */
  isTest: z.boolean(),
  /** Title of the case of a check that it was sent for, such as "No signature header"; null for all else. */
  checkCase: z.string().nullable(),
  status: deliveryStatus,
  attemptCount: z.number().int(),
  /** Attempts the policy allows in all, as of the last one. */
  maxAttempts: z.number().int(),
  lastOutcome: outcome.nullable(),
  /** Why it is exhausted although its policy had attempts left, as a sentence; null otherwise. */
  endReason: z.string().nullable(),
  lastDurationMs: z.number().nullable(),
  /** When the next attempt is due, on the wall clock, time scale applied; null when none is. */
  nextAttemptAtMs: z.number().int().nullable(),
  isInFlight: z.boolean(),
  /** What holds its next attempt back; null if nothing does. */
  hold: deliveryHold.nullable(),
  createdAtMs: z.number().int(),
  updatedAtMs: z.number().int(),
});
export type DeliverySummary = z.infer<typeof deliverySummary>;

/** Milliseconds spent in each phase; null where the phase did not happen (a reused connection has no dns, connect or tls). */
export const timings = z.strictObject({
  queuedMs: z.number().nullable(),
  dnsMs: z.number().nullable(),
  connectMs: z.number().nullable(),
  tlsMs: z.number().nullable(),
  /** From the request's first byte to the answer's first byte. */
  firstByteMs: z.number().nullable(),
  /** From the answer's first byte to its last. */
  downloadMs: z.number().nullable(),
  totalMs: z.number(),
});
export type Timings = z.infer<typeof timings>;

export const attemptRequest = z.strictObject({
  method: z.string(),
  url: z.string(),
  headers: headerFields,
  /** Null when bodies were not asked for. */
  bodyBase64: deferrableText.nullable(),
  bodyBytes: z.number().int(),
});

export const attemptResponse = z.strictObject({
  status: z.number().int(),
  reason: z.string(),
  headers: answerHeaderFields,
  /** What was kept of the body; null when bodies were not asked for. */
  bodyBase64: deferrableText.nullable(),
  /** True size of the body as received, also where less was kept. */
  bodyBytes: z.number().int(),
  isBodyTruncated: z.boolean(),
});

/** Why an attempt was made: its schedule, a redelivery, or a request to make it before its schedule. */
export const attemptTrigger = z.enum(['schedule', 'redelivery', 'manual']);
export type AttemptTrigger = z.infer<typeof attemptTrigger>;

export const connectionFacts = z.strictObject({
  remoteAddress: z.string().nullable(),
  remotePort: z.number().int().nullable(),
  /** Host and port of the proxy that the connection goes through, whose address is the remote one; absent for none. */
  proxy: z.string().optional(),
  /** True when the attempt went over a connection that an earlier one had opened. */
  isReused: z.boolean(),
  tls: z
    .strictObject({
      protocol: z.string().nullable(),
      cipher: z.string().nullable(),
      alpn: z.string().nullable(),
      subject: z.string().nullable(),
      issuer: z.string().nullable(),
      validFrom: z.string().nullable(),
      validTo: z.string().nullable(),
      fingerprint256: z.string().nullable(),
      isAuthorized: z.boolean(),
      authorizationError: z.string().nullable(),
    })
    .nullable(),
});
export type ConnectionFacts = z.infer<typeof connectionFacts>;

/** A redirect that was followed. */
export const redirect = z.strictObject({
  /** What was asked. */
  url: z.string(),
  status: z.number().int(),
  /** Value of the Location header. */
  location: z.string(),
  remoteAddress: z.string().nullable(),
  durationMs: z.number(),
});
export type Redirect = z.infer<typeof redirect>;

/** What an attempt did beside its request: it fetched an access token, or sent the request with a token that was no longer accepted. */
export const attemptStep = z.strictObject({
  kind: z.enum(['token', 'refused-token']),
  isOk: z.boolean(),
  /** What was asked. */
  url: z.string(),
  status: z.number().int().nullable(),
  startedAtMs: z.number().int(),
  durationMs: z.number(),
  /** In a sentence; never a token or a secret. */
  message: z.string(),
});
export type AttemptStep = z.infer<typeof attemptStep>;

/** One HTTP try with everything that was seen of it; after redirects of its last request, but with the time of all. */
export const attempt = z.strictObject({
  id: z.string(),
  deliveryId: z.string(),
  /** 1 for the first. */
  number: z.number().int(),
  trigger: attemptTrigger,
  startedAtMs: z.number().int(),
  endedAtMs: z.number().int().nullable(),
  /** Null while in flight. */
  outcome: outcome.nullable(),
  request: attemptRequest.nullable(),
  response: attemptResponse.nullable(),
  /** Redirects that were followed, oldest first. */
  redirects: z.array(redirect),
  /** In their order; empty for most attempts. */
  steps: z.array(attemptStep),
  timings: timings.nullable(),
  connection: connectionFacts.nullable(),
  signature: signatureEvidence.nullable(),
});
export type Attempt = z.infer<typeof attempt>;

export const deliveryDetail = z.strictObject({
  ...deliverySummary.shape,
  attempts: z.array(attempt),
  /** The capture that it brings; null for an event. */
  sourceCaptureId: z.string().nullable(),
  /** The relay that forwarded it, and how the request differs from the one that was captured, a sentence each; null without one. */
  relay: z.strictObject({ id: z.string(), changes: z.array(z.string()) }).nullable(),
});
export type DeliveryDetail = z.infer<typeof deliveryDetail>;

const id = z.strictObject({ id: z.string() });

export const deliveries = {
  list: base
    .route({ method: 'GET', path: '/deliveries', summary: 'List deliveries, newest first' })
    .input(z.strictObject({ ...deliveryFilter, ...pageQuery }))
    .output(pageOf(z.strictObject({ ...deliverySummary.shape, foundIn: foundIn.optional() })).extend({ ...searchRemarks, warnings })),
  /** Counts over time for the histogram: `buckets` equal steps from `fromMs` to `toMs` (by default from the oldest match to now). */
  stats: base
    .route({
      method: 'GET',
      path: '/deliveries/stats',
      summary: 'Count deliveries over time by status',
      description:
        'Tests, such as what checks and runs send, are counted apart as `testsByStatus`; with `isTest`, only they or only the others are counted.',
    })
    .input(z.strictObject({ ...deliveryFilter, buckets: queryNumber(z.number().int().min(1).max(200)).default(60) }))
    .output(
      z.strictObject({
        total: z.number().int(),
        byStatus: z.record(deliveryStatus, z.number().int()),
        /** Tests that the filter finds, of which no other figure here is; none where `isTest` or a failure group chooses. */
        testsByStatus: z.record(deliveryStatus, z.number().int()),
        fromMs: z.number().int(),
        toMs: z.number().int(),
        buckets: z.array(z.strictObject({ startMs: z.number().int(), counts: z.partialRecord(deliveryStatus, z.number().int()) })),
      }),
    ),
  ...failureGroupProcedures,
  get: base
    .route({ method: 'GET', path: '/deliveries/{id}', summary: 'Read a delivery with its attempts' })
    .input(z.strictObject({ id: z.string(), bodies: queryBoolean.default(true) }))
    .output(deliveryDetail),
  attempt: base.route({ method: 'GET', path: '/attempts/{id}', summary: 'Read one attempt with its bodies' }).input(id).output(attempt),
  decoded: base
    .route({
      method: 'GET',
      path: '/attempts/{id}/decoded',
      summary: 'Read the body of the answer to an attempt, or of its request, unpacked and as text, up to 4 MiB',
    })
    .input(z.strictObject({ id: z.string(), of: z.enum(['answer', 'request']).default('answer') }))
    .output(decodedBody),
  redeliver: base
    .route({
      method: 'POST',
      path: '/deliveries/{id}/redeliver',
      successStatus: 202,
      summary: 'Try again now with the same body; counts as one more attempt and restarts the schedule',
    })
    .input(z.strictObject({ id: z.string(), timestamp: redeliveryTimestamp.default('now') }))
    .output(deliverySummary),
  attemptNow: base
    .route({ method: 'POST', path: '/deliveries/{id}/attempt-now', successStatus: 202, summary: 'Make the next scheduled attempt now' })
    .input(id)
    .output(deliverySummary),
  cancelMatching: base
    .route({
      method: 'POST',
      path: '/deliveries/cancel',
      summary: 'Cancel every pending or failed delivery that a filter finds, or count them',
    })
    .input(z.strictObject({ ...deliveryFilter, dryRun: z.boolean().default(false) }))
    .output(
      z.strictObject({
        /** Deliveries that waited for an attempt. */
        waiting: z.number().int(),
        /** Deliveries whose attempt was under way and is cut off. */
        inFlight: z.number().int(),
      }),
    ),
  cancel: base.route({ method: 'POST', path: '/deliveries/{id}/cancel', summary: 'Cancel a delivery' }).input(id).output(deliverySummary),
};
