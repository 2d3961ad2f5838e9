import { z } from 'zod';
import { captureTag } from './capture-marks.ts';
import { queryBoolean, queryNumber, timeMs } from './common.ts';
import { eventPattern } from './endpoints.ts';
import { matchedVerdict, requestMatch, textPattern } from './request-match.ts';

/** A status, or a class of them. */
const answeredStatus = z.coerce
  .string()
  .toLowerCase()
  .regex(/^[1-5](\d\d|xx)$/, 'Give a status such as 404, or a class such as 4xx.');

const captureId = z.string().max(100);

/** Filter of the list of captures; each field narrows. Names are those of the log's filter where the same is meant. */
export const captureFields = {
  binId: z.string().max(100).optional(),
  method: z
    .string()
    .toUpperCase()
    .regex(/^[A-Z-]{1,30}$/, 'Give a method such as POST.')
    .optional(),
  /** The path behind the bin's own, `/` without one; `*` stands for any characters. */
  path: textPattern.optional(),
  /** Of the answer that it was given: `404`, or `4xx` for a class. */
  status: answeredStatus.optional(),
  /** By the scheme of the bin; `none` where nothing was verified. */
  verdict: matchedVerdict.optional(),
  /** The event that the request itself names: `order.paid`, a pattern such as `order.*`, or `*` for any. */
  eventType: eventPattern.optional(),
  /** The id that its sender gave the event. */
  messageId: z.string().max(300).optional(),
  tag: captureTag.optional(),
  isPinned: queryBoolean.optional(),
  /** What answered it: the id of a rule or its name at that time, or a kind such as `handshake`; `own` for the bin's own answer. */
  answeredBy: z.string().min(1).max(200).optional(),
  /** The source that brought it. */
  sourceId: z.string().max(100).optional(),
  /** Only what came after this capture, and only up to this one, itself included. */
  afterId: captureId.optional(),
  untilId: captureId.optional(),
  /** Received from this time on, and before that one. */
  fromMs: queryNumber(timeMs).optional(),
  toMs: queryNumber(timeMs).optional(),
  /** Text in ids, request line, headers, body, note and tags, or the headers of the answer, in any case and decoded. */
  q: z.string().max(500).optional(),
};

/** Captures to do something with: those that a filter finds, or some by their ids. */
export const captureSelection = {
  ...captureFields,
  /** Only these. */
  ids: z.array(captureId).min(1).max(1000).optional(),
};
const captureSelectionObject = z.strictObject(captureSelection);
export type CaptureSelection = z.infer<typeof captureSelectionObject>;

/** The same for sending captures on, with conditions as relays have them. */
export const captureFilter = z.strictObject({ ...captureSelection, match: requestMatch.optional() });
export type CaptureFilter = z.infer<typeof captureFilter>;
