import { z } from 'zod';
import { base, base64, pageOf, pageQuery, timeMs } from './common.ts';

/** Why the capture listener refused a request. */
export const refusalReason = z.enum([
  'no-bin',
  'no-path',
  'dot-path',
  'proxy',
  'no-room',
  'over-capture-limit',
  'path-space',
  'path-not-ascii',
  'path-control',
  'path-form',
  'method',
  'version',
  'lf-only',
  'cr-only',
  'folded-header',
  'header-name',
  'header-value',
  'length-and-chunked',
  'two-lengths',
  'content-length',
  'transfer-encoding',
  'head-too-large',
  'head-too-slow',
  'heads-no-room',
  'too-many-connections',
  'not-allowed',
  'nothing-sent',
  'cut-head',
  'http2',
  'tls',
  'not-tls',
  'tls-handshake',
  'tls-fault',
  'proxy-protocol',
  'extra-bytes',
  'not-http',
]);
export type RefusalReason = z.infer<typeof refusalReason>;

/** One row of the refused requests. */
export const refusedSummary = z.strictObject({
  id: z.string(),
  /** The bin that its path names, or null. */
  binId: z.string().nullable(),
  reason: refusalReason,
  /** What was seen, in one sentence. */
  seen: z.string(),
  /** The first line of what came as far as it is printable, with one character for each byte; null when it is not text. */
  firstLine: z.string().nullable(),
  /** The status that it was answered with; null if the connection was gone. */
  status: z.number().int().nullable(),
  /** Bytes received when it was refused. */
  receivedBytes: z.number().int(),
  remoteAddress: z.string(),
  receivedAtMs: z.number().int(),
  /**
   * How many more were refused for the same reason, whatever bin they asked for, too quickly to be kept one by one, and when the last
   * came.
   */
  more: z.number().int(),
  lastAtMs: z.number().int(),
});
export type RefusedSummary = z.infer<typeof refusedSummary>;

/** A request that the capture listener did not take, with its first bytes. */
export const refusedRequest = z.strictObject({
  ...refusedSummary.shape,
  /** Up to 4,096 bytes, exactly as they came. */
  firstBytesBase64: base64,
  /** What to change at the sender. */
  advice: z.string(),
});
export type RefusedRequest = z.infer<typeof refusedRequest>;

const id = z.strictObject({ id: z.string() });
const removedAtMs = timeMs;

export const refusedRequests = {
  list: base
    .route({ method: 'GET', path: '/refused-requests', summary: 'List requests that the capture listener refused, newest first' })
    .input(z.strictObject({ binId: z.string().optional(), q: z.string().max(500).optional(), ...pageQuery }))
    .output(pageOf(refusedSummary)),
  get: base
    .route({ method: 'GET', path: '/refused-requests/{id}', summary: 'Read a refused request with its first bytes' })
    .input(id)
    .output(refusedRequest),
  remove: base
    .route({ method: 'DELETE', path: '/refused-requests/{id}', summary: 'Delete a refused request; it can be restored for 10 minutes' })
    .input(id)
    .output(z.strictObject({ id: z.string(), removedAtMs })),
  clear: base
    .route({
      method: 'DELETE',
      path: '/refused-requests',
      summary: 'Delete all refused requests, or those of a bin; they can be restored for 10 minutes',
    })
    .input(z.strictObject({ binId: z.string().optional() }))
    .output(z.strictObject({ removed: z.number().int(), removedAtMs })),
  restore: base
    .route({
      method: 'POST',
      path: '/refused-requests/restore',
      summary: 'Restore a deleted refused request, or those deleted at that time',
    })
    .input(z.union([id, z.strictObject({ removedAtMs })]))
    .output(z.strictObject({ restored: z.number().int() })),
};
