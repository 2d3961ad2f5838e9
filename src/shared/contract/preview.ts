import { z } from 'zod';
import { base, headerFields, timeMs, warnings } from './common.ts';
import { endpointPatch } from './endpoints.ts';
import { environmentChoice } from './environments.ts';
import { signatureEvidence } from './evidence.ts';
import { givenHead } from './given-head.ts';
import { eventInput } from './messages.ts';
import { outcomeCode } from './outcome.ts';
import { deferrableText } from './deferred-text.ts';

/** What a request can be written as, to make it again: commands for a shell, and code. */
export const requestCodeKind = z.enum(['curl', 'httpie', 'fetch', 'python', 'go']);
export type RequestCodeKind = z.infer<typeof requestCodeKind>;

/** The exact request an attempt would make now. */
export const preparedRequest = z.strictObject({
  method: z.string(),
  url: z.string(),
  /** Every header in wire order and case, those the HTTP layer adds included. */
  headers: headerFields,
  bodyBase64: deferrableText,
  bodyBytes: z.number().int(),
  /** The body as text when it is UTF-8 and has at most 1 MiB, else null. */
  bodyText: z.string().nullable(),
  signature: signatureEvidence.nullable(),
  /** Where the secret came from: the endpoint, the draft, the authentication, or a placeholder because there is none yet. */
  secretSource: z.enum(['endpoint', 'draft', 'auth', 'placeholder', 'none']),
  curl: deferrableText,
  /** Code that makes the request again, in the language that was asked for; null where none was. */
  code: z
    .strictObject({
      as: requestCodeKind,
      text: deferrableText,
      /** What the language or tool sends otherwise than the request, a sentence each. */
      notes: z.array(z.string()),
    })
    .nullable(),
  /**
   * Which line of the template (from 1) made which characters of `bodyText`, in order. Null where that was not asked for, or cannot be
   * told: without a template, of a batch, of large bodies, and where names are sorted.
   */
  origin: z.array(z.strictObject({ line: z.number().int(), from: z.number().int(), to: z.number().int() })).nullable(),
  warnings,
});
export type PreparedRequest = z.infer<typeof preparedRequest>;

export const preview = {
  render: base
    .route({ method: 'POST', path: '/preview', summary: 'Show the exact request an event would make, without sending it' })
    .input(
      z.strictObject({
        /** Start from this endpoint ... */
        endpointId: z.string().optional(),
        /** ... or from nothing, and set these fields. `secretHeaders` and `secret` in a draft are used and forgotten. */
        draft: endpointPatch.optional(),
        event: z.strictObject(eventInput),
        environment: environmentChoice,
        head: givenHead.optional(),
        /** Which attempt, by the schedule: 1 for the first. */
        attempt: z.number().int().min(1).max(1000).default(1),
        /** What the attempt before it ended in; `http_status` stands for an answer with 500. */
        lastOutcome: outcomeCode.exclude(['ok', 'cancelled']).default('http_status'),
        /** When the attempt is made, in epoch milliseconds; now where it is left out. */
        atMs: timeMs.optional(),
        /** Also tell which line of the template made what of the body. */
        withOrigin: z.boolean().default(false),
        /** Also write the request as such code. */
        as: requestCodeKind.optional(),
      }),
    )
    .output(preparedRequest),
};
