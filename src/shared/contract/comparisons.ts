import { z } from 'zod';
import { base, base64, givenBytes } from './common.ts';
import { decodedBody } from './bodies.ts';
import { bodyComparison, comparedResult, headerChange, noiseKind, requestComparison, transits } from './comparing.ts';
import { outcome } from './outcome.ts';

const storedFields = {
  captureId: z.string().max(100).optional(),
  attemptId: z.string().max(100).optional(),
  /** Its last attempt that ended. */
  deliveryId: z.string().max(100).optional(),
};

/** Something of the log: exactly one of these. */
export const storedChoice = z.strictObject(storedFields);
export type StoredChoice = z.infer<typeof storedChoice>;

const textFields = {
  /** A text that holds a request: an export, a HAR file, a curl command, a raw request, or lines of a log; at most 16 MiB ... */
  text: z.string().optional(),
  /** ... or its bytes. */
  textBase64: givenBytes.optional(),
  /** What the text is called, such as the name of its file. */
  name: z.string().max(200).optional(),
};

/** One of two things to compare: exactly one id, or a text. Nothing of a text is kept or logged. */
export const comparedChoice = z.strictObject({
  ...storedFields,
  ...textFields,
  /** Which request of the text, 1 for the first; may be left out where there is only one. */
  entry: z.number().int().min(1).optional(),
});
export type ComparedChoice = z.infer<typeof comparedChoice>;

/** What one of the two is. */
export const comparedSide = z.strictObject({
  kind: z.enum(['attempt', 'capture', 'text']),
  /** Null for a text. */
  id: z.string().nullable(),
  /** In words: `Attempt 2 of invoice.paid to Shop`, `Capture of Orders`, `Request 3 of customer.har`. */
  name: z.string(),
  /** The delivery of the attempt, or the one that the capture was recognised as when it arrived; null for neither. */
  deliveryId: z.string().nullable(),
  /** The bin of the capture; null for an attempt. */
  binId: z.string().nullable(),
  /** The endpoint of the attempt; null for a capture. */
  endpointId: z.string().nullable(),
  /** Of an attempt: 1 for the first; null for a capture. */
  number: z.number().int().nullable(),
  /** When the attempt began, or when the request arrived; null where a text does not say. */
  atMs: z.number().int().nullable(),
  /** What the attempt ended in; null for a capture. */
  outcome: outcome.nullable(),
  /** Status of the answer; null where none came, where none was given, and where it is not known. */
  status: z.number().int().nullable(),
  /** What a text was read as, in words, such as `HAR`; null for what is in the log. */
  readAs: z.string().nullable(),
  /** What is to be known of how a text was read, in sentences, the first of them. */
  notes: z.array(z.string()),
});
export type ComparedSide = z.infer<typeof comparedSide>;

/** A side that is in the log. */
export const storedSide = comparedSide.extend({ id: z.string(), atMs: z.number().int() });
export type StoredSide = z.infer<typeof storedSide>;

/** Why a request of a text may be the one that is meant: an event type counts where both are signed in the same headers, a target with its method. */
export const entryLikeness = z.enum(['signature', 'event id', 'event type', 'target']);
export type EntryLikeness = z.infer<typeof entryLikeness>;

/** One request of a text; null for what the text does not say. */
export const textEntry = z.strictObject({
  /** 1 for the first of the text. */
  entry: z.number().int(),
  method: z.string().nullable(),
  target: z.string().nullable(),
  atMs: z.number().int().nullable(),
  status: z.number().int().nullable(),
  bodyBytes: z.number().int().nullable(),
  /** What it has in common with the other side; null for nothing. */
  likeness: entryLikeness.nullable(),
});
export type TextEntry = z.infer<typeof textEntry>;

const answered = z.strictObject({
  /** `none` where no answer came, `unknown` where a text does not say. */
  kind: z.enum(['answer', 'none', 'unknown']),
  status: z.number().int().nullable(),
  reason: z.string(),
  /** True size of the body; null without an answer, and where it is not known. */
  bodyBytes: z.number().int().nullable(),
});

/** How the answers to two requests differ. */
export const responseComparison = z.strictObject({
  /** What came out, in sentences. */
  summary: z.string(),
  /** Nothing differs but headers about one connection, and what was to be left out. The same as the result `same`. */
  isSame: z.boolean(),
  result: comparedResult,
  /** What could not be compared, and why, in sentences. */
  notCompared: z.array(z.string()),
  before: answered,
  after: answered,
  /** As that of a request. */
  headersResult: comparedResult,
  headers: z.array(headerChange),
  /** Headers that both have come in another order. */
  isReordered: z.boolean(),
  /** Null where there are not two bodies: one got no answer, or is a capture, of whose answer the body is not kept, or is not known. */
  body: bodyComparison.nullable(),
  /** What was not compared, and why, in sentences. */
  notes: z.array(z.string()),
  /** Differences that were left out, by their kind. */
  leftOut: requestComparison.shape.leftOut,
  leftOutHeaders: requestComparison.shape.leftOutHeaders,
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
      /** Null where it is known of one of the two only, as of an attempt beside a capture. */
      isSame: z.boolean().nullable(),
    }),
  ),
  /** What is not known, and why, in sentences. */
  notes: z.array(z.string()),
});
export type ConnectionComparison = z.infer<typeof connectionComparison>;

/** Two attempts, captures or texts, or one of each beside the other. */
export const comparison = z.strictObject({
  /** What came out, in a sentence. */
  summary: z.string(),
  /** Neither the requests nor the answers differ; how long they took and over which connection does not count. The same as the result `same`. */
  isSame: z.boolean(),
  /** `different` where requests or answers differ, and `not compared` where neither is known to and one could not be compared whole. */
  result: comparedResult,
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
export const comparedOffer = z.strictObject({ relation: comparedRelation, side: storedSide });
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
      summary: 'Compare two attempts, captures, or requests in a text: request, answer, timing and connection',
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
    .input(storedChoice)
    .output(z.strictObject({ side: storedSide, offers: z.array(comparedOffer) })),
  entries: base
    .route({
      method: 'POST',
      path: '/comparisons/entries',
      summary: 'List the requests of a text, the one likeliest to be meant beside another thing first',
    })
    .input(z.strictObject({ ...textFields, other: comparedChoice.optional() }))
    .output(
      z.strictObject({
        /** What the text was read as, in words. */
        readAs: z.string(),
        items: z.array(textEntry),
        /** What is to be known of how it was read, in sentences. */
        notes: z.array(z.string()),
      }),
    ),
  decoded: base
    .route({
      method: 'POST',
      path: '/comparisons/decoded',
      summary: 'Read a body of something that can be compared, unpacked and as text, up to 4 MiB',
    })
    .input(z.strictObject({ side: comparedChoice, of: z.enum(['request', 'response']) }))
    .output(decodedBody.nullable()),
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
