import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryPolicy } from '#shared/contract/retry.ts';
import { resolveRetryPolicy, retryPresetNames, type RetryPresetName } from '#shared/contract/retry-choice.ts';
import { retryPresets, type RetryPreset } from '#shared/contract/retry-presets.ts';
import { previewSchedule, scheduleSummary } from '#shared/schedule-preview.ts';
import { transition } from '#shared/deciding/transition.ts';
import { retryPolicies } from '../support/retry-policies.ts';

const offsets = (policy: Parameters<typeof previewSchedule>[0], timeScale = 1) =>
  previewSchedule(policy, timeScale).attempts.map(({ earliestMs, nominalMs, latestMs }) => [earliestMs, nominalMs, latestMs]);

describe('a schedule before anything is sent', () => {
  it('adds up the delays of a schedule', () => {
    expect(offsets(resolveRetryPolicy('quick')).map(([, nominal]) => nominal)).toEqual([0, 1000, 6000, 36_000]);
    expect(offsets({ kind: 'none' })).toEqual([[0, 0, 0]]);
  });

  it.each([
    {
      jitter: { kind: 'plusMinus', ratio: 0.2 },
      band: [
        [0, 0, 0],
        [800, 1000, 1200],
        [2400, 3000, 3600],
      ],
    },
    {
      jitter: { kind: 'addOnly', ratio: 0.1 },
      band: [
        [0, 0, 0],
        [1000, 1000, 1100],
        [3000, 3000, 3300],
      ],
    },
    {
      jitter: { kind: 'full' },
      band: [
        [0, 0, 0],
        [0, 1000, 1000],
        [0, 3000, 3000],
      ],
    },
  ])('widens with jitter $jitter.kind', ({ jitter, band }) => {
    expect(offsets(retryPolicy.parse({ kind: 'schedule', delaysMs: [1000, 2000], jitter }))).toEqual(band);
  });

  it('is that many times shorter at a time scale', () => {
    expect(offsets(resolveRetryPolicy('quick'), 10).map(([, nominal]) => nominal)).toEqual([0, 100, 600, 3600]);
  });

  it('leaves out what the total time does, and marks what jitter can push beyond it', () => {
    const policy = retryPolicy.parse({
      kind: 'linear',
      baseMs: 1000,
      stepMs: 0,
      maxAttempts: 10,
      totalTimeMs: 3300,
      jitter: { kind: 'plusMinus', ratio: 0.2 },
    });
    const { attempts, leftOutAttempts } = previewSchedule(policy, 1);
    expect(attempts.map(({ number, isCertain }) => [number, isCertain])).toEqual([
      [1, true],
      [2, true],
      [3, true],
      [4, false],
    ]);
    expect(attempts.at(-1)).toMatchObject({ nominalMs: 3000, latestMs: 3300 });
    expect(leftOutAttempts).toBe(6);
  });

  it.each<[RetryPresetName, number, string]>([
    ['standard-webhooks', 1, '10 attempts over 75 h 35 m'],
    ['standard-webhooks', 60, '10 attempts over 75 h 35 m; at 60x 1 h 16 m'],
    ['svix', 1, '8 attempts over 27 h 35 m'],
    ['stepped-five', 1, '5 attempts over 2 h 36 m'],
    ['doubling-twenty', 1, '21 attempts over 12 d 3 h'],
    ['hookdeck', 1, '51 attempts over 50 h'],
    ['convoy', 1, '10 attempts over 15 m'],
    ['hook0', 1, '25 attempts over 7 d 12 h'],
    ['outpost', 1, '11 attempts over 8 h 32 m'],
    ['shopify', 1, '9 attempts over 4 h'],
    ['github', 1, 'One attempt; a failure is final'],
  ])('says of %s at %sx: %s', (name, timeScale, summary) => {
    expect(scheduleSummary(resolveRetryPolicy(name), timeScale)).toBe(summary);
  });

  it('holds every attempt that the engine would make when each fails at once', () => {
    fc.assert(
      fc.property(
        retryPolicies(12).filter((policy) => policy.kind === 'none' || policy.retryOn === undefined || policy.retryOn.kind === 'any'),
        fc.constantFrom(1, 60, 3600),
        fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 12, maxLength: 12 }),
        (policy, timeScale, chances) => {
          const { attempts } = previewSchedule(policy, timeScale);
          const made: number[] = [0];
          let step = { attemptCount: 0, scheduleStep: 0, dueAtMs: 0 as number | null };
          for (const chance of chances) {
            const nowMs = step.dueAtMs ?? 0;
            const context = { nowMs, scheduleBeganAtMs: 0, timeScale, retryAfterMs: null, random: () => chance };
            step = transition(step, { code: 'reset', message: '', status: null, phase: null, reason: null }, policy, context);
            if (step.dueAtMs === null) break;
            made.push(step.dueAtMs);
          }
          for (const [index, atMs] of made.entries()) {
            const foreseen = attempts[index];
            // Jitter that shortens may bring an attempt into the total time that would come after it by the plain delays.
            if (foreseen === undefined) continue;
            expect(atMs).toBeGreaterThanOrEqual(foreseen.earliestMs);
            expect(atMs).toBeLessThanOrEqual(foreseen.latestMs);
          }
          expect(made.length).toBeGreaterThanOrEqual(attempts.findLastIndex(({ isCertain }) => isCertain) + 1);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a preset', () => {
  it.each(retryPresetNames)('%s has a source with the day it was read, or says that nobody in particular is', (name) => {
    const { source, asOf, note, policy }: RetryPreset = retryPresets[name];
    expect(source === null).toBe(asOf === null);
    if (source !== null) expect(new URL(source).protocol).toBe('https:');
    if (asOf !== null) expect(asOf).toMatch(/^2026-\d\d-\d\d$/);
    if (note !== null) expect(note).toMatch(/^[A-Z].*\.$/);
    expect(retryPolicy.safeParse(policy).success).toBe(true);
  });

  it('that disables the endpoint says so', () => {
    expect(retryPresetNames.filter((name) => retryPresets[name].disablesEndpoint)).toEqual(['stepped-five']);
  });
});
