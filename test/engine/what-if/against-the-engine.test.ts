import { describe, expect, it, onTestFinished } from 'vitest';
import type { DeliverySummary } from '#shared/contract/deliveries.ts';
import type { Outage, OutageAnswer } from '#shared/contract/what-if.ts';
import { resolveRetryPolicy } from '#shared/contract/retry-choice.ts';
import { retryPolicy } from '#shared/contract/retry.ts';
import { seededRandom } from '#shared/seeded-random.ts';
import { builtInProfile } from '#shared/profiles/index.ts';
import { profileRules } from '#shared/what-if/rules.ts';
import { pacedTimes, type Run, type Scenario, type SenderRules } from '#shared/what-if/scenario.ts';
import { runScenario } from '#shared/what-if/simulate.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { allDeliveries, whenIdle } from '../../support/idle.ts';
import { reset, respond, startReceiver, type Step } from '../../support/scripted-receiver.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const startMs = Date.UTC(2026, 0, 1);
const seed = 7;

const plain: SenderRules = {
  policy: resolveRetryPolicy('standard-webhooks'),
  successRule: '2xx',
  retrySuccessRule: null,
  timeoutMs: 15_000,
  stopAnswers: [],
  autoDisable: { onExhaustion: false, afterFailures: null, afterFailingMs: null },
  disableOn410: false,
  circuitBreaker: null,
};

function rulesOf(profile: string): SenderRules {
  const found = builtInProfile(profile);
  if (found === undefined) throw new Error(`There is no profile ${profile}.`);
  return profileRules(found).rules;
}

interface Case {
  readonly name: string;
  readonly rules: SenderRules;
  readonly answer: OutageAnswer;
  readonly outageMs: number;
  readonly timeScale?: number;
}

const down: OutageAnswer = { kind: 'status', status: 503, retryAfter: null };
const quick = retryPolicy.parse({ kind: 'exponential', baseMs: 20_000, factor: 2, maxAttempts: 6 });

const cases: readonly Case[] = [
  { name: 'Svix, with its jitter', rules: rulesOf('svix'), answer: down, outageMs: 2 * hourMs },
  { name: 'Stripe, as far as it is known, at 60x', rules: rulesOf('stripe'), answer: down, outageMs: 3 * minuteMs, timeScale: 60 },
  { name: 'GitHub, after resets', rules: rulesOf('github'), answer: { kind: 'network', code: 'reset' }, outageMs: hourMs },
  { name: 'Shopify, long enough to end the subscription', rules: rulesOf('shopify'), answer: down, outageMs: 5 * hourMs },
  {
    name: 'so many failures in a row, and a Retry-After',
    rules: { ...plain, policy: quick, autoDisable: { ...plain.autoDisable, afterFailures: 9 } },
    answer: { kind: 'status', status: 429, retryAfter: '900' },
    outageMs: hourMs,
  },
  {
    name: 'failing for so long, at 10x',
    rules: { ...plain, policy: quick, autoDisable: { ...plain.autoDisable, afterFailingMs: 4 * hourMs } },
    answer: down,
    outageMs: hourMs,
    timeScale: 10,
  },
  {
    name: 'a circuit breaker',
    rules: { ...plain, circuitBreaker: { failures: 3, pauseMs: 4 * minuteMs, maxPauseMs: 15 * minuteMs } },
    answer: down,
    outageMs: hourMs,
  },
  {
    name: 'a total time, and only some failures',
    rules: { ...plain, policy: retryPolicy.parse({ kind: 'schedule', delaysMs: [minuteMs, hourMs, 3 * hourMs], totalTimeMs: 2 * hourMs }) },
    answer: down,
    outageMs: 90 * minuteMs,
  },
  {
    name: 'an answer that ends deliveries',
    rules: { ...plain, stopAnswers: [{ statuses: '503', header: null, value: null, action: 'end' }] },
    answer: down,
    outageMs: hourMs,
  },
];

/** A pace at which no event coincides with a retry of another, so that the order of attempts is certain. */
const paceMs = 617_003;

function scenarioOf({ answer, outageMs, timeScale = 1 }: Case): Scenario {
  const outage: Outage = { fromMs: startMs + 20 * minuteMs, untilMs: startMs + 20 * minuteMs + outageMs, answer };
  return { outages: [outage], eventTimesMs: pacedTimes(paceMs, startMs, outage.untilMs + 30 * minuteMs, 40), timeScale };
}

