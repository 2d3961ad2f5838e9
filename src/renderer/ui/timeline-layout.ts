/** One mark of a retry timeline. */
export interface TimelineMark {
  readonly key: string;
  readonly atMs: number;
  /** How long it lasted; 0 for what has not happened yet. */
  readonly durationMs: number;
}

/** A mark with its place: `lane` 0 is on the line, higher ones stand above it because there was no room. */
export interface PlacedMark<Mark extends TimelineMark> {
  readonly mark: Mark;
  readonly x: number;
  /** Width of its duration to scale, 0 when less than a pixel. */
  readonly width: number;
  readonly lane: number;
}

/** Marks at their true place on a linear scale from `fromMs` to `toMs`, raised into lanes where they would cover each other. */
export function placeMarks<Mark extends TimelineMark>(
  marks: readonly Mark[],
  fromMs: number,
  toMs: number,
  widthPx: number,
  leastGapPx: number,
): readonly PlacedMark<Mark>[] {
  const span = Math.max(1, toMs - fromMs);
  const lastX: number[] = [];
  return marks
    .toSorted((a, b) => a.atMs - b.atMs)
    .map((mark) => {
      const x = ((mark.atMs - fromMs) / span) * widthPx;
      const free = lastX.findIndex((taken) => x - taken >= leastGapPx);
      const lane = free === -1 ? lastX.length : free;
      lastX[lane] = x;
      const width = (mark.durationMs / span) * widthPx;
      return { mark, x, width: width < 1 ? 0 : width, lane };
    });
}

/** Round lengths of time for an axis that starts at 0, at most `most` of them. */
export function spanTicks(spanMs: number, most: number): readonly number[] {
  const step = roundSteps.find((candidate) => spanMs / candidate <= most) ?? spanMs;
  const ticks: number[] = [];
  for (let at = 0; at <= spanMs; at += step) ticks.push(at);
  return ticks;
}

const roundSteps = [10, 50, 100, 200, 500]
  .concat([1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1000))
  .concat([1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60_000))
  .concat([1, 2, 3, 6, 12].map((hours) => hours * 3_600_000))
  .concat([1, 2, 7, 14, 30].map((days) => days * 86_400_000));
