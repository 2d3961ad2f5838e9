import { describe, expect, it } from 'vitest';
import { hasAttempts, startClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { hang, respond } from '../../support/scripted-receiver.ts';
import { advanceToEnd, receive, replayWhen, settled } from './replay-support.ts';

const failing = (count: number) => Array.from({ length: count }, () => respond({ status: 500 }));

/** Sends this many events and waits until their deliveries have ended. */
async function sendAll({ client }: ClockedEngine, count: number, type = 'order.made'): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let number = 1; number <= count; number += 1)
    ids.push((await client.messages.send({ type, data: { number } })).deliveries[0]?.id ?? '');
  return ids;
}

/** An engine with an endpoint without retries at which this many deliveries are exhausted. */
async function withExhausted(count: number) {
  const target = await receive(...failing(count));
  const engine = await startClockedEngine();
  const endpoint = await engine.client.endpoints.create({ name: 'Shop', url: target.url, events: ['order.*'], retryPolicy: 'none' });
  const ids = await sendAll(engine, count);
  await settled(engine);
  return { target, engine, endpoint, ids };
}

describe('the dry run of a replay', () => {
  it('counts by status, endpoint, event type and reason to skip, shows the first, and changes nothing', async () => {
    const { target, engine, endpoint, ids } = await withExhausted(3);
    const other = await engine.client.endpoints.create({ name: 'Closed', url: target.url, events: ['closing.*'], retryPolicy: 'none' });
    await sendAll(engine, 1, 'closing.time');
    await settled(engine);
    await engine.client.endpoints.update({ id: other.id, isActive: false });
    const requests = target.requests.length;

    const preview = await engine.client.replays.preview({ source: { kind: 'redeliver', filter: {} } });

    expect(preview).toMatchObject({
      total: 4,
      replayable: 3,
      skipped: [{ reason: 'endpoint_disabled', count: 1 }],
      byStatus: { exhausted: 3, delivered: 1 },
      byEndpoint: [
        { endpointId: endpoint.id, endpointName: 'Shop', count: 3 },
        { endpointId: other.id, endpointName: 'Closed', count: 1 },
      ],
      byEventType: [
        { eventType: 'order.made', count: 3 },
        { eventType: 'closing.time', count: 1 },
      ],
    });
    expect(preview.sample.map(({ deliveryId }) => deliveryId)).toEqual(ids);
    expect((await engine.client.replays.list({})).items).toEqual([]);
    expect(target.requests).toHaveLength(requests);
  });
});

