import { z } from 'zod';
import { requestMatch } from './request-match.ts';

/** A filter of captures; each field narrows it. */
export const captureFilter = z.strictObject({
  binId: z.string().max(100).optional(),
  /** Only these. */
  ids: z.array(z.string().max(100)).min(1).max(1000).optional(),
  match: requestMatch.optional(),
  /** Received from this time on, and before that one. */
  fromMs: z.number().int().min(0).optional(),
  toMs: z.number().int().min(0).optional(),
});
export type CaptureFilter = z.infer<typeof captureFilter>;
