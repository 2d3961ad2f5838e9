import { describe, expect, it, onTestFinished } from 'vitest';
import { hasAttempts, startClockedEngine } from '../../support/clocked-engine.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { allDeliveries } from '../../support/idle.ts';
import { respond, startReceiver, type Step } from '../../support/scripted-receiver.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

const hourMs = 3_600_000;

async function receive(...steps: readonly Step[]) {
  const receiver = await startReceiver(steps);
  onTestFinished(receiver.close);
  return receiver;
}

const retryInAnHour = { kind: 'schedule' as const, delaysMs: [hourMs] };

describe('a clock that is set back', () => {
  it('moves what waits along, so that it comes when it would have come', async () => {
    const target = await receive(respond({ status: 500 }), respond());
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Shop', url: target.url, retryPolicy: retryInAnHour });
    const { deliveries } = await engine.client.messages.send({ type: 'a.b', data: {} });
    const id = deliveries[0]?.id ?? '';
    await engine.deliveryWhen(id, hasAttempts(1));

    const moved = engine.deliveryWhen(id, ({ nextAttemptAtMs }) => nextAttemptAtMs === engine.clock.now() + hourMs);
    engine.clock.set(-5 * hourMs);
    await moved;
    engine.clock.advance(hourMs - 1);
    expect((await engine.client.deliveries.get({ id })).attemptCount).toBe(1);
    engine.clock.advance(1);

    expect(await engine.deliveryWhen(id, hasAttempts(2))).toMatchObject({ status: 'delivered' });
    expect(engine.logLines).toContainEqual(expect.objectContaining({ level: 'warn', fields: { byMs: -5 * hourMs } }));
  });

  it('is noticed at the next start too', async () => {
    const dataDir = createTempFolder();
    const target = await receive(respond({ status: 500 }), respond());
    const first = await startClockedEngine({ dataDir });
    await first.client.endpoints.create({ name: 'Shop', url: target.url, retryPolicy: retryInAnHour });
    const { deliveries } = await first.client.messages.send({ type: 'a.b', data: {} });
    const id = deliveries[0]?.id ?? '';
    await first.deliveryWhen(id, hasAttempts(1));
    await first.stop();

    const clock = createFakeClock(first.clock.now() - 24 * hourMs);
    const engine = await startClockedEngine({ dataDir, clock });

    expect((await engine.client.deliveries.get({ id })).nextAttemptAtMs).toBe(clock.now() + hourMs);
    clock.advance(hourMs);
    expect(await engine.deliveryWhen(id, hasAttempts(2))).toMatchObject({ status: 'delivered' });
  });
});

const yearMs = 365 * 24 * hourMs;

