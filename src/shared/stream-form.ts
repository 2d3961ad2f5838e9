import { z } from 'zod';
import { headerFields } from './contract/common.ts';

/** Names of the stream that one Hookyard offers and another follows. */

/** Path of streams on the port of a headless host; the key is its last segment. */
export const streamPath = '/stream/';

/** A request header: with the value `exact`, captures come byte for byte, and not in the form that smee-client takes. */
export const streamFormHeader = 'hookyard-stream';

/** What the exact form says of a capture beside its body, which follows in lines of base64. */
export const exactHead = z.object({
  captureId: z.string().max(100),
  method: z.string().max(100),
  /** Path behind the bin's own, `/` without one. */
  path: z.string(),
  /** Without its question mark. */
  query: z.string(),
  httpVersion: z.string().max(20),
  headers: headerFields,
  trailers: headerFields,
  isBodyTruncated: z.boolean(),
  bodyBytes: z.number().int().min(0),
  remoteAddress: z.string().max(200),
  /** What its bin answered. */
  status: z.number().int(),
  receivedAtMs: z.number().int(),
  /** Sources that it came through. */
  through: z.array(z.string().max(100)).max(100).default([]),
  /** Whether the body is that of the first sender, or a channel before wrote it again. */
  body: z.enum(['exact', 'same-length', 'rewritten']).default('exact'),
});
export type ExactHead = z.infer<typeof exactHead>;
