import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DeliverySummary } from '#shared/contract/deliveries.ts';
import type { RateLimit } from '#shared/contract/health.ts';
import { hasAttempts, startClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { whenIdle } from '../../support/idle.ts';
import { hang, reset, respond, startReceiver, type ReceivedRequest, type Step } from '../../support/scripted-receiver.ts';
import { whenSettled } from '../../support/settled.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

async function receiver(script: readonly Step[] = [], otherwise?: Step) {
  const started = await startReceiver(script, otherwise === undefined ? {} : { otherwise });
  onTestFinished(started.close);
  return started;
}

const fails = respond({ status: 500 });
const everyMinute = { kind: 'schedule' as const, delaysMs: [60_000] };

/** Sends so many messages, numbered from `first` on in their data. */
async function send(engine: ClockedEngine, count: number, type = 'a.b', first = 1): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let n = first; n < first + count; n += 1)
    ids.push(...(await engine.client.messages.send({ type, data: { n } })).deliveries.map((each) => each.id));
  return ids;
}

/** The numbers of the messages in the order in which their requests came. */
function numbersOf(requests: readonly ReceivedRequest[]): readonly number[] {
  return requests.map((request) => (JSON.parse(request.body.toString()) as { data: { n: number } }).data.n);
}

const isWaiting = (delivery: DeliverySummary) => delivery.nextAttemptAtMs !== null;

/** Starts of all attempts of these deliveries, earliest first. */
async function startsOf(engine: ClockedEngine, deliveries: readonly Pick<DeliverySummary, 'id'>[]): Promise<readonly number[]> {
  const details = await Promise.all(deliveries.map(({ id }) => engine.client.deliveries.get({ id, bodies: false })));
  return details.flatMap(({ attempts }) => attempts.map((each) => each.startedAtMs)).toSorted((a, b) => a - b);
}

function expectWithin(rate: RateLimit, starts: readonly number[]): void {
  for (const [index, atMs] of starts.entries())
    expect((starts[index + rate.count] ?? Number.POSITIVE_INFINITY) - atMs).toBeGreaterThanOrEqual(rate.perMs);
}

describe('a rate limit', () => {
  it('spaces attempts evenly, and shows until when each delivery waits for it', async () => {
    const target = await receiver();
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({ name: 'Own', url: target.url, rateLimit: { count: 2, perMs: 1000 } });
    const startMs = engine.clock.now();
    await send(engine, 4);
    const seen: (readonly [number, number, number | null])[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const waiting = (await whenSettled(engine)).filter(isWaiting);
      const { rateLimitedUntilMs } = await engine.client.endpoints.get({ id });
      expect(waiting.every(({ hold }) => hold?.by === 'rateLimit' && hold.untilMs === rateLimitedUntilMs)).toBe(true);
      seen.push([engine.clock.now() - startMs, target.requests.length, rateLimitedUntilMs === null ? null : rateLimitedUntilMs - startMs]);
      if (waiting.length > 0) expect(engine.clock.nextAtMs()).toBe(rateLimitedUntilMs);
      engine.clock.advance(500);
    }
    expect(seen).toEqual([
      [0, 1, 500],
      [500, 2, 1000],
      [1000, 3, 1500],
      [1500, 4, 2000],
    ]);
    expect((await engine.client.endpoints.get({ id })).rateLimitedUntilMs).toBeNull();
  });

  it('holds over a restart', async () => {
    const target = await receiver();
    const first = await startClockedEngine();
    await first.client.endpoints.create({ name: 'Own', url: target.url, rateLimit: { count: 1, perMs: 60_000 } });
    await send(first, 2);
    await whenSettled(first);
    await first.stop();
    const second = await startClockedEngine({ dataDir: first.dataDir, clock: first.clock });
    second.clock.advance(59_999);
    expect((await whenSettled(second)).filter(isWaiting)).toHaveLength(1);
    expect(target.requests).toHaveLength(1);
    second.clock.advance(1);
    expect((await whenSettled(second)).filter(isWaiting)).toHaveLength(0);
  });

  it('of hundreds a second is used to the full although each claim waits for the disk', async () => {
    const target = await receiver();
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Own', url: target.url, rateLimit: { count: 500, perMs: 1000 } });
    await send(engine, 40);
    const startMs = engine.clock.now();
    while (target.requests.length < 40) {
      // The next attempt is due in 2 ms, once it is claimed; what is due much later is none.
      const dueInMs = (engine.clock.nextAtMs() ?? Number.POSITIVE_INFINITY) - engine.clock.now();
      if (dueInMs <= 4) engine.clock.advanceToNext();
      await nextTurn();
    }
    const starts = await startsOf(engine, await whenIdle(engine));
    expectWithin({ count: 500, perMs: 1000 }, starts);
    expect((starts.at(-1) ?? 0) - startMs).toBeLessThanOrEqual(40 * 4);
  });

  it('taken off lets what waits go at once', async () => {
    const target = await receiver();
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({ name: 'Own', url: target.url, rateLimit: { count: 1, perMs: 3_600_000 } });
    await send(engine, 3);
    expect((await whenSettled(engine)).filter(isWaiting)).toHaveLength(2);
    await engine.client.endpoints.update({ id, rateLimit: null });
    expect((await whenSettled(engine)).filter(isWaiting)).toHaveLength(0);
  });
});

