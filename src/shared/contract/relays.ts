import { z } from 'zod';
import { base, ifUpdatedAtMs, pageOf, pageQuery, warnings } from './common.ts';
import { bodyComparison, headerChange, noiseKind } from './comparing.ts';
import { headerMap, headerName } from './header-fields.ts';
import { endpointHealth, rateLimit } from './health.ts';
import { requestMatch } from './request-match.ts';
import { retryPolicyChoice } from './retry-choice.ts';
import { secretText, signing } from './signing.ts';
import { successRulePattern } from './success-rule.ts';
import { plainUrl } from './target-url.ts';

const pathPrefix = z
  .string()
  .max(1000)
  .regex(/^\/[^?#\s]*$/, 'Write a path that begins with /, without a query.');

/** How the path behind the bin's own goes on: appended to that of the target, left out, or with another beginning. */
const pathMapping = z.union([
  z.enum(['append', 'drop'], 'Use append, drop, or {"replace": "/v1", "by": "/hooks"}.'),
  z.strictObject({ replace: pathPrefix, by: pathPrefix }),
]);
export type PathMapping = z.infer<typeof pathMapping>;

const queryMapping = z.strictObject({
  /** Whether the query of the request goes on. */
  keep: z.boolean(),
  set: z.record(z.string().min(1).max(200), z.string().max(2000)).default({}),
  remove: z.array(z.string().min(1).max(200)).max(50).default([]),
});
export type QueryMapping = z.infer<typeof queryMapping>;

const headerChanges = z.strictObject({
  /** Takes the place of the first header of the same name, and stands at the end otherwise. */
  set: headerMap.default({}),
  remove: z.array(headerName).max(100).default([]),
});
export type HeaderChanges = z.infer<typeof headerChanges>;

/** Fields of a target that is a URL; an endpoint has its own. */
const urlFields = {
  retryPolicy: retryPolicyChoice,
  rateLimit: rateLimit.nullable(),
  maxConcurrency: z.number().int().min(1).max(512).nullable(),
  /** One at a time in the order in which they came: one that fails holds back those behind it until it has ended. */
  isOrdered: z.boolean(),
  timeoutMs: z.number().int().min(50).max(600_000),
  verifyTls: z.boolean(),
  successRule: z.string().regex(successRulePattern, 'Use 2xx, 200, or a list of statuses and ranges such as 200-204,302.'),
};

/** Where a relay forwards to. */
export const relayTargetInput = z.strictObject({
  /** In an update: the target that this is, which keeps its secret and what waits for it. */
  id: z.string().max(100).optional(),
  /** An endpoint ... */
  endpointId: z.string().max(100).optional(),
  /** ... or a URL. */
  url: plainUrl.optional(),
  name: z.string().trim().max(200).default(''),
  /** What goes to this target, of what the relay forwards; null for all of it. */
  match: requestMatch.nullable().default(null),
  /** By default appended to a URL, and left out for an endpoint. */
  path: pathMapping.optional(),
  /** By default it goes on where the path does. */
  query: queryMapping.optional(),
  headers: headerChanges.prefault({}),
  /** `received` keeps every header and the signature; `resigned` signs with a new timestamp. */
  as: z.enum(['received', 'resigned']).default('received'),
  /**
   * For an endpoint: whether the headers of its authentication take the place of captured ones of the same names. By default they do
   * where it has one.
   */
  withAuth: z.boolean().optional(),
  /** For a URL: the scheme to sign with; without it the one that the bin verifies with. */
  signing: signing.optional(),
  /** For a URL: without it the secret of the bin, where the scheme is that of the bin. */
  secret: secretText.optional(),
  retryPolicy: urlFields.retryPolicy.optional(),
  rateLimit: urlFields.rateLimit.optional(),
  maxConcurrency: urlFields.maxConcurrency.optional(),
  isOrdered: urlFields.isOrdered.optional(),
  timeoutMs: urlFields.timeoutMs.optional(),
  verifyTls: urlFields.verifyTls.optional(),
  successRule: urlFields.successRule.optional(),
});
export type RelayTargetInput = z.infer<typeof relayTargetInput>;

/** Targets are named by their place in the list, counted from 0. */
const targetPlace = z.number().int().min(0).max(19);

/** Whose answer the sender gets in place of that of the bin. */
export const relayAnswer = z.strictObject({
  target: targetPlace,
  /** How long the sender is kept waiting for it. */
  withinMs: z.number().int().min(50).max(60_000).default(5000),
  /** What is answered where it is late, or gives no whole answer: the bin's own answer, or a status. */
  otherwise: z
    .union([z.literal('bin'), z.number().int().min(200).max(599)], 'Use "bin" for the answer of the bin, or a status such as 504.')
    .default('bin'),
});
export type RelayAnswer = z.infer<typeof relayAnswer>;

const ignoredPath = z
  .string()
  .max(300)
  .regex(
    /^\$(?:\.(?:\*|[^.[\]*\s'"]+)|\[(?:\d+|\*)\]|\['[^']+'\])+$/,
    'Write a path such as $.id or $.items[*].createdAt, where * stands for any name or index.',
  );

/** A target that is tried out beside another one: their answers to the same requests are compared. */
export const relayShadow = z.strictObject({
  /** The one that is tried out. */
  target: targetPlace,
  /** The one that it is compared with. */
  of: targetPlace,
  /** What may differ: headers of the answer by name, values of its JSON by path with all below them, and kinds of noise. */
  ignore: z
    .strictObject({
      headers: z.array(headerName).max(100).default(['Date']),
      paths: z.array(ignoredPath).max(100).default([]),
      noise: z.array(noiseKind).max(10).default([]),
    })
    .prefault({}),
  /** Times that are further apart than this differ. */
  toleranceMs: z.number().int().min(0).max(600_000).default(250),
});
export type RelayShadow = z.infer<typeof relayShadow>;

/** Why a capture was not forwarded. */
export const relaySkipReason = z.enum([
  /** Neither the relay's filter nor one of a target matches it. */
  'unmatched',
  /** It came back to a relay that forwarded it already, or went through too many. */
  'loop',
  /** Its body did not come whole. */
  'incomplete',
  /** Its method or headers cannot be sent. */
  'unsendable',
  /** Its path would lead out of that of the target. */
  'path',
  /** A filter asks for its JSON, and the body is too large to be read for that. */
  'unread',
  /** The endpoint was deleted. */
  'endpoint_deleted',
  /** It was deleted, or removed by a limit, before it was forwarded. */
  'removed',
  /** Hookyard failed at it; the log says why. */
  'failed',
]);
export type RelaySkipReason = z.infer<typeof relaySkipReason>;

/** A condition that a capture does not meet, so that a relay, or one of its targets, does not get it. */
const unmetCondition = z.strictObject({
  /** The target that asks for it; null when the relay itself does. */
  target: z.string().nullable(),
  /** As it is written in a filter: `path=/orders/*`. */
  condition: z.string(),
  /** What the capture has there, in a sentence. */
  found: z.string(),
});
export type UnmetCondition = z.infer<typeof unmetCondition>;

/** What a relay made of one capture. */
export const relayVerdict = z.strictObject({
  relayId: z.string(),
  name: z.string(),
  /** `waiting` stands in its queue; `left` was not forwarded and will not be. */
  state: z.enum(['forwarded', 'waiting', 'left']),
  /** Why it was left, where that is still known. */
  reason: relaySkipReason.nullable(),
  /** All of it in sentences. */
  message: z.string(),
  /** At most 50. */
  unmet: z.array(unmetCondition),
  /** Whether the relay was changed since the capture came: what is said then goes by its rules of now. */
  isChangedSince: z.boolean(),
});
export type RelayVerdict = z.infer<typeof relayVerdict>;

/** What became of one capture at the relays of its bin. */
export const relayVerdicts = z.strictObject({
  captureId: z.string(),
  binId: z.string(),
  /** In a sentence, also where the bin has no relay. */
  message: z.string(),
  relays: z.array(relayVerdict),
});
export type RelayVerdicts = z.infer<typeof relayVerdicts>;

/** Where a relay forwards to, with how that goes. */
export const relayTarget = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** The endpoint of the list that it is; null for a URL. */
  endpointId: z.string().nullable(),
  url: z.string(),
  match: requestMatch.nullable(),
  path: pathMapping,
  query: queryMapping,
  headers: headerChanges,
  as: z.enum(['received', 'resigned']),
  /** Whether it gets the headers of the endpoint's authentication; false for a URL. */
  withAuth: z.boolean(),
  signing: signing.nullable(),
  secretFingerprints: z.array(z.string()),
  ...urlFields,
  health: endpointHealth,
  /** In a sentence. */
  healthMessage: z.string(),
  /** Captures forwarded to it. */
  forwarded: z.number().int(),
  /** Deliveries to it that wait for their next attempt. */
  pendingDeliveries: z.number().int(),
  lastDelivery: z.strictObject({ id: z.string(), atMs: z.number(), outcomeCode: z.string(), status: z.number().nullable() }).nullable(),
  /** Up to 20 newest attempts, oldest first. */
  recentAttempts: z.array(z.strictObject({ ok: z.boolean(), durationMs: z.number() })),
});
export type RelayTarget = z.infer<typeof relayTarget>;

const relayFields = {
  name: z.string().trim().min(1, 'Give the relay a name.').max(200),
  binId: z.string().max(100),
  /** What is forwarded; null for everything that the bin captures. */
  match: requestMatch.nullable(),
  targets: z.array(relayTargetInput).min(1, 'Give at least one target.').max(20),
  /** Null for the answer of the bin, at once. */
  answer: relayAnswer.nullable(),
  /** Null for none. */
  shadow: relayShadow.nullable(),
  /** False pauses it: captures are kept and wait until it is resumed. */
  isActive: z.boolean(),
};

/** A rule that forwards what a bin captures, with how that goes. */
export const relay = z.strictObject({
  id: z.string(),
  name: relayFields.name,
  binId: z.string(),
  match: requestMatch.nullable(),
  targets: z.array(relayTarget),
  answer: relayAnswer.nullable(),
  shadow: relayShadow.nullable(),
  isActive: z.boolean(),
  /** Captures that wait to be forwarded. */
  queued: z.number().int(),
  /** Captures that were forwarded to at least one target. */
  forwarded: z.number().int(),
  skipped: z.array(z.strictObject({ reason: relaySkipReason, count: z.number().int() })),
  /** Why it makes no progress, or null. */
  problem: z.string().nullable(),
  creator: z.string(),
  createdAtMs: z.number().int(),
  updatedAtMs: z.number().int(),
});
export type Relay = z.infer<typeof relay>;

/** What one of two compared targets answered to a capture: the last attempt of its delivery. */
const comparedAnswer = z.strictObject({
  deliveryId: z.string(),
  attemptId: z.string(),
  outcomeCode: z.string(),
  /** Null where no answer came. */
  status: z.number().int().nullable(),
  durationMs: z.number().nullable(),
  bodyBytes: z.number().int(),
});

/** A capture that a target and its shadow answered differently. What the target answered is `before`, what the shadow did `after`. */
export const answerDifference = z.strictObject({
  captureId: z.string(),
  /** When the capture was forwarded. */
  atMs: z.number().int(),
  method: z.string(),
  /** Path and query of the request to the target. */
  path: z.string(),
  before: comparedAnswer,
  after: comparedAnswer,
  /** `outcome` is a status or a failure. */
  differs: z.array(z.enum(['outcome', 'headers', 'body', 'time'])),
  /** All of it in a sentence. */
  summary: z.string(),
  /** At most 50. */
  headers: z.array(headerChange),
  /** Null where one of them gave no answer. At most 20 changes are listed. */
  body: bodyComparison.nullable(),
  /** Differences that are to be ignored. */
  leftOut: z.number().int(),
});
export type AnswerDifference = z.infer<typeof answerDifference>;

const id = z.strictObject({ id: z.string() });
const relayWithWarnings = z.strictObject({ ...relay.shape, warnings });

export const relays = {
  list: base
    .route({ method: 'GET', path: '/relays', summary: 'List relays, newest first' })
    .input(z.strictObject({ binId: z.string().optional(), ...pageQuery }))
    .output(pageOf(relay)),
  get: base.route({ method: 'GET', path: '/relays/{id}', summary: 'Read a relay with how its targets do' }).input(id).output(relay),
  ofCapture: base
    .route({
      method: 'GET',
      path: '/captures/{id}/relays',
      summary: 'Say what each relay of its bin made of a capture, and why one did not forward it',
    })
    .input(id)
    .output(relayVerdicts),
  create: base
    .route({ method: 'POST', path: '/relays', successStatus: 201, summary: 'Forward what a bin captures, from now on' })
    .input(
      z.strictObject({
        ...relayFields,
        match: relayFields.match.default(null),
        answer: relayFields.answer.default(null),
        shadow: relayFields.shadow.default(null),
        isActive: relayFields.isActive.default(true),
      }),
    )
    .output(relayWithWarnings),
  update: base
    .route({
      method: 'PATCH',
      path: '/relays/{id}',
      summary: 'Change a relay; {"isActive": false} pauses it, and targets that are left out of the list are removed',
    })
    .input(z.strictObject({ id: z.string(), ifUpdatedAtMs, ...z.strictObject(relayFields).partial().shape }))
    .output(relayWithWarnings),
  differences: base
    .route({
      method: 'GET',
      path: '/relays/{id}/differences',
      summary: 'List captures that the shadow of a relay answered otherwise than the target beside it, newest first',
    })
    .input(z.strictObject({ id: z.string(), cursor: pageQuery.cursor, limit: z.coerce.number().int().min(1).max(50).default(20) }))
    .output(
      pageOf(answerDifference).extend({
        /** Captures of this page that both answered, with those that differ. A page looks at 200 of them at most, and may list fewer than its limit. */
        compared: z.number().int(),
        /** Captures of this page that one of them has not been asked for, or is asked for still. */
        waiting: z.number().int(),
        /** In a sentence. */
        message: z.string(),
      }),
    ),
  dropQueued: base
    .route({ method: 'POST', path: '/relays/{id}/drop-queued', summary: 'Forget the captures that wait for a relay; they stay captured' })
    .input(id)
    .output(z.strictObject({ id: z.string(), dropped: z.number().int() })),
  remove: base
    .route({ method: 'DELETE', path: '/relays/{id}', summary: 'Delete a relay, and cancel what waits for its URLs' })
    .input(id)
    .output(z.strictObject({ id: z.string(), dropped: z.number().int(), cancelledDeliveries: z.number().int() })),
};
