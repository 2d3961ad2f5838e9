import { describe, expect, it } from 'vitest';
import {
  eventsOf,
  mostEventsUnder,
  queryOf,
  stateOf,
  stepMs,
  usualState,
  withEventsAround,
  withOutage,
} from '../../../src/renderer/features/what-if/what-if-state.ts';
import { laneHeightPx, markPaths } from '../../../src/renderer/features/what-if/lane-marks.ts';
import { retryPolicy } from '#shared/contract/retry.ts';
import { builtInProfile } from '#shared/profiles/index.ts';
import { outageAxis } from '#shared/what-if/axis.ts';
import { quickLane } from '#shared/what-if/lane.ts';
import { profileRules } from '#shared/what-if/rules.ts';

const hourMs = 3_600_000;
const usual = usualState(Date.UTC(2026, 7, 20, 9), true);

describe('what is asked', () => {
  it('is kept in the address, and what an address does not say in a way that can be read is as usual', () => {
    const state = {
      ...withEventsAround(withOutage(usual, usual.fromMs + 5000, usual.untilMs)),
      answer: { kind: 'status', status: 503, retryAfter: '60' } as const,
      rules: [
        { kind: 'policy', policy: { kind: 'named', policyId: 'pol_1' } } as const,
        { kind: 'endpoint', id: 'ep_1' } as const,
        { kind: 'policy', policy: 'quick' } as const,
      ],
      logOf: 'ep_1',
    };
    const query = Object.fromEntries(
      Object.entries(queryOf(state)).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
    expect(stateOf(query, usual)).toEqual(state);
    expect(stateOf({ outage: 'soon', answer: '999', events: '', rules: 'preset:nobody,,x' }, usual)).toEqual(usual);
  });

  it('draws no more events than a drag can bear, at a slower pace, and says which', () => {
    const { timesMs, slowedToMs } = eventsOf({ ...usual, everyMs: 1000 }, null, mostEventsUnder([{ policy: { kind: 'none' } }]));
    expect(timesMs.length).toBeLessThanOrEqual(300);
    expect(slowedToMs).toBe(61_000);
    expect(eventsOf(usual, null, 300)).toMatchObject({ slowedToMs: null, timesMs: { length: 31 } });
    const many = retryPolicy.parse({ kind: 'linear', baseMs: 1000, stepMs: 0, maxAttempts: 100 });
    expect(mostEventsUnder([{ policy: many }, { policy: many }])).toBe(80);
  });

  it('moves by round steps that suit the length of the outage', () => {
    expect([30_000, 600_000, 2 * hourMs, 72 * hourMs].map(stepMs)).toEqual([1000, 30_000, 300_000, hourMs]);
  });
});

it('draws the marks of thousands of attempts within the height of a lane, in one path for each kind', () => {
  const profile = builtInProfile('stripe');
  if (profile === undefined) throw new Error('There is no profile of Stripe.');
  const fromMs = usual.fromMs;
  const timesMs = Array.from({ length: 300 }, (_, index) => fromMs + index * 600_000);
  const outages = [{ fromMs, untilMs: fromMs + 48 * hourMs, answer: { kind: 'network', code: 'refused' } as const }];
  const { run } = quickLane(profileRules(profile), { outages, eventTimesMs: timesMs, timeScale: 1 }, null);
  const paths = markPaths(run, outageAxis(fromMs, fromMs + 48 * hourMs, fromMs + 130 * hourMs), 800);
  expect(run.attempts.length).toBeGreaterThan(2000);
  const heights = [...paths.failed.matchAll(/M[\d.-]+ ([\d.]+)/g)].map(([, y]) => Number(y));
  expect(heights).toHaveLength(run.attempts.filter(({ isOk }) => !isOk).length);
  expect(Math.max(...heights)).toBeLessThan(laneHeightPx);
  expect(paths.lost).toBe('');
});
