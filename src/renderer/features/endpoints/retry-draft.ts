import {
  maxAttemptsOf,
  resolveRetryPolicy,
  retryPresetNames,
  retryPresets,
  type Jitter,
  type RetryPolicy,
  type RetryPolicyChoice,
} from '#shared/contract/retry.ts';
import { formatDurationMs, parseDelaysMs, parseDurationMs } from './duration-text.ts';

/** A retry policy while it is edited: lengths of time as text, so that nothing typed is lost. */
export interface RetryDraft {
  /** A preset's name, or how the policy is written out. */
  readonly choice: string;
  readonly delays: string;
  readonly base: string;
  readonly factor: string;
  readonly cap: string;
  readonly maxAttempts: string;
  readonly jitterKind: Jitter['kind'];
  /** Per cent of the delay. */
  readonly jitterPercent: string;
}

/** What can be chosen, presets first. */
export const retryChoices: readonly { readonly value: string; readonly label: string }[] = [
  ...retryPresetNames.map((name) => ({ value: name, label: retryPresets[name].title })),
  { value: 'schedule', label: 'Own schedule' },
  { value: 'exponential', label: 'Own exponential backoff' },
];

const defaults: RetryDraft = {
  choice: 'standard-webhooks',
  delays: '5 s, 5 m, 30 m',
  base: '5 s',
  factor: '2',
  cap: '1 h',
  maxAttempts: '8',
  jitterKind: 'none',
  jitterPercent: '20',
};

/** The draft of a policy. */
export function retryDraftOf(choice: RetryPolicyChoice): RetryDraft {
  if (typeof choice === 'string') return { ...defaults, choice };
  if (choice.kind === 'none') return { ...defaults, choice: 'none' };
  const jitter = {
    jitterKind: choice.jitter.kind,
    jitterPercent: 'ratio' in choice.jitter ? String(Number((choice.jitter.ratio * 100).toFixed(4))) : defaults.jitterPercent,
  };
  if (choice.kind === 'schedule')
    return { ...defaults, ...jitter, choice: 'schedule', delays: choice.delaysMs.map(formatDurationMs).join(', ') };
  return {
    ...defaults,
    ...jitter,
    choice: 'exponential',
    base: formatDurationMs(choice.baseMs),
    factor: String(choice.factor),
    cap: formatDurationMs(choice.maxDelayMs),
    maxAttempts: String(choice.maxAttempts),
  };
}

/** The policy a draft stands for, or a sentence that says what in it cannot be read. */
export function retryChoiceOf(draft: RetryDraft): { readonly choice: RetryPolicyChoice } | { readonly message: string } {
  const preset = retryPresetNames.find((name) => name === draft.choice);
  if (preset !== undefined) return { choice: preset };
  const percent = Number(draft.jitterPercent);
  if (draft.jitterKind !== 'none' && draft.jitterKind !== 'full' && !(percent >= 0 && percent <= 100))
    return { message: 'Give the jitter in per cent, from 0 to 100.' };
  const jitter: Jitter =
    draft.jitterKind === 'none' || draft.jitterKind === 'full'
      ? { kind: draft.jitterKind }
      : { kind: draft.jitterKind, ratio: percent / 100 };
  if (draft.choice === 'schedule') {
    const read = parseDelaysMs(draft.delays);
    if ('wrong' in read) return { message: `"${read.wrong}" is no length of time; write delays such as 5 s, 5 m, 2 h.` };
    return read.delaysMs.length === 0
      ? { message: 'Give at least one delay, such as 5 s.' }
      : { choice: { kind: 'schedule', delaysMs: [...read.delaysMs], jitter } };
  }
  const baseMs = parseDurationMs(draft.base);
  const maxDelayMs = parseDurationMs(draft.cap);
  if (baseMs === null || maxDelayMs === null)
    return { message: 'Write the first delay and the longest delay as lengths of time, such as 5 s and 1 h.' };
  const factor = Number(draft.factor);
  const maxAttempts = Number(draft.maxAttempts);
  if (!(factor >= 1) || !Number.isInteger(maxAttempts) || maxAttempts < 1)
    return { message: 'Use a factor of 1 or more and a whole number of attempts.' };
  return { choice: { kind: 'exponential', baseMs, factor, maxDelayMs, maxAttempts, jitter } };
}

/** One attempt of a policy: how long after the last one and after the first, both without jitter and time scale. */
export interface PlannedAttempt {
  readonly number: number;
  readonly delayMs: number;
  readonly offsetMs: number;
}

/** All attempts that a policy allows, as if each took no time. */
export function plannedAttempts(choice: RetryPolicyChoice): readonly PlannedAttempt[] {
  const policy = resolveRetryPolicy(choice);
  const planned: PlannedAttempt[] = [{ number: 1, delayMs: 0, offsetMs: 0 }];
  for (let number = 2; number <= maxAttemptsOf(policy); number += 1) {
    const delayMs = delayBefore(policy, number);
    planned.push({ number, delayMs, offsetMs: (planned.at(-1)?.offsetMs ?? 0) + delayMs });
  }
  return planned;
}

function delayBefore(policy: RetryPolicy, number: number): number {
  switch (policy.kind) {
    case 'none':
      return 0;
    case 'schedule':
      return policy.delaysMs[number - 2] ?? 0;
    case 'exponential':
      return Math.min(policy.maxDelayMs, policy.baseMs * policy.factor ** (number - 2));
  }
}
