import { Command } from 'commander';
import {
  mostEvents,
  type Outage,
  type WhatIfEvents,
  type WhatIfInput,
  type WhatIfLane,
  type WhatIfRules,
} from '#shared/contract/what-if.ts';
import { isNamedPolicy, resolveRetryPolicy } from '#shared/contract/retry-choice.ts';
import { builtInProfiles } from '#shared/profiles/index.ts';
import { leavesOut } from '#shared/what-if/lane-words.ts';
import { localLane } from '#shared/what-if/lane.ts';
import { policyName, policyRules, profileRules, type LaneRules } from '#shared/what-if/rules.ts';
import { usualProfiles } from '#shared/what-if/known-senders.ts';
import { backAtMs, beganAtMs, pacedCount, pacedTimes } from '#shared/what-if/scenario.ts';
import { dataDirOption } from '#hosts/shared/command-line.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import { connect, type EngineClient } from '../engine-client.ts';
import { findEndpoint } from '../find-endpoint.ts';
import type { HostFlags } from '../listing.ts';
import { formatTime, printJson, printLine } from '../output.ts';
import { readPolicy } from '../retry-flag.ts';
import { duration } from '../time-flags.ts';
import { addOutage, outageForm } from '../what-if-flags.ts';
import { whatIfLines } from '../what-if-lines.ts';
import { findPolicy } from './policies.ts';

interface WhatIfFlags extends HostFlags {
  readonly outage: readonly Outage[];
  readonly fromLog?: string;
  readonly rules?: string;
  readonly every: number;
  readonly seed?: string;
}

type Answer = { readonly lanes: WhatIfLane[]; readonly leavesOut: readonly string[] };

/** The `what-if` command. */
export function whatIfCommand(): Command {
  return new Command('what-if')
    .description("Show what an outage does to events under several senders' rules: what comes late, what is lost, when it is switched off")
    .option(
      '--outage <text>',
      `when the receiver is down and what it answers, ${outageForm}; may be repeated`,
      (text, before: readonly Outage[]) => addOutage(text, before),
      [],
    )
    .option('--from-log <endpoint>', 'take the newest outage of this endpoint, and its events, from the log of the running Hookyard')
    .option('--rules <list>', `profiles, retry policies and endpoints, with commas between (default: ${usualProfiles.join(',')})`)
    .option('--every <time>', 'an event so often, from an eighth of the outage before it to its length after it', duration, 600_000)
    .option('--seed <n>', 'vary the delays by jitter, as this number decides (default: no jitter)')
    .addOption(dataDirOption())
    .option('--json', 'print one JSON document')
    .action(async (flags: WhatIfFlags) => {
      if ((flags.outage.length === 0) === (flags.fromLog === undefined))
        throw usageError(`Give an outage, ${outageForm}, or --from-log with an endpoint.`);
      const { answer, outages } = await answerOf(flags);
      if (flags.json === true) printJson(answer);
      else printLine(whatIfLines(answer, outages, (atMs) => formatTime(atMs).slice(0, 16)));
    });
}

/** Profiles that come with Hookyard and policies that are written out need no host. */
async function answerOf(flags: WhatIfFlags): Promise<{ readonly answer: Answer; readonly outages: readonly Outage[] }> {
  const texts = flags.rules === undefined ? [...usualProfiles] : rulesIn(flags.rules);
  const known = texts.map(knownRules);
  const seed = seedOf(flags.seed);
  if (flags.fromLog === undefined && known.every((rules) => rules !== null)) {
    const { outages, events } = drawnScenario(flags);
    const eventTimesMs = pacedTimes(events.everyMs, events.fromMs, events.untilMs, mostEvents);
    const lanes = known.map((rules) => localLane(rules, { outages, eventTimesMs, timeScale: 1 }, seed));
    return { answer: { lanes, leavesOut }, outages };
  }
  const session = await connect(flags.dataDir);
  try {
    const { client } = session;
    const { outages, events } = flags.fromLog === undefined ? drawnScenario(flags) : await loggedScenario(client, flags.fromLog);
    const rules: WhatIfRules[] = [];
    for (const [index, text] of texts.entries()) rules.push(known[index]?.choice ?? (await rulesOfHost(client, text)));
    const input: WhatIfInput = { outages: [...outages], events, rules, withAttempts: true, ...(seed === null ? {} : { seed }) };
    return { answer: await client.whatIf.run(input), outages };
  } finally {
    await session.close();
  }
}

function drawnScenario({ outage: outages, every: everyMs }: WhatIfFlags) {
  const fromMs = beganAtMs({ outages });
  const untilMs = backAtMs({ outages });
  const events: Extract<WhatIfEvents, { readonly kind: 'every' }> = {
    kind: 'every',
    everyMs,
    // From a round number of paces before the outage, so that one event comes as it begins.
    fromMs: Math.max(0, fromMs - Math.max(1, Math.round((untilMs - fromMs) / 8 / Math.max(1, everyMs))) * everyMs),
    untilMs: untilMs + (untilMs - fromMs),
  };
  const count = everyMs < 1 ? Number.POSITIVE_INFINITY : pacedCount(everyMs, events.fromMs, events.untilMs);
  if (count > mostEvents) throw usageError(`--every makes more than ${mostEvents} events of this outage: use a slower pace.`);
  return { outages, events };
}

async function loggedScenario(
  client: EngineClient,
  text: string,
): Promise<{ readonly outages: readonly Outage[]; readonly events: WhatIfEvents }> {
  const endpointId = await findEndpoint(client, text);
  const { items } = await client.whatIf.outages({ id: endpointId, limit: 1 });
  const [newest] = items;
  if (newest === undefined)
    throw usageError(
      `The log has no outage of "${text}": no two attempts in a row failed among its newest 20,000. Give one with --outage.`,
    );
  const { fromMs, answer } = newest;
  const untilMs = newest.untilMs ?? Date.now();
  const lengthMs = Math.max(1, untilMs - fromMs);
  return {
    outages: [{ fromMs, untilMs: fromMs + lengthMs, answer }],
    events: { kind: 'log', endpointId, fromMs: Math.max(0, fromMs - lengthMs), untilMs: untilMs + lengthMs },
  };
}

/** The parts of a list, where a policy as JSON or delays such as `1m,5m` stand by themselves. */
function rulesIn(text: string): readonly string[] {
  if (readPolicy(text, '--rules') !== null) return [text];
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Rules that need no host: a profile that comes with Hookyard, a preset, or a policy that is written out. */
function knownRules(text: string): LaneRules | null {
  const profile = builtInProfiles().find(({ id, name }) => id === text || name.toLowerCase() === text.toLowerCase());
  if (profile !== undefined) return profileRules(profile);
  const policy = readPolicy(text, '--rules');
  return policy === null || isNamedPolicy(policy) ? null : policyRules(policy, policyName(policy), resolveRetryPolicy(policy));
}

async function rulesOfHost(client: EngineClient, text: string): Promise<WhatIfRules> {
  const policy = await findPolicy(client, text);
  if (policy !== undefined) return { kind: 'policy', policy: { kind: 'named', policyId: policy.id } };
  const none = `No profile, retry policy or endpoint is called "${text}": "hookyard profiles list", "policies list" and "endpoints list" show them.`;
  return { kind: 'endpoint', id: await findEndpoint(client, text, none) };
}

function seedOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const seed = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(seed <= 4_294_967_295)) throw usageError('--seed takes a whole number from 0 to 4294967295.');
  return seed;
}
