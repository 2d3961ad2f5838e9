import { z } from 'zod';

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
