import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDurationMs, parseDelaysMs, parseDurationMs } from '../../../src/renderer/features/endpoints/duration-text.ts';
import { plannedAttempts, retryChoiceOf, retryDraftOf } from '../../../src/renderer/features/endpoints/retry-draft.ts';
import { retryPolicy, retryPresetNames, type RetryPolicyChoice } from '../../../src/shared/contract/retry.ts';

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

  test('in a list, the part that is none is named', () => {
    expect(parseDelaysMs('5 s, 5 m,')).toEqual({ delaysMs: [5000, 300_000] });
    expect(parseDelaysMs('5 s, soon')).toEqual({ wrong: 'soon' });
  });
});

describe('a retry policy in the form', () => {
  test.each<RetryPolicyChoice>([
    ...retryPresetNames,
    retryPolicy.parse({ kind: 'schedule', delaysMs: [1000, 61_000], jitter: { kind: 'plusMinus', ratio: 0.2 } }),
    retryPolicy.parse({ kind: 'exponential', baseMs: 500, factor: 3, maxDelayMs: 60_000, maxAttempts: 6, jitter: { kind: 'full' } }),
  ])('comes out as it went in: %j', (choice) => {
    expect(retryChoiceOf(retryDraftOf(choice))).toEqual({ choice });
  });

  test('is drawn with every attempt, delays adding up', () => {
    expect(plannedAttempts('quick').map(({ number, offsetMs }) => [number, offsetMs])).toEqual([
      [1, 0],
      [2, 1000],
      [3, 6000],
      [4, 36_000],
    ]);
    const capped = retryPolicy.parse({ kind: 'exponential', baseMs: 1000, factor: 10, maxDelayMs: 5000, maxAttempts: 4 });
    expect(plannedAttempts(capped).map(({ delayMs }) => delayMs)).toEqual([0, 1000, 5000, 5000]);
    expect(plannedAttempts('none')).toHaveLength(1);
  });

  test('says what cannot be read', () => {
    const own = { ...retryDraftOf('none'), choice: 'exponential' };
    expect(retryChoiceOf({ ...own, factor: 'two' })).toEqual({ message: 'Use a factor of 1 or more and a whole number of attempts.' });
    expect(retryChoiceOf({ ...own, jitterKind: 'addOnly', jitterPercent: '120' })).toEqual({
      message: 'Give the jitter in per cent, from 0 to 100.',
    });
  });
});
