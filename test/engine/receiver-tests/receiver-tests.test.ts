import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { planReceiverTest } from '#engine/receiver-tests/plan.ts';
import { hasAttempts, startClockedEngine } from '../../support/clocked-engine.ts';
import { respond } from '../../support/scripted-receiver.ts';
import { receive } from '../replays/replay-support.ts';

describe('the plan of a receiver test', () => {
  it('sends every message out of order once, in an order that is never that of the numbers, and the same for a seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 500 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }), (count, seed) => {
        const plan = planReceiverTest({ kind: 'outOfOrder', count, gapMs: 10, numberField: 'number' }, seed);
        const numbers = plan.map(({ number }) => number);
        const inOrder = Array.from({ length: count }, (_, index) => index + 1);
        expect(numbers.toSorted((a, b) => a - b)).toEqual(inOrder);
        expect(numbers).not.toEqual(inOrder);
        expect(plan).toEqual(planReceiverTest({ kind: 'outOfOrder', count, gapMs: 10, numberField: 'number' }, seed));
        expect(plan.map(({ afterMs }) => afterMs)).toEqual(inOrder.map((position) => (position - 1) * 10));
      }),
    );
  });

  it('knows duplicates, late messages and bursts', () => {
    expect(planReceiverTest({ kind: 'duplicates', copies: 3, gapMs: 50 }, 0)).toEqual([
      { position: 1, number: 1, afterMs: 0 },
      { position: 2, number: 1, afterMs: 50 },
      { position: 3, number: 1, afterMs: 100 },
    ]);
    expect(planReceiverTest({ kind: 'late', delayMs: 5000, timestamp: 'now' }, 0)).toEqual([{ position: 1, number: 1, afterMs: 0 }]);
    expect(planReceiverTest({ kind: 'burst', count: 2, numberField: null }, 0)).toEqual([
      { position: 1, number: 1, afterMs: 0 },
      { position: 2, number: 2, afterMs: 0 },
    ]);
  });
});

async function start() {
  const target = await receive();
  const engine = await startClockedEngine();
  const endpoint = await engine.client.endpoints.create({ name: 'Own', url: target.url, events: ['nothing.at.all'] });
  return { target, engine, endpoint, ask: { endpointId: endpoint.id, type: 'invoice.paid', data: { amount: 5 } } };
}

