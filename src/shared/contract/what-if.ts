import { z } from 'zod';
import { base, queryNumber, timeMs } from './common.ts';
import { disableReason } from './health.ts';
import { profileFact } from './profiles.ts';
import { networkCodes } from './retry.ts';
import { retryPolicyChoice } from './retry-choice.ts';

/** A time in epoch milliseconds. */
const atMs = timeMs;
const longestSpanMs = 60 * 86_400_000;

/** What an attempt ends in while a receiver is down: without an answer, which a timeout is known for after the time-out only, or with one. */
export const outageAnswer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('network'), code: z.enum(networkCodes) }),
  z.strictObject({
    kind: z.literal('status'),
    status: z.number().int().min(200, 'Use a status from 200 to 599.').max(599, 'Use a status from 200 to 599.'),
    /** Value of a header `Retry-After` beside it, such as `120`; null for none. */
    retryAfter: z.string().max(100).nullable().default(null),
  }),
]);
export type OutageAnswer = z.infer<typeof outageAnswer>;

/** A time in which each attempt that begins gets this answer; `untilMs` itself is after it. */
export const outage = z
  .strictObject({ fromMs: atMs, untilMs: atMs, answer: outageAnswer })
  .refine(({ fromMs, untilMs }) => untilMs > fromMs && untilMs - fromMs <= longestSpanMs, {
    path: ['untilMs'],
    message: 'Let the outage end after it begins, and last at most 60 days.',
  });
export type Outage = z.infer<typeof outage>;

/** Events in one answer at most; in all lanes together there are at most eight times as many. */
export const mostEvents = 1000;
export const mostRules = 8;
/** Attempts told in one answer at most. */
export const mostToldAttempts = 20_000;

/** When events happen: at an even pace, at these times, or at the times of the deliveries that the log has of an endpoint. */
export const whatIfEvents = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('every'),
    everyMs: z.number().int().min(1, 'Use a pace of at least 1 ms.').max(longestSpanMs),
    fromMs: atMs,
    untilMs: atMs,
  }),
  z.strictObject({ kind: z.literal('at'), timesMs: z.array(atMs).min(1).max(mostEvents, `Give at most ${mostEvents} events.`) }),
  z.strictObject({ kind: z.literal('log'), endpointId: z.string().max(200), fromMs: atMs, untilMs: atMs }),
]);
export type WhatIfEvents = z.infer<typeof whatIfEvents>;

/** Whose rules: those of a profile, of a retry policy alone, or all of an endpoint. */
export const whatIfRules = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('profile'), id: z.string().max(100) }),
  z.strictObject({ kind: z.literal('policy'), policy: retryPolicyChoice }),
  z.strictObject({ kind: z.literal('endpoint'), id: z.string().max(200) }),
]);
export type WhatIfRules = z.infer<typeof whatIfRules>;

export const whatIfInput = z.strictObject({
  outages: z.array(outage).min(1, 'Give at least one outage.').max(20, 'Give at most 20 outages.'),
  events: whatIfEvents,
  /** Those of Stripe, Shopify, GitHub and Svix by default. */
  rules: z.array(whatIfRules).min(1).max(mostRules, `Compare at most ${mostRules} rules.`).optional(),
  /** Fixes what jitter makes of each delay; without it there is no jitter, and `range` says what it can change. */
  seed: z.number().int().min(0).max(4_294_967_295).optional(),
  /** Whether each event has its attempts with it. */
  withAttempts: z.boolean().default(false),
});
export type WhatIfInput = z.infer<typeof whatIfInput>;

/**
 * How an event ends: `delivered`; `exhausted`, no attempt is left; `off`, it still waited when the subscription was switched off; `unsent`,
 * it came while it was off. All but the first are lost unless somebody acts.
 */
export const eventEnd = z.enum(['delivered', 'exhausted', 'off', 'unsent']);
export type EventEnd = z.infer<typeof eventEnd>;

export const whatIfAttempt = z.strictObject({
  /** 1 for the first. */
  number: z.number().int(),
  atMs: z.number().int(),
  /** When it was known how it ended, which is later than `atMs` for a timeout only. */
  endedAtMs: z.number().int(),
  isOk: z.boolean(),
});

export const whatIfEvent = z.strictObject({
  atMs: z.number().int(),
  end: eventEnd,
  /** When that became known; for `delivered`, when the attempt that was accepted began. */
  endedAtMs: z.number().int(),
  attempts: z.number().int(),
  /** Why there is no further attempt although the policy has some left, as a sentence; null otherwise. */
  reason: z.string().nullable(),
});

