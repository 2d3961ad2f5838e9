import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryPolicy } from '#shared/contract/retry.ts';
import type { Outage } from '#shared/contract/what-if.ts';
import { builtInProfile, builtInProfiles } from '#shared/profiles/index.ts';
import { axisTicks, outageAxis } from '#shared/what-if/axis.ts';
import { localLane, quickLane } from '#shared/what-if/lane.ts';
import { policyRules, profileRules, resolveKnown } from '#shared/what-if/rules.ts';
import { pacedTimes } from '#shared/what-if/scenario.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const fromMs = Date.UTC(2026, 0, 1, 14);

function scenarioOf(hours: number, answer: Outage['answer'] = { kind: 'network', code: 'refused' }) {
  const outage: Outage = { fromMs, untilMs: fromMs + hours * hourMs, answer };
  return { outages: [outage], eventTimesMs: pacedTimes(10 * minuteMs, fromMs - hourMs, outage.untilMs + hourMs, 1000), timeScale: 1 };
}

function laneOf(id: string, hours: number, answer?: Outage['answer']) {
  const profile = builtInProfile(id);
  if (profile === undefined) throw new Error(`There is no profile ${id}.`);
  return localLane(profileRules(profile), scenarioOf(hours, answer), null);
}

describe('two hours down, with an event every ten minutes', () => {
  it('costs Stripe and Svix the rest of their longest wait, by the schedule that stands in for the one of Stripe', () => {
    const endings = { stripe: '2 h 35 m', svix: '2 h 35 m (2 h 4 m to 3 h 6 m with jitter)' };
    for (const [id, longest] of Object.entries(endings))
      expect(laneOf(id, 2)).toMatchObject({
        ending: `12 come late, by up to ${longest}. Nothing is lost.`,
        totals: { events: 25, atOnce: 13, late: 12, lost: 0, lateness: { p50Ms: 2 * hourMs + 35 * minuteMs + 5000 } },
        off: null,
      });
    expect(laneOf('stripe', 2).facts).toContainEqual(
      expect.objectContaining({ certainty: 'unverified', text: expect.stringContaining('stands in') }),
    );
  });

  it('costs GitHub every event of that time, since it never tries again', () => {
    const lane = laneOf('github', 2);
    expect(lane.totals).toMatchObject({ atOnce: 13, late: 0, lost: 12, exhausted: 12, attempts: 25 });
    expect(lane.recovery).toContain('redelivered by hand');
  });

  it('tells what the jitter of Svix can change', () => {
    const { range } = laneOf('svix', 2);
    expect(range?.shortest.late).toBe(12);
    expect(range?.longest.lateness?.maxMs).toBeGreaterThan(range?.shortest.lateness?.maxMs ?? Number.NaN);
    expect(laneOf('stripe', 2).range).toBeNull();
    // 26 hours are within its attempts without jitter, and not with all delays at their shortest.
    const long = laneOf('svix', 26);
    const mostLost = Math.max(long.range?.shortest.lost ?? 0, long.range?.longest.lost ?? 0);
    expect(long.totals.lost).toBe(0);
    expect(mostLost).toBeGreaterThan(0);
    expect(long.ending).toContain(`Nothing is lost without jitter. With jitter, up to ${mostLost} may be lost.`);
  });

  it('claims nothing for good while the range is not computed', () => {
    const [svix, stripe] = ['svix', 'stripe'].map((id) => {
      const profile = builtInProfile(id);
      if (profile === undefined) throw new Error(`There is no profile ${id}.`);
      return quickLane(profileRules(profile), scenarioOf(2), null).told.ending;
    });
    expect(svix).toContain('Nothing is lost without jitter.');
    expect(stripe).toContain('Nothing is lost.');
  });
});

describe('a subscription that is switched off', () => {
  it('loses with Shopify what waits and what comes after the eighth retry of the first event', () => {
    const { off, totals, ending } = laneOf('shopify', 5);
    expect(off).toMatchObject({ reason: 'exhausted', atMs: fromMs + 255 * 56_470 });
    expect(totals).toMatchObject({ exhausted: 1, off: 23, unsent: 13, late: 0 });
    expect(ending).toContain(
      '37 are lost: 1 used up its attempts, 23 waited when it was switched off, 13 came after that. Switched off 4 h',
    );
  });

  it('is named as the reason where nothing waited when it was switched off', () => {
    const rules = policyRules('none', 'Once', resolveKnown('none'));
    const stopAnswers = [{ statuses: '503', header: null, value: null, action: 'disable' } as const];
    const scenario = scenarioOf(2, { kind: 'status', status: 503, retryAfter: null });
    const { ending } = localLane({ ...rules, rules: { ...rules.rules, stopAnswers } }, scenario, null);
    expect(ending).toContain('19 are lost: 1 used up its attempts, 18 came after it was switched off.');
  });

  it('is told to be unknown where no rule of the sender is', () => {
    expect(laneOf('stripe', 2).switchRule).toBe('No rule is known by which Stripe switches a subscription off, so none is applied.');
  });
});

