/** Works on the data file in short steps, so that other writers are not blocked. */
export interface Stepper {
  /** Runs one step that only reads. `limit` is how much to take on; the answer is how much was, so that the next can be sized. */
  readonly read: (work: (limit: number) => number) => void;
  /** Runs one step in its own transaction, when its turn to write has come. */
  readonly write: (work: (limit: number) => number) => void;
}

export interface StepperDeps {
  /** Runs work in a transaction in this thread's turn, and returns how long it had the turn, in milliseconds. */
  readonly inTransaction: (work: () => void) => number;
  /** Pauses for so many milliseconds, to leave the processor and the disk to others. */
  readonly pause: (ms: number) => void;
  /** Rows of the first step, where the disk has room for few; a usual number otherwise. */
  readonly firstRows?: number;
  /** Throws when the work should end. */
  readonly checkpoint: () => void;
}

const firstLimit = 32;
const mostRows = 20_000;
/** A step is sized to take this long; twice that is what a writer may be held up for at most. */
const aimMs = 8;
/** The others get at least so much time for each millisecond of a step. */
const restShare = 1;

/** How much the next step takes on after one that did `done` in `tookMs`: at most four times as much, and at least 1. */
export function nextLimit(limit: number, done: number, tookMs: number): number {
  if (done === 0) return limit;
  const fitting = Math.floor((done * aimMs) / Math.max(tookMs, 0.1));
  return Math.min(mostRows, Math.max(1, Math.min(fitting, limit * 4)));
}

/** Steps of one kind of work; each kind finds its own size. */
export function createStepper({ inTransaction, pause, checkpoint, firstRows = firstLimit }: StepperDeps): Stepper {
  let limit = firstRows;
  const finish = (done: number, tookMs: number) => {
    limit = nextLimit(limit, done, tookMs);
    pause(Math.max(1, tookMs * restShare));
    checkpoint();
  };
  return {
    read: (work) => {
      const startedMs = performance.now();
      const done = work(limit);
      finish(done, performance.now() - startedMs);
    },
    write: (work) => {
      let done = 0;
      const tookMs = inTransaction(() => {
        done = work(limit);
      });
      finish(done, tookMs);
    },
  };
}