/** What the receiver does once, by the clock of the engine. */
function scripted({ outages: [outage] }: Scenario, now: () => number): Step {
  return {
    at: 'request',
    run: (wire) => {
      const isDown = outage !== undefined && now() >= outage.fromMs && now() < outage.untilMs;
      const step = isDown ? stepOf(outage.answer) : respond();
      step.run(wire);
    },
  };
}

function stepOf(answer: OutageAnswer): Step {
  if (answer.kind === 'network') return reset();
  const { status, retryAfter } = answer;
  return respond({ status, headers: retryAfter === null ? [] : [['Retry-After', retryAfter]] });
}

/** When the next of these deliveries is tried again; Infinity where none is before somebody acts. */
function nextDueMs(log: readonly DeliverySummary[]): number {
  return Math.min(
    ...log.map(({ nextAttemptAtMs, hold }) =>
      nextAttemptAtMs === null || hold?.by === 'disabled' ? Number.POSITIVE_INFINITY : Math.max(nextAttemptAtMs, hold?.untilMs ?? 0),
    ),
  );
}

/** The same scenario in a real engine with a real receiver; only the clock is the test's. */
async function playedOut(rules: SenderRules, scenario: Scenario) {
  const clock = createFakeClock(startMs);
  const receiver = await startReceiver([], { otherwise: scripted(scenario, clock.now) });
  onTestFinished(receiver.close);
  const engine = await startClockedEngine({ clock, random: seededRandom(seed) });
  if (scenario.timeScale !== 1) await engine.client.system.updateSettings({ timeScale: scenario.timeScale });
  const { policy, ...fields } = rules;
  const { id } = await engine.client.endpoints.create({
    name: 'Played',
    url: receiver.url,
    ...fields,
    stopAnswers: [...fields.stopAnswers],
    retryPolicy: policy,
  });
  const playUntil = async (untilMs: number) => {
    for (let nextMs = nextDueMs(await whenIdle(engine)); nextMs <= untilMs; nextMs = nextDueMs(await whenIdle(engine)))
      clock.advance(Math.max(0, nextMs - clock.now()));
    clock.advance(untilMs - clock.now());
  };
  for (const atMs of scenario.eventTimesMs) {
    await playUntil(atMs - 1);
    clock.advance(atMs - clock.now());
    await engine.client.messages.send({ type: 'a.b' });
  }
  const lastMs = startMs + 40 * 24 * hourMs;
  await playUntil(lastMs);
  const log = (await allDeliveries(engine)).toReversed();
  const attempts = await Promise.all(
    log.map(async (each) => (await engine.client.deliveries.get({ id: each.id, bodies: false })).attempts),
  );
  return { log, attempts, endpoint: await engine.client.endpoints.get({ id }) };
}

const endWords: Readonly<Record<Run['events'][number]['end'], string>> = {
  delivered: 'delivered',
  exhausted: 'exhausted',
  off: 'failed',
  unsent: '',
};

describe('the model of an outage, held against an engine that lives through it', () => {
  it.each(cases)('makes the same attempts at the same times, with the same ends: $name', async (each) => {
    const scenario = scenarioOf(each);
    const run = runScenario(scenario, each.rules, seededRandom(seed));
    const { log, attempts, endpoint } = await playedOut(each.rules, scenario);
    const sent = run.events.filter(({ end }) => end !== 'unsent');
    expect(sent.some(({ attempts: made }) => made > 0)).toBe(true);
    const told = sent.map((event) => ({
      end: endWords[event.end],
      attempts: run.attempts
        .filter((attempt) => scenario.eventTimesMs[attempt.event] === event.atMs)
        .map(({ atMs, isOk }) => `${atMs - startMs} ${isOk}`),
    }));
    const made = log.map((delivery, index) => ({
      end: delivery.status,
      attempts: (attempts[index] ?? []).map(({ startedAtMs, outcome }) => `${startedAtMs - startMs} ${outcome?.code === 'ok'}`),
    }));
    expect(told).toEqual(made);
    expect(run.off === null ? null : { reason: run.off.reason, atMs: run.off.atMs }).toEqual(
      endpoint.isActive ? null : { reason: endpoint.disabledReason, atMs: endpoint.healthSinceMs },
    );
  });
});
