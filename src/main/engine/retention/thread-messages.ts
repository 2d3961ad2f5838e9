import type { MessagePort } from 'node:worker_threads';
import type { CleanUpOrder } from './clean-up.ts';
import type { Progress } from './clean-up-deps.ts';
import type { HeldFiles } from '../store/held-files.ts';
import type { RetentionLimits } from './limits.ts';
import type { Measured } from './measure.ts';

/** The data that the thread is started with. */
export interface RetentionThreadOrder {
  readonly file: string;
  /** Null where they are not watched. */
  readonly held: HeldFiles | null;
  readonly turns: SharedArrayBuffer;
  /** Shared flags, by their index in {@link flags}. */
  readonly flags: SharedArrayBuffer;
  readonly port: MessagePort;
}

/** Whether the work should end, and whether the thread has the turn to write. */
export const flags = { isEnding: 0, hasTurn: 1 } as const;

/** A piece of work; the thread does one after the other. */
export type RetentionRequest =
  | { readonly kind: 'measure'; readonly limits: RetentionLimits; readonly nowMs: number }
  | ({ readonly kind: 'cleanUp' } & CleanUpOrder)
  | { readonly kind: 'close' };

export type RetentionAnswer =
  | { readonly kind: 'measured'; readonly stored: Measured }
  | { readonly kind: 'progress'; readonly step: Progress }
  | { readonly kind: 'cleanedUp'; readonly isCancelled: boolean }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };
