import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';

/** Counts over time, as `deliveries.stats` returns them. */
export interface HistogramData {
  readonly fromMs: number;
  readonly toMs: number;
  readonly buckets: readonly { readonly startMs: number; readonly counts: Readonly<Partial<Record<DeliveryStatus, number>>> }[];
}

/** One stacked bar; offsets in pixels from the top left of the plot. */
export interface Bar {
  readonly startMs: number;
  readonly endMs: number;
  readonly x: number;
  readonly width: number;
  readonly total: number;
  readonly segments: readonly { readonly status: DeliveryStatus; readonly count: number; readonly y: number; readonly height: number }[];
}

/** Statuses from the bottom of a bar up: success, pending, attention, failure. */
export const stackOrder = ['delivered', 'pending', 'cancelled', 'failed', 'exhausted'] as const satisfies readonly DeliveryStatus[];

/** Least height of a segment with a count, so that one failure among thousands is visible. */
const leastHeightPx = 2;

/** Bars of a histogram in a plot of that size. Each segment with a count is at least two pixels high. */
export function layoutBars(data: HistogramData, width: number, height: number): readonly Bar[] {
  const count = data.buckets.length;
  if (count === 0 || width <= 0) return [];
  const highest = Math.max(1, ...data.buckets.map(({ counts }) => totalOf(counts)));
  const step = width / count;
  const gap = step >= 6 ? 2 : step >= 3 ? 1 : 0;
  return data.buckets.map(({ startMs, counts }, index) => {
    let y = height;
    const segments = stackOrder.flatMap((status) => {
      const share = counts[status] ?? 0;
      if (share === 0) return [];
      const segmentHeight = Math.min(y, Math.max(leastHeightPx, (share / highest) * height));
      y -= segmentHeight;
      return [{ status, count: share, y, height: segmentHeight }];
    });
    const endMs = data.buckets[index + 1]?.startMs ?? data.toMs;
    return { startMs, endMs, x: index * step + gap / 2, width: Math.max(1, step - gap), total: totalOf(counts), segments };
  });
}

/** The time at a pixel of the plot, limited to its range. */
export function timeAt(data: Pick<HistogramData, 'fromMs' | 'toMs'>, width: number, x: number): number {
  const share = Math.min(1, Math.max(0, x / Math.max(1, width)));
  return Math.round(data.fromMs + share * (data.toMs - data.fromMs));
}

/** Possible steps of a time axis. */
const stepsMs = [1, 2, 5, 10, 15, 30]
  .map((seconds) => seconds * 1000)
  .concat([1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60_000))
  .concat([1, 2, 3, 6, 12].map((hours) => hours * 3_600_000))
  .concat([1, 2, 7, 14, 30, 90, 365].map((days) => days * 86_400_000));

/** Round moments for the axis, at least `leastPx` apart. `offsetMs` is the zone's distance from UTC. */
export function axisTicks(
  data: Pick<HistogramData, 'fromMs' | 'toMs'>,
  width: number,
  leastPx: number,
  offsetMs: number,
): readonly { readonly atMs: number; readonly x: number }[] {
  const span = data.toMs - data.fromMs;
  if (span <= 0 || width <= 0) return [];
  const step = stepsMs.find((candidate) => (candidate / span) * width >= leastPx) ?? span;
  const ticks: { atMs: number; x: number }[] = [];
  for (let atMs = Math.ceil((data.fromMs + offsetMs) / step) * step - offsetMs; atMs <= data.toMs; atMs += step)
    ticks.push({ atMs, x: ((atMs - data.fromMs) / span) * width });
  return ticks;
}

/** All of them, whatever their status. */
export function totalOf(counts: Readonly<Partial<Record<DeliveryStatus, number>>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