describe('a clock that is set, by seconds, an hour or a year', () => {
  it.each([
    ['5 s forward', 5000],
    ['5 s back', -5000],
    ['an hour forward', hourMs],
    ['an hour back', -hourMs],
    ['a year forward', yearMs],
    ['a year back', -yearMs],
    ['back by a part of a millisecond', -hourMs - 0.25],
  ])('%s leaves retries, rates and circuits as long as they are', async (_, byMs) => {
    const clock = createFakeClock();
    const flaky = await receive(respond({ status: 500 }), respond());
    const slow = await receive(respond(), respond());
    const broken = await receive(respond({ status: 500 }), respond());
    const engine = await startClockedEngine({ clock });
    const minutes = { kind: 'schedule' as const, delaysMs: [120_000] };
    await engine.client.endpoints.create({ name: 'Flaky', url: flaky.url, events: ['flaky'], retryPolicy: minutes });
    await engine.client.endpoints.create({ name: 'Slow', url: slow.url, events: ['slow'], rateLimit: { count: 1, perMs: 60_000 } });
    const { id: brokenId } = await engine.client.endpoints.create({
      name: 'Broken',
      url: broken.url,
      events: ['broken'],
      retryPolicy: { kind: 'schedule', delaysMs: [1000] },
      circuitBreaker: { failures: 1, pauseMs: 90_000, maxPauseMs: 90_000 },
    });
    const send = async (type: string) => (await engine.client.messages.send({ type, data: {} })).deliveries[0]?.id ?? '';
    const ids = { flaky: await send('flaky'), first: await send('slow'), broken: await send('broken') };
    for (const id of Object.values(ids)) await engine.deliveryWhen(id, hasAttempts(1));
    const second = await send('slow');

    const moved = engine.deliveryWhen(ids.flaky, ({ nextAttemptAtMs }) => nextAttemptAtMs === Math.round(clock.now()) + 120_000);
    clock.set(byMs);
    await moved;
    const setAtMs = Math.round(clock.now());

    expect((await engine.client.endpoints.get({ id: brokenId })).circuit).toMatchObject({ state: 'open', probeAtMs: setAtMs + 90_000 });
    clock.advance(59_999);
    expect(slow.requests).toHaveLength(1);
    clock.advance(1);
    await engine.deliveryWhen(second, hasAttempts(1));
    clock.advance(29_999);
    expect(broken.requests).toHaveLength(1);
    clock.advance(1);
    await engine.deliveryWhen(ids.broken, hasAttempts(2));
    clock.advance(29_999);
    expect(flaky.requests).toHaveLength(1);
    clock.advance(1);
    expect(await engine.deliveryWhen(ids.flaky, hasAttempts(2))).toMatchObject({ status: 'delivered' });
  });

  it('neither ends the total time of a policy nor disables an endpoint that failed for a minute', async () => {
    const target = await receive(respond({ status: 500 }), respond({ status: 500 }), respond());
    const engine = await startClockedEngine();
    const { id: endpointId } = await engine.client.endpoints.create({
      name: 'Shop',
      url: target.url,
      retryPolicy: { kind: 'schedule', delaysMs: [60_000, 60_000], totalTimeMs: hourMs },
      autoDisable: { onExhaustion: false, afterFailures: null, afterFailingMs: 24 * hourMs },
    });
    const { deliveries } = await engine.client.messages.send({ type: 'a.b', data: {} });
    const id = deliveries[0]?.id ?? '';
    await engine.deliveryWhen(id, hasAttempts(1));
    const moved = engine.deliveryWhen(id, ({ nextAttemptAtMs }) => nextAttemptAtMs === engine.clock.now() + 60_000);
    engine.clock.set(yearMs);
    await moved;
    engine.clock.advance(60_000);

    expect(await engine.deliveryWhen(id, hasAttempts(2))).toMatchObject({ status: 'failed' });
    expect(await engine.client.endpoints.get({ id: endpointId })).toMatchObject({ isActive: true, health: 'failing' });
    engine.clock.advance(60_000);
    expect(await engine.deliveryWhen(id, hasAttempts(3))).toMatchObject({ status: 'delivered' });
  });

  it('moves what waits once, however often it is started with a log from a later time', async () => {
    const dataDir = createTempFolder();
    const target = await receive(respond({ status: 500 }), respond());
    const first = await startClockedEngine({ dataDir });
    await first.client.endpoints.create({ name: 'Shop', url: target.url, retryPolicy: retryInAnHour });
    const { deliveries } = await first.client.messages.send({ type: 'a.b', data: {} });
    const id = deliveries[0]?.id ?? '';
    await first.deliveryWhen(id, hasAttempts(1));
    await first.stop();
    const clock = createFakeClock(first.clock.now() - yearMs);
    for (let start = 0; start < 3; start += 1) await (await startClockedEngine({ dataDir, clock })).stop();
    const engine = await startClockedEngine({ dataDir, clock });
    expect((await engine.client.deliveries.get({ id })).nextAttemptAtMs).toBe(clock.now() + hourMs);
  });
});

describe('a computer that wakes up', () => {
  it('sends what came due during sleep at once, longest due first and one after the other where that is the limit', async () => {
    const target = await receive(
      ...Array.from({ length: 3 }, () => respond({ status: 500 })),
      ...Array.from({ length: 3 }, () => respond()),
    );
    const engine = await startClockedEngine();
    await engine.client.system.updateSettings({ maxConcurrencyPerEndpoint: 1 });
    await engine.client.endpoints.create({ name: 'Shop', url: target.url, retryPolicy: retryInAnHour });
    const sent: string[] = [];
    for (const number of [1, 2, 3]) {
      const { id, deliveries } = await engine.client.messages.send({ type: 'a.b', data: { number } });
      sent.push(id);
      await engine.deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
      engine.clock.advance(1000);
    }

    engine.clock.sleep(8 * hourMs);
    for (const { id } of await allDeliveries(engine)) await engine.deliveryWhen(id, hasAttempts(2));

    expect(target.requests.slice(3).map((request) => request.header('webhook-id'))).toEqual(sent);
  });
});
