import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long other calls wait at most for work that pauses, in milliseconds. */
export const usualTurnMs = 8;

/** Lets other work in between when a turn has taken long enough: to be awaited after each piece of work. */
export function createPause(turnMs = usualTurnMs): () => Promise<void> {
  let startedMs = performance.now();
  return async () => {
    if (performance.now() - startedMs < turnMs) return;
    await nextTurn();
    startedMs = performance.now();
  };
}
