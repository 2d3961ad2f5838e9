import { describe, expect, it } from 'vitest';
import { afterAttempt, type EndedAttempt, type HealthRules } from '#shared/health/after-attempt.ts';
import { afterEdit } from '#engine/health/after-edit.ts';
import { circuitPauseMs, freshState, type EndpointState } from '#shared/health/state.ts';
import { outcomeCode, type OutcomeCode } from '#shared/contract/outcome.ts';

const noRules: HealthRules = {
  autoDisable: { onExhaustion: false, afterFailures: null, afterFailingMs: null },
  disableOn410: false,
  circuitBreaker: null,
};
const rules = (changed: Partial<HealthRules['autoDisable']>): HealthRules => ({
  ...noRules,
  autoDisable: { ...noRules.autoDisable, ...changed },
});
const ended = (code: OutcomeCode, endedAtMs: number, changed: Partial<EndedAttempt> = {}): EndedAttempt => ({
  code,
  endedAtMs,
  status: code === 'ok' ? 200 : 500,
  isExhausted: false,
  attemptsLeft: 5,
  isProbe: false,
  ...changed,
});
/** The state after several attempts, each an outcome code a second after the one before. */
function after(codes: readonly OutcomeCode[], by: HealthRules = noRules, timeScale = 1): EndpointState {
  return codes.reduce((state, code, index) => afterAttempt(state, ended(code, (index + 1) * 1000), by, timeScale).state, freshState);
}

describe('counting', () => {
  it.each(outcomeCode.options)('takes the outcome %s for a success, a failure or neither', (code) => {
    const neither: readonly OutcomeCode[] = ['cancelled', 'interrupted'];
    const state = after(['reset', code]);
    expect(state.failuresInARow).toBe(code === 'ok' ? 0 : neither.includes(code) ? 1 : 2);
    expect(state.failingSinceMs).toBe(code === 'ok' ? null : 1000);
  });

  it('leaves the very same state after a success that follows a success, so that nothing is written', () => {
    const state = after(['reset', 'ok']);
    expect(afterAttempt(state, ended('ok', 9000), noRules, 1)).toEqual({ state, events: [] });
    expect(afterAttempt(state, ended('ok', 9000), noRules, 1).state).toBe(state);
    expect(afterAttempt(freshState, ended('ok', 9000), noRules, 1).state).toBe(freshState);
  });

  it('tells the first failure of a row and the success that ends it, and nothing of what comes while it is disabled', () => {
    const kinds = (['ok', 'reset', 'reset', 'ok', 'ok', 'timeout'] as const).reduce<{ state: EndpointState; told: string[] }>(
      ({ state, told }, code, index) => {
        const change = afterAttempt(state, ended(code, index), noRules, 1);
        return { state: change.state, told: [...told, ...change.events.map(({ kind, atMs }) => `${kind} ${atMs}`)] };
      },
      { state: freshState, told: [] },
    );
    expect(kinds.told).toEqual(['failing 1', 'recovered 3', 'failing 5']);
    const off = afterEdit(freshState, { isActive: false, hasBreaker: false }, { nowMs: 1, actor: 'tester' }).state;
    const failed = afterAttempt(off, ended('reset', 2), noRules, 1);
    expect([failed.events, afterAttempt(failed.state, ended('ok', 3), noRules, 1).events]).toEqual([[], []]);
  });

  it('numbers each change, and remembers when a row of failures ended', () => {
    expect(after(['reset', 'timeout', 'ok'])).toMatchObject({ revision: 3, failuresInARow: 0, recoveredAtMs: 3000, failingSinceMs: null });
  });
});

