import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { namedValues } from './named-values.ts';
import { json } from './json.ts';
import { caseChoices, caseFile } from './case-file.ts';
import { base, headerFields, timeMs } from './common.ts';
import { signedPart } from './evidence.ts';
import { recognisedScheme, requestChoice, requestInput } from './request-choice.ts';
import { secretText } from './signing.ts';
import { requestChange } from './solver-fix.ts';
import { solverChoices, solverEvent } from './solving.ts';
import { deferrableText } from './deferred-text.ts';

/** One step of a verification. */
export const check = z.strictObject({
  name: z.enum(['headers', 'secret', 'timestamp', 'signature']),
  result: z.enum(['passed', 'failed', 'skipped']),
  message: z.string(),
});

export type Check = z.infer<typeof check>;

/** Why a verdict is what it is; `ok` for valid. */
export const verificationReason = z.enum([
  'ok',
  'header_missing',
  'header_malformed',
  /** The scheme signs the method or URL and the request was given without it. */
  'request_incomplete',
  'secret_missing',
  'secret_malformed',
  'timestamp_malformed',
  'timestamp_stale',
  'timestamp_future',
  'signature_mismatch',
  /** A digest of the body that the signature covers is not that of the body received. */
  'digest_mismatch',
  /** The signature, or what it is made with, stands in the body, and the body cannot be read. */
  'body_malformed',
  /** The signature names another algorithm than the scheme or the key allows. */
  'algorithm_refused',
  /** The certificate is not valid at this time, or must not sign for this scheme. */
  'certificate_invalid',
  /** The signature has an expiry time, and it has passed. */
  'expired',
  /** The signature does not cover what the receiver requires. */
  'coverage_missing',
  /** Nothing in the request looks like a signature, so the scheme is unknown. */
  'unknown',
  /** The request shows a scheme that cannot be checked here. */
  'scheme_unsupported',
]);
export type VerificationReason = z.infer<typeof verificationReason>;

/** The verdict on a request, with its proof. */
export const verification = z.strictObject({
  /**
   * `unsigned` when the request carries no signature header of the scheme at all, `unchecked` when it carries one that was compared with
   * nothing, because the secret or a part of the request is missing here or the scheme is unknown.
   */
  verdict: z.enum(['valid', 'invalid', 'unsigned', 'unchecked']),
  reason: verificationReason,
  /** One sentence that says why and what to do. */
  message: z.string(),
  scheme: z.string(),
  checks: z.array(check),
  /** Seconds from the signed timestamp to now; negative when it lies in the future; null without one. */
  timestampAgeSeconds: z.number().nullable(),
  /** Index of the secret and of the signature that matched, or null. */
  matchedSecret: z.number().int().nullable(),
  matchedSignature: z.number().int().nullable(),
  /** Signatures read from the request, in the scheme's own text form. */
  receivedSignatures: z.array(z.string()),
  /** What each usable secret would have given, in the same form. Never the secret. */
  expectedSignatures: z.array(z.string()),
  /** The bytes that were signed, and which run came from where; null where they cannot be put together. */
  signedBase64: deferrableText.nullable(),
  parts: z.array(signedPart),
  /** What the receiver still has to check, such as whether it has seen the id before. */
  next: z.array(z.string()),
  /** A sentence if the provider's own library would judge this request differently; null if it agrees. */
  libraryNote: z.string().nullable(),
});
export type Verification = z.infer<typeof verification>;

/** Options of a scheme without its id, for `custom`; checked against the scheme named beside it. */
const schemeOptions = namedValues(z.string(), json);

/**
 * The verdict on a request; for the scheme `auto` with the schemes that the request looks like, likeliest first, of which `scheme` is the
 * one that counted, and `options` what it was checked with.
 */
export const verifyAnswer = z.strictObject({
  ...verification.shape,
  recognised: z.array(recognisedScheme).optional(),
  options: schemeOptions.optional(),
  /** For a signature that does not match, where Hookyard sent the request and another body was received. */
  transit: z
    .strictObject({
      sentence: z.string(),
      /** The signature matches over the body that was sent. */
      isProven: z.boolean(),
      attemptId: z.string(),
      deliveryId: z.string(),
    })
    .optional(),
});
export type VerifyAnswer = z.infer<typeof verifyAnswer>;

export const schemeId = z.string().max(100);

