import { formatDurationMs, parseDelaysMs, parseDurationMs } from '#shared/duration-text.ts';
import { networkCodes, type Jitter, type RetryAfterRule, type RetryOn, type RetryPolicy } from '#shared/contract/retry.ts';
import { resolveRetryPolicy, retryPresetNames, type RetryPolicyChoice } from '#shared/contract/retry-choice.ts';
import { retryOnText } from '#shared/retry-rules.ts';

/** A retry policy while it is edited: lengths of time and numbers as text, so that nothing typed is lost. Empty is the default. */
export interface PolicyDraft {
  /** A preset's name, the kind of a policy written out, or the id of a named policy. */
  readonly choice: string;
  readonly delays: string;
  readonly afterLast: 'stop' | 'repeat';
  readonly base: string;
  readonly step: string;
  readonly factor: string;
  readonly cap: string;
  /** For all kinds but a schedule that stops. */
  readonly maxAttempts: string;
  readonly jitterKind: Jitter['kind'];
  /** Per cent of the delay. */
  readonly jitterPercent: string;
  readonly leastSpread: string;
  readonly mostSpread: string;
  readonly totalTime: string;
  readonly retryAfter: RetryAfterRule['kind'];
  readonly retryAfterStatuses: string;
  readonly retryAfterMin: string;
  readonly retryAfterMax: string;
  readonly retryAfterUnit: 'seconds' | 'milliseconds';
  readonly retryOn: RetryOn['kind'];
  readonly retryCodes: readonly string[];
  readonly retryStatuses: string;
}

/** Fields of a draft that hold text. */
export type PolicyTextField = {
  [Field in keyof PolicyDraft]: PolicyDraft[Field] extends string ? (string extends PolicyDraft[Field] ? Field : never) : never;
}[keyof PolicyDraft];

/** Kinds of a policy written out, with their labels. */
export const policyKinds = [
  { value: 'schedule', label: 'Custom schedule' },
  { value: 'linear', label: 'Custom linear backoff' },
  { value: 'exponential', label: 'Custom exponential backoff' },
] as const;

/** Outcome codes that a custom rule may name. */
export const customCodes = [...networkCodes, 'redirect'] as const;
type CustomCode = (typeof customCodes)[number];

const defaults: PolicyDraft = {
  choice: 'standard-webhooks',
  delays: '5 s, 5 m, 30 m',
  afterLast: 'stop',
  base: '5 s',
  step: '5 s',
  factor: '2',
  cap: '1 h',
  maxAttempts: '8',
  jitterKind: 'none',
  jitterPercent: '20',
  leastSpread: '',
  mostSpread: '',
  totalTime: '',
  retryAfter: 'honour',
  retryAfterStatuses: '',
  retryAfterMin: '',
  retryAfterMax: '',
  retryAfterUnit: 'seconds',
  retryOn: 'any',
  retryCodes: [],
  retryStatuses: '',
};

/** The draft of a choice. */
export function policyDraftOf(choice: RetryPolicyChoice): PolicyDraft {
  if (typeof choice === 'string') return { ...defaults, choice };
  if (choice.kind === 'named') return { ...defaults, choice: choice.policyId };
  if (choice.kind === 'none') return { ...defaults, choice: 'none' };
  const common = { ...defaults, choice: choice.kind, ...jitterDraft(choice.jitter), ...limitsDraft(choice) };
  switch (choice.kind) {
    case 'schedule':
      return {
        ...common,
        delays: choice.delaysMs.map(formatDurationMs).join(', '),
        ...(choice.afterLast?.kind === 'repeat' ? { afterLast: 'repeat', maxAttempts: String(choice.afterLast.maxAttempts) } : {}),
      };
    case 'linear':
      return { ...common, ...rampDraft(choice), step: formatDurationMs(choice.stepMs) };
    case 'exponential':
      return { ...common, ...rampDraft(choice), factor: String(choice.factor) };
  }
}

function rampDraft(policy: { readonly baseMs: number; readonly maxDelayMs: number; readonly maxAttempts: number }) {
  return { base: formatDurationMs(policy.baseMs), cap: formatDurationMs(policy.maxDelayMs), maxAttempts: String(policy.maxAttempts) };
}

