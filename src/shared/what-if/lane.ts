import type { RetryPolicy } from '../contract/retry.ts';
import type { WhatIfLane } from '../contract/what-if.ts';
import { scheduleSummary } from '../schedule-preview.ts';
import { seededRandom } from '../seeded-random.ts';
import { endingText, type JitterRange } from './lane-words.ts';
import type { LaneRules } from './rules.ts';
import { finished, runInSteps } from './simulate.ts';
import type { Run, Scenario } from './scenario.ts';
import { totalsOf } from './totals.ts';

/** A lane with the run behind it. */
export interface Lane {
  readonly told: Omit<WhatIfLane, 'events'>;
  readonly run: Run;
}

/** Just below 1, the most that {@link Math.random} gives. */
const most = 1 - 2 ** -53;

/** One lane; with `seed`, each delay has the jitter that it decides, else there is none and its range is told. */
export function* laneInSteps(of: LaneRules, scenario: Scenario, seed: number | null): Generator<void, Lane, void> {
  const run = yield* plannedRun(of, scenario, seed);
  const isVaried = seed === null && hasJitter(of.rules.policy);
  const shortest = isVaried ? totalsOf(yield* runInSteps(scenario, of.rules, () => 0), scenario) : null;
  const longest = isVaried ? totalsOf(yield* runInSteps(scenario, of.rules, () => most), scenario) : null;
  return laneOf(of, scenario, run, shortest === null || longest === null ? null : { shortest, longest });
}

/** The same at once, without the range: what a drawing needs while it is dragged. */
export function quickLane(of: LaneRules, scenario: Scenario, seed: number | null): Lane {
  return laneOf(of, scenario, finished(plannedRun(of, scenario, seed)), seed === null && hasJitter(of.rules.policy) ? 'untold' : null);
}

/** The same at once, with the range. */
export function wholeLane(of: LaneRules, scenario: Scenario, seed: number | null): Lane {
  return finished(laneInSteps(of, scenario, seed));
}

/** The same as an answer has it, with its attempts. */
export function localLane(of: LaneRules, scenario: Scenario, seed: number | null): WhatIfLane {
  return toldLane(wholeLane(of, scenario, seed), true);
}

/** A lane as an answer has it. */
export function toldLane({ told, run }: Lane, withAttempts: boolean): WhatIfLane {
  const tries: NonNullable<WhatIfLane['events'][number]['tries']>[] = run.events.map(() => []);
  if (withAttempts) for (const { event, ...attempt } of run.attempts) tries[event]?.push(attempt);
  return { ...told, events: run.events.map((event, index) => ({ ...event, ...(withAttempts ? { tries: tries[index] ?? [] } : {}) })) };
}

function laneOf(
  { choice, name, rules, switchRule, facts, waitFact, recovery }: LaneRules,
  scenario: Scenario,
  run: Run,
  range: JitterRange,
): Lane {
  const totals = totalsOf(run, scenario);
  const told = range === 'untold' ? null : range;
  const mayLose = totals.lost > 0 || (told !== null && Math.max(told.shortest.lost, told.longest.lost) > 0);
  return {
    run,
    told: {
      rules: choice,
      name,
      schedule: scheduleSummary(rules.policy, 1),
      switchRule,
      facts: [...(waitFact !== null && asksToWait(scenario) ? [waitFact] : []), ...facts].map((fact) => ({ ...fact })),
      recovery: mayLose ? recovery : null,
      totals,
      off: run.off,
      range: told,
      ending: endingText(totals, run.off, scenario, range),
    },
  };
}

function asksToWait({ outages }: Scenario): boolean {
  return outages.some(({ answer }) => answer.kind === 'status' && answer.retryAfter !== null);
}

function plannedRun({ rules }: LaneRules, scenario: Scenario, seed: number | null): Generator<void, Run, void> {
  if (seed !== null) return runInSteps(scenario, rules, seededRandom(seed));
  return runInSteps(scenario, { ...rules, policy: withoutJitter(rules.policy) }, () => 0);
}

function hasJitter(policy: RetryPolicy): boolean {
  return policy.kind !== 'none' && policy.jitter.kind !== 'none';
}

function withoutJitter(policy: RetryPolicy): RetryPolicy {
  return policy.kind === 'none' ? policy : { ...policy, jitter: { kind: 'none' } };
}
