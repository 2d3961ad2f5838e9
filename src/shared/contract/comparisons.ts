import { z } from 'zod';
import { base, base64 } from './common.ts';
import { bodyComparison, headerChange, noiseKind, requestComparison, transits } from './comparing.ts';
import { outcome } from './outcome.ts';

/** One of two things to compare: exactly one of these. */
export const comparedChoice = z.strictObject({
  captureId: z.string().max(100).optional(),
  attemptId: z.string().max(100).optional(),
  /** Its last attempt that ended. */
  deliveryId: z.string().max(100).optional(),
});
export type ComparedChoice = z.infer<typeof comparedChoice>;

/** What one of the two is. */
export const comparedSide = z.strictObject({
  kind: z.enum(['attempt', 'capture']),
  id: z.string(),
  /** In words: `Attempt 2 of invoice.paid to Shop`, `Capture of Orders`. */
  name: z.string(),
  /** The delivery of the attempt, or the one that the capture was recognised as when it arrived; null for neither. */
  deliveryId: z.string().nullable(),
  /** The bin of the capture; null for an attempt. */
  binId: z.string().nullable(),
  /** The endpoint of the attempt; null for a capture. */
  endpointId: z.string().nullable(),
  /** Of an attempt: 1 for the first; null for a capture. */
  number: z.number().int().nullable(),
  /** When the attempt began, or when the request arrived. */
  atMs: z.number().int(),
  /** What the attempt ended in; null for a capture. */
  outcome: outcome.nullable(),
  /** Status of the answer; null where none came, and where none was given. */
  status: z.number().int().nullable(),
});
export type ComparedSide = z.infer<typeof comparedSide>;

const answered = z.strictObject({
  status: z.number().int().nullable(),
  reason: z.string(),
  /** True size of the body; null without an answer. */
  bodyBytes: z.number().int().nullable(),
});

/** How the answers to two requests differ. */
export const responseComparison = z.strictObject({
  /** What came out, in sentences. */
  summary: z.string(),
  /** Nothing that could be compared differs but headers about one connection, and what was to be left out. */
  isSame: z.boolean(),
  before: answered,
  after: answered,
  headers: z.array(headerChange),
  /** Headers that both have come in another order. */
  isReordered: z.boolean(),
  /** Null where there are not two bodies: one got no answer, or is a capture, of whose answer the body is not kept. */
  body: bodyComparison.nullable(),
  /** What was not compared, and why, in sentences. */
  notes: z.array(z.string()),
  /** Differences that were left out, by their kind. */
  leftOut: requestComparison.shape.leftOut,
});
export type ResponseComparison = z.infer<typeof responseComparison>;

/** A phase of an attempt in its order, or of what a bin did: `receive` is reading the request, `respond` answering it. */
export const comparedPhase = z.enum(['queued', 'dns', 'connect', 'tls', 'wait', 'download', 'receive', 'respond']);
export type ComparedPhase = z.infer<typeof comparedPhase>;

const comparedMs = {
  /** Milliseconds; null where it did not happen or is not known. */
  beforeMs: z.number().nullable(),
  afterMs: z.number().nullable(),
  /** The second without the first, so that it is negative where the second was faster; null where there are not two. */
  differenceMs: z.number().nullable(),
};

/** How long both took. It says nothing of whether they are the same. */
export const timingComparison = z.strictObject({
  summary: z.string(),
  /** Phases that at least one of the two can have. */
  phases: z.array(z.strictObject({ phase: comparedPhase, ...comparedMs })),
  total: z.strictObject(comparedMs),
  /** What is not known, and why, in sentences. */
  notes: z.array(z.string()),
});
export type TimingComparison = z.infer<typeof timingComparison>;

/** What is known of a connection. */
export const connectionFact = z.enum([
  'remote address',
  'sender address',
  'proxy',
  'reuse',
  'http version',
  'url',
  'tls',
  'cipher',
  'alpn',
  'server name',
  'certificate',
  'issuer',
  'validity',
  'fingerprint',
  'trust',
]);
export type ConnectionFact = z.infer<typeof connectionFact>;

/** Over which connections both went. It says nothing of whether they are the same. */
export const connectionComparison = z.strictObject({
  summary: z.string(),
  facts: z.array(
    z.strictObject({
      fact: connectionFact,
      /** Null where there is none. */
      before: z.string().nullable(),
      after: z.string().nullable(),
      /** Null where the log keeps it of one of the two only, as of an attempt beside a capture. */
      isSame: z.boolean().nullable(),
    }),
  ),
  /** What is not known, and why, in sentences. */
  notes: z.array(z.string()),
});
export type ConnectionComparison = z.infer<typeof connectionComparison>;

/** Two attempts, two captures, or one of each beside the other. */
export const comparison = z.strictObject({
  /** What came out, in a sentence. */
  summary: z.string(),
  /** Neither the requests nor the answers differ; how long they took and over which connection does not count. */
  isSame: z.boolean(),
  before: comparedSide,
  after: comparedSide,
  request: requestComparison,
  response: responseComparison,
  timing: timingComparison,
  connection: connectionComparison,
});
export type Comparison = z.infer<typeof comparison>;

/** Why something is worth to be compared with. */
export const comparedRelation = z.enum([
  'previous attempt',
  'next attempt',
  'last success',
  'sent',
  'arrived',
  'capture before',
  'same event',
]);
export type ComparedRelation = z.infer<typeof comparedRelation>;

/** Something that another thing may be compared with. */
export const comparedOffer = z.strictObject({ relation: comparedRelation, side: comparedSide });
export type ComparedOffer = z.infer<typeof comparedOffer>;

/** Bytes of one body that are read at once. */
export const comparedBytesLimit = 65_536;

/** A piece of one of two bodies; null where there is none, or it is not kept. */
const bytesPiece = z.strictObject({ keptBytes: z.number().int(), base64 }).nullable();

const two = { before: comparedChoice, after: comparedChoice };

export const comparing = {
  ...transits,
  compare: base
    .route({
      method: 'POST',
      path: '/comparisons',
      summary: 'Compare two attempts or captures: request, answer, timing and connection',
    })
    .input(
      z.strictObject({
        ...two,
        /** Differences that are left out and only counted. */
        ignore: z.array(noiseKind).max(10).default([]),
      }),
    )
    .output(comparison),
  offers: base
    .route({
      method: 'GET',
      path: '/comparisons/offers',
      summary:
        'What an attempt, a delivery or a capture may be compared with: the attempt before, the last success of its endpoint, and others',
    })
    .input(comparedChoice)
    .output(z.strictObject({ side: comparedSide, offers: z.array(comparedOffer) })),
  bytes: base
    .route({
      method: 'POST',
      path: '/comparisons/bytes',
      summary: 'Read a piece of two bodies, as they went over the wire, with where they differ next',
    })
    .input(
      z.strictObject({
        ...two,
        of: z.enum(['request', 'response']),
        fromByte: z.number().int().min(0).default(0),
        bytes: z.number().int().min(1).max(comparedBytesLimit).default(4096),
      }),
    )
    .output(
      z.strictObject({
        before: bytesPiece,
        after: bytesPiece,
        /** Offset of the first byte behind this piece in which the bodies differ; null where none does, or one is not there. */
        nextDifferenceAt: z.number().int().nullable(),
      }),
    ),
};
