import type { RetryPolicy } from '../contract/retry.ts';
import type { WhatIfLane, WhatIfTotals } from '../contract/what-if.ts';
import { scheduleSummary } from '../schedule-preview.ts';
import { seededRandom } from '../seeded-random.ts';
import { endingText } from './lane-words.ts';
import type { LaneRules } from './rules.ts';
import { runInSteps, runScenario } from './simulate.ts';
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
  const run = yield* runInSteps(scenario, plannedRules(of, seed), seed === null ? () => 0 : seededRandom(seed));
  const isVaried = seed === null && hasJitter(of.rules.policy);
  const shortest = isVaried ? totalsOf(yield* runInSteps(scenario, of.rules, () => 0), scenario) : null;
  const longest = isVaried ? totalsOf(yield* runInSteps(scenario, of.rules, () => most), scenario) : null;
  return laneOf(of, scenario, run, shortest === null || longest === null ? null : { shortest, longest });
}

/** The same at once, without the range: what a drawing needs while it is dragged. */
export function quickLane(of: LaneRules, scenario: Scenario, seed: number | null): Lane {
  return laneOf(of, scenario, runScenario(scenario, plannedRules(of, seed), seed === null ? () => 0 : seededRandom(seed)), null);
}

/** The same at once, with the range. */
export function wholeLane(of: LaneRules, scenario: Scenario, seed: number | null): Lane {
  const steps = laneInSteps(of, scenario, seed);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
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
  range: { readonly shortest: WhatIfTotals; readonly longest: WhatIfTotals } | null,
): Lane {
  const totals = totalsOf(run, scenario);
  return {
    run,
    told: {
      rules: choice,
      name,
      schedule: scheduleSummary(rules.policy, 1),
      switchRule,
      facts: [...(waitFact !== null && asksToWait(scenario) ? [waitFact] : []), ...facts].map((fact) => ({ ...fact })),
      recovery: totals.lost === 0 ? null : recovery,
      totals,
      off: run.off,
      range,
      ending: endingText(totals, run.off, scenario),
    },
  };
}

function asksToWait({ outages }: Scenario): boolean {
  return outages.some(({ answer }) => answer.kind === 'status' && answer.retryAfter !== null);
}

function plannedRules({ rules }: LaneRules, seed: number | null): LaneRules['rules'] {
  return seed === null ? { ...rules, policy: withoutJitter(rules.policy) } : rules;
}

function hasJitter(policy: RetryPolicy): boolean {
  return policy.kind !== 'none' && policy.jitter.kind !== 'none';
}

function withoutJitter(policy: RetryPolicy): RetryPolicy {
  return policy.kind === 'none' ? policy : { ...policy, jitter: { kind: 'none' } };
}
