import { usualTurnMs } from './pause.ts';

/** Time that work shares in each turn of the event loop, however many calls do a part of it. */
export interface TurnBudget {
  /** Whether it is used up in this turn. The time runs from the first question of a turn. */
  readonly isSpent: () => boolean;
}

export function createTurnBudget(turnMs = usualTurnMs): TurnBudget {
  let startedMs: number | null = null;
  return {
    isSpent: () => {
      if (startedMs !== null) return performance.now() - startedMs > turnMs;
      startedMs = performance.now();
      setImmediate(() => (startedMs = null));
      return false;
    },
  };
}