function jitterDraft(jitter: Jitter): Partial<PolicyDraft> {
  return {
    jitterKind: jitter.kind,
    ...('ratio' in jitter ? { jitterPercent: String(Number((jitter.ratio * 100).toFixed(4))) } : {}),
    ...(jitter.kind === 'addOnly'
      ? { leastSpread: optionalText(jitter.leastSpreadMs), mostSpread: optionalText(jitter.mostSpreadMs) }
      : {}),
  };
}

function limitsDraft({ totalTimeMs, retryAfter, retryOn }: Exclude<RetryPolicy, { readonly kind: 'none' }>): Partial<PolicyDraft> {
  return {
    totalTime: optionalText(totalTimeMs),
    ...(retryAfter === undefined ? {} : { retryAfter: retryAfter.kind }),
    ...(retryAfter?.kind === 'honour'
      ? {
          retryAfterStatuses: retryAfter.statuses ?? '',
          retryAfterMin: optionalText(retryAfter.minMs),
          retryAfterMax: optionalText(retryAfter.maxMs),
          retryAfterUnit: retryAfter.unit ?? 'seconds',
        }
      : {}),
    ...(retryOn === undefined ? {} : { retryOn: retryOn.kind }),
    ...(retryOn?.kind === 'custom' ? { retryCodes: retryOn.codes, retryStatuses: retryOn.statuses ?? '' } : {}),
  };
}

function optionalText(durationMs: number | undefined): string {
  return durationMs === undefined ? '' : formatDurationMs(durationMs);
}

/** What a draft says, or a sentence about what in it cannot be read. */
export type ReadPolicy<Key extends string, Value> = { readonly [K in Key]: Value } | { readonly message: string };

/** The choice that a draft stands for. */
export function policyChoiceOf(draft: PolicyDraft): ReadPolicy<'choice', RetryPolicyChoice> {
  if (draft.choice.startsWith('pol_')) return { choice: { kind: 'named', policyId: draft.choice } };
  const preset = retryPresetNames.find((name) => name === draft.choice);
  if (preset !== undefined) return { choice: preset };
  const read = policyOf(draft);
  return 'message' in read ? read : { choice: read.policy };
}

/** The policy that a draft has written out; that of a preset where one is chosen. Not for a draft that refers to a named policy. */
export function policyOf(draft: PolicyDraft): ReadPolicy<'policy', RetryPolicy> {
  const preset = retryPresetNames.find((name) => name === draft.choice);
  if (preset !== undefined) return { policy: resolveRetryPolicy(preset) };
  try {
    return { policy: written(draft) };
  } catch (error) {
    if (error instanceof Unreadable) return { message: error.message };
    throw error;
  }
}

/** Something in a draft cannot be read; the message says what to write. */
class Unreadable extends Error {}

function written(draft: PolicyDraft): RetryPolicy {
  const common = { jitter: readJitter(draft), ...readLimits(draft) };
  switch (draft.choice) {
    case 'schedule': {
      const read = parseDelaysMs(draft.delays);
      if ('wrong' in read) throw new Unreadable(`"${read.wrong}" is not a length of time; write delays such as 5 s, 5 m, 2 h.`);
      if (read.delaysMs.length === 0) throw new Unreadable('Give at least one delay, such as 5 s.');
      const repeat = draft.afterLast === 'repeat' ? { afterLast: { kind: 'repeat' as const, maxAttempts: readAttempts(draft) } } : {};
      return { kind: 'schedule', delaysMs: [...read.delaysMs], ...repeat, ...common };
    }
    case 'linear':
      return { kind: 'linear', ...readRamp(draft), stepMs: readDuration(draft.step, 'the step', '5 s, or 0 s for none'), ...common };
    default:
      return { kind: 'exponential', ...readRamp(draft), factor: readFactor(draft.factor), ...common };
  }
}

function readRamp(draft: PolicyDraft) {
  return {
    baseMs: readDuration(draft.base, 'the first delay', '5 s'),
    maxDelayMs: readDuration(draft.cap, 'the longest delay', '1 h'),
    maxAttempts: readAttempts(draft),
  };
}