/** Events by their end, and what the receiver has to take. */
export const whatIfTotals = z.strictObject({
  events: z.number().int(),
  /** By their first attempt. */
  atOnce: z.number().int(),
  /** By a later attempt. */
  late: z.number().int(),
  /** How late those are after the event; null where there is none. */
  lateness: z.strictObject({ p50Ms: z.number().int(), maxMs: z.number().int() }).nullable(),
  lost: z.number().int(),
  /** Parts of `lost`. */
  exhausted: z.number().int(),
  off: z.number().int(),
  unsent: z.number().int(),
  attempts: z.number().int(),
  /** Attempts in the first minute after the last outage. */
  firstMinute: z.number().int(),
  /** The minute after it with the most attempts; null without any. */
  busiestMinute: z.strictObject({ atMs: z.number().int(), attempts: z.number().int() }).nullable(),
});
export type WhatIfTotals = z.infer<typeof whatIfTotals>;

/** When the subscription is switched off by itself, and why. */
export const switchedOff = z.strictObject({ atMs: z.number().int(), reason: disableReason, message: z.string() });
export type SwitchedOff = z.infer<typeof switchedOff>;

/** What becomes of the events under one set of rules. */
export const whatIfLane = z.strictObject({
  rules: whatIfRules,
  name: z.string(),
  /** The schedule in one line. */
  schedule: z.string(),
  /** When these rules switch a subscription off, or that no such rule is known, as a sentence. */
  switchRule: z.string(),
  /** What it relies on, each with how well it is known. */
  facts: z.array(profileFact),
  /** What can be done about lost events, as a sentence; null where nothing is known. */
  recovery: z.string().nullable(),
  totals: whatIfTotals,
  off: switchedOff.nullable(),
  /** Totals with the shortest and with the longest waits that jitter can make; null without jitter, or with a seed. */
  range: z.strictObject({ shortest: whatIfTotals, longest: whatIfTotals }).nullable(),
  /** How it ends, in sentences without times of day. */
  ending: z.string(),
  events: z.array(z.strictObject({ ...whatIfEvent.shape, tries: z.array(whatIfAttempt).optional() })),
});
export type WhatIfLane = z.infer<typeof whatIfLane>;

/** A time in which every attempt at an endpoint failed, from the beginning of the first of them to that of the first success. */
export const loggedOutage = z.strictObject({
  fromMs: z.number().int(),
  /** Null while it goes on. */
  untilMs: z.number().int().nullable(),
  failedAttempts: z.number().int(),
  /** What most of the attempts ended in. */
  answer: outageAnswer,
  /** How many of them did. */
  alike: z.number().int(),
});
export type LoggedOutage = z.infer<typeof loggedOutage>;

const endpointId = z.string().max(200);

export const whatIf = {
  run: base
    .route({
      method: 'POST',
      path: '/what-if',
      summary:
        'What an outage does to events under several senders’ rules: attempts, what comes late, what is lost, when it is switched off',
    })
    .input(whatIfInput)
    .output(
      z.strictObject({
        lanes: z.array(whatIfLane),
        /** What is not taken into account, each a sentence. */
        leavesOut: z.array(z.string()),
      }),
    ),
  outages: base
    .route({
      method: 'GET',
      path: '/endpoints/{id}/outages',
      summary: 'Times in which every attempt at an endpoint failed, newest first, from its newest 20,000 attempts',
    })
    .input(
      z.strictObject({
        id: endpointId,
        limit: queryNumber(z.number().int().min(1).max(100)).default(20),
        /** Failed attempts that make an outage. */
        leastAttempts: queryNumber(z.number().int().min(1).max(10_000)).default(2),
      }),
    )
    .output(
      z.strictObject({
        items: z.array(loggedOutage),
        lookedAt: z.number().int(),
        /** Whether the log has older attempts, so that there may be more outages, and the oldest may have begun earlier. */
        isCut: z.boolean(),
      }),
    ),
  eventTimes: base
    .route({
      method: 'GET',
      path: '/endpoints/{id}/event-times',
      summary: `When deliveries to an endpoint were made, oldest first; the newest ${mostEvents} of a time`,
    })
    .input(z.strictObject({ id: endpointId, fromMs: queryNumber(timeMs), untilMs: queryNumber(timeMs) }))
    .output(z.strictObject({ timesMs: z.array(z.number().int()), isCut: z.boolean() })),
};