describe('rules that disable', () => {
  it.each<[string, HealthRules, readonly OutcomeCode[], number | null]>([
    ['three failures in a row, at the third', rules({ afterFailures: 3 }), ['reset', 'reset', 'reset'], 3000],
    ['three failures in a row, not after a success between them', rules({ afterFailures: 3 }), ['reset', 'reset', 'ok', 'reset'], null],
    ['one failure', rules({ afterFailures: 1 }), ['ok', 'dns'], 2000],
    ['failing for two seconds, at the failure that comes then', rules({ afterFailingMs: 2000 }), ['reset', 'reset', 'reset'], 3000],
    ['failing for two seconds, not by waiting for a success', rules({ afterFailingMs: 2000 }), ['reset', 'ok', 'ok', 'reset'], null],
    ['nothing, by default', noRules, ['reset', 'reset', 'reset', 'reset'], null],
  ])('apply after %s', (_, by, codes, atMs) => {
    expect(after(codes, by).disabled?.atMs ?? null).toBe(atMs);
  });

  it('apply at exhaustion only where they say so', () => {
    const last = ended('reset', 1000, { isExhausted: true });
    expect(afterAttempt(freshState, last, rules({ onExhaustion: true }), 1).state.disabled).toMatchObject({
      reason: 'exhausted',
      atMs: 1000,
    });
    expect(afterAttempt(freshState, last, noRules, 1).state.disabled).toBeNull();
  });

  it('apply at 410 Gone only where they say so, and to no other status', () => {
    const by = { ...noRules, disableOn410: true };
    expect(afterAttempt(freshState, ended('http_status', 1, { status: 410 }), by, 1).state.disabled).toMatchObject({ reason: 'gone' });
    expect(afterAttempt(freshState, ended('http_status', 1, { status: 404 }), by, 1).state.disabled).toBeNull();
    expect(afterAttempt(freshState, ended('http_status', 1, { status: 410 }), noRules, 1).state.disabled).toBeNull();
  });

  it('count time by the time scale', () => {
    expect(after(['reset', 'reset'], rules({ afterFailingMs: 3_600_000 }), 3600).disabled).toMatchObject({
      reason: 'failingFor',
      atMs: 2000,
    });
    expect(after(['reset', 'reset'], rules({ afterFailingMs: 3_600_000 }), 3599).disabled).toBeNull();
  });

  it('say the reason once, and a later failure does not change it', () => {
    const first = afterAttempt(freshState, ended('reset', 1), rules({ afterFailures: 1 }), 1);
    const second = afterAttempt(first.state, ended('reset', 2, { isExhausted: true }), rules({ afterFailures: 1, onExhaustion: true }), 1);
    expect(first.events.map(({ kind }) => kind)).toEqual(['failing', 'disabled']);
    expect(second.events).toEqual([]);
    expect(second.state.disabled).toBe(first.state.disabled);
  });

  it('warn once from half of their limit on, and again after a success', () => {
    const by = rules({ afterFailures: 4 });
    const kinds = (['reset', 'reset', 'reset', 'ok', 'reset', 'reset'] as const).reduce<{ state: EndpointState; told: number[] }>(
      ({ state, told }, code, index) => {
        const change = afterAttempt(state, ended(code, index), by, 1);
        return { state: change.state, told: change.events.some(({ kind }) => kind === 'warned') ? [...told, index] : told };
      },
      { state: freshState, told: [] },
    );
    expect(kinds.told).toEqual([1, 5]);
  });

  it('warn before a delivery has its last attempt', () => {
    const change = afterAttempt(freshState, ended('reset', 1, { attemptsLeft: 1 }), rules({ onExhaustion: true }), 1);
    expect(change.events.slice(1)).toEqual([{ kind: 'warned', atMs: 1, message: expect.stringContaining('one attempt left') }]);
  });
});

describe('a circuit', () => {
  const breaker = { failures: 2, pauseMs: 1000, maxPauseMs: 3000 };
  const by: HealthRules = { ...noRules, circuitBreaker: breaker };

  it('opens after its number of failures in a row and closes at a success', () => {
    expect(after(['reset', 'ok', 'reset'], by).openCircuit).toBeNull();
    expect(after(['reset', 'reset'], by).openCircuit).toEqual({ openedAtMs: 2000, failedProbes: 0 });
    expect(after(['reset', 'reset', 'ok'], by).openCircuit).toBeNull();
  });

  it('opens anew at a probe that fails, but not at the end of an attempt that began before it opened', () => {
    const open = after(['reset', 'reset'], by);
    expect(afterAttempt(open, ended('reset', 5000), by, 1).state.openCircuit).toBe(open.openCircuit);
    const probed = afterAttempt(open, ended('reset', 5000, { isProbe: true }), by, 1);
    expect(probed.state.openCircuit).toEqual({ openedAtMs: 5000, failedProbes: 1 });
    expect(probed.events.map(({ kind }) => kind)).toEqual(['circuitReopened']);
  });

  it.each([
    [0, 1, 1000],
    [1, 1, 2000],
    [2, 1, 3000],
    [1500, 1, 3000],
    [0, 100, 10],
  ])('after %i failed probes at a time scale of %i waits %i ms', (failedProbes, timeScale, pauseMs) => {
    expect(circuitPauseMs(breaker, failedProbes, timeScale)).toBe(pauseMs);
  });
});

describe('somebody who', () => {
  const made = { nowMs: 50, actor: 'alice (window)' };
  const disabled = after(['reset'], rules({ afterFailures: 1 }));

  it('switches an endpoint on again clears its state and counts', () => {
    const { state, events } = afterEdit(disabled, { isActive: true, hasBreaker: false }, made);
    expect(state).toEqual({ ...freshState, revision: disabled.revision + 1, enabledAtMs: 50 });
    expect(events).toEqual([{ kind: 'enabled', message: 'Switched on by alice (window).', atMs: 50 }]);
  });

  it('switches it off is the reason', () => {
    expect(afterEdit(freshState, { isActive: false, hasBreaker: false }, made).state.disabled).toMatchObject({
      reason: 'byHand',
      atMs: 50,
    });
  });

  it('changes something else leaves it as it is', () => {
    expect(afterEdit(disabled, { isActive: false, hasBreaker: false }, made).state).toBe(disabled);
    expect(afterEdit(freshState, { isActive: true, hasBreaker: true }, made).state).toBe(freshState);
  });

  it('takes the breaker off closes the circuit', () => {
    const open = after(['reset'], { ...noRules, circuitBreaker: { failures: 1, pauseMs: 1000, maxPauseMs: 1000 } });
    expect(afterEdit(open, { isActive: true, hasBreaker: false }, made).state.openCircuit).toBeNull();
    expect(afterEdit(open, { isActive: true, hasBreaker: true }, made).state).toBe(open);
  });
});
