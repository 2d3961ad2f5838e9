import { z } from 'zod';
import { base } from './common.ts';

/** What differs by nature between two requests and can be left out: times, ids, and signatures (which cover both). */
export const noiseKind = z.enum(['dates', 'ids', 'signatures']);
export type NoiseKind = z.infer<typeof noiseKind>;

/** Whether two things, or two parts of them, are the same; `not compared` where nothing is known to differ and not all could be compared. */
export const comparedResult = z.enum(['same', 'different', 'not compared']);
export type ComparedResult = z.infer<typeof comparedResult>;

/** How the lines of one header differ. Values of several lines are joined by a comma. */
export const headerChange = z.strictObject({
  /**
   * `joined`: several lines became one, or the reverse, with the same values. `unknown`: a value is masked. `untold`: one side does not say
   * whether it has this header, such as a curl command what curl adds.
   */
  kind: z.enum(['added', 'removed', 'rewritten', 'renamed', 'joined', 'unknown', 'untold']),
  name: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  /** It is about one connection (RFC 9110, section 7.6.1), so every proxy may change it. */
  isHopByHop: z.boolean(),
  /** What is known of this change, as a sentence; null for nothing. */
  note: z.string().nullable(),
});
export type HeaderChange = z.infer<typeof headerChange>;

/** A header whose difference was left out, and as what. */
export const leftOutHeader = z.strictObject({ name: z.string(), kind: noiseKind });
export type LeftOutHeader = z.infer<typeof leftOutHeader>;

/** A value of JSON that is another, by its path. Long values are cut. */
export const jsonChange = z.strictObject({
  kind: z.enum(['added', 'removed', 'changed']),
  path: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  note: z.string().nullable(),
});
export type JsonChange = z.infer<typeof jsonChange>;

/** One way in which the same content is written otherwise. */
export const bodyRewrite = z.strictObject({
  kind: z.enum([
    'layout',
    'key order',
    'escapes',
    'numbers',
    'byte order mark',
    'line ends',
    'end',
    'charset',
    'compression',
    'damage',
    'form',
  ]),
  sentence: z.string(),
});
export type BodyRewrite = z.infer<typeof bodyRewrite>;

/** The bytes around a place, from `fromByte` on. */
const bytesAround = z.strictObject({ fromByte: z.number().int(), hex: z.string(), text: z.string() });

/** How two bodies differ. */
export const bodyComparison = z.strictObject({
  /** The same bytes. */
  isSame: z.boolean(),
  /** What counts: `same` also where only what was to be left out differs. */
  result: comparedResult,
  /** Null where the size is not known. */
  beforeBytes: z.number().int().nullable(),
  afterBytes: z.number().int().nullable(),
  /** SHA-256 in hex; null for a body that is not kept. */
  beforeSha256: z.string().nullable(),
  afterSha256: z.string().nullable(),
  /** Offset of the first byte that differs, with what stands around it on either side. */
  firstDifference: z.strictObject({ offset: z.number().int(), before: bytesAround, after: bytesAround }).nullable(),
  /**
   * Whether the content is the same although the bytes may not be: `same`, `other`, or `unknown` where it could not be read on both
   * sides.
   */
  content: z.enum(['same', 'other', 'unknown']),
  /** How the same content is written otherwise. */
  rewrites: z.array(bodyRewrite),
  /** Values of JSON that are others, the first of them; `changeCount` counts all. */
  changes: z.array(jsonChange),
  changeCount: z.number().int(),
  /** Values of JSON that differ and were left out. */
  leftOutCount: z.number().int(),
  /** What was not compared, and why, in sentences. */
  notes: z.array(z.string()),
});
export type BodyComparison = z.infer<typeof bodyComparison>;

/** Method and target of a request; null where they are not known. */
const requestLine = z.strictObject({ method: z.string().nullable(), target: z.string().nullable() });

/** How two requests differ. */
export const requestComparison = z.strictObject({
  /** What came out, in a sentence. */
  summary: z.string(),
  /** Nothing differs but headers about one connection, and what was to be left out. The same as the result `same`. */
  isSame: z.boolean(),
  result: comparedResult,
  /** What could not be compared, and why, in sentences. */
  notCompared: z.array(z.string()),
  line: z.strictObject({
    /** Null where a part of it is not known and the rest is the same. */
    isSame: z.boolean().nullable(),
    before: requestLine,
    after: requestLine,
  }),
  /** What came out for the headers; `not compared` where a side does not tell them, or not all of them, or masks one. */
  headersResult: comparedResult,
  headers: z.array(headerChange),
  /** Headers that both have come in another order. */
  isReordered: z.boolean(),
  body: bodyComparison,
  /** Differences that were left out, by their kind. */
  leftOut: z.strictObject({ dates: z.number().int(), ids: z.number().int(), signatures: z.number().int() }),
  /** In which headers; what else was left out is in the body. */
  leftOutHeaders: z.array(leftOutHeader),
});
export type RequestComparison = z.infer<typeof requestComparison>;

/** What says that an attempt made a capture, the surest first. */
export const matchedBy = z.enum(['signature', 'delivery header', 'message id', 'connection', 'body', 'content']);
export type MatchedBy = z.infer<typeof matchedBy>;

/** An attempt of ours beside the capture that it made: what was sent is `before`, what arrived is `after`. */
export const transit = z.strictObject({
  captureId: z.string(),
  binId: z.string(),
  attemptId: z.string(),
  attemptNumber: z.number().int(),
  deliveryId: z.string(),
  url: z.string(),
  matchedBy,
  /** Other attempts that match as well, of which this is the last before the capture. */
  alsoMatching: z.number().int(),
  startedAtMs: z.number().int(),
  receivedAtMs: z.number().int(),
  /** From the start of the attempt to the first byte of the capture, both by the clock of this machine. */
  elapsedMs: z.number().int(),
  comparison: requestComparison,
});
export type Transit = z.infer<typeof transit>;

const id = z.strictObject({ id: z.string() });

export const transits = {
  transit: base
    .route({
      method: 'GET',
      path: '/captures/{id}/transit',
      summary: 'Compare a capture with what an attempt of Hookyard sent',
    })
    .input(id)
    // `why` says why there is none, where there is none.
    .output(z.strictObject({ transit: transit.nullable(), why: z.string().nullable() })),
  arrivals: base
    .route({ method: 'GET', path: '/attempts/{id}/transit', summary: 'Compare what an attempt sent with the captures that it made' })
    .input(id)
    .output(z.strictObject({ items: z.array(transit), why: z.string().nullable() })),
};
