import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomeCode, type Outcome, type OutcomeCode } from '#shared/contract/outcome.ts';
import { maxAttemptsOf, type RetryPolicy } from '#shared/contract/retry.ts';
import { transition, type TransitionContext } from '#engine/dispatch/transition.ts';

const policy: RetryPolicy = { kind: 'schedule', delaysMs: [1000, 60_000], jitter: { kind: 'none' } };
const nowMs = 1_700_000_000_000;
const context: TransitionContext = { nowMs, timeScale: 1, retryAfterMs: null, random: () => 0.5 };
const ended = (code: OutcomeCode): Outcome => ({ code, message: 'Ended.', status: null, phase: null, reason: null });
const failures = outcomeCode.options.filter((code) => !['ok', 'cancelled', 'template', 'policy', 'interrupted'].includes(code));

describe('transition', () => {
  it('delivers on success', () => {
    expect(transition({ attemptCount: 1, scheduleStep: 1 }, ended('ok'), policy, context)).toEqual({
      status: 'delivered',
      attemptCount: 2,
      scheduleStep: 2,
      dueAtMs: null,
    });
  });

  it.each(failures)('retries after %s by the schedule and exhausts at its end', (code) => {
    const first = transition({ attemptCount: 0, scheduleStep: 0 }, ended(code), policy, context);
    expect(first).toEqual({ status: 'failed', attemptCount: 1, scheduleStep: 1, dueAtMs: nowMs + 1000 });
    const second = transition(first, ended(code), policy, context);
    expect(second).toEqual({ status: 'failed', attemptCount: 2, scheduleStep: 2, dueAtMs: nowMs + 60_000 });
    expect(transition(second, ended(code), policy, context)).toEqual({
      status: 'exhausted',
      attemptCount: 3,
      scheduleStep: 3,
      dueAtMs: null,
    });
  });

  it.each<OutcomeCode>(['template', 'policy'])('exhausts at once after %s, which waiting cannot heal', (code) => {
    expect(transition({ attemptCount: 0, scheduleStep: 0 }, ended(code), policy, context)).toMatchObject({
      status: 'exhausted',
      dueAtMs: null,
    });
  });

  it('stays cancelled with retries left', () => {
    expect(transition({ attemptCount: 0, scheduleStep: 0 }, ended('cancelled'), policy, context)).toMatchObject({
      status: 'cancelled',
      dueAtMs: null,
    });
  });

  it('repeats an interrupted attempt at once without using up a step, also at the last one', () => {
    expect(transition({ attemptCount: 2, scheduleStep: 2 }, ended('interrupted'), policy, context)).toEqual({
      status: 'failed',
      attemptCount: 3,
      scheduleStep: 2,
      dueAtMs: nowMs,
    });
    expect(transition({ attemptCount: 0, scheduleStep: 0 }, ended('interrupted'), { kind: 'none' }, context)).toMatchObject({
      status: 'failed',
      dueAtMs: nowMs,
    });
  });

  it.each<{ name: string; retryAfterMs: number | null; timeScale: number; waitMs: number }>([
    { name: 'the schedule where the answer asks for less', retryAfterMs: 200, timeScale: 1, waitMs: 1000 },
    { name: 'Retry-After where it is longer', retryAfterMs: 90_000, timeScale: 1, waitMs: 90_000 },
    { name: 'at most a day', retryAfterMs: 10 * 86_400_000, timeScale: 1, waitMs: 86_400_000 },
    { name: 'the schedule at time scale', retryAfterMs: null, timeScale: 100, waitMs: 10 },
    { name: 'Retry-After at time scale', retryAfterMs: 90_000, timeScale: 3600, waitMs: 25 },
    { name: 'a part of a millisecond as a whole one', retryAfterMs: null, timeScale: 3000, waitMs: 1 },
  ])('waits for $name', ({ retryAfterMs, timeScale, waitMs }) => {
    const step = transition({ attemptCount: 0, scheduleStep: 0 }, ended('http_status'), policy, { ...context, retryAfterMs, timeScale });
    expect(step).toMatchObject({ status: 'failed', dueAtMs: nowMs + waitMs });
  });

  it('does not bound the delays of the policy itself by a day', () => {
    const slow: RetryPolicy = { kind: 'schedule', delaysMs: [2 * 86_400_000], jitter: { kind: 'none' } };
    expect(transition({ attemptCount: 0, scheduleStep: 0 }, ended('dns'), slow, context).dueAtMs).toBe(nowMs + 2 * 86_400_000);
  });

  it('ends every run of failures after the attempts the policy allows, however it is interrupted', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<OutcomeCode>('http_status', 'timeout', 'interrupted'), { maxLength: 20 }), (codes) => {
        let step = { attemptCount: 0, scheduleStep: 0, status: 'pending', dueAtMs: nowMs as number | null };
        let used = 0;
        for (const code of codes) {
          if (step.dueAtMs === null) break;
          step = transition(step, ended(code), policy, context);
          if (code !== 'interrupted') used += 1;
          expect(step.status).toBe(used === maxAttemptsOf(policy) ? 'exhausted' : 'failed');
          expect(step.dueAtMs === null).toBe(step.status === 'exhausted');
        }
        expect(used).toBeLessThanOrEqual(maxAttemptsOf(policy));
      }),
    );
  });
});