describe('a replay over a filter', () => {
  it('redelivers what matches, oldest first and at its rate, and ends by itself', async () => {
    const { target, engine, ids } = await withExhausted(4);
    const startMs = engine.clock.now();
    const { id, total } = await engine.client.replays.start({
      source: { kind: 'redeliver', filter: { status: 'exhausted' } },
      ratePerSecond: 2,
    });
    const ended = await advanceToEnd(engine, id);
    await settled(engine);

    expect(total).toBe(4);
    expect(ended).toMatchObject({ status: 'completed', replayed: 4, skipped: [], problem: null });
    const starts = await Promise.all(
      ids.map(async (delivery) => (await engine.client.deliveries.get({ id: delivery })).attempts[1]?.startedAtMs ?? 0),
    );
    expect(starts.map((atMs) => atMs - startMs)).toEqual([0, 500, 1000, 1500]);
    expect(target.requests.slice(4).map((request) => (JSON.parse(request.body.toString()) as { data: unknown }).data)).toEqual([
      { number: 1 },
      { number: 2 },
      { number: 3 },
      { number: 4 },
    ]);
    expect((await engine.client.replays.get({ id })).byStatus).toEqual({ delivered: 4 });
  });

  it('takes each delivery once, though each is exhausted again and matches its filter again', async () => {
    const target = await receive(...failing(100));
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Down', url: target.url, retryPolicy: 'none' });
    const ids = await sendAll(engine, 5);
    await settled(engine);
    const { id } = await engine.client.replays.start({ source: { kind: 'redeliver', filter: { status: 'exhausted' } }, ratePerSecond: 1 });
    await advanceToEnd(engine, id);
    await settled(engine);
    const counts = await Promise.all(ids.map(async (delivery) => (await engine.client.deliveries.get({ id: delivery })).attemptCount));
    expect(counts).toEqual([2, 2, 2, 2, 2]);
  });

  it('leaves alone what was made after it started', async () => {
    const { engine } = await withExhausted(2);
    const { id } = await engine.client.replays.start({ source: { kind: 'redeliver', filter: {} }, ratePerSecond: 1 });
    await engine.client.messages.send({ type: 'order.made' });
    const ended = await advanceToEnd(engine, id);
    expect(ended).toMatchObject({ total: 2, replayed: 2 });
    expect((await engine.client.deliveries.list({ replayId: id })).items).toHaveLength(2);
  });

  it('sends the same bytes with the original timestamp, and signs anew without it', async () => {
    const { target, engine, ids } = await withExhausted(1);
    engine.clock.advance(3_600_000);
    const source = { kind: 'redeliver', filter: {} } as const;
    const original = await engine.client.replays.start({ source, timestamp: 'original', ratePerSecond: null });
    await engine.deliveryWhen(ids[0] ?? '', hasAttempts(2));
    await replayWhen(engine, original.id, ({ status }) => status === 'completed');
    await engine.client.replays.start({ source, timestamp: 'now', ratePerSecond: null });
    await engine.deliveryWhen(ids[0] ?? '', hasAttempts(3));
    const [first, second, third] = target.requests.map(({ rawBytes }) => rawBytes.toString('latin1'));
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(target.requests[2]?.body.equals(target.requests[0]?.body ?? Buffer.from('none'))).toBe(true);
    expect(Number(target.requests[2]?.header('webhook-timestamp')) - Number(target.requests[0]?.header('webhook-timestamp'))).toBe(3600);
  });

  it('can be paused and goes on where it was', async () => {
    const { engine } = await withExhausted(4);
    const { id } = await engine.client.replays.start({ source: { kind: 'redeliver', filter: {} }, ratePerSecond: 1 });
    await replayWhen(engine, id, ({ replayed }) => replayed === 1);
    engine.clock.advance(1000);
    await replayWhen(engine, id, ({ replayed }) => replayed === 2);
    expect(await engine.client.replays.pause({ id })).toMatchObject({ status: 'paused', replayed: 2 });
    expect(engine.clock.nextAtMs()).toBeNull();
    await expect(engine.client.replays.pause({ id })).rejects.toThrow('This replay is paused; there is nothing to pause.');
    expect(await engine.client.replays.resume({ id })).toMatchObject({ status: 'running' });
    expect(await advanceToEnd(engine, id)).toMatchObject({ replayed: 4, total: 4 });
  });

  it('can be cancelled, paused or not, and then does nothing more', async () => {
    const { target, engine } = await withExhausted(3);
    const { id } = await engine.client.replays.start({ source: { kind: 'redeliver', filter: {} }, ratePerSecond: 1 });
    await replayWhen(engine, id, ({ replayed }) => replayed === 1);
    await engine.client.replays.pause({ id });
    const cancelled = await engine.client.replays.cancel({ id });
    expect(cancelled).toMatchObject({ status: 'cancelled', replayed: 1, endedAtMs: engine.clock.now() });
    await expect(engine.client.replays.resume({ id })).rejects.toThrow('This replay is cancelled');
    await settled(engine);
    engine.clock.advance(60_000);
    await settled(engine);
    expect(target.requests).toHaveLength(4);
  });

  it('skips with the reason what cannot be sent by the time it comes there', async () => {
    const { target, engine, ids, endpoint } = await withExhausted(3);
    const { id } = await engine.client.replays.start({ source: { kind: 'redeliver', filter: {} }, ratePerSecond: 1 });
    await replayWhen(engine, id, ({ replayed }) => replayed === 1);
    await engine.deliveryWhen(ids[0] ?? '', hasAttempts(2));
    await engine.client.endpoints.remove({ id: endpoint.id });
    const ended = await advanceToEnd(engine, id);
    expect(ended).toMatchObject({ replayed: 1, skipped: [{ reason: 'endpoint_deleted', count: 2 }] });
    expect(target.requests).toHaveLength(4);
  });

  it('skips an attempt under way and a delivery that waits for its first one', async () => {
    const target = await receive(hang());
    const engine = await startClockedEngine();
    await engine.client.system.updateSettings({ maxConcurrencyPerEndpoint: 1 });
    await engine.client.endpoints.create({ name: 'Slow', url: target.url, timeoutMs: 60_000 });
    await sendAll(engine, 2);
    await target.nextRequest();
    const { id } = await engine.client.replays.start({ source: { kind: 'redeliver', filter: {} }, ratePerSecond: null });
    const ended = await replayWhen(engine, id, ({ status }) => status === 'completed');
    expect(ended.replayed).toBe(0);
    expect(ended.skipped).toEqual([
      { reason: 'in_flight', count: 1 },
      { reason: 'already_pending', count: 1 },
    ]);
  });

  it('renders again what had no body, and skips it while the template still fails', async () => {
    const target = await receive();
    const engine = await startClockedEngine();
    const { id: endpointId } = await engine.client.endpoints.create({
      name: 'Own',
      url: target.url,
      template: '{"a": {{ data.missing }}}',
    });
    await sendAll(engine, 1);
    const source = { kind: 'redeliver', filter: { status: 'exhausted' } } as const;
    const first = await engine.client.replays.start({ source, ratePerSecond: null });
    expect(await replayWhen(engine, first.id, ({ status }) => status === 'completed')).toMatchObject({
      replayed: 0,
      skipped: [{ reason: 'template_invalid', count: 1 }],
    });
    await engine.client.endpoints.update({ id: endpointId, template: '{"a": {{ data.number }}}' });
    await engine.client.replays.start({ source, ratePerSecond: null });
    expect((await target.nextRequest()).body.toString()).toBe('{"a": 1}');
  });

  it('skips what its template makes too large, and so is a redelivery by hand refused', async () => {
    const target = await receive();
    const engine = await startClockedEngine();
    const { id: endpointId } = await engine.client.endpoints.create({ name: 'Own', url: target.url, template: '{{ data.missing }}' });
    await sendAll(engine, 1);
    const [delivery] = (await engine.client.deliveries.list({})).items;
    await engine.client.system.updateSettings({ bodyLimitBytes: 2048 });
    await engine.client.endpoints.update({ id: endpointId, template: `{"a": "${'x'.repeat(4096)}"}` });
    await expect(engine.client.deliveries.redeliver({ id: delivery?.id ?? '' })).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' });
    const source = { kind: 'redeliver', filter: { status: 'exhausted' } } as const;
    const { id } = await engine.client.replays.start({ source, ratePerSecond: null });
    expect(await replayWhen(engine, id, ({ status }) => status === 'completed')).toMatchObject({
      replayed: 0,
      skipped: [{ reason: 'body_too_large', count: 1 }],
    });
    expect(target.requests).toHaveLength(0);
  });

  it('is refused where nothing matches, since nobody would see what became of it', async () => {
    const engine = await startClockedEngine();
    const start = engine.client.replays.start({ source: { kind: 'redeliver', filter: { status: 'failed' } } });
    await expect(start).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('No delivery matches this filter') });
  });
});

