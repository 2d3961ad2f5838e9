import { z } from 'zod';
import { isAnswered } from './answered.ts';
import { captureSummary } from './captures.ts';
import { base, timeMs } from './common.ts';
import { jsonChange, noiseKind } from './comparing.ts';
import { deliverySummary } from './deliveries.ts';
import { deliveryStatus } from './delivery-status.ts';
import { eventPattern } from './endpoints.ts';
import { outcomeCode } from './outcome.ts';
import { requestMatch } from './request-match.ts';

/** How long one call waits at most. */
export const longestWaitMs = 600_000;

/** How many that match are told, the first of them. */
export const toldMatches = 100;

/** What a delivery has to be. Everything that is given has to hold; of a list one is enough. */
export const deliveryMatch = z.strictObject({
  eventTypes: z.array(eventPattern).min(1).max(100).optional(),
  statuses: z.array(deliveryStatus).min(1).optional(),
  /** What its last attempt ended in. */
  outcomes: z.array(outcomeCode).min(1).optional(),
  /** The HTTP status of the last answer. */
  answers: z.array(z.number().int().min(100).max(599)).min(1).max(100).optional(),
  /** How long its last attempt took at most, from its beginning to the end of the answer. */
  answeredWithinMs: z.number().min(0).max(600_000).optional(),
});
export type DeliveryMatch = z.infer<typeof deliveryMatch>;

const expected = {
  /** How many have to match, at least; 1 by default, and 0 where `atMost` is 0. */
  count: z.number().int().min(0).max(10_000).optional(),
  /** How many may match, at most; 0 for none. It is watched until the time is over. */
  atMost: z.number().int().min(0).max(10_000).optional(),
  withinMs: z.number().int().min(1).max(longestWaitMs).default(5000),
  /** What came since then counts; by default, what comes from now on ... */
  sinceMs: timeMs.optional(),
  /** ... or what came after this one. */
  afterId: z.string().max(100).optional(),
};

type Expected = { readonly [Field in keyof typeof expected]?: z.infer<(typeof expected)[Field]> };

function checkExpected({ count, atMost, sinceMs, afterId }: Expected, context: z.RefinementCtx): void {
  const complain = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
  if (count !== undefined && atMost !== undefined && atMost < count)
    complain('atMost', `At least ${count} are to match, so at most ${atMost} can never hold: raise atMost, or lower count.`);
  if (sinceMs !== undefined && afterId !== undefined) complain('afterId', 'Give sinceMs or afterId, and only one of them.');
}

/** Paths begin with /, and the query is no part of them: what asks for others is met by nothing, or by whatever comes where none may. */
function couldBePath(pattern: string): boolean {
  return /^[/*]/.test(pattern) && !pattern.includes('?');
}

const noPath = 'Begin the path with / or *, and give parameters of the query as query: nothing else could match.';

export const captureWait = z
  .strictObject({
    for: z.literal('captures'),
    /** Only what this bin captures. */
    binId: z.string().max(100).optional(),
    match: requestMatch.optional(),
    /** Text of the JSON that the body has to be, whatever its layout and the order of its names. */
    body: z.string().min(1).max(1_000_000).optional(),
    /** Differences of the body that do not count. */
    ignore: z.array(noiseKind).max(10).default([]),
    /** One capture for each of these, every one after the one before; `match` holds for all. */
    inOrder: z.array(requestMatch).min(2).max(20).optional(),
    /** No id of an event may come twice; it is watched until the time is over. */
    oncePerId: z.boolean().default(false),
    ...expected,
  })
  .superRefine((input, context) => {
    checkExpected(input, context);
    if (input.inOrder !== undefined && (input.count !== undefined || input.atMost !== undefined || input.oncePerId))
      context.addIssue({
        code: 'custom',
        path: ['inOrder'],
        message: 'Leave out count, atMost and oncePerId: inOrder says what has to come.',
      });
    for (const [match, path] of [
      [input.match, 'match'] as const,
      ...(input.inOrder ?? []).map((each, index) => [each, `inOrder.${index}`] as const),
    ])
      if (match?.path !== undefined && !couldBePath(match.path))
        context.addIssue({ code: 'custom', path: [...path.split('.'), 'path'], message: noPath });
    if (input.oncePerId && input.binId === undefined)
      context.addIssue({ code: 'custom', path: ['oncePerId'], message: 'Give binId, too: one event may come to several bins.' });
  });
