/** How fast a replay goes: deliveries since an anchor, against the rate. */
export interface Pace {
  /** Null for no limit. */
  readonly ratePerSecond: number | null;
  readonly anchorMs: number;
  readonly taken: number;
}

/** At most this many deliveries become due in one write, so that it stays short. */
const largestBatch = 100;

/** The least time between two batches at a high rate; smaller steps would only cost more. */
const shortestWaitMs = 20;

/** A delay is caught up with for at most this long: the rate must hold even after a laptop slept. */
const catchUpMs = 1000;

/** A pace that begins now: the first delivery at once, the others at the rate. */
export function startPace(ratePerSecond: number | null, nowMs: number): Pace {
  return { ratePerSecond, anchorMs: nowMs, taken: 0 };
}

/** The pace after so many more were made due. */
export function withTaken(pace: Pace, count: number): Pace {
  return { ...pace, taken: pace.taken + count };
}

/** Moves the anchor when the pace fell too far behind to catch up, or when the clock was set back. */
export function caughtUp(pace: Pace, nowMs: number): Pace {
  if (pace.ratePerSecond === null) return pace;
  const isBehind = nowMs - dueAtMs(pace, pace.ratePerSecond) > catchUpMs;
  return isBehind || nowMs < pace.anchorMs ? startPace(pace.ratePerSecond, nowMs) : pace;
}

/** How many may be made due now; 0 when it is not time yet. */
export function takeableNow({ ratePerSecond, anchorMs, taken }: Pace, nowMs: number): number {
  if (ratePerSecond === null) return largestBatch;
  const dueByNow = Math.floor(((nowMs - anchorMs) * ratePerSecond) / 1000) + 1;
  return Math.min(largestBatch, Math.max(0, dueByNow - taken));
}

/** When to check again, if nothing may be taken now. */
export function nextTakeAtMs(pace: Pace, nowMs: number): number {
  if (pace.ratePerSecond === null) return nowMs;
  return Math.max(Math.ceil(dueAtMs(pace, pace.ratePerSecond)), nowMs + shortestWaitMs);
}

/** When the next delivery is due. */
function dueAtMs({ anchorMs, taken }: Pace, ratePerSecond: number): number {
  return anchorMs + (taken * 1000) / ratePerSecond;
}