describe('recovering what failed', () => {
  it('makes failed and exhausted deliveries since a time due again, and no others', async () => {
    const target = await receive(...failing(1));
    const engine = await startClockedEngine();
    const { id: endpointId } = await engine.client.endpoints.create({ name: 'Shop', url: target.url, retryPolicy: 'none' });
    await sendAll(engine, 1);
    await settled(engine);
    engine.clock.advance(1000);
    target.append(respond({ status: 500 }), respond({ status: 200 }), respond({ status: 503 }));
    const since = engine.clock.now();
    const [exhausted = '', delivered = ''] = await sendAll(engine, 2);
    await settled(engine);
    await engine.client.endpoints.update({ id: endpointId, retryPolicy: { kind: 'schedule', delaysMs: [3_600_000] } });
    const [waiting = ''] = await sendAll(engine, 1);
    await engine.deliveryWhen(waiting, hasAttempts(1));

    const source = { kind: 'recover', endpointId, sinceMs: since } as const;
    expect(await engine.client.replays.preview({ source })).toMatchObject({ total: 2, byStatus: { exhausted: 1, failed: 1 } });
    const { id } = await engine.client.replays.start({ source, ratePerSecond: null });
    await replayWhen(engine, id, ({ byStatus }) => byStatus.delivered === 2);
    const items = (await engine.client.deliveries.list({ replayId: id })).items;
    expect(new Set(items.map((item) => item.id))).toEqual(new Set([exhausted, waiting]));
    expect((await engine.client.deliveries.get({ id: delivered })).attemptCount).toBe(1);
  });

  it('is refused for a disabled endpoint, which says what to do', async () => {
    const { engine, endpoint } = await withExhausted(1);
    await engine.client.endpoints.update({ id: endpoint.id, isActive: false });
    const start = engine.client.replays.start({ source: { kind: 'recover', endpointId: endpoint.id, sinceMs: 0 } });
    await expect(start).rejects.toThrow('Shop is disabled. Enable it first');
  });
});

