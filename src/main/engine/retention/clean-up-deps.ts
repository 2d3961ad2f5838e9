import type { CleanUpPhase, Removed } from '#shared/contract/retention.ts';
import type { Connection } from '../store/connection.ts';
import type { StepperDeps } from '../store/stepper.ts';

/** A step of the way: what is done now, and what the last step took out. */
export type Progress = { readonly phase?: CleanUpPhase; readonly returnedBytes?: number } & Partial<Removed>;

/** What a clean-up works with. */
export interface CleanUpDeps extends StepperDeps {
  /** A connection without foreign keys: it removes in the right order, and the check would read whole tables for each body. */
  readonly connection: Connection;
  readonly progress: (step: Progress) => void;
  /** Chooses marks, 0 to 8; another one each time. */
  readonly shift: number;
}
