import { endpointInput } from '../contract/endpoints.ts';
import type { Profile, ProfileFact } from '../contract/profiles.ts';
import { retryPresets } from '../contract/retry-presets.ts';
import { isNamedPolicy, resolveRetryPolicy, type RetryPolicyChoice } from '../contract/retry-choice.ts';
import type { RetryPolicy } from '../contract/retry.ts';
import type { WhatIfRules } from '../contract/what-if.ts';
import { formatDurationMs } from '../duration-text.ts';
import { knownOf } from './known-senders.ts';
import type { SenderRules } from './scenario.ts';

/** The rules of one lane, with what they are called and what they rely on. */
export interface LaneRules {
  readonly choice: WhatIfRules;
  readonly name: string;
  readonly rules: SenderRules;
  /** When they switch a subscription off, or that no such rule is known, as a sentence. */
  readonly switchRule: string;
  readonly facts: readonly ProfileFact[];
  /** What it relies on as well where the receiver answers with a `Retry-After`; null for nothing. */
  readonly waitFact: ProfileFact | null;
  /** What can be done about lost events, as a sentence; null where nothing is known. */
  readonly recovery: string | null;
}

const unread = { about: 'delivery', certainty: 'unverified', source: null, asOf: null } as const;

/** What an endpoint has by default. */
const { retryPolicy: usualPolicy, ...usual } = endpointInput
  .pick({
    retryPolicy: true,
    successRule: true,
    retrySuccessRule: true,
    timeoutMs: true,
    stopAnswers: true,
    autoDisable: true,
    disableOn410: true,
    circuitBreaker: true,
  })
  .parse({});

/** The rules of a policy alone; of what the endpoint would have beside it, the defaults. */
export function policyRules(choice: RetryPolicyChoice, name: string, policy: RetryPolicy): LaneRules {
  const preset = typeof choice === 'string' ? retryPresets[choice] : null;
  const autoDisable = { ...usual.autoDisable, onExhaustion: preset?.disablesEndpoint === true };
  const note = preset?.note ?? null;
  return {
    choice: { kind: 'policy', policy: choice },
    name,
    rules: { ...usual, policy, autoDisable },
    switchRule: switchRuleText({ autoDisable, disableOn410: usual.disableOn410 }) ?? 'A retry policy alone never switches an endpoint off.',
    facts:
      preset?.source == null || note === null
        ? []
        : [{ about: 'delivery', text: note, certainty: 'unverified', source: preset.source, asOf: preset.asOf }],
    waitFact: null,
    recovery: 'Exhausted deliveries can be replayed.',
  };
}

/** What a policy without a name of its own is called: the title of a preset, or its kind. */
export function policyName(choice: RetryPolicyChoice): string {
  if (typeof choice === 'string') return retryPresets[choice].title;
  return isNamedPolicy(choice) ? choice.policyId : 'Own policy';
}

/** The rules of a profile; `resolve` knows the named policies. */
export function profileRules(
  { id, name, fields, facts }: Profile,
  resolve: (choice: RetryPolicyChoice) => RetryPolicy = resolveKnown,
): LaneRules {
  const known = knownOf(id);
  const ofProfile = fields.autoDisable ?? usual.autoDisable;
  const autoDisable = known?.removesOnExhaustion === true ? { ...ofProfile, onExhaustion: true } : ofProfile;
  const disableOn410 = fields.disableOn410 ?? usual.disableOn410;
  const policy = resolve(fields.retryPolicy ?? usualPolicy);
  const knowsWaits = known?.honoursRetryAfter === true || policy.kind === 'none' || policy.retryAfter !== undefined;
  return {
    choice: { kind: 'profile', id },
    name,
    rules: {
      policy,
      successRule: fields.successRule ?? usual.successRule,
      retrySuccessRule: fields.retrySuccessRule ?? usual.retrySuccessRule,
      timeoutMs: fields.timeoutMs ?? usual.timeoutMs,
      stopAnswers: fields.stopAnswers ?? usual.stopAnswers,
      autoDisable,
      disableOn410,
      circuitBreaker: fields.circuitBreaker ?? usual.circuitBreaker,
    },
    switchRule:
      switchRuleText({ autoDisable, disableOn410 }) ?? `No rule is known by which ${name} switches a subscription off, so none is applied.`,
    facts: [
      ...(known?.facts ?? []).map((fact) => ({ about: 'delivery' as const, ...fact })),
      ...facts.filter(({ about }) => about === 'delivery'),
    ],
    waitFact: knowsWaits ? null : { ...unread, text: `Whether ${name} heeds Retry-After is not known; here it does.` },
    recovery: known?.recovery ?? null,
  };
}

/** All rules of an endpoint of the workspace. */
export function endpointRules(endpoint: SenderRules & { readonly id: string; readonly name: string }): LaneRules {
  const { id, name, policy, successRule, retrySuccessRule, timeoutMs, stopAnswers, autoDisable, disableOn410, circuitBreaker } = endpoint;
  return {
    choice: { kind: 'endpoint', id },
    name,
    rules: { policy, successRule, retrySuccessRule, timeoutMs, stopAnswers, autoDisable, disableOn410, circuitBreaker },
    switchRule: switchRuleText({ autoDisable, disableOn410 }) ?? 'Its rules never switch it off.',
    facts: [],
    waitFact: null,
    recovery: 'Exhausted deliveries can be replayed; those that wait when it is switched off go on when it is switched on.',
  };
}

function switchRuleText({ autoDisable, disableOn410 }: Pick<SenderRules, 'autoDisable' | 'disableOn410'>): string | null {
  const { onExhaustion, afterFailures, afterFailingMs } = autoDisable;
  const when = [
    ...(afterFailures === null ? [] : [`after ${afterFailures} failed attempts in a row`]),
    ...(afterFailingMs === null ? [] : [`after ${formatDurationMs(afterFailingMs)} of failures only`]),
    ...(onExhaustion ? ['once an event has used up its attempts'] : []),
    ...(disableOn410 ? ['at an answer of 410'] : []),
  ];
  return when.length === 0 ? null : `Switched off ${when.join(', or ')}.`;
}

/** The policy of a choice where no workspace is at hand: one that refers to a named policy never retries. */
export function resolveKnown(choice: RetryPolicyChoice): RetryPolicy {
  return isNamedPolicy(choice) ? { kind: 'none' } : resolveRetryPolicy(choice);
}
