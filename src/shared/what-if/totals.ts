import type { WhatIfTotals } from '../contract/what-if.ts';
import { backAtMs, type Run, type Scenario } from './scenario.ts';

const minuteMs = 60_000;

/** What became of all events of a run, and what the receiver has to take once it is back. */
export function totalsOf({ events, attempts }: Run, scenario: Pick<Scenario, 'outages'>): WhatIfTotals {
  const count = (end: Run['events'][number]['end']) => events.reduce((sum, event) => sum + (event.end === end ? 1 : 0), 0);
  const delivered = events.filter(({ end }) => end === 'delivered');
  const lateness = delivered
    .filter((event) => event.attempts > 1)
    .map(({ atMs, endedAtMs }) => endedAtMs - atMs)
    .toSorted((a, b) => a - b);
  const [exhausted, off, unsent] = [count('exhausted'), count('off'), count('unsent')];
  const back = backAtMs(scenario);
  const after = attempts
    .map(({ atMs }) => atMs)
    .filter((atMs) => atMs >= back)
    .toSorted((a, b) => a - b);
  return {
    events: events.length,
    atOnce: delivered.length - lateness.length,
    late: lateness.length,
    lateness: lateness.length === 0 ? null : { p50Ms: lateness[Math.floor((lateness.length - 1) / 2)] ?? 0, maxMs: lateness.at(-1) ?? 0 },
    lost: exhausted + off + unsent,
    exhausted,
    off,
    unsent,
    attempts: attempts.length,
    firstMinute: after.filter((atMs) => atMs < back + minuteMs).length,
    busiestMinute: busiestMinute(after),
  };
}

/** The minute, beginning with an attempt, in which there are most; the earliest of several. */
function busiestMinute(timesMs: readonly number[]): WhatIfTotals['busiestMinute'] {
  let best: WhatIfTotals['busiestMinute'] = null;
  let end = 0;
  timesMs.forEach((atMs, begin) => {
    while (end < timesMs.length && (timesMs[end] ?? 0) < atMs + minuteMs) end += 1;
    if (best === null || end - begin > best.attempts) best = { atMs, attempts: end - begin };
  });
  return best;
}
