import type { TimeAxis } from './log-axis.ts';

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];
const roundSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500]
  .concat([1, 2, 5, 10, 30].map((seconds) => seconds * second))
  .concat([1, 2, 5, 10, 30].map((minutes) => minutes * minute))
  .concat([1, 3, 6, 12].map((hours) => hours * hour))
  .concat([1, 2, 7, 30, 90, 365].map((days) => days * day));

/** An axis from 0 to `lastMs` on `widthPx`, on which equal times are equally long; words of ticks take `tickPx`. */
export function evenAxis(lastMs: number, widthPx: number, tickPx: number): TimeAxis {
  if (lastMs <= 0) return { xOf: () => 0, ticks: [0] };
  const xOf = (ms: number) => (ms / lastMs) * widthPx;
  const step = roundSteps.find((ms) => xOf(ms) >= tickPx) ?? lastMs;
  return { xOf, ticks: Array.from({ length: Math.floor(lastMs / step) + 1 }, (_, index) => index * step) };
}