describe('an endpoint with a cap of its own', () => {
  it.each([
    [1, 8, 1],
    [3, 8, 3],
    [5, 2, 2],
  ])(
    'of %i under one of %i of the workspace has %i attempts under way at most',
    async (maxConcurrency, maxConcurrencyPerEndpoint, most) => {
      const target = await receiver([], respond({ delayMs: 5 }));
      const engine = await startClockedEngine();
      await engine.client.system.updateSettings({ maxConcurrencyPerEndpoint });
      await engine.client.endpoints.create({ name: 'Own', url: target.url, maxConcurrency });
      await send(engine, 9);
      await whenIdle(engine);
      expect(target.requests).toHaveLength(9);
      expect(target.connectionCount()).toBeLessThanOrEqual(most);
    },
  );
});

describe('an ordered endpoint', () => {
  it('sends one at a time in the order of acceptance, and a failing head holds back the others until it ends', async () => {
    const target = await receiver([respond(), fails, fails, respond(), respond()]);
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Own', url: target.url, isOrdered: true, retryPolicy: everyMinute });
    const ids = await send(engine, 4);
    const held = await whenSettled(engine);
    expect(held.toReversed().map(({ status, hold }) => [status, hold?.by ?? null])).toEqual([
      ['delivered', null],
      ['failed', null],
      ['pending', 'order'],
      ['pending', 'order'],
    ]);
    expect(held.find(({ id }) => id === ids[1])?.nextAttemptAtMs).toBe(engine.clock.now() + 60_000);
    engine.clock.advance(60_000);
    const done = await whenSettled(engine);
    expect(done.toReversed().map(({ status }) => status)).toEqual(['delivered', 'exhausted', 'delivered', 'delivered']);
    expect(target.requests.map((request) => (JSON.parse(request.body.toString()) as { data: { n: number } }).data.n)).toEqual([
      1, 2, 2, 3, 4,
    ]);
  });

  it('goes on when its head is cancelled, and after a restart', async () => {
    const target = await receiver([fails, fails]);
    const first = await startClockedEngine();
    await first.client.endpoints.create({ name: 'Own', url: target.url, isOrdered: true, retryPolicy: everyMinute });
    const [head = '', next = '', last = ''] = await send(first, 3);
    await whenSettled(first);
    await first.client.deliveries.cancel({ id: head });
    await first.deliveryWhen(next, hasAttempts(1));
    await first.stop();
    const second = await startClockedEngine({ dataDir: first.dataDir, clock: first.clock });
    expect((await whenSettled(second)).find(({ id }) => id === last)).toMatchObject({ status: 'pending', hold: { by: 'order' } });
    second.clock.advance(60_000);
    const done = await whenSettled(second);
    expect(done.toReversed().map(({ status }) => status)).toEqual(['cancelled', 'delivered', 'delivered']);
  });

  it('that is ordered no longer lets the others pass', async () => {
    const target = await receiver([fails]);
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({ name: 'Own', url: target.url, isOrdered: true, retryPolicy: everyMinute });
    await send(engine, 3);
    await whenSettled(engine);
    await engine.client.endpoints.update({ id, isOrdered: false });
    expect((await whenSettled(engine)).toReversed().map(({ status }) => status)).toEqual(['failed', 'delivered', 'delivered']);
  });
});