describe('testing a receiver', () => {
  it('delivers one message several times, with the same id and the same body', async () => {
    const { target, engine, ask } = await start();
    const { sends } = await engine.client.receiverTests.run({ ...ask, test: { kind: 'duplicates', copies: 3 } });
    for (const { deliveryId } of sends) await engine.deliveryWhen(deliveryId, ({ status }) => status === 'delivered');
    expect(new Set(sends.map(({ messageId }) => messageId)).size).toBe(1);
    expect(target.requests.map((request) => request.header('webhook-id'))).toEqual(Array(3).fill(sends[0]?.messageId));
    expect(new Set(target.requests.map(({ body }) => body.toString())).size).toBe(1);
    expect((await engine.client.messages.get({ id: sends[0]?.messageId ?? '' })).deliveries).toHaveLength(3);
  });

  it('sends numbered messages in the order it showed before', async () => {
    const { target, engine, ask } = await start();
    const test = { kind: 'outOfOrder', count: 5, gapMs: 100 } as const;
    const plan = await engine.client.receiverTests.plan({ ...ask, test });
    expect(target.requests).toEqual([]);
    const run = await engine.client.receiverTests.run({ ...ask, test, seed: plan.seed });
    expect(run.sends.map(({ position, number, afterMs }) => ({ position, number, afterMs }))).toEqual(plan.sends);
    const arrived: number[] = [];
    for (const { deliveryId, dueAtMs } of run.sends) {
      engine.clock.advance(dueAtMs - engine.clock.now());
      const request = await target.nextRequest();
      arrived.push((JSON.parse(request.body.toString()) as { data: { number: number } }).data.number);
      await engine.deliveryWhen(deliveryId, hasAttempts(1));
    }
    expect(arrived).toEqual(plan.sends.map(({ number }) => number));
    const times = target.requests.map((request) => (JSON.parse(request.body.toString()) as { timestamp: string }).timestamp);
    // What was made later says so in its body, whenever it comes.
    expect(times.toSorted().map((time) => arrived[times.indexOf(time)])).toEqual([1, 2, 3, 4, 5]);
  });

  it('sends now, at any time scale, a message that is really so old, and expects it to be refused', async () => {
    const { target, engine, ask } = await start();
    await engine.client.system.updateSettings({ timeScale: 3600 });
    const nowMs = engine.clock.now();
    const late = await engine.client.receiverTests.run({ ...ask, test: { kind: 'late', delayMs: 600_000, timestamp: 'original' } });
    const fresh = await engine.client.receiverTests.run({ ...ask, test: { kind: 'late', delayMs: 600_000, timestamp: 'now' } });
    for (const { deliveryId } of [...late.sends, ...fresh.sends])
      await engine.deliveryWhen(deliveryId, ({ status }) => status === 'delivered');
    const requestOf = (messageId: string | undefined) => target.requests.find((request) => request.header('webhook-id') === messageId);
    const [old, young] = [requestOf(late.sends[0]?.messageId), requestOf(fresh.sends[0]?.messageId)];
    expect(Number(old?.header('webhook-timestamp'))).toBe((nowMs - 600_000) / 1000);
    expect(Number(young?.header('webhook-timestamp'))).toBe(nowMs / 1000);
    expect(JSON.parse(old?.body.toString() ?? '')).toMatchObject({ timestamp: new Date(nowMs - 600_000).toISOString() });
    expect([late.expects, fresh.expects]).toEqual(['refused', 'accepted']);
  });

  it('is refused as stale by the official package when a late message keeps its timestamp', async () => {
    const { target, engine, ask, endpoint } = await start();
    const { sends } = await engine.client.receiverTests.run({ ...ask, test: { kind: 'late', delayMs: 1, timestamp: 'original' } });
    engine.clock.advance(1);
    await engine.deliveryWhen(sends[0]?.deliveryId ?? '', ({ status }) => status === 'delivered');
    const request = target.requests[0];
    const headers = Object.fromEntries((request?.rawHeaders ?? []).map(([name, value]) => [name.toLowerCase(), value]));
    // The clock of the test stands long before the package's, which is the real one.
    expect(() => new Webhook(endpoint.secret ?? '').verify(request?.body ?? '', headers)).toThrow(/timestamp/i);
  });

  it('spreads duplicates by the time scale, as retries are', async () => {
    const { engine, ask } = await start();
    await engine.client.system.updateSettings({ timeScale: 60 });
    const { sends } = await engine.client.receiverTests.run({ ...ask, test: { kind: 'duplicates', copies: 2, gapMs: 600_000 } });
    expect(sends[1]?.dueAtMs).toBe(engine.clock.now() + 10_000);
  });

  it('sends a burst of numbered messages at once, each with an id of its own, and shows how each was answered', async () => {
    const { target, engine, ask } = await start();
    target.append(respond({ status: 503 }), respond({ status: 204 }));
    const { sends } = await engine.client.receiverTests.run({ ...ask, test: { kind: 'burst', count: 20, numberField: 'n' } });
    const ended = [];
    for (const { deliveryId } of sends) ended.push(await engine.deliveryWhen(deliveryId, hasAttempts(1)));
    expect(new Set(sends.map(({ messageId }) => messageId)).size).toBe(20);
    const numbers = target.requests.map((request) => (JSON.parse(request.body.toString()) as { data: { n: number } }).data.n);
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(ended.filter(({ status }) => status === 'exhausted')).toHaveLength(1);
    expect(ended.filter(({ lastOutcome }) => lastOutcome?.status === 204)).toHaveLength(1);
  });

  it('is refused for data that cannot be numbered', async () => {
    const { engine, ask } = await start();
    await expect(engine.client.receiverTests.plan({ ...ask, data: [1], test: { kind: 'burst', count: 3 } })).rejects.toThrow(
      'it must be a JSON object',
    );
  });

  it('reaches a disabled endpoint with one attempt each, and has no consequence for it', async () => {
    const { target, engine, ask } = await start();
    target.append(respond({ status: 500 }), respond({ status: 500 }));
    await engine.client.endpoints.update({ id: ask.endpointId, isActive: false });
    const before = await engine.client.endpoints.get({ id: ask.endpointId });
    const { sends } = await engine.client.receiverTests.run({ ...ask, test: { kind: 'duplicates', copies: 2 } });
    for (const { deliveryId } of sends) {
      const ended = await engine.deliveryWhen(deliveryId, hasAttempts(1));
      expect(ended).toMatchObject({ status: 'exhausted', isTest: true, endpointName: 'Own' });
    }
    expect(await engine.client.endpoints.get({ id: ask.endpointId })).toEqual(before);
  });
});
