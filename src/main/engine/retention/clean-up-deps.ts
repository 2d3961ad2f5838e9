import type { CleanUpPhase, Removed } from '#shared/contract/retention.ts';
import type { Connection } from '../store/connection.ts';
import type { StepperDeps } from '../store/stepper.ts';

/** Progress: what is done now, and what the last step removed. */
export type Progress = { readonly phase?: CleanUpPhase; readonly returnedBytes?: number } & Partial<Removed>;

/** The dependencies of a clean-up. */
export interface CleanUpDeps extends StepperDeps {
  /** A connection without foreign key checks: rows are removed in the right order, and the checks would read whole tables for each body. */
  readonly connection: Connection;
  readonly progress: (step: Progress) => void;
  /** Chooses the marks, 0 to 8; a different one each time. */
  readonly shift: number;
}
