import { describe, expect, it, onTestFinished } from 'vitest';
import { createGuaranteedSlots, reservedOf } from '#engine/dispatch/guaranteed-slots.ts';
import { hasAttempts, startClockedEngine } from '../../support/clocked-engine.ts';
import { hang, startReceiver, type Step } from '../../support/scripted-receiver.ts';

describe('guaranteed slots', () => {
  it('are fewer for an endpoint for as long as it answers slowly', () => {
    const slots = createGuaranteedSlots();
    expect(slots.of('a')).toBe(2);
    slots.attemptEnded('a', 30_000);
    expect([slots.of('a'), slots.of('b')]).toEqual([1, 2]);
    slots.attemptEnded('a', 20);
    expect(slots.of('a')).toBe(2);
  });

  it.each([
    [1, 0],
    [16, 8],
    [513, 256],
  ])('of %i slots keep %i back', (all, reserved) => expect(reservedOf(all)).toBe(reserved));

  it('let an endpoint get its deliveries at once while others with long queues never answer', async () => {
    const receiver = async (otherwise?: Step) => {
      const started = await startReceiver([], otherwise === undefined ? {} : { otherwise });
      onTestFinished(started.close);
      return started;
    };
    const silent = await receiver(hang());
    const healthy = await receiver();
    const engine = await startClockedEngine();
    await engine.client.system.updateSettings({ maxConcurrency: 16, maxConcurrencyPerEndpoint: 8 });
    for (const name of ['One', 'Two', 'Three', 'Four'])
      await engine.client.endpoints.create({ name, url: silent.url, events: ['slow.made'], timeoutMs: 60_000 });
    await engine.client.endpoints.create({ name: 'Healthy', url: healthy.url, events: ['quick.made'] });
    const send = async (type: string) => (await engine.client.messages.send({ type, data: {} })).deliveries.map(({ id }) => id);
    for (let message = 0; message < 8; message += 1) await send('slow.made');
    for (let request = 0; request < 8; request += 1) await silent.nextRequest();
    for (let message = 0; message < 5; message += 1) {
      const [id = ''] = await send('quick.made');
      expect((await engine.deliveryWhen(id, hasAttempts(1))).status).toBe('delivered');
    }
    expect(silent.requests.length).toBeLessThan(16);
  });
});