it('relies on what a profile says about delivery, whatever its words, and on nothing else', () => {
  for (const { id, facts } of builtInProfiles()) {
    const told = laneOf(id, 2).facts.map(({ text }) => text);
    for (const { about, text } of facts) expect(told.includes(text), `${id}: ${text}`).toBe(about === 'delivery');
  }
  expect(laneOf('paddle', 2).facts.map(({ text }) => text)).toContain(
    'The single delays are not published; the ones here fit the number and the three days.',
  );
});

it('says that it is not known whether a sender heeds Retry-After, only where that matters', () => {
  const asked = { kind: 'status', status: 503, retryAfter: '60' } as const;
  const texts = (lane: ReturnType<typeof laneOf>) => lane.facts.map(({ text }) => text).join(' ');
  expect(texts(laneOf('shopify', 2, asked))).toContain('Whether Shopify heeds Retry-After is not known');
  expect(texts(laneOf('shopify', 2))).not.toContain('Retry-After');
  expect(texts(laneOf('github', 2, asked))).not.toContain('Retry-After');
});

it('counts the load of a receiver that is back', () => {
  const policy = retryPolicy.parse({ kind: 'schedule', delaysMs: [hourMs] });
  const outage: Outage = { fromMs, untilMs: fromMs + hourMs, answer: { kind: 'network', code: 'refused' } };
  const scenario = { outages: [outage], eventTimesMs: pacedTimes(10_000, fromMs, outage.untilMs - 1, 1000), timeScale: 1 };
  const { totals } = localLane(policyRules(policy, 'Hourly', resolveKnown(policy)), scenario, null);
  expect(totals).toMatchObject({ late: 360, firstMinute: 6, busiestMinute: { atMs: outage.untilMs, attempts: 6 } });
});

it('a timeout takes the time-out of the rules, and what was begun in the outage fails though it ends after it', () => {
  const lane = laneOf('svix', 1, { kind: 'network', code: 'timeout' });
  const first = lane.events.flatMap(({ tries = [] }) => tries).find(({ isOk }) => !isOk);
  expect(first).toMatchObject({ atMs: fromMs, endedAtMs: fromMs + 15_000 });
});

it('accounts for each event under the rules of every profile', () => {
  for (const profile of builtInProfiles())
    for (const hours of [0.2, 30]) {
      const { totals, events } = localLane(profileRules(profile), scenarioOf(hours), 3);
      expect(totals.atOnce + totals.late + totals.lost).toBe(totals.events);
      expect(totals.attempts).toBe(events.reduce((sum, { attempts }) => sum + attempts, 0));
    }
});

describe('the axis', () => {
  const spans = fc.tuple(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 1e10 }));

  it('goes from end to end without turning back, and a place on it leads back to its time', () => {
    fc.assert(
      fc.property(spans, fc.double({ min: 0, max: 1, noNaN: true }), ([before, after], share) => {
        const axis = outageAxis(0, before, before + after);
        expect(axis.toShare(0)).toBeCloseTo(0, 6);
        expect(axis.toShare(before + after)).toBeCloseTo(1, 6);
        expect(axis.toShare(axis.toMs(share))).toBeCloseTo(share, 6);
        expect(axis.toMs(share * 0.9)).toBeLessThanOrEqual(axis.toMs(share));
      }),
    );
  });

  it('does not change its scale suddenly when the receiver is back', () => {
    const axis = outageAxis(0, 3 * hourMs, 100 * hourMs);
    const slope = (from: number) => axis.toShare(from + 1000) - axis.toShare(from);
    expect(slope(3 * hourMs) / slope(3 * hourMs - 1000)).toBeCloseTo(1, 2);
    expect(axis.toShare(3 * hourMs)).toBeGreaterThan(0.5);
  });

  it('has round times of the clock until then, and round times since then after it', () => {
    const axis = outageAxis(fromMs - hourMs, fromMs + 2 * hourMs, fromMs + 80 * hourMs);
    const ticks = axisTicks(axis, 0.08);
    expect(ticks.filter(({ sinceBackMs }) => sinceBackMs === null).every(({ atMs }) => atMs % (30 * minuteMs) === 0)).toBe(true);
    expect(ticks.some(({ sinceBackMs }) => sinceBackMs !== null && sinceBackMs >= 24 * hourMs)).toBe(true);
    expect(ticks.every(({ share }, index) => index === 0 || share > (ticks[index - 1]?.share ?? 0))).toBe(true);
  });
});
