import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDurationMs, parseDelaysMs, parseDurationMs, spanText } from '../../../src/shared/duration-text.ts';
import type { RetryPolicy } from '../../../src/shared/contract/retry.ts';
import { retryPresetNames, resolveRetryPolicy, type RetryPolicyChoice } from '../../../src/shared/contract/retry-choice.ts';
import {
  limitsText,
  policyChoiceOf,
  policyDraftOf,
  policyOf,
  type PolicyDraft,
} from '../../../src/renderer/features/policies/policy-draft.ts';
import { withChange } from '../../../src/renderer/base/edits.ts';
import { newNamed, readNamed, withPreset } from '../../../src/renderer/features/policies/named-draft.ts';
import { retryPolicies } from '../../support/retry-policies.ts';

describe('a length of time', () => {
  test.each([
    ['5', 5000],
    ['500 ms', 500],
    ['5s', 5000],
    ['1.5 h', 5_400_000],
    ['2 h 30 m', 9_000_000],
    ['1d', 86_400_000],
    ['5 x', null],
    ['s', null],
    ['2 30 m', null],
    ['', null],
  ])('%j is read as %s ms', (text, durationMs) => {
    expect(parseDurationMs(text)).toBe(durationMs);
  });

  test('is written so that it is read as the same again', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30 * 86_400_000 }),
        (durationMs) => parseDurationMs(formatDurationMs(durationMs)) === durationMs,
      ),
    );
  });

  test('in a list, the invalid part is named', () => {
    expect(parseDelaysMs('5 s, 5 m,')).toEqual({ delaysMs: [5000, 300_000] });
    expect(parseDelaysMs('5 s, soon')).toEqual({ wrong: 'soon' });
  });

  test.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1500, '1.5 s'],
    [4_535_000, '1 h 16 m'],
    [272_105_000, '75 h 35 m'],
    [1_048_575_000, '12 d 3 h'],
  ])('of %i ms is written in a sentence as %s', (spanMs, text) => {
    expect(spanText(spanMs)).toBe(text);
  });
});

describe('a retry policy in the form', () => {
  test.each<RetryPolicyChoice>([...retryPresetNames, { kind: 'named', policyId: 'pol_1' }])('comes out as it went in: %j', (choice) => {
    expect(policyChoiceOf(policyDraftOf(choice))).toEqual({ choice });
  });

  test('comes out as it went in, whatever its kind and limits', () => {
    fc.assert(
      fc.property(retryPolicies(30), (policy) => {
        const read = policyOf(policyDraftOf(policy));
        expect('policy' in read ? compared(read.policy) : read).toEqual(compared(policy));
      }),
    );
  });

  test.each<{ name: string; change: Partial<PolicyDraft>; message: string }>([
    {
      name: 'a delay that is none',
      change: { choice: 'schedule', delays: '5 s, later' },
      message: '"later" is not a length of time; write delays such as 5 s, 5 m, 2 h.',
    },
    { name: 'no delay', change: { choice: 'schedule', delays: ' ' }, message: 'Give at least one delay, such as 5 s.' },
    {
      name: 'a repeat without a count',
      change: { choice: 'schedule', afterLast: 'repeat', maxAttempts: '' },
      message: 'Give a whole number of attempts, the first included.',
    },
    {
      name: 'a first delay of words',
      change: { choice: 'linear', base: 'soon' },
      message: 'Write the first delay as a length of time, such as 5 s.',
    },
    {
      name: 'no step',
      change: { choice: 'linear', step: '' },
      message: 'Write the step as a length of time, such as 5 s, or 0 s for none.',
    },
    { name: 'a factor of words', change: { choice: 'exponential', factor: 'two' }, message: 'Use a factor of 1 or more.' },
    {
      name: 'too much jitter',
      change: { choice: 'exponential', jitterKind: 'addOnly', jitterPercent: '120' },
      message: 'Give the jitter in per cent, from 0 to 100.',
    },
    {
      name: 'a total time of words',
      change: { choice: 'exponential', totalTime: 'long' },
      message: 'Write the total time as a length of time, such as 8 d.',
    },
    {
      name: 'outcomes of its own without any',
      change: { choice: 'exponential', retryOn: 'custom' },
      message: 'Name at least one outcome or status to retry after.',
    },
  ])('says what to write in place of $name', ({ change, message }) => {
    expect(policyChoiceOf({ ...policyDraftOf('none'), ...change })).toEqual({ message });
  });

  test('summarises its folded limits in one line', () => {
    expect(limitsText({ ...policyDraftOf('none'), choice: 'exponential' })).toBe(
      'Retries after any failure; Retry-After honoured; no limit on the total time',
    );
    expect(limitsText(policyDraftOf(resolveRetryPolicy('hook0')))).toBe(
      'Retries after any failure; Retry-After honoured for 429; at most 8 d in all',
    );
  });
});

describe('a named policy in the form', () => {
  test('can begin with the figures of a preset, keeping its name', () => {
    const draft = withPreset({ ...newNamed, name: 'Pro: 8' }, 'outpost');
    expect(readNamed(draft)).toEqual({ value: { name: 'Pro: 8', description: '', policy: resolveRetryPolicy('outpost') } });
  });

  test('says what of it was changed', () => {
    expect(Object.keys(withChange(newNamed, {}, withPreset({ ...newNamed, name: 'x' }, 'svix')))).toEqual(['name', 'policy']);
  });
});

/** A policy without what says no more than the default does, its per cent kept to the four places that the form keeps. */
function compared(policy: RetryPolicy): object {
  if (policy.kind === 'none') return policy;
  const { jitter, retryOn, retryAfter, ...rest } = policy;
  const isPlainRetryAfter = JSON.stringify(retryAfter) === '{"kind":"honour"}';
  return {
    ...rest,
    jitter: 'ratio' in jitter ? { ...jitter, ratio: Number(jitter.ratio.toFixed(6)) } : jitter,
    ...(retryOn === undefined || retryOn.kind === 'any' ? {} : { retryOn }),
    ...(retryAfter === undefined || isPlainRetryAfter ? {} : { retryAfter }),
  };
}