describe('a circuit breaker', () => {
  it('lets nothing through while open, then one probe at a time, and closes at a success', async () => {
    const target = await receiver([fails, fails, fails]);
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({
      name: 'Own',
      url: target.url,
      retryPolicy: { kind: 'schedule', delaysMs: [1000, 1000, 1000] },
      maxConcurrency: 1,
      circuitBreaker: { failures: 2, pauseMs: 10_000, maxPauseMs: 60_000 },
    });
    const startMs = engine.clock.now();
    await send(engine, 4);
    const look = async () => {
      const held = (await whenSettled(engine)).filter(isWaiting);
      const { circuit } = await engine.client.endpoints.get({ id });
      return [target.requests.length, held.length, circuit?.state, circuit?.probeAtMs == null ? null : circuit.probeAtMs - startMs];
    };
    expect(await look()).toEqual([2, 4, 'open', 10_000]);
    const [first] = (await engine.client.deliveries.list({})).items;
    expect(first?.hold).toEqual({ by: 'circuit', untilMs: startMs + 10_000 });
    engine.clock.advance(9999);
    expect(await look()).toEqual([2, 4, 'open', 10_000]);
    engine.clock.advance(1);
    expect(await look()).toEqual([3, 4, 'open', 30_000]);
    engine.clock.advance(20_000);
    expect(await look()).toEqual([7, 0, 'closed', null]);
    expect((await engine.client.endpoints.history({ id })).items.map(({ kind }) => kind)).toEqual([
      'circuitClosed',
      'recovered',
      'circuitReopened',
      'circuitOpened',
      'failing',
    ]);
    expect((await engine.client.deliveries.list({})).items.every(({ status }) => status === 'delivered')).toBe(true);
  });

  it('is passed by somebody who jumps to the next attempt, with that delivery and no other', async () => {
    const target = await receiver([fails]);
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({
      name: 'Own',
      url: target.url,
      retryPolicy: everyMinute,
      maxConcurrency: 1,
      circuitBreaker: { failures: 1, pauseMs: 3_600_000, maxPauseMs: 3_600_000 },
    });
    const [, , third = ''] = await send(engine, 3);
    await whenSettled(engine);
    target.append(fails);
    await engine.client.deliveries.attemptNow({ id: third });
    await engine.deliveryWhen(third, hasAttempts(1));
    expect((await whenSettled(engine)).filter(isWaiting)).toHaveLength(3);
    expect(target.requests).toHaveLength(2);
    expect((await engine.client.endpoints.get({ id })).circuit).toMatchObject({ state: 'open', failedProbes: 1 });
    await engine.client.deliveries.attemptNow({ id: third });
    await engine.deliveryWhen(third, hasAttempts(2));
    expect((await engine.client.endpoints.get({ id })).circuit?.state).toBe('closed');
  });

  it('is passed by every delivery that somebody sends at once, one after the other', async () => {
    const target = await receiver([], fails);
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({
      name: 'Own',
      url: target.url,
      retryPolicy: everyMinute,
      maxConcurrency: 1,
      circuitBreaker: { failures: 1, pauseMs: 3_600_000, maxPauseMs: 3_600_000 },
    });
    const ids = await send(engine, 5);
    await whenSettled(engine);
    expect(target.requests).toHaveLength(1);
    await Promise.all(ids.slice(1).map((id) => engine.client.deliveries.attemptNow({ id })));
    for (const id of ids.slice(1)) await engine.deliveryWhen(id, hasAttempts(1));
    expect(numbersOf(target.requests).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
  });

  it('stays open over a restart, with the same time for its probe', async () => {
    const target = await receiver([fails, respond()]);
    const first = await startClockedEngine();
    const { id } = await first.client.endpoints.create({
      name: 'Own',
      url: target.url,
      retryPolicy: { kind: 'schedule', delaysMs: [1000] },
      circuitBreaker: { failures: 1, pauseMs: 30_000 },
    });
    await send(first, 1);
    await whenSettled(first);
    const { circuit } = await first.client.endpoints.get({ id });
    await first.stop();
    const second = await startClockedEngine({ dataDir: first.dataDir, clock: first.clock });
    expect((await second.client.endpoints.get({ id })).circuit).toEqual(circuit);
    second.clock.advance(29_999);
    await whenSettled(second);
    expect(target.requests).toHaveLength(1);
    second.clock.advance(1);
    await whenSettled(second);
    expect((await second.client.endpoints.get({ id })).circuit?.state).toBe('closed');
  });

  it('puts back what was claimed when it opens, so that nothing more goes out', async () => {
    const target = await receiver([], respond({ status: 500, delayMs: 3 }));
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({
      name: 'Own',
      url: target.url,
      retryPolicy: everyMinute,
      circuitBreaker: { failures: 3, pauseMs: 3_600_000, maxPauseMs: 3_600_000 },
    });
    await send(engine, 60);
    const log = await whenSettled(engine);
    // Those under way when it opened end as they may.
    expect(target.requests.length).toBeLessThanOrEqual(3 + 8);
    expect(log.every((each) => isWaiting(each) && !each.isInFlight)).toBe(true);
  });
});

const limits = fc.record({
  isOrdered: fc.boolean(),
  rateLimit: fc.option(fc.record({ count: fc.integer({ min: 1, max: 5 }), perMs: fc.integer({ min: 500, max: 20_000 }) })),
  maxConcurrency: fc.option(fc.integer({ min: 1, max: 4 })),
  circuitBreaker: fc.option(
    fc.record({
      failures: fc.integer({ min: 1, max: 4 }),
      pauseMs: fc.integer({ min: 100, max: 10_000 }),
      maxPauseMs: fc.integer({ min: 10_000, max: 30_000 }),
    }),
  ),
});

const answers: fc.Arbitrary<Step> = fc.oneof(fc.constant(respond()), fc.constant(fails), fc.constant(reset()));

describe('over random limits, failures and restarts', () => {
  it(
    'order and rate are kept, every delivery ends in one final state, and a dead endpoint holds up no other',
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(
          limits,
          fc.array(answers, { maxLength: 25 }),
          fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
          fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
          async (limit, script, bursts, chance) => {
            const clock = createFakeClock();
            const dataDir = createTempFolder();
            const target = await startReceiver(script, {});
            const dead = await startReceiver([], { otherwise: hang() });
            const quick = await startReceiver([], {});
            let engine = await startClockedEngine({ clock, dataDir });
            try {
              const retryPolicy = { kind: 'schedule' as const, delaysMs: [3000, 7000] };
              const { id } = await engine.client.endpoints.create({ name: 'Own', url: target.url, events: ['a.b'], retryPolicy, ...limit });
              await engine.client.endpoints.create({ name: 'Dead', url: dead.url, events: ['dead.one'], timeoutMs: 200, ...limit });
              await engine.client.endpoints.create({ name: 'Quick', url: quick.url, events: ['quick.one'] });
              await send(engine, 12, 'dead.one');
              let sent = 0;
              for (const count of bursts) {
                await send(engine, count, 'a.b', sent + 1);
                sent += count;
                const [own = ''] = await send(engine, 1, 'quick.one');
                await engine.deliveryWhen(own, (delivery) => delivery.status === 'delivered');
              }
              const ownOf = async () => (await engine.client.deliveries.list({ endpointId: id, limit: 100 })).items;
              const settled = async () => {
                const log = await ownOf();
                return log.every(({ isInFlight, nextAttemptAtMs }) => !isInFlight && nextAttemptAtMs === null) ? log : null;
              };
              let log = await settled();
              while (log === null) {
                await untilAtRest(engine, id);
                // Without a timer the answer of a claim is on its way, which sets one.
                if (!clock.advanceToNext()) await nextTurn();
                else if (chance.next().value === 0) {
                  await engine.stop();
                  engine = await startClockedEngine({ clock, dataDir });
                }
                log = await settled();
              }
              expect(log.map(({ status }) => status).filter((status) => status !== 'delivered' && status !== 'exhausted')).toEqual([]);
              const starts = await startsOf(engine, log);
              if (limit.rateLimit !== null) expectWithin(limit.rateLimit, starts);
              const numbers = numbersOf(target.requests);
              if (limit.isOrdered) expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
              expect(new Set(numbers).size).toBe(sent);
            } finally {
              await engine.stop();
              await Promise.all([target.close(), dead.close(), quick.close()]);
            }
          },
        ),
        { numRuns: 10 },
      );
    },
  );
});

/** Waits until deliveries of an endpoint are at rest before the clock moves; those of others may be under way for ever. */
async function untilAtRest(engine: ClockedEngine, endpointId: string): Promise<void> {
  const stop = new AbortController();
  for await (const _ of await engine.client.system.changes(undefined, { signal: stop.signal })) {
    const { items } = await engine.client.deliveries.list({ endpointId, limit: 100 });
    const nowMs = engine.clock.now();
    const head = items.findLast((each) => isWaiting(each) || each.isInFlight);
    const isResting = ({ nextAttemptAtMs: dueAtMs, hold }: DeliverySummary) =>
      dueAtMs === null || dueAtMs > nowMs || (hold !== null && hold.by !== 'order');
    if (items.some(({ isInFlight }) => isInFlight)) continue;
    if (items.every((each) => isResting(each) || (each.hold?.by === 'order' && each !== head && head !== undefined && isResting(head)))) {
      stop.abort();
      return;
    }
  }
}
