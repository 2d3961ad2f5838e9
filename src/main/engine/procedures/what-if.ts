import { isNamedPolicy, type RetryPolicyChoice } from '#shared/contract/retry-choice.ts';
import { mostEvents, mostToldAttempts, type WhatIfEvents, type WhatIfRules } from '#shared/contract/what-if.ts';
import { laneInSteps, toldLane, type Lane } from '#shared/what-if/lane.ts';
import { leavesOut } from '#shared/what-if/lane-words.ts';
import { policyName, endpointRules, policyRules, profileRules, type LaneRules } from '#shared/what-if/rules.ts';
import { usualRules } from '#shared/what-if/known-senders.ts';
import { pacedCount, pacedTimes } from '#shared/what-if/scenario.ts';
import { createPause } from '../base/pause.ts';
import type { Procedures } from '../base/procedures.ts';
import { invalid, notFound } from '../base/refusal.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import { eventTimesInLog, outagesInLog } from '../log/outages.ts';
import { assertKnownPolicy, type PolicyBook } from '../policies/book.ts';
import type { ProfileBook } from '../profiles/book.ts';
import type { Database } from '../store/database.ts';

export interface WhatIfDeps {
  readonly database: Database;
  readonly endpoints: Pick<EndpointBook, 'findListed'>;
  readonly policies: Pick<PolicyBook, 'find' | 'resolve'>;
  readonly profiles: Pick<ProfileBook, 'find'>;
}

/** What outages do under several senders' rules, and the outages that the log knows. */
export function createWhatIfHandlers(os: Procedures, deps: WhatIfDeps) {
  const { database } = deps;
  const listed = (id: string) => {
    const endpoint = deps.endpoints.findListed(id);
    if (endpoint === undefined) throw notFound('endpoint', id);
    return endpoint;
  };
  return {
    run: os.whatIf.run.handler(async ({ input }) => {
      const { outages, seed = null, withAttempts } = input;
      const chosen = (input.rules ?? usualRules).map((rules, index) => rulesOf(deps, rules, `rules.${index}`));
      const scenario = { outages, eventTimesMs: await timesOf(database, listed, input.events), timeScale: 1 };
      const pause = createPause();
      const lanes: Lane[] = [];
      for (const rules of chosen) {
        const steps = laneInSteps(rules, scenario, seed);
        let step = steps.next();
        for (; step.done !== true; step = steps.next()) await pause();
        lanes.push(step.value);
      }
      if (withAttempts) assertTellable(lanes);
      return { lanes: lanes.map((lane) => toldLane(lane, withAttempts)), leavesOut: [...leavesOut] };
    }),
    outages: os.whatIf.outages.handler(({ input: { id, ...options } }) => outagesInLog(database, listed(id).id, options)),
    eventTimes: os.whatIf.eventTimes.handler(({ input: { id, ...span } }) =>
      eventTimesInLog(database, listed(id).id, { ...span, most: mostEvents }),
    ),
  };
}

async function timesOf(
  database: Database,
  listed: (id: string) => { readonly id: string },
  events: WhatIfEvents,
): Promise<readonly number[]> {
  switch (events.kind) {
    case 'at':
      return events.timesMs.toSorted((a, b) => a - b);
    case 'every': {
      const { everyMs, fromMs, untilMs } = events;
      const count = pacedCount(everyMs, fromMs, untilMs);
      if (count === 0) throw invalid('events.untilMs', 'Let the time of the events end after it begins.');
      if (count > mostEvents)
        throw invalid(
          'events.everyMs',
          `These are ${count} events, and at most ${mostEvents} can be followed: use a slower pace or a shorter time.`,
        );
      return pacedTimes(everyMs, fromMs, untilMs, mostEvents);
    }
    case 'log': {
      const { timesMs } = await eventTimesInLog(database, listed(events.endpointId).id, { ...events, most: mostEvents });
      if (timesMs.length === 0)
        throw invalid('events.fromMs', 'The log has no delivery to this endpoint in this time: choose a longer one, or a pace.');
      return timesMs;
    }
  }
}

function rulesOf({ endpoints, policies, profiles }: WhatIfDeps, rules: WhatIfRules, path: string): LaneRules {
  switch (rules.kind) {
    case 'profile': {
      const profile = profiles.find(rules.id);
      if (profile === undefined) throw invalid(`${path}.id`, `There is no profile ${rules.id}; GET /api/profiles lists them.`);
      return profileRules(profile, policies.resolve);
    }
    case 'policy':
      assertKnownPolicy(policies, rules.policy, `${path}.policy`);
      return policyRules(rules.policy, nameOf(policies, rules.policy), policies.resolve(rules.policy));
    case 'endpoint': {
      const endpoint = endpoints.findListed(rules.id);
      if (endpoint === undefined) throw invalid(`${path}.id`, `There is no endpoint ${rules.id}; GET /api/endpoints lists them.`);
      return endpointRules({ ...endpoint, policy: policies.resolve(endpoint.retryPolicy) });
    }
  }
}

function nameOf(policies: Pick<PolicyBook, 'find'>, choice: RetryPolicyChoice): string {
  const named = isNamedPolicy(choice) ? policies.find(choice.policyId)?.name : undefined;
  return named ?? policyName(choice);
}

function assertTellable(lanes: readonly Lane[]): void {
  const attempts = lanes.reduce((sum, { run }) => sum + run.attempts.length, 0);
  if (attempts > mostToldAttempts)
    throw invalid(
      'withAttempts',
      `These are ${attempts} attempts, and an answer has at most ${mostToldAttempts}: leave them out, or ask about fewer events or rules.`,
    );
}
