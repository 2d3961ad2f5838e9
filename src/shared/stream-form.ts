import { z } from 'zod';
import type { HeaderField } from './contract/common.ts';
import { isHeaderName, isHeaderValue } from './text/headers.ts';

/** Names of the stream that one Hookyard offers and another follows. */

/** Path of streams on the port of a headless host; the key is its last segment. */
export const streamPath = '/stream/';

/** A request header: with the value `exact`, captures come byte for byte, and not in the form that smee-client takes. */
export const streamFormHeader = 'hookyard-stream';

/** All headers, or trailers, of a request together: as many as the capture port takes. */
export const headerLimitBytes = 262_144;

export function sizeOfHeaders(headers: readonly HeaderField[]): number {
  return headers.reduce((bytes, [name, value]) => bytes + name.length + value.length, 0);
}

/** What a request over HTTP can have, and nothing that would end a line where it is written again. */
const fields = z
  .array(z.tuple([z.string().refine(isHeaderName), z.string().refine(isHeaderValue)]))
  .refine((headers) => sizeOfHeaders(headers) <= headerLimitBytes);
/** As the capture port takes them: no line break, no space, no other control character than these two. */
const targetPath = /^(?:\*|\/[\t\f\u0021\u0022\u0024-\u003e\u0040-\u007e\u0080-\u00ff]*)$/;
const targetQuery = /^[\t\f\u0021\u0022\u0024-\u007e\u0080-\u00ff]*$/;

/** What the exact form says of a capture beside its body, which follows in lines of base64. */
export const exactHead = z.object({
  captureId: z.string().max(100),
  method: z.string().max(100).refine(isHeaderName),
  /** Path behind the bin's own, `/` without one. */
  path: z.string().max(headerLimitBytes).regex(targetPath),
  /** Without its question mark. */
  query: z.string().max(headerLimitBytes).regex(targetQuery),
  httpVersion: z
    .string()
    .max(20)
    .regex(/^[0-9.]*$/),
  headers: fields,
  trailers: fields,
  isBodyTruncated: z.boolean(),
  bodyBytes: z.number().int().min(0),
  remoteAddress: z
    .string()
    .max(200)
    .regex(/^[\u0020-\u007e]*$/),
  /** What its bin answered. */
  status: z.number().int().min(0).max(999),
  receivedAtMs: z.number().int(),
  /** Sources that it came through. */
  through: z.array(z.string().max(100)).max(100).default([]),
  /** Whether the body is that of the first sender, or a channel before wrote it again. */
  body: z.enum(['exact', 'same-length', 'rewritten']).default('exact'),
});
export type ExactHead = z.infer<typeof exactHead>;
