import { z } from 'zod';
import { base, pageOf, pageQuery, timeMs } from './common.ts';
import { captureFilter } from './capture-filter.ts';
import { deliveryFilter } from './delivery-filter.ts';
import { deliveryStatus } from './delivery-status.ts';
import { redeliveryTimestamp } from './redelivery.ts';
import { replayVerdictProcedures } from './replay-verdicts.ts';

/** A time from which on, and before which, things were made; without an end it is the moment the replay starts. */
const since = { sinceMs: timeMs, untilMs: timeMs.optional() };

/** So many deliveries can be named one by one. */
export const mostReplayedIds = 1000;

/** What a replay goes over, oldest first. What is made after it started is not part of it. */
export const replaySource = z.discriminatedUnion('kind', [
  /** Every delivery of the log that the filter finds is redelivered; with `ids`, those of them that are named. */
  z.strictObject({
    kind: z.literal('redeliver'),
    filter: z.strictObject({ ...deliveryFilter, ids: z.array(z.string().max(100)).min(1).max(mostReplayedIds).optional() }).default({}),
  }),
  /** Deliveries to an endpoint that failed or are exhausted are redelivered. */
  z.strictObject({ kind: z.literal('recover'), endpointId: z.string(), ...since }),
  /** Captured requests that the filter finds are sent on to an endpoint; for a URL, one is made for the replay alone. */
  z.strictObject({
    kind: z.literal('captures'),
    filter: captureFilter.default({}),
    endpointId: z.string(),
    as: z.enum(['received', 'resigned']).default('received'),
    /** Whether the headers of the endpoint's authentication take the place of captured ones of the same names. */
    withAuth: z.boolean().default(false),
  }),
  /** Messages of events that an endpoint listens to, and that it has no delivery of, are delivered to it for the first time. */
  z.strictObject({ kind: z.literal('missing'), endpointId: z.string(), ...since }),
]);
export type ReplaySource = z.infer<typeof replaySource>;

/** Why something that a replay found was skipped. */
export const skipReason = z.enum([
  'endpoint_deleted',
  'endpoint_disabled',
  /** An attempt is under way. */
  'in_flight',
  /** It is already waiting for its first attempt. */
  'already_pending',
  /** It has no body, and the endpoint's template as it is now makes none either. */
  'template_invalid',
  /** It has no body, and what the endpoint's template makes of it is over the body limit. */
  'body_too_large',
  /** The captured body is incomplete. */
  'incomplete_body',
  /** The method or the headers of the capture cannot be sent. */
  'unsendable',
  /** A filter asks for its JSON, and the body is too large to be read for that. */
  'unread',
  /** It changed between being found and being replayed. */
  'no_longer_matches',
]);
export type SkipReason = z.infer<typeof skipReason>;

const skipped = z.array(z.strictObject({ reason: skipReason, count: z.number().int() }));

/** What a replay would do, counted without doing it. */
export const replayPreview = z.strictObject({
  /** All that is found, what would be skipped included. */
  total: z.number().int(),
  replayable: z.number().int(),
  skipped,
  /** Of all found; empty for missing deliveries and captures, which have no status yet. */
  byStatus: z.partialRecord(deliveryStatus, z.number().int()),
  /** Most first; at most 20 of each. */
  /** Tests count with their endpoint; a target of one message, or of a test of a draft, is in no list. */
  byEndpoint: z.array(z.strictObject({ endpointId: z.string(), endpointName: z.string(), isListed: z.boolean(), count: z.number().int() })),
  byEventType: z.array(z.strictObject({ eventType: z.string(), count: z.number().int() })),
  /** The first that would be replayed, at most 10. */
  sample: z.array(
    z.strictObject({
      /** Null for what has no delivery yet. */
      deliveryId: z.string().nullable(),
      /** Null for a capture. */
      messageId: z.string().nullable(),
      /** Null for all but captures. */
      captureId: z.string().nullable(),
      endpointId: z.string(),
      endpointName: z.string(),
      eventType: z.string(),
      status: deliveryStatus.nullable(),
      createdAtMs: z.number().int(),
    }),
  ),
});
export type ReplayPreview = z.infer<typeof replayPreview>;

export const replayStatus = z.enum(['running', 'paused', 'completed', 'cancelled']);
export type ReplayStatus = z.infer<typeof replayStatus>;

/** A replay and its progress. After a restart it continues where it was. */
export const replay = z.strictObject({
  id: z.string(),
  source: replaySource,
  /** What the endpoints and bins are called that the source names by their ids. */
  names: z.record(z.string(), z.string()),
  timestamp: redeliveryTimestamp,
  /** Deliveries scheduled per second; null for no limit. */
  ratePerSecond: z.number().nullable(),
  status: replayStatus,
  /** Why it does not continue, or null. */
  problem: z.string().nullable(),
  /** Found when it started; fewer or more may be found on the way. */
  total: z.number().int(),
  replayed: z.number().int(),
  skipped,
  creator: z.string(),
  createdAtMs: z.number().int(),
  updatedAtMs: z.number().int(),
  endedAtMs: z.number().int().nullable(),
});
export type Replay = z.infer<typeof replay>;

/** A replay with the current state of its deliveries. */
export const replayDetail = z.strictObject({ ...replay.shape, byStatus: z.partialRecord(deliveryStatus, z.number().int()) });
export type ReplayDetail = z.infer<typeof replayDetail>;

const id = z.strictObject({ id: z.string() });

export const replays = {
  preview: base
    .route({ method: 'POST', path: '/replays/preview', summary: 'Count what a replay would do, without doing it' })
    .input(z.strictObject({ source: replaySource }))
    .output(replayPreview),
  start: base
    .route({ method: 'POST', path: '/replays', successStatus: 202, summary: 'Redeliver many deliveries, oldest first, at a rate' })
    .input(
      z.strictObject({
        source: replaySource,
        timestamp: redeliveryTimestamp.default('now'),
        ratePerSecond: z.number().min(0.1).max(10_000).nullable().default(10),
      }),
    )
    .output(replay),
  list: base
    .route({ method: 'GET', path: '/replays', summary: 'List replays, newest first' })
    .input(z.strictObject(pageQuery))
    .output(pageOf(replay)),
  get: base
    .route({ method: 'GET', path: '/replays/{id}', summary: 'Read a replay with the state of its deliveries' })
    .input(id)
    .output(replayDetail),
  pause: base.route({ method: 'POST', path: '/replays/{id}/pause', summary: 'Pause a replay' }).input(id).output(replay),
  resume: base.route({ method: 'POST', path: '/replays/{id}/resume', summary: 'Resume a paused replay' }).input(id).output(replay),
  cancel: base
    .route({ method: 'POST', path: '/replays/{id}/cancel', summary: 'Cancel a replay; deliveries it has already scheduled are still sent' })
    .input(id)
    .output(replay),
  ...replayVerdictProcedures,
};
