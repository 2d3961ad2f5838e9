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

    engine.clock.set(8 * hourMs);
    for (const { id } of await allDeliveries(engine)) await engine.deliveryWhen(id, hasAttempts(2));

    expect(target.requests.slice(3).map((request) => request.header('webhook-id'))).toEqual(sent);
  });
});
