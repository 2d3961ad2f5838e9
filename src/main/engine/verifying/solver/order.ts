import type { SolverProblem } from './problem.ts';

/** What a thread of its own is asked to search. */
export interface WorkerOrder {
  readonly problem: SolverProblem;
  readonly maxMs: number;
  readonly maxCandidates: number;
}
