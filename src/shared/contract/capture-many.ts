import { z } from 'zod';
import { captureSelection } from './capture-filter.ts';
import { captureTag } from './capture-marks.ts';
import { base, timeMs } from './common.ts';
import { deferrableText } from './deferred-text.ts';

const tags = z.array(captureTag).max(20).default([]);

/** Procedures on several captures at once. */
export const captureMany = {
  count: base
    .route({ method: 'POST', path: '/captures/count', summary: 'Count the captures that a filter finds' })
    .input(z.strictObject(captureSelection))
    .output(z.strictObject({ captures: z.number().int() })),
  markMany: base
    .route({ method: 'POST', path: '/captures/mark', summary: 'Pin captures, give them tags or take tags from them' })
    .input(z.strictObject({ filter: z.strictObject(captureSelection), isPinned: z.boolean().optional(), addTags: tags, removeTags: tags }))
    .output(
      z.strictObject({
        markedCaptures: z.number().int(),
        /** Those that would have had more than 20 tags and are left as they are. */
        fullCaptures: z.number().int(),
      }),
    ),
  removeMany: base
    .route({
      method: 'POST',
      path: '/captures/remove',
      summary:
        'Delete captures by their ids or those of a bin that a filter finds; they can be restored for 10 minutes, or until new captures need the space',
    })
    .input(z.strictObject(captureSelection))
    .output(z.strictObject({ removedCaptures: z.number().int(), removedAtMs: timeMs })),
  restoreMany: base
    .route({ method: 'POST', path: '/captures/restore-many', summary: 'Restore several captures that were deleted together' })
    .input(z.strictObject({ ids: captureSelection.ids.unwrap(), removedAtMs: timeMs }))
    .output(z.strictObject({ restoredCaptures: z.number().int() })),
  export: base
    .route({
      method: 'POST',
      path: '/captures/export',
      summary: 'Export captures as HAR 1.2 or as JSON Lines, oldest first, with all headers and bodies as they were captured',
      description: 'The file holds whatever secrets the requests held. At most 1,000 captures and 64 MiB of bodies.',
    })
    .input(z.strictObject({ format: z.enum(['har', 'jsonl']).default('jsonl'), ...captureSelection }))
    .output(z.strictObject({ filename: z.string(), contentType: z.string(), contentBase64: deferrableText, captures: z.number().int() })),
};
