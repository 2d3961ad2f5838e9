import { z } from 'zod';
import { namedValues } from './named-values.ts';
import { answeredBy, binAnswersInput } from './bin-answers.ts';
import { responseFields } from './bin-response.ts';
import { base, headerFields } from './common.ts';
import { givenMethods } from './given-head.ts';
import { headerName } from './header-fields.ts';

const id = z.strictObject({ id: z.string() });

/** How far the counting of one rule, or of the bin's own answer, is. */
const answerCounter = z.strictObject({
  /** Null for the bin's own answer. */
  ruleId: z.string().nullable(),
  /** `none`, or what it counts by. */
  key: z.string(),
  /** How many different values of the key are known. */
  keyCount: z.number().int(),
  /** The latest first, 20 at most. */
  latest: z.array(
    z.strictObject({
      /** The value of the key; empty where nothing is counted by. */
      value: z.string(),
      /** Requests that were counted. */
      requests: z.number().int(),
      /** The place of the next step in the sequence, from 1; null without one. */
      nextStep: z.number().int().nullable(),
      /** How the next request of this key is answered, such as `429 after 3s`; empty without a sequence. */
      next: z.string(),
      atMs: z.number(),
    }),
  ),
});

/** A handshake that a bin can answer. */
const answerableHandshake = z.strictObject({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  /** What somebody who asks learns from the answer. */
  givesAway: z.string(),
  /** Schemes that it belongs to. */
  schemes: z.array(z.string()),
});

/** A request that is written for a preview. */
const typedRequest = z.strictObject({
  method: z.enum(givenMethods).default('POST'),
  /** Behind the bin's own path. */
  path: z
    .string()
    .max(4000)
    .regex(/^\/[^?#\s]*$/, 'Write a path that begins with /, without a query.')
    .default('/'),
  /** Without its question mark. */
  query: z
    .string()
    .max(4000)
    .regex(/^[\x21-\x7e]*$/, 'Write the query as it is sent, without spaces.')
    .default(''),
  headers: namedValues(headerName, z.string().max(8192)).default({}),
  body: z.string().max(1_000_000).default(''),
});

/** One thing that was looked at on the way to the answer. */
const answerCheck = z.strictObject({ label: z.string(), ruleId: z.string().nullable(), isTaken: z.boolean(), message: z.string() });

export const answers = {
  handshakes: base
    .route({ method: 'GET', path: '/bin-handshakes', summary: 'List the handshakes that bins can answer' })
    .output(z.strictObject({ items: z.array(answerableHandshake) })),
  state: base
    .route({ method: 'GET', path: '/bins/{id}/answers', summary: 'Read how far the counters and sequences of a bin are' })
    .input(id)
    .output(z.strictObject({ counters: z.array(answerCounter) })),
  reset: base
    .route({ method: 'POST', path: '/bins/{id}/answers/reset', summary: 'Begin the counters and sequences of a bin anew' })
    .input(
      z.strictObject({
        id: z.string(),
        /** Of one rule, null for the bin's own answer; of all where it is left out. */
        ruleId: z.string().max(100).nullable().optional(),
        /** For one value of its key. */
        value: z.string().max(300).optional(),
      }),
    )
    .output(z.strictObject({ id: z.string(), resetCounters: z.number().int() })),
  preview: base
    .route({
      method: 'POST',
      path: '/bins/{id}/answers/preview',
      summary: 'See how a bin would answer a capture or a typed request, without anything being counted',
    })
    .input(
      z.strictObject({
        id: z.string(),
        /** A capture of this bin ... */
        captureId: z.string().max(100).optional(),
        /** ... or a request. */
        request: typedRequest.optional(),
        /** What is not saved yet. */
        response: z.strictObject(responseFields).partial().optional(),
        answers: binAnswersInput.optional(),
        /** Only this rule, by its place in the list from 0, as if it matched; null for the bin's own response. */
        rule: z.number().int().min(0).nullable().optional(),
      }),
    )
    .output(
      z.strictObject({
        status: z.number().int(),
        headers: headerFields,
        /** As UTF-8; the beginning of a long one. */
        body: z.string(),
        bodyBytes: z.number().int(),
        delayMs: z.number().int(),
        /** What is done on the wire in place of an answer, such as `timeout`; null for an answer. */
        fault: z.string().nullable(),
        answeredBy,
        verdict: z.string().nullable(),
        /** In the order in which they were looked at. */
        checks: z.array(answerCheck),
        /** What a template may name, with the values of this request. */
        scope: z.record(z.string(), z.json()),
      }),
    ),
};
