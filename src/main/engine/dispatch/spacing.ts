import type { RateLimit } from '#shared/contract/health.ts';

/** Least time from the start of one attempt to that of the next at a rate, in milliseconds; not always whole. */
export function spacingMs({ count, perMs }: RateLimit): number {
  return perMs / count;
}

/** When the next attempt may begin after the one at `takenAtMs`. After the clock was set back, the wait is at most one spacing. */
export function mayTakeAtMs(takenAtMs: number, rate: RateLimit, nowMs: number): number {
  return Math.min(takenAtMs, nowMs) + spacingMs(rate);
}

/**
 * The time that an attempt takes which begins at `nowMs`. Less than a millisecond that a timer came late is not lost, or a
 * rate of 700 a second would come out as 500; as clocks count whole milliseconds, no window gets more than its count by it.
 */
export function afterTaken(takenAtMs: number, rate: RateLimit, nowMs: number): number {
  const exactMs = takenAtMs + spacingMs(rate);
  return exactMs > nowMs - 1 && exactMs <= nowMs ? exactMs : nowMs;
}
