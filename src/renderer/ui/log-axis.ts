/** An axis of time; 0 stands at its left end, the last moment at its right end. */
export interface TimeAxis {
  readonly xOf: (ms: number) => number;
  /** Round moments on the axis, far enough apart for their words. */
  readonly ticks: readonly number[];
}

const roundMoments = [1, 10, 100]
  .concat([1, 5, 10, 30].map((seconds) => seconds * 1000))
  .concat([1, 5, 10, 30].map((minutes) => minutes * 60_000))
  .concat([1, 3, 6, 12].map((hours) => hours * 3_600_000))
  .concat([1, 2, 4, 7, 14, 30, 60, 180, 365].map((days) => days * 86_400_000));

/** Room for 0 before the first moment, as a share of the width. */
const originShare = 0.1;

/**
 * A logarithmic axis over these moments, in milliseconds of 0 or more, from a little below the first one after 0, on `widthPx`; words of
 * ticks take `tickPx`.
 */
export function logAxis(moments: readonly number[], widthPx: number, tickPx: number): TimeAxis {
  const after = moments.filter((ms) => ms > 0);
  const first = Math.max(1, Math.min(...after));
  const last = Math.max(first * 2, ...after);
  const startPx = widthPx * originShare;
  const xOf = (ms: number) =>
    ms < first
      ? ms <= 0
        ? 0
        : (ms / first) * startPx
      : startPx + (Math.log(Math.min(ms, last) / first) / Math.log(last / first)) * (widthPx - startPx);
  if (after.length === 0) return { xOf: () => 0, ticks: [0] };
  const ticks = [0];
  for (const ms of roundMoments)
    if (ms >= first && ms <= last && xOf(ms) - xOf(ticks.at(-1) ?? 0) >= tickPx && widthPx - xOf(ms) >= 0) ticks.push(ms);
  return { xOf, ticks };
}
