import { nextLimit } from './stepper.ts';

/** The result of one step of a long write. */
export interface WriteStep {
  /** Rows processed, for sizing the next step. */
  readonly rows: number;
  /** Rows changed. */
  readonly changed: number;
  readonly tookMs: number;
}

const firstLimit = 200;

/**
 * Makes a write that grows with the log in steps of a few milliseconds, each in a group with whatever else is written, until
 * one finds no more rows; returns how many rows were changed in all.
 */
export async function writeInSteps(step: (limit: number) => Promise<WriteStep>): Promise<number> {
  let changed = 0;
  for (let limit = firstLimit; ;) {
    const taken = await step(limit);
    if (taken.rows === 0) return changed;
    changed += taken.changed;
    limit = nextLimit(limit, taken.rows, taken.tookMs);
  }
}

/** Runs one step and returns how long it took. */
export function timedStep(work: () => Omit<WriteStep, 'tookMs'>): WriteStep {
  const startedMs = performance.now();
  const done = work();
  return { ...done, tookMs: performance.now() - startedMs };
}