export type CaptureWait = z.infer<typeof captureWait>;

/** Conditions of which no delivery meets all: that none did would be true whatever came. */
function impossibleMatch({ statuses, outcomes, answers, answeredWithinMs }: DeliveryMatch): { field: string; message: string } | null {
  const ofAttempt =
    outcomes !== undefined ? 'outcomes' : answers !== undefined ? 'answers' : answeredWithinMs === undefined ? null : 'answeredWithinMs';
  if (ofAttempt !== null && statuses?.every((status) => status === 'pending') === true)
    return { field: ofAttempt, message: `No attempt of a pending delivery has ended: leave ${ofAttempt} out, or give other statuses.` };
  if (outcomes !== undefined && !outcomes.includes('ok') && statuses?.every((status) => status === 'delivered') === true)
    return { field: 'outcomes', message: 'The last attempt of what is delivered ended in ok: leave outcomes out, or give other statuses.' };
  if (answers !== undefined && outcomes?.some(isAnswered) === false)
    return {
      field: 'answers',
      message: `What ends in ${outcomes.join(' or ')} has no whole answer: leave answers out, or give other outcomes.`,
    };
  return null;
}

export const deliveryWait = z
  .strictObject({
    for: z.literal('deliveries'),
    /** Only those to this endpoint. */
    endpointId: z.string().max(100).optional(),
    /** Only those of this message, also those that were made before the wait began. */
    messageId: z.string().max(300).optional(),
    /** Only tests, such as the steps of runs, or none of them; both where it is left out. */
    isTest: z.boolean().optional(),
    match: deliveryMatch.optional(),
    ...expected,
  })
  .superRefine((input, context) => {
    checkExpected(input, context);
    const problem = input.match === undefined ? null : impossibleMatch(input.match);
    if (problem !== null) context.addIssue({ code: 'custom', path: ['match', problem.field], message: problem.message });
  });
export type DeliveryWait = z.infer<typeof deliveryWait>;

/** What came closest without matching: what has the fewest conditions that do not hold, and the last of those. */
export const nearestMiss = z.strictObject({
  id: z.string(),
  /** What it is, in a few words. */
  what: z.string(),
  unmet: z.array(
    z.strictObject({
      /** As it is written in a filter: `type=invoice.paid`. */
      condition: z.string(),
      /** What is there instead, in a sentence. */
      found: z.string(),
    }),
  ),
  /** Values of the body that are others, the first of them: `before` is expected, `after` is what came. */
  differences: z.array(jsonChange),
  differenceCount: z.number().int(),
});
export type NearestMiss = z.infer<typeof nearestMiss>;

const ended = {
  isMet: z.boolean(),
  /** What came out, in a sentence. */
  message: z.string(),
  /** The same with what came closest and what it lacks, in lines for people. */
  report: z.string(),
  /** How many came that were looked at. */
  looked: z.number().int(),
  matchCount: z.number().int(),
  /** Null where something matched too often, or nothing else came. */
  nearest: nearestMiss.nullable(),
  tookMs: z.number(),
};

/** What became of a wait. `matched` has the first of those that match, oldest first. */
export const waitResult = z.discriminatedUnion('for', [
  z.strictObject({ for: z.literal('captures'), ...ended, matched: z.array(captureSummary) }),
  z.strictObject({ for: z.literal('deliveries'), ...ended, matched: z.array(deliverySummary) }),
]);
export type WaitResult = z.infer<typeof waitResult>;

export const waits = {
  wait: base
    .route({
      method: 'POST',
      path: '/waits',
      summary: 'Wait until captures or deliveries match, or until they did not within a time; then say what came closest',
      description:
        'The answer comes when it is decided, so a caller has to be ready to wait for `withinMs`. It ends when the caller leaves.',
    })
    .input(z.discriminatedUnion('for', [captureWait, deliveryWait]))
    .output(waitResult),
};