describe('replaying what is missing', () => {
  it('delivers to an endpoint made later each message it listens to, once', async () => {
    const { engine, target } = await withExhausted(2);
    await engine.client.endpoints.create({ name: 'Other', url: target.url, events: ['refund.*'] });
    await sendAll(engine, 1, 'refund.made');
    await settled(engine);
    const late = await receive();
    const { id: endpointId } = await engine.client.endpoints.create({ name: 'Late', url: late.url, events: ['order.*'] });
    await sendAll(engine, 1);
    expect((await late.nextRequest()).header('webhook-id')).toMatch(/^msg_/);
    await settled(engine);

    const source = { kind: 'missing', endpointId, sinceMs: 0 } as const;
    expect(await engine.client.replays.preview({ source })).toMatchObject({
      total: 2,
      replayable: 2,
      byStatus: {},
      byEventType: [{ eventType: 'order.made', count: 2 }],
      sample: [{ deliveryId: null, endpointName: 'Late', status: null }, { deliveryId: null }],
    });
    const { id } = await engine.client.replays.start({ source, ratePerSecond: null });
    expect(await replayWhen(engine, id, ({ byStatus }) => byStatus.delivered === 2)).toMatchObject({ status: 'completed', replayed: 2 });
    const bodies = late.requests.map((request) => (JSON.parse(request.body.toString()) as { data: { number: number } }).data.number);
    expect(bodies).toEqual([1, 1, 2]);
    const again = engine.client.replays.start({ source });
    await expect(again).rejects.toThrow('has a delivery of every message it listens to');
  });

  it('leaves out tests, which are for their receiver alone', async () => {
    const { engine, target } = await withExhausted(1);
    const { id: endpointId } = await engine.client.endpoints.create({ name: 'Late', url: target.url, events: ['order.*'] });
    await engine.client.endpoints.test({ id: endpointId, eventType: 'order.made', data: { number: 99 } });
    await settled(engine);
    const source = { kind: 'missing', endpointId, sinceMs: 0 } as const;
    expect(await engine.client.replays.preview({ source })).toMatchObject({
      total: 1,
      byEventType: [{ eventType: 'order.made', count: 1 }],
    });
    const { id } = await engine.client.replays.start({ source, ratePerSecond: null });
    await replayWhen(engine, id, ({ status }) => status === 'completed');
    expect((await engine.client.deliveries.list({ endpointId })).items).toHaveLength(1);
  });

  it('begins at its time', async () => {
    const { engine } = await withExhausted(1);
    engine.clock.advance(5000);
    const sinceMs = engine.clock.now();
    await sendAll(engine, 2);
    const late = await receive();
    const { id: endpointId } = await engine.client.endpoints.create({ name: 'Late', url: late.url });
    expect(await engine.client.replays.preview({ source: { kind: 'missing', endpointId, sinceMs } })).toMatchObject({ total: 2 });
  });
});

