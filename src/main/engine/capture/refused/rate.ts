/** Lets a burst of so many pass, and one more for each `everyMs` after that. */
export interface Allowance {
  readonly take: (nowMs: number) => boolean;
}

export function createAllowance({ atOnce, everyMs }: { readonly atOnce: number; readonly everyMs: number }): Allowance {
  let left = atOnce;
  let lastMs: number | null = null;
  return {
    take: (nowMs) => {
      // A clock that was set back adds nothing.
      if (lastMs !== null) left = Math.min(atOnce, left + Math.max(0, nowMs - lastMs) / everyMs);
      lastMs = nowMs;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
