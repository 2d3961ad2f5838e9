import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomeCode, type Outcome, type OutcomeCode } from '#shared/contract/outcome.ts';
import { maxAttemptsOf, networkCodes, type RetryAfterRule, type RetryOn, type RetryPolicy } from '#shared/contract/retry.ts';
import { transition, type TransitionContext } from '#shared/deciding/transition.ts';
import type { DeliveryStep } from '#shared/deciding/delivery-step.ts';
import { retryPolicies } from '../../support/retry-policies.ts';

const policy = { kind: 'schedule', delaysMs: [1000, 60_000], jitter: { kind: 'none' } } as const satisfies RetryPolicy;
const nowMs = 1_700_000_000_000;
const context: TransitionContext = { nowMs, scheduleBeganAtMs: nowMs, timeScale: 1, retryAfterMs: null, random: () => 0.5 };
const atBegin = { attemptCount: 0, scheduleStep: 0 };
const ended = (code: OutcomeCode, status: number | null = null): Outcome => ({
  code,
  message: 'Ended.',
  status,
  phase: null,
  reason: null,
});
const answered = (status: number) => ended('http_status', status);
const failures = outcomeCode.options.filter((code) => !['ok', 'cancelled', 'template', 'policy', 'interrupted'].includes(code));

describe('transition', () => {
  it('delivers on success', () => {
    expect(transition({ attemptCount: 1, scheduleStep: 1 }, ended('ok'), policy, context)).toEqual({
      status: 'delivered',
      attemptCount: 2,
      scheduleStep: 2,
      dueAtMs: null,
      endReason: null,
    });
  });

  it.each(failures)('retries after %s by the schedule and exhausts at its end', (code) => {
    const first = transition(atBegin, ended(code), policy, context);
    expect(first).toEqual({ status: 'failed', attemptCount: 1, scheduleStep: 1, dueAtMs: nowMs + 1000, endReason: null });
    const second = transition(first, ended(code), policy, context);
    expect(second).toEqual({ status: 'failed', attemptCount: 2, scheduleStep: 2, dueAtMs: nowMs + 60_000, endReason: null });
    expect(transition(second, ended(code), policy, context)).toEqual({
      status: 'exhausted',
      attemptCount: 3,
      scheduleStep: 3,
      dueAtMs: null,
      endReason: null,
    });
  });

  it.each<OutcomeCode>(['template', 'policy'])('exhausts at once after %s, which waiting cannot heal', (code) => {
    expect(transition(atBegin, ended(code), policy, context)).toMatchObject({ status: 'exhausted', dueAtMs: null });
  });

  it('stays cancelled with retries left', () => {
    expect(transition(atBegin, ended('cancelled'), policy, context)).toMatchObject({ status: 'cancelled', dueAtMs: null });
  });

  it('repeats an interrupted attempt at once without using up a step, also at the last one and when the time is over', () => {
    expect(transition({ attemptCount: 2, scheduleStep: 2 }, ended('interrupted'), policy, context)).toEqual({
      status: 'failed',
      attemptCount: 3,
      scheduleStep: 2,
      dueAtMs: nowMs,
      endReason: null,
    });
    for (const strict of [{ kind: 'none' }, { ...policy, totalTimeMs: 1 }, { ...policy, retryOn: { kind: 'serverErrors' } }] as const)
      expect(transition(atBegin, ended('interrupted'), strict, { ...context, scheduleBeganAtMs: nowMs - 5000 })).toMatchObject({
        status: 'failed',
        dueAtMs: nowMs,
      });
  });

  it('does not bound the delays of the policy itself by a day', () => {
    const slow: RetryPolicy = { ...policy, delaysMs: [2 * 86_400_000] };
    expect(transition(atBegin, ended('dns'), slow, context).dueAtMs).toBe(nowMs + 2 * 86_400_000);
  });
});

