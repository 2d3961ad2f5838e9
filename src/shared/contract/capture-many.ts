import { z } from 'zod';
import { base } from './common.ts';
import { deferrableText } from './deferred-text.ts';

const ids = z.array(z.string().max(100)).min(1).max(1000);

/** One word for a capture; `order-42`, `bug`. */
export const captureTag = z
  .string()
  .trim()
  .min(1)
  .max(50)
  .regex(/^[^\s,]+$/u, 'A tag is one word without commas.');

/** What people mark a capture with. */
export const captureMarks = {
  /** Clean-ups leave it, whatever its age; it still counts towards the limits. */
  isPinned: z.boolean(),
  note: z.string().max(10_000),
  tags: z.array(captureTag).max(20),
};

/** Procedures on several captures at once. */
export const captureMany = {
  removeMany: base
    .route({
      method: 'POST',
      path: '/captures/remove',
      summary: 'Delete several captures; they can be restored for 10 minutes, or until new captures need the space',
    })
    .input(z.strictObject({ ids }))
    .output(z.strictObject({ removedCaptures: z.number().int(), removedAtMs: z.number().int() })),
  restoreMany: base
    .route({ method: 'POST', path: '/captures/restore-many', summary: 'Restore several captures that were deleted together' })
    .input(z.strictObject({ ids, removedAtMs: z.number().int() }))
    .output(z.strictObject({ restoredCaptures: z.number().int() })),
  export: base
    .route({
      method: 'POST',
      path: '/captures/export',
      summary: 'Export captures as HAR 1.2 or as JSON Lines, oldest first, with all headers and bodies as they were captured',
      description: 'The file holds whatever secrets the requests held. At most 1,000 captures and 64 MiB of bodies.',
    })
    .input(z.strictObject({ format: z.enum(['har', 'jsonl']), ids: ids.optional(), binId: z.string().max(100).optional() }))
    .output(z.strictObject({ filename: z.string(), contentType: z.string(), contentBase64: deferrableText, captures: z.number().int() })),
};