/** What a scheme's recipe was last checked against, the strongest first; `two implementations` agreed where no library exists. */
export const schemeCheck = z.enum(['vendor library', 'third-party library', 'published vector', 'two implementations', 'not confirmed']);

/** A scheme, as the window and scripts may list it. */
export const schemeInfo = z.strictObject({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  /** Headers it reads and writes with default options. */
  headers: z.array(z.string()),
  algorithm: z.string(),
  secretHint: z.string(),
  /** `pair` where the sender signs with a private key; `either` where its options choose. */
  keyKind: z.enum(['shared', 'pair', 'either']),
  allowsSeveralSecrets: z.boolean(),
  toleranceSeconds: z.number().nullable(),
  /** Where the recipe was taken from, and when. */
  source: z.url().nullable(),
  asOf: z.string().nullable(),
  /** How far the recipe was checked; null for one that its options describe. */
  checked: schemeCheck.nullable(),
  /** The provider's documentation where it is another page than the source. */
  documentation: z.url().nullable(),
  pitfall: z.string(),
  /** How the provider's library differs from comparing the exact bytes, in a sentence; null if nothing is known. */
  libraryNote: z.string().nullable(),
  /** JSON Schema of its options, `scheme` included. */
  options: z.record(z.string(), z.unknown()),
});
export type SchemeInfo = z.infer<typeof schemeInfo>;

/** The input of a search for the cause: a request as for a verification, and which other secrets to try. */
export const solveInput = z.strictObject({
  /** The scheme the receiver verifies by, or `auto` for those whose headers the request carries. */
  scheme: schemeId,
  secrets: z.array(secretText).max(100).default([]),
  options: schemeOptions.optional(),
  ...requestChoice,
  /** The receiver's clock; now by default, or the time of a capture or attempt. */
  nowMs: timeMs.optional(),
  ...solverChoices,
});

/** What to send in place of the given body and URL where the scheme puts its signature or a digest there; null where they stay. */
const changedRequest = { bodyBase64: deferrableText.nullable(), url: z.string().nullable() };

const verifyInput = z.strictObject({
  /** A scheme's id, or `auto` for the one that the request shows. */
  scheme: schemeId,
  secrets: z.array(secretText).max(100).default([]),
  /** Also try the secrets of this endpoint, bin or authentication, without showing them. */
  secretsOf: z.string().optional(),
  options: schemeOptions.optional(),
  ...requestChoice,
  /** The receiver's clock; now by default, or the time of a capture or attempt. */
  nowMs: timeMs.optional(),
});

export const verifying = {
  schemes: base
    .route({ method: 'GET', path: '/schemes', summary: 'List signature schemes' })
    .output(z.strictObject({ items: z.array(schemeInfo), next: z.null() })),
  verify: base
    .route({ method: 'POST', path: '/verify', summary: 'Verify the signature of a request' })
    .input(
      z.strictObject({
        ...verifyInput.shape,
        /** A change to make before the verdict, such as the `fix` of a search. */
        change: requestChange.optional(),
      }),
    )
    .output(verifyAnswer),
  case: base
    .route({
      method: 'POST',
      path: '/verify/case',
      summary: 'Verify a request and save it as a case file',
      description: 'Returns an HTML or JSON file without any secret, to hand to a colleague. It opens offline.',
    })
    .input(z.strictObject({ ...verifyInput.shape, ...caseChoices }))
    .output(caseFile),
  solve: base
    .route({
      method: 'POST',
      path: '/verify/solve',
      summary: 'Search for the smallest change that makes a signature match',
      description: 'Returns server-sent events: progress while it searches, then one result. The search ends when the caller disconnects.',
    })
    .input(solveInput)
    .output(eventIterator(solverEvent)),
  sign: base
    .route({ method: 'POST', path: '/sign', summary: 'Sign a body as a scheme does' })
    .input(
      z.strictObject({
        scheme: schemeId,
        secrets: z.array(secretText).max(10).default([]),
        /** Or with the secrets of this endpoint, bin or authentication, without showing them. */
        secretsOf: z.string().max(100).optional(),
        options: schemeOptions.optional(),
        request: requestInput.omit({ headers: true, bodyGap: true }),
        id: z.string().max(128).optional(),
        nowMs: timeMs.optional(),
      }),
    )
    .output(
      z.strictObject({
        scheme: z.string(),
        headers: headerFields,
        signedBase64: deferrableText,
        parts: z.array(signedPart),
        ...changedRequest,
      }),
    ),
};
