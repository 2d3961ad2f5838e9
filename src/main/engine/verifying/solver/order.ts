import type { SearchShare, SolverProblem } from './problem.ts';

/** The input of a search thread. */
export interface WorkerOrder {
  readonly problem: SolverProblem;
  readonly maxMs: number;
  readonly maxCandidates: number;
  readonly index: number;
  readonly of: number;
  /** A number that all threads of a search share: the fewest changes with which one of them found a proof. */
  readonly proven: Int32Array<SharedArrayBuffer>;
}

const unproven = 99;

/** The number that the threads of one search share. */
export function createProven(): WorkerOrder['proven'] {
  const proven = new Int32Array(new SharedArrayBuffer(4));
  proven[0] = unproven;
  return proven;
}

/** A thread's share of the search. */
export function shareOfOrder({ index, of, proven }: Pick<WorkerOrder, 'index' | 'of' | 'proven'>): SearchShare {
  return {
    index,
    of,
    provenLevel: () => Atomics.load(proven, 0),
    tellProven: (level) => {
      for (let known = Atomics.load(proven, 0); level < known; known = Atomics.load(proven, 0))
        if (Atomics.compareExchange(proven, 0, known, level) === known) return;
    },
  };
}
