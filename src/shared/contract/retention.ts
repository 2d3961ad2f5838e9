import { z } from 'zod';
import { base, going } from './common.ts';
import { settings } from './system.ts';

const count = z.number().int().min(0);
const rows = z.strictObject({ rows: count, oldestAtMs: z.number().int().nullable() });

/** What a clean-up has removed. A message goes with its deliveries and their attempts. */
export const removed = z.strictObject({ messages: count, deliveries: count, attempts: count, captures: count, bodies: count });
export type Removed = z.infer<typeof removed>;

/** The phase of a clean-up. */
export const cleanUpPhase = z.enum(['removing', 'looking_for_bodies', 'removing_bodies', 'returning_space']);
export type CleanUpPhase = z.infer<typeof cleanUpPhase>;

export const cleanUp = z.strictObject({
  status: z.enum(['running', 'completed', 'cancelled', 'failed']),
  /** Null when it has ended. */
  phase: cleanUpPhase.nullable(),
  removed,
  /** Bytes by which the data file has shrunk. */
  returnedBytes: count,
  /** Why it failed, as a sentence; null otherwise. */
  problem: z.string().nullable(),
  /** `schedule` for one that began by itself. */
  trigger: z.enum(['schedule', 'manual']),
  startedAtMs: z.number().int(),
  endedAtMs: z.number().int().nullable(),
});
export type CleanUp = z.infer<typeof cleanUp>;

/** What the data file holds. */
export const stored = z.strictObject({
  messages: rows,
  deliveries: rows,
  attempts: rows,
  captures: rows,
  /** The size of the captures, each counted with its body although equal bodies are stored once. */
  captureBytes: count,
  /** Captures that were deleted within 10 minutes and can still be restored; they take up room until then. */
  deletedCaptures: count,
  /** Size of the data file, and how much of it is free to be written anew. */
  fileBytes: count,
  freeBytes: count,
  /** What the current limits would remove now; attempts and bodies are only counted by the clean-up itself. */
  wouldGo: going,
  /** Messages beyond a limit that stay, because a delivery of them is pending or under way, or a replay needs them. */
  heldBack: count,
  /** Says that the clock ran ahead of the measured time, so that it does not make rows older; null if it did not. */
  clockNotice: z.string().nullable(),
});
export type Stored = z.infer<typeof stored>;

const limits = settings
  .pick({ keepDays: true, keepDeliveries: true, keepCaptures: true, keepCaptureBytes: true, keepBytes: true })
  .partial()
  .strict();

/** What limits would remove, without removing it. */
export const retentionPreview = stored.pick({ wouldGo: true, heldBack: true });
export type RetentionPreview = z.infer<typeof retentionPreview>;

export const retention = {
  stored: base
    .route({ method: 'GET', path: '/retention/stored', summary: 'What the data file holds and what the limits would remove' })
    .output(stored),
  trustClock: base
    .route({
      method: 'POST',
      path: '/retention/clock',
      summary: 'Confirm that the clock is right although it went ahead, so that limits by age use it',
    })
    .output(stored),
  preview: base
    .route({ method: 'POST', path: '/retention/preview', summary: 'What other limits would remove; limits left out keep their value' })
    .input(limits)
    .output(retentionPreview),
  lastCleanUp: base
    .route({ method: 'GET', path: '/retention/clean-up', summary: 'The running clean-up, or the last one since Hookyard started' })
    .output(z.strictObject({ cleanUp: cleanUp.nullable() })),
  cleanUp: base
    .route({
      method: 'POST',
      path: '/retention/clean-up',
      successStatus: 202,
      summary: 'Remove what is beyond the limits now; refused without confirm when there is anything to remove',
    })
    .input(
      z
        .strictObject({
          confirm: z.boolean().default(false),
          /** Also remove for good what was deleted within the last 10 minutes, which can then not be restored. */
          withDeleted: z.boolean().default(false),
        })
        .prefault({}),
    )
    .output(cleanUp),
  cancel: base
    .route({
      method: 'POST',
      path: '/retention/clean-up/cancel',
      summary: 'Cancel the running clean-up; what it has removed stays removed',
    })
    .output(cleanUp),
};