describe('Retry-After', () => {
  const honour = (rule: Omit<Extract<RetryAfterRule, { kind: 'honour' }>, 'kind'>): RetryAfterRule => ({ kind: 'honour', ...rule });

  it.each<{
    name: string;
    retryAfterMs: number | null;
    waitMs: number;
    timeScale?: number;
    rule?: RetryAfterRule;
    outcome?: Outcome;
  }>([
    { name: 'the schedule where the answer asks for less', retryAfterMs: 200, waitMs: 1000 },
    { name: 'Retry-After where it is longer', retryAfterMs: 90_000, waitMs: 90_000 },
    { name: 'at most a day', retryAfterMs: 10 * 86_400_000, waitMs: 86_400_000 },
    { name: 'the schedule at time scale', retryAfterMs: null, timeScale: 100, waitMs: 10 },
    { name: 'Retry-After at time scale', retryAfterMs: 90_000, timeScale: 3600, waitMs: 25 },
    { name: 'a part of a millisecond as a whole one', retryAfterMs: null, timeScale: 3000, waitMs: 1 },
    { name: 'the schedule where Retry-After is ignored', retryAfterMs: 90_000, rule: { kind: 'ignore' }, waitMs: 1000 },
    { name: 'the longest wait of the policy', retryAfterMs: 90_000, rule: honour({ maxMs: 5000 }), waitMs: 5000 },
    {
      name: 'more than a day where the policy allows it',
      retryAfterMs: 2 * 86_400_000,
      rule: honour({ maxMs: 3 * 86_400_000 }),
      waitMs: 2 * 86_400_000,
    },
    { name: 'the shortest wait of the policy', retryAfterMs: 0, rule: honour({ minMs: 4000 }), waitMs: 4000 },
    { name: 'no shortest wait without the header', retryAfterMs: null, rule: honour({ minMs: 4000 }), waitMs: 1000 },
    { name: 'Retry-After with a status that counts', retryAfterMs: 90_000, rule: honour({ statuses: '429,503' }), waitMs: 90_000 },
    {
      name: 'the schedule with a status that does not count',
      retryAfterMs: 90_000,
      rule: honour({ statuses: '429,503' }),
      outcome: answered(500),
      waitMs: 1000,
    },
    {
      name: 'the schedule without an answer',
      retryAfterMs: 90_000,
      rule: honour({ statuses: '5xx' }),
      outcome: ended('reset'),
      waitMs: 1000,
    },
  ])('waits for $name', ({ retryAfterMs, timeScale = 1, waitMs, rule, outcome = answered(503) }) => {
    const own: RetryPolicy = rule === undefined ? policy : { ...policy, retryAfter: rule };
    expect(transition(atBegin, outcome, own, { ...context, retryAfterMs, timeScale })).toMatchObject({
      status: 'failed',
      dueAtMs: nowMs + waitMs,
    });
  });
});

describe('outcomes that retry', () => {
  const all: readonly Outcome[] = [
    ...networkCodes.map((code) => ended(code)),
    ended('redirect', 302),
    ...[400, 404, 429, 500, 503].map(answered),
  ];
  const nameOf = ({ code, status }: Outcome) => (status === null ? code : String(status));

  it.each<{ rule: RetryOn; retried: readonly string[] }>([
    { rule: { kind: 'any' }, retried: all.map(nameOf) },
    { rule: { kind: 'network' }, retried: networkCodes },
    { rule: { kind: 'serverErrors' }, retried: ['429', '500', '503'] },
    { rule: { kind: 'custom', codes: ['timeout', 'redirect'] }, retried: ['timeout', '302'] },
    { rule: { kind: 'custom', codes: [], statuses: '404,500-502' }, retried: ['404', '500'] },
    { rule: { kind: 'custom', codes: ['refused'], statuses: '3xx,429' }, retried: ['refused', '302', '429'] },
  ])('are $retried by the rule $rule', ({ rule, retried }) => {
    const after = all.map((outcome) => ({
      name: nameOf(outcome),
      step: transition(atBegin, outcome, { ...policy, retryOn: rule }, context),
    }));
    expect(after.filter(({ step }) => step.status === 'failed').map(({ name }) => name)).toEqual(retried);
    for (const { step } of after) {
      expect(['failed', 'exhausted']).toContain(step.status);
      expect(step.dueAtMs === null).toBe(step.status === 'exhausted');
      expect(step.endReason === null).toBe(step.status === 'failed');
    }
  });

  it.each<{ rule: RetryOn; outcome: Outcome; sentence: string }>([
    {
      rule: { kind: 'network' },
      outcome: answered(404),
      sentence: 'The retry policy tries again only after network failures, and the answer was 404.',
    },
    {
      rule: { kind: 'serverErrors' },
      outcome: ended('timeout'),
      sentence: 'The retry policy tries again only after answers with 5xx or 429, and this attempt ended in timeout.',
    },
    {
      rule: { kind: 'custom', codes: ['dns', 'reset'], statuses: '5xx' },
      outcome: answered(410),
      sentence: 'The retry policy tries again only after dns, reset or answers with 5xx, and the answer was 410.',
    },
  ])('say why one that does not retry ends the delivery: $sentence', ({ rule, outcome, sentence }) => {
    expect(transition(atBegin, outcome, { ...policy, retryOn: rule }, context).endReason).toBe(sentence);
  });

  it('need no reason where no attempt was left anyway', () => {
    expect(
      transition({ attemptCount: 2, scheduleStep: 2 }, answered(404), { ...policy, retryOn: { kind: 'network' } }, context),
    ).toMatchObject({
      status: 'exhausted',
      endReason: null,
    });
  });
});