describe('a restart in the middle of a replay', () => {
  it('goes on where it was, and takes nothing twice', async () => {
    const { engine, target, ids } = await withExhausted(6);
    const { id } = await engine.client.replays.start({ source: { kind: 'redeliver', filter: {} }, ratePerSecond: 1 });
    await replayWhen(engine, id, ({ replayed }) => replayed === 1);
    engine.clock.advance(1000);
    await replayWhen(engine, id, ({ byStatus }) => byStatus.delivered === 2);
    await engine.stop();

    const next = await startClockedEngine({ dataDir: engine.dataDir, clock: engine.clock });
    expect(await advanceToEnd(next, id)).toMatchObject({ total: 6, replayed: 6, skipped: [] });
    await settled(next);
    const counts = await Promise.all(ids.map(async (delivery) => (await next.client.deliveries.get({ id: delivery })).attemptCount));
    expect(counts).toEqual([2, 2, 2, 2, 2, 2]);
    expect(target.requests).toHaveLength(12);
  });

  it('leaves a paused one paused', async () => {
    const { engine } = await withExhausted(3);
    const { id } = await engine.client.replays.start({ source: { kind: 'redeliver', filter: {} }, ratePerSecond: 1 });
    await replayWhen(engine, id, ({ replayed }) => replayed === 1);
    await engine.client.replays.pause({ id });
    await engine.stop();
    const next = await startClockedEngine({ dataDir: engine.dataDir, clock: engine.clock });
    expect(await next.client.replays.get({ id })).toMatchObject({ status: 'paused', replayed: 1 });
    await next.client.replays.resume({ id });
    expect(await advanceToEnd(next, id)).toMatchObject({ replayed: 3 });
  });
});

describe('redelivering one', () => {
  it('sends the original bytes with the original timestamp when asked to, over its retries too', async () => {
    const target = await receive(...failing(2));
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Own', url: target.url, retryPolicy: { kind: 'schedule', delaysMs: [1000] } });
    const [id = ''] = await sendAll(engine, 1);
    await engine.deliveryWhen(id, hasAttempts(1));
    engine.clock.advance(600_000);
    await engine.deliveryWhen(id, hasAttempts(2));
    target.append(respond({ status: 500 }));
    await engine.client.deliveries.redeliver({ id, timestamp: 'original' });
    await engine.deliveryWhen(id, hasAttempts(3));
    engine.clock.advance(1000);
    await engine.deliveryWhen(id, hasAttempts(4));
    const wire = target.requests.map(({ rawBytes }) => rawBytes.toString('latin1'));
    expect([wire[1] === wire[0], wire[2] === wire[0], wire[3] === wire[0]]).toEqual([false, true, true]);
    await engine.client.deliveries.redeliver({ id });
    await engine.deliveryWhen(id, hasAttempts(5));
    expect(target.requests[4]?.header('webhook-timestamp')).not.toBe(target.requests[0]?.header('webhook-timestamp'));
  });
});

describe('cancelling by a filter', () => {
  it('counts first, then ends what waits and what is under way, and nothing that is final', async () => {
    const target = await receive(respond({ status: 500 }), respond({ status: 200 }), hang());
    const engine = await startClockedEngine();
    await engine.client.system.updateSettings({ maxConcurrencyPerEndpoint: 1 });
    await engine.client.endpoints.create({ name: 'Own', url: target.url, timeoutMs: 60_000 });
    const [failed = '', delivered = ''] = await sendAll(engine, 2);
    await engine.deliveryWhen(delivered, hasAttempts(1));
    const [hanging = '', pending = ''] = await sendAll(engine, 2);
    await engine.deliveryWhen(hanging, ({ isInFlight }) => isInFlight);

    const dry = await engine.client.deliveries.cancelMatching({ eventType: 'order.made', dryRun: true });
    expect(dry).toEqual({ waiting: 2, inFlight: 1 });
    expect((await engine.client.deliveries.get({ id: pending })).status).toBe('pending');
    expect(await engine.client.deliveries.cancelMatching({ eventType: 'other', dryRun: false })).toEqual({ waiting: 0, inFlight: 0 });
    expect(await engine.client.deliveries.cancelMatching({ eventType: 'order.made' })).toEqual(dry);
    const states = await Promise.all([failed, delivered, hanging, pending].map((id) => engine.client.deliveries.get({ id })));
    expect(states.map(({ status, nextAttemptAtMs }) => [status, nextAttemptAtMs])).toEqual([
      ['cancelled', null],
      ['delivered', null],
      ['cancelled', null],
      ['cancelled', null],
    ]);
  });
});
