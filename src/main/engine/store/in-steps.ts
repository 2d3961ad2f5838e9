import { setImmediate as nextTurn } from 'node:timers/promises';

/** Rows of the first step; a step is halved or doubled so that it takes between these times. */
const firstStep = 16;
const quickStepMs = 2;
const shortStepMs = 8;
const longStepMs = 30;

/** Rows of the largest step: behind a part of the log where nothing is found, and steps grow, may come one where every row is. */
const mostRows = 20_000;

/** Rows from `fromSeq` up to and not including `beforeSeq`. */
export interface SeqRange {
  readonly fromSeq: number;
  readonly beforeSeq: number;
}

/**
 * Calls `look` on ranges of rows from `beforeSeq` down to the oldest until it returns false or the signal aborts, letting
 * other work in between: looking at every row of a large log at once would hold up attempts and captures. A look into bodies is made
 * in a thread (`Searcher`), since one body can be large.
 */
export async function inSteps(
  beforeSeq: number,
  signal: AbortSignal | undefined,
  look: (range: SeqRange) => boolean | Promise<boolean>,
): Promise<void> {
  let step = firstStep;
  let before = beforeSeq;
  while (before > 1 && signal?.aborted !== true) {
    const startedMs = performance.now();
    const fromSeq = Math.max(1, before - step);
    if (!(await look({ fromSeq, beforeSeq: before }))) return;
    before = fromSeq;
    const tookMs = performance.now() - startedMs;
    if (tookMs < shortStepMs) step = Math.min(mostRows, step * (tookMs < quickStepMs ? 8 : 2));
    if (tookMs > longStepMs) step = Math.max(1, Math.floor(step / 2));
    await nextTurn();
  }
}
