import { z } from 'zod';

/** Longest time that one request may be held by a fault. */
export const longestHoldMs = 3_600_000;

const bytesPerSecond = (least: number) =>
  z
    .number()
    .int()
    .min(least, `Write a rate of ${least} to 10000000 bytes per second.`)
    .max(10_000_000, `Write a rate of ${least} to 10000000 bytes per second.`);

const holdMs = z.number().int().min(100, 'Hold for 100 ms to 1 hour.').max(longestHoldMs, 'Hold for 100 ms to 1 hour.').default(600_000);

/**
 * What goes wrong on the connection with one answer, instead of the answer alone. All but `slow-read`, `early-answer` and `slow-answer`
 * end the connection.
 */
export const wireFault = z.discriminatedUnion('kind', [
  /** The request is read and never answered; after `holdMs` the connection is closed. */
  z.strictObject({ kind: z.literal('no-answer'), holdMs }),
  /** The connection is reset after this many bytes of the answer, its head included; 0 is before the first one. */
  z.strictObject({
    kind: z.literal('reset'),
    afterBytes: z.number().int().min(0, 'Write 0 or more bytes.').max(10_000_000, 'Write at most 10000000 bytes.').default(0),
  }),
  /** The head and half of the body, then the connection is closed; half of the head where there is no body. */
  z.strictObject({ kind: z.literal('half-answer') }),
  /** `Content-Length` says this many bytes more (or, below zero, fewer) than are sent. */
  z.strictObject({
    kind: z.literal('wrong-length'),
    byBytes: z
      .number()
      .int()
      .min(-1_000_000, 'Write at least -1000000 bytes.')
      .max(1_000_000, 'Write at most 1000000 bytes.')
      .refine((bytes) => bytes !== 0, 'Write how many bytes too many, or with a minus too few: 0 would be the right length.'),
  }),
  /** The answer goes out at this rate, head and body. */
  z.strictObject({ kind: z.literal('slow-answer'), bytesPerSecond: bytesPerSecond(1).default(10) }),
  /** The body of the request is read at this rate, and answered when it is whole. */
  z.strictObject({ kind: z.literal('slow-read'), bytesPerSecond: bytesPerSecond(100).default(1000) }),
  /** The answer is sent before the body of the request is read, which is read then, or left in the connection when that is closed. */
  z.strictObject({ kind: z.literal('early-answer'), closes: z.boolean().default(false) }),
  /** A chunked body with a chunk whose size is not a number. */
  z.strictObject({ kind: z.literal('bad-chunk') }),
  /** The body of the bin again and again, chunked, until the sender goes away, or until `maxBytes` or ten minutes. */
  z.strictObject({
    kind: z.literal('endless-body'),
    bytesPerSecond: bytesPerSecond(1).default(65_536),
    maxBytes: z
      .number()
      .int()
      .min(1, 'Write 1 to 1073741824 bytes.')
      .max(1_073_741_824, 'Write 1 to 1073741824 bytes.')
      .default(67_108_864),
  }),
  /** `Connection: close`, and the connection is closed after the answer. */
  z.strictObject({ kind: z.literal('close') }),
  /** An HTTP/1.0 answer without a length: the body ends with the connection. */
  z.strictObject({ kind: z.literal('http-1.0') }),
]);
export type WireFault = z.infer<typeof wireFault>;
export type WireFaultKind = WireFault['kind'];

/** Every kind, in the order in which they are offered. */
export const wireFaultKinds = wireFault.options.map(({ shape }) => shape.kind.value) as readonly WireFaultKind[];

/**
 * What was sent of an answer with a fault: the bytes that were passed to the system (over TLS before encryption), how long after the
 * beginning of the request it ended, and how.
 */
export const wireEnd = z.strictObject({
  bytes: z.number().int(),
  /** From the first byte of the request to the end. */
  endedMs: z.number(),
  /**
   * `done`: as the fault says. `sender-left`: the sender closed the connection first. `displaced`: too many requests were held by faults, and
   * this was the oldest. `stopped`: Hookyard stopped. `not-possible`: the answer went out whole, since HTTP/2 has no such
   * fault, or since it comes before the reading of a request that had to be read to choose the answer.
   */
  end: z.enum(['done', 'sender-left', 'displaced', 'stopped', 'not-possible']),
});
export type WireEnd = z.infer<typeof wireEnd>;
