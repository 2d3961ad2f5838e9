/** How fast a replay goes: deliveries since an anchor, against the rate. */
export interface Pace {
  /** Null for as fast as can be. */
  readonly ratePerSecond: number | null;
  readonly anchorMs: number;
  readonly taken: number;
}

/** Deliveries made due in one write at most, so that it stays short. */
const largestBatch = 100;

/** Two batches are at least this far apart at a high rate; smaller steps would only cost. */
const shortestWaitMs = 20;

/** What was not taken in time is caught up with for this long only: after a sleeping laptop the rate still holds. */
const catchUpMs = 1000;

/** A pace that begins now: the first delivery at once, the next ones at the rate. */
export function startPace(ratePerSecond: number | null, nowMs: number): Pace {
  return { ratePerSecond, anchorMs: nowMs, taken: 0 };
}

/** The pace after so many more were made due. */
export function withTaken(pace: Pace, count: number): Pace {
  return { ...pace, taken: pace.taken + count };
}

/** The pace with its anchor moved on when it fell behind by more than is caught up with, or when the clock went back. */
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

/** When to look again, once nothing may be taken now. */
export function nextTakeAtMs(pace: Pace, nowMs: number): number {
  if (pace.ratePerSecond === null) return nowMs;
  return Math.max(Math.ceil(dueAtMs(pace, pace.ratePerSecond)), nowMs + shortestWaitMs);
}

/** When the next delivery is due. */
function dueAtMs({ anchorMs, taken }: Pace, ratePerSecond: number): number {
  return anchorMs + (taken * 1000) / ratePerSecond;
}
