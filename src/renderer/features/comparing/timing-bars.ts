import type { TimingComparison } from '#shared/contract/comparisons.ts';

/** Where a bar begins and how long it is, as shares of the whole width. */
interface BarPlace {
  readonly from: number;
  readonly share: number;
}

/** The bars of one phase; null where the phase did not happen. */
export interface TimingBar {
  readonly first: BarPlace | null;
  readonly second: BarPlace | null;
}

/** The bars of all phases on one scale, each phase of a side beginning where the one before it ended. */
export function timingBars({ phases, total }: Pick<TimingComparison, 'phases' | 'total'>): {
  readonly phases: readonly TimingBar[];
  readonly total: TimingBar;
} {
  const [firsts, seconds] = [ends(phases.map(({ beforeMs }) => beforeMs)), ends(phases.map(({ afterMs }) => afterMs))];
  const scale = Math.max(total.beforeMs ?? 0, total.afterMs ?? 0, firsts.at(-1)?.endMs ?? 0, seconds.at(-1)?.endMs ?? 0, 0.001);
  const place = (part: Part | undefined): BarPlace | null =>
    part === undefined || part.ms === null ? null : { from: (part.endMs - part.ms) / scale, share: part.ms / scale };
  const whole = (ms: number | null) => (ms === null ? null : { from: 0, share: ms / scale });
  return {
    phases: phases.map((_, index) => ({ first: place(firsts[index]), second: place(seconds[index]) })),
    total: { first: whole(total.beforeMs), second: whole(total.afterMs) },
  };
}

interface Part {
  readonly ms: number | null;
  readonly endMs: number;
}

function ends(times: readonly (number | null)[]): readonly Part[] {
  let endMs = 0;
  return times.map((ms) => ({ ms, endMs: (endMs += ms ?? 0) }));
}
