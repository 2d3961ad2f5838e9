/** An axis of time for an outage and what follows it; places are shares of its width, from 0 to 1. */
export interface OutageAxis {
  readonly fromMs: number;
  readonly backMs: number;
  readonly untilMs: number;
  /** Where compression begins: 1 where all of it is even. */
  readonly evenShare: number;
  readonly toShare: (atMs: number) => number;
  readonly toMs: (share: number) => number;
}

/** The even part of an axis that goes on for long. */
const evenPart = 0.55;

/**
 * An axis that is even until the receiver is back, and compressed after it where that goes on for longer: logarithmic, and without a step
 * in its scale at that moment. So it reads well whether the last attempt comes after minutes or after days.
 */
export function outageAxis(fromMs: number, backMs: number, untilMs: number): OutageAxis {
  const even = Math.max(1, backMs - fromMs);
  const after = Math.max(0, untilMs - backMs);
  if (after * evenPart <= even * (1 - evenPart)) {
    const span = Math.max(1, untilMs - fromMs);
    return { fromMs, backMs, untilMs, evenShare: 1, toShare: (at) => (at - fromMs) / span, toMs: (share) => fromMs + share * span };
  }
  const unit = unitOf(even, after);
  const rest = (1 - evenPart) / Math.log1p(after / unit);
  return {
    fromMs,
    backMs,
    untilMs,
    evenShare: evenPart,
    toShare: (at) => (at <= backMs ? ((at - fromMs) / even) * evenPart : evenPart + rest * Math.log1p((at - backMs) / unit)),
    toMs: (share) => (share <= evenPart ? fromMs + (share / evenPart) * even : backMs + unit * Math.expm1((share - evenPart) / rest)),
  };
}

/** The unit of the logarithm for which the compressed part begins with the scale of the even one. */
function unitOf(even: number, after: number): number {
  // The slopes are equal where unit * log(1 + after / unit) is this; the left side grows with the unit.
  const wanted = (even * (1 - evenPart)) / evenPart;
  let [low, high] = [after * 1e-9, after * 1e6];
  for (let round = 0; round < 80; round += 1) {
    const middle = Math.sqrt(low * high);
    if (middle * Math.log1p(after / middle) < wanted) low = middle;
    else high = middle;
  }
  return Math.sqrt(low * high);
}

/** A tick: in the even part at a round time of the clock, after it at a round time since the receiver is back. */
export interface AxisTick {
  readonly atMs: number;
  readonly share: number;
  /** Milliseconds since the receiver is back, for a tick of the compressed part; null for one of the clock. */
  readonly sinceBackMs: number | null;
}

const steps = [1, 5, 10, 30]
  .map((seconds) => seconds * 1000)
  .concat([1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60_000))
  .concat([1, 2, 3, 6, 12].map((hours) => hours * 3_600_000))
  .concat([1, 2, 4, 7, 14, 30, 60].map((days) => days * 86_400_000));

/** Ticks with `leastShare` of the width between them at least; `offsetMs` moves times so that the clock's round ones are multiples. */
export function axisTicks(axis: OutageAxis, leastShare: number, offsetMs = 0): readonly AxisTick[] {
  const { fromMs, backMs, untilMs, evenShare, toShare } = axis;
  const evenUntilMs = evenShare === 1 ? untilMs : backMs;
  const step = steps.find((ms) => toShare(fromMs + ms) - toShare(fromMs) >= leastShare) ?? Math.max(1, evenUntilMs - fromMs);
  const ticks: AxisTick[] = [];
  for (let at = Math.ceil((fromMs + offsetMs) / step) * step - offsetMs; at <= evenUntilMs; at += step)
    ticks.push({ atMs: at, share: toShare(at), sinceBackMs: null });
  if (evenShare === 1) return ticks;
  let lastShare = evenShare;
  for (const sinceBackMs of steps) {
    const share = toShare(backMs + sinceBackMs);
    if (sinceBackMs > untilMs - backMs || share > 1 || share - lastShare < leastShare) continue;
    ticks.push({ atMs: backMs + sinceBackMs, share, sinceBackMs });
    lastShare = share;
  }
  return ticks.filter((tick) => tick.sinceBackMs !== null || evenShare - tick.share >= leastShare / 3 || tick.share === evenShare);
}