function readDuration(text: string, what: string, example: string): number {
  const durationMs = parseDurationMs(text);
  if (durationMs === null) throw new Unreadable(`Write ${what} as a length of time, such as ${example}.`);
  return durationMs;
}

function readFactor(text: string): number {
  const factor = Number(text);
  if (text.trim() === '' || !(factor >= 1)) throw new Unreadable('Use a factor of 1 or more.');
  return factor;
}

function readAttempts({ maxAttempts }: PolicyDraft): number {
  const count = Number(maxAttempts);
  if (!Number.isInteger(count) || count < 1) throw new Unreadable('Give a whole number of attempts, the first included.');
  return count;
}

function readJitter(draft: PolicyDraft): Jitter {
  if (draft.jitterKind === 'none' || draft.jitterKind === 'full') return { kind: draft.jitterKind };
  const percent = Number(draft.jitterPercent);
  if (draft.jitterPercent.trim() === '' || !(percent >= 0 && percent <= 100))
    throw new Unreadable('Give the jitter in per cent, from 0 to 100.');
  const ratio = percent / 100;
  if (draft.jitterKind === 'plusMinus') return { kind: 'plusMinus', ratio };
  return {
    kind: 'addOnly',
    ratio,
    ...optional('leastSpreadMs', draft.leastSpread, 'the least that jitter may add', '2 s'),
    ...optional('mostSpreadMs', draft.mostSpread, 'the most that jitter may add', '15 m'),
  };
}

function readLimits(draft: PolicyDraft) {
  return {
    ...optional('totalTimeMs', draft.totalTime, 'the total time', '8 d'),
    ...readRetryAfter(draft),
    ...readRetryOn(draft),
  };
}

function readRetryAfter(draft: PolicyDraft): { readonly retryAfter?: RetryAfterRule } {
  if (draft.retryAfter === 'ignore') return { retryAfter: { kind: 'ignore' } };
  const statuses = draft.retryAfterStatuses.trim();
  const bounds = {
    ...(statuses === '' ? {} : { statuses }),
    ...optional('minMs', draft.retryAfterMin, 'the shortest Retry-After', '1 s'),
    ...optional('maxMs', draft.retryAfterMax, 'the longest Retry-After', '10 h'),
    ...(draft.retryAfterUnit === 'seconds' ? {} : { unit: draft.retryAfterUnit }),
  };
  return Object.keys(bounds).length === 0 ? {} : { retryAfter: { kind: 'honour', ...bounds } };
}

function readRetryOn(draft: PolicyDraft): { readonly retryOn?: RetryOn } {
  if (draft.retryOn === 'any') return {};
  if (draft.retryOn !== 'custom') return { retryOn: { kind: draft.retryOn } };
  const codes = customCodes.filter((code): code is CustomCode => draft.retryCodes.includes(code));
  const statuses = draft.retryStatuses.trim();
  if (codes.length === 0 && statuses === '') throw new Unreadable('Name at least one outcome or status to retry after.');
  return { retryOn: { kind: 'custom', codes, ...(statuses === '' ? {} : { statuses }) } };
}

/** A field that may be left empty, under the name of the contract. */
function optional<Name extends string>(name: Name, text: string, what: string, example: string): { readonly [N in Name]?: number } {
  return (text.trim() === '' ? {} : { [name]: readDuration(text, what, example) }) as { readonly [N in Name]?: number };
}

/** Summary of the limits of a draft, for where they are folded away. */
export function limitsText(draft: PolicyDraft): string {
  const read = policyOf(draft);
  if ('message' in read || read.policy.kind === 'none') return 'Total time, Retry-After and which outcomes retry';
  const { totalTimeMs, retryAfter, retryOn } = read.policy;
  const after =
    retryAfter?.kind === 'ignore'
      ? 'Retry-After ignored'
      : `Retry-After honoured${retryAfter?.statuses === undefined ? '' : ` for ${retryAfter.statuses}`}`;
  return `Retries after ${retryOnText(retryOn)}; ${after}; ${totalTimeMs === undefined ? 'no limit on the total time' : `at most ${formatDurationMs(totalTimeMs)} in all`}`;
}