describe('a limit on the total time', () => {
  const limited: RetryPolicy = { ...policy, totalTimeMs: 30_000 };

  it.each([
    { name: 'an attempt due in time is made', step: 0, passedMs: 0, timeScale: 1, dueInMs: 1000 },
    { name: 'an attempt due at the last moment is made', step: 0, passedMs: 29_000, timeScale: 1, dueInMs: 1000 },
    { name: 'one due a moment later is not', step: 0, passedMs: 29_001, timeScale: 1, dueInMs: null },
    { name: 'a long delay is not begun', step: 1, passedMs: 1000, timeScale: 1, dueInMs: null },
    { name: 'the time scale makes the time shorter too', step: 0, passedMs: 2990, timeScale: 10, dueInMs: null },
    { name: 'and the delays', step: 0, passedMs: 2900, timeScale: 10, dueInMs: 100 },
  ])('$name', ({ step, passedMs, timeScale, dueInMs }) => {
    const after = transition({ attemptCount: step, scheduleStep: step }, answered(500), limited, {
      ...context,
      scheduleBeganAtMs: nowMs - passedMs,
      timeScale,
    });
    expect(after.dueAtMs).toBe(dueInMs === null ? null : nowMs + dueInMs);
    expect(after.status).toBe(dueInMs === null ? 'exhausted' : 'failed');
  });

  it('is told with both figures before time scale', () => {
    const after = transition({ attemptCount: 1, scheduleStep: 1 }, answered(500), limited, {
      ...context,
      scheduleBeganAtMs: nowMs - 100,
      timeScale: 10,
    });
    expect(after.endReason).toBe(
      'The next attempt would have come 1 m 1 s after the schedule began, and the retry policy allows 30 s in all.',
    );
  });

  it('counts what Retry-After asks for', () => {
    expect(transition(atBegin, answered(503), limited, { ...context, retryAfterMs: 31_000 })).toMatchObject({ status: 'exhausted' });
  });
});

/** How a receiver behaves at one attempt. */
const endings = fc.record({
  outcome: fc.oneof(
    fc.constantFrom(...outcomeCode.options.filter((code) => code !== 'http_status' && code !== 'redirect')).map((code) => ended(code)),
    fc.constantFrom(300, 404, 410, 429, 500, 503).map(answered),
  ),
  tookMs: fc.nat(60_000),
  retryAfterMs: fc.option(fc.nat(2 * 86_400_000)),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

describe('over random policies, receivers and time scales', () => {
  it('there are never more attempts than allowed, none comes before it is due or after the total time, and each delivery ends in one final state or is scheduled', () => {
    fc.assert(
      fc.property(
        retryPolicies(12),
        fc.array(endings, { minLength: 1, maxLength: 30 }),
        fc.constantFrom(1, 7, 60, 3600),
        (own, attempts, timeScale) => {
          let clockMs = nowMs;
          let used = 0;
          let step: DeliveryStep = { ...atBegin, status: 'pending', dueAtMs: nowMs, endReason: null };
          for (const { outcome, tookMs, retryAfterMs, random } of attempts) {
            if (step.dueAtMs === null) break;
            clockMs = step.dueAtMs + tookMs;
            if (outcome.code !== 'interrupted') used += 1;
            const at = { nowMs: clockMs, scheduleBeganAtMs: nowMs, timeScale, retryAfterMs, random: () => random };
            const next: DeliveryStep = transition(step, outcome, own, at);
            expect(next.attemptCount).toBe(step.attemptCount + 1);
            expect(next.scheduleStep).toBe(used);
            expect(['delivered', 'exhausted', 'cancelled'].includes(next.status)).toBe(next.dueAtMs === null);
            expect(next.status === 'failed').toBe(next.dueAtMs !== null);
            expect(next.endReason === null || next.status === 'exhausted').toBe(true);
            if (next.dueAtMs !== null) {
              expect(next.dueAtMs).toBeGreaterThanOrEqual(clockMs);
              if (outcome.code !== 'interrupted' && own.kind !== 'none' && own.totalTimeMs !== undefined)
                expect((next.dueAtMs - nowMs) * timeScale).toBeLessThanOrEqual(own.totalTimeMs);
            }
            step = next;
          }
          expect(used).toBeLessThanOrEqual(maxAttemptsOf(own));
          if (used === maxAttemptsOf(own)) expect(step.dueAtMs).toBeNull();
        },
      ),
      { numRuns: 1000 },
    );
  });
});
