import { z } from 'zod';
import { base, ifUpdatedAtMs, pageOf, pageQuery, queryNumber, warnings } from './common.ts';
import { bodyComparison, headerChange, noiseKind } from './comparing.ts';
import { headerName } from './header-fields.ts';
import { relayTargetInput, relayTarget } from './relay-targets.ts';
import { relaySkipReason, relayVerdicts } from './relay-verdicts.ts';
import { requestMatch } from './request-match.ts';

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

/** The fields of a new relay. */
export const relayInput = z.strictObject({
  ...relayFields,
  match: relayFields.match.default(null),
  answer: relayFields.answer.default(null),
  shadow: relayFields.shadow.default(null),
  isActive: relayFields.isActive.default(true),
});

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
  /** Headers among them. */
  leftOutHeaders: z.array(z.string()),
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
    .input(relayInput)
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
    .input(z.strictObject({ id: z.string(), cursor: pageQuery.cursor, limit: queryNumber(z.number().int().min(1).max(50)).default(20) }))
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
