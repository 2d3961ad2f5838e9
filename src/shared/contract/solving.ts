import { z } from 'zod';
import { namedValues } from './named-values.ts';
import { signedPart } from './evidence.ts';
import { solverFix } from './solver-fix.ts';

const causeKind = z.enum(['secret', 'body', 'string', 'encoding', 'algorithm', 'scheme']);

/** One difference between what was received and what was signed. */
export const solvedCause = z.strictObject({
  kind: causeKind,
  /** Stable name for programs, such as `body-minified`. */
  id: z.string(),
  /** A sentence that can be sent as it is: what makes the signature valid, what happened, what to do. */
  sentence: z.string(),
});

/** A change that makes a received signature match, with its proof. */
export const solverMatch = z.strictObject({
  /** How far-fetched it is: about 1 for each change; 0 when nothing needs to change. */
  cost: z.number(),
  scheme: z.string(),
  /** What was changed; empty when the signature matches as it is. */
  causes: z.array(solvedCause),
  /** All causes in one sentence, with what to do. */
  sentence: z.string(),
  remedy: z.string(),
  /** The signature is so short, or was cut so short, that a match is a hint and no proof. */
  weak: z.boolean(),
  /** How many bytes of the signature were compared; null where the scheme judged it whole. */
  comparedBytes: z.number().int().nullable(),
  secretFingerprint: z.string(),
  /** What the secret is called, such as the name of its endpoint. Never the secret. */
  secretLabel: z.string(),
  /**
   * The bytes that were signed, and which run came from where; null for a large body of any match but the first, and where the scheme
   * does not tell.
   */
  signed: z.strictObject({ base64: z.string(), parts: z.array(signedPart) }).nullable(),
  /** What the unchanged request gives with this secret, in the form of the received signature; null where it gives nothing. */
  unchanged: z.string().nullable(),
  /** What the changed request gives. */
  expected: z.string(),
  /** The signature as it was received. */
  received: z.string(),
  /** Where the received and the signed body begin to differ, with up to 16 bytes of each from there on; null when the body is unchanged. */
  bodyDiff: z.strictObject({ offset: z.number().int(), beforeHex: z.string(), afterHex: z.string() }).nullable(),
  /** The changed question for which the signature matches, as data, or why there is none. `verifying.verify` takes it as `change`. */
  fix: solverFix.default({ why: 'This result comes from a version without fixes: search again.' }),
});
export type SolverMatch = z.infer<typeof solverMatch>;

/** What a search does, in this order; `far-fetched pairs` are two changes together that are each unusual. */
const searchPhase = z.enum(['as received', 'one change', 'two changes', 'far-fetched pairs']);
export type SearchPhase = z.infer<typeof searchPhase>;

/** How far a search is. */
export const solverProgress = z.strictObject({
  kind: z.literal('progress'),
  /** Signatures computed and compared so far. */
  tried: z.number().int(),
  phase: searchPhase,
});
export type SolverProgress = z.infer<typeof solverProgress>;

/** Changes that a search knows but did not try. */
export const solverUntried = z.strictObject({
  /** Where the search ended, or what it left something out of. */
  phase: searchPhase,
  /**
   * `match`: not needed, since a match with fewer changes was found; `count`: the limit on signatures per search was reached; `size`: the
   * body is too large for it; `signature`: there is none to compare with.
   */
  why: z.enum(['match', 'time', 'count', 'size', 'signature']),
  /** The kinds of changes whose pairs were left out, in whole or in part; empty where the phase was left as a whole. */
  pairs: z.array(z.tuple([causeKind, causeKind])),
  sentence: z.string(),
});
export type SolverUntried = z.infer<typeof solverUntried>;

/** A family of changes and how far it was searched. */
export const solverFamily = z.strictObject({
  /** Stable name for programs, such as `key-order`. */
  family: z.string(),
  /** What the family is, in words. */
  title: z.string(),
  kind: causeKind,
  /** How many signatures were computed with a change of it, alone or with another. */
  tried: z.number().int(),
  /** `nothing to change` where the request has nothing that a change of it touches. */
  state: z.enum(['searched', 'in part', 'not reached', 'nothing to change']),
  /** Why it was not searched to its end; null where it was. */
  why: z.enum(['match', 'time', 'count', 'size', 'signature']).nullable(),
});
export type SolverFamily = z.infer<typeof solverFamily>;

/** What a search found, or what it tried and what to ask for. */
export const solverResult = z.strictObject({
  kind: z.literal('result'),
  /** Cheapest first. The search ends with the number of changes at which it found one. */
  matches: z.array(solverMatch),
  tried: z.strictObject({
    total: z.number().int(),
    /** How many of them changed something of each kind; `none` counts the request as received. */
    byKind: namedValues(z.string(), z.number().int()),
  }),
  /** Whether every change that the search knows and every two of them that go together were tried; what was not is in `untried`. */
  exhausted: z.boolean(),
  /** What was not tried and why; empty exactly when `exhausted` is true. */
  untried: z.array(solverUntried).default([]),
  /** Every family that the search knows, and how far it was searched; empty in a result from before there were any. */
  families: z.array(solverFamily).default([]),
  elapsedMs: z.number(),
  /** Sentences about what to ask the customer for; empty if a match is a proof. */
  advice: z.array(z.string()),
});
export type SolverResult = z.infer<typeof solverResult>;

export const solverEvent = z.discriminatedUnion('kind', [solverProgress, solverResult]);
export type SolverEvent = z.infer<typeof solverEvent>;

/** Largest body that is searched. */
export const solverBodyLimitBytes = 10_485_760;

/** Largest sum of all header names and values that is searched. */
export const solverHeaderLimitCharacters = 1_048_576;

/** Which secrets are tried beyond those given, and for how long. */
export const solverChoices = {
  /** Endpoints, bins and authentications, by id, whose secrets are tried too, those from before a rotation included. */
  secretsOf: z.array(z.string()).max(200).default([]),
  /** Try the secrets of every endpoint and bin. */
  allSecrets: z.boolean().default(false),
  /** The search ends after this time with what it has found. Far-fetched pairs of changes are given up after three tenths of it. */
  maxMs: z.number().int().min(10).max(60_000).default(5000),
} as const;
