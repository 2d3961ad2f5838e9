import { describe, expect, it, onTestFinished } from 'vitest';
import { hasAttempts, startClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { hang, respond, startReceiver, type Step } from '../../support/scripted-receiver.ts';
import { whenSettled } from '../../support/settled.ts';

async function receiver(script: readonly Step[] = [], otherwise?: Step) {
  const started = await startReceiver(script, otherwise === undefined ? {} : { otherwise });
  onTestFinished(started.close);
  return started;
}

const fails = respond({ status: 500 });

async function send(engine: ClockedEngine, count = 1): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let sent = 0; sent < count; sent += 1)
    ids.push(...(await engine.client.messages.send({ type: 'a.b', data: { sent } })).deliveries.map((each) => each.id));
  return ids;
}

const inAWhile = { kind: 'schedule' as const, delaysMs: [60_000, 60_000, 60_000] };

describe('the health of an endpoint', () => {
  it('is pending, failing, unsteady and disabled, each with since when and why', async () => {
    const target = await receiver([fails, fails, respond()]);
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({ name: 'Own', url: target.url, retryPolicy: inAWhile });
    const startMs = engine.clock.now();
    const look = async () => {
      const { health, healthSinceMs, healthMessage } = await engine.client.endpoints.get({ id });
      return [health, healthSinceMs === null ? null : healthSinceMs - startMs, healthMessage];
    };
    const seen = [await look()];
    const [delivery = ''] = await send(engine);
    for (const made of [1, 2, 3]) {
      await engine.deliveryWhen(delivery, hasAttempts(made));
      seen.push(await look());
      engine.clock.advance(60_000);
    }
    await engine.client.endpoints.update({ id, isActive: false });
    seen.push(await look());
    engine.clock.advance(5000);
    await engine.client.endpoints.update({ id, isActive: true });
    seen.push(await look());
    expect(seen).toEqual([
      ['pending', 0, 'No event was sent to it yet; tests do not count.'],
      ['failing', 0, '1 failed attempt in a row.'],
      ['failing', 0, '2 failed attempts in a row.'],
      ['unsteady', 120_000, '2 of its last 3 attempts failed; the newest was accepted.'],
      ['disabled', 180_000, 'Switched off by tester.'],
      ['pending', 185_000, 'No event was sent to it since it was switched on; tests do not count.'],
    ]);
    const { items } = await engine.client.endpoints.history({ id });
    expect(items.map(({ kind, atMs, message }) => [kind, atMs - startMs, message])).toEqual([
      ['enabled', 185_000, 'Switched on by tester.'],
      ['disabled', 180_000, 'Switched off by tester.'],
      ['recovered', 120_000, 'An attempt was accepted after 2 failed attempts in a row.'],
      ['failing', 0, 'Began to fail: an attempt was answered 500.'],
    ]);
  });

  it('is told of again once its history has the event, for whoever asked when told at once', async () => {
    const target = await receiver([], fails);
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({
      name: 'Own',
      url: target.url,
      retryPolicy: 'none',
      autoDisable: { afterFailures: 1 },
    });
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const changes = await engine.client.system.changes(undefined, { signal: stop.signal });
    await send(engine);
    let told = 0;
    for await (const { topic } of changes) if (topic === 'endpoint-health' && (told += 1) === 2) break;
    expect((await engine.client.endpoints.history({ id })).items).toMatchObject([{ kind: 'disabled' }, { kind: 'failing' }]);
  });

  it('counts the attempts of a day that the receiver had a part in, and no tests', async () => {
    const no = respond({ status: 500 });
    const yes = respond();
    // Four of ten fail, the newest is accepted.
    const target = await receiver([yes, no, yes, no, yes, no, yes, no, yes, yes], yes);
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({ name: 'Own', url: target.url, retryPolicy: 'none' });
    const look = async () => {
      const { health, healthMessage, recent } = await engine.client.endpoints.get({ id });
      return [health, healthMessage, recent];
    };
    const oneMore = async () => {
      await send(engine);
      await whenSettled(engine);
    };
    await oneMore();
    await oneMore();
    await oneMore();
    expect(await look()).toEqual([
      'healthy',
      'Its newest attempt was accepted; 1 of its last 3 attempts failed.',
      { attempts: 3, failed: 1 },
    ]);
    for (let sent = 3; sent < 8; sent += 1) await oneMore();
    expect(await look()).toEqual(['failing', '1 failed attempt in a row; 4 of its last 8 attempts failed.', { attempts: 8, failed: 4 }]);
    await oneMore();
    await oneMore();
    const unsteady = ['unsteady', '4 of its last 10 attempts failed; the newest was accepted.', { attempts: 10, failed: 4 }];
    expect(await look()).toEqual(unsteady);
    for (let tests = 0; tests < 3; tests += 1) {
      await engine.client.endpoints.test({ id });
      await whenSettled(engine);
    }
    expect(await look()).toEqual(unsteady);
    engine.clock.advance(86_400_000);
    expect(await look()).toEqual(['healthy', 'Its newest attempt was accepted.', { attempts: 0, failed: 0 }]);
  });

  it('stands in the list as in the detail', async () => {
    const target = await receiver([], respond({ status: 410 }));
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Gone', url: target.url, disableOn410: true });
    await engine.client.endpoints.create({ name: 'Off', url: target.url, isActive: false });
    await send(engine);
    await whenSettled(engine);
    const { items } = await engine.client.endpoints.list({});
    expect(items.map(({ name, health, disabledReason, isActive }) => [name, health, disabledReason, isActive])).toEqual([
      ['Off', 'disabled', 'byHand', false],
      ['Gone', 'disabled', 'gone', false],
    ]);
    for (const item of items) expect(await engine.client.endpoints.get({ id: item.id })).toEqual(item);
  });
});

describe('an endpoint that is to switch itself off', () => {
  it('warns first, then does so after its failures in a row: deliveries wait and go on when it is switched on', async () => {
    const target = await receiver([fails, fails, fails, fails]);
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({
      name: 'Own',
      url: target.url,
      retryPolicy: inAWhile,
      autoDisable: { afterFailures: 4 },
      maxConcurrency: 1,
    });
    await send(engine, 2);
    await whenSettled(engine);
    expect(await engine.client.endpoints.get({ id })).toMatchObject({
      health: 'failing',
      failuresInARow: 2,
      disablesSoon: [{ reason: 'failures', failuresLeft: 2, message: '2 more failed attempts disable this endpoint.' }],
    });
    engine.clock.advance(60_000);
    const held = await whenSettled(engine);
    const off = await engine.client.endpoints.get({ id });
    expect(off).toMatchObject({ health: 'disabled', disabledReason: 'failures', isActive: false, disablesSoon: [], pendingDeliveries: 2 });
    expect(off.healthMessage).toBe('Switched off after 4 failed attempts in a row.');
    expect(held.map(({ status, hold }) => [status, hold])).toEqual([
      ['failed', { by: 'disabled', untilMs: null }],
      ['failed', { by: 'disabled', untilMs: null }],
    ]);
    expect((await engine.client.messages.send({ type: 'a.b' })).deliveries).toEqual([]);
    engine.clock.advance(600_000);
    await whenSettled(engine);
    expect(target.requests).toHaveLength(4);
    const on = await engine.client.endpoints.update({ id, isActive: true });
    expect(on).toMatchObject({ health: 'pending', failuresInARow: 0, disabledReason: null });
    expect((await whenSettled(engine)).map(({ status }) => status)).toEqual(['delivered', 'delivered']);
    expect((await engine.client.endpoints.history({ id })).items.map(({ kind }) => kind)).toEqual([
      'enabled',
      'disabled',
      'warned',
      'failing',
    ]);
  });

  it('does so when a delivery is exhausted, or by the time it fails for, in the time scale', async () => {
    const engine = await startClockedEngine();
    await engine.client.system.updateSettings({ timeScale: 60 });
    const target = await receiver([], fails);
    const made = await Promise.all(
      [
        { retryPolicy: 'none' as const, autoDisable: { onExhaustion: true } },
        { retryPolicy: inAWhile, autoDisable: { afterFailingMs: 120_000 } },
        { retryPolicy: inAWhile, autoDisable: { afterFailingMs: 121_000 } },
      ].map((rules, index) => engine.client.endpoints.create({ name: `E${index}`, url: target.url, ...rules })),
    );
    await send(engine);
    await whenSettled(engine);
    for (let retry = 0; retry < 2; retry += 1) {
      engine.clock.advance(1000);
      await whenSettled(engine);
    }
    const reasons = await Promise.all(made.map(async ({ id }) => (await engine.client.endpoints.get({ id })).disabledReason));
    expect(reasons).toEqual(['exhausted', 'failingFor', null]);
  });

  it('is told in the change stream when it warns and when it does so, and not at each attempt', async () => {
    const target = await receiver([], fails);
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({
      name: 'Own',
      url: target.url,
      retryPolicy: 'none',
      autoDisable: { afterFailures: 4 },
    });
    const told: string[][] = [];
    const stop = new AbortController();
    const following = (async () => {
      for await (const { topic, ids } of await engine.client.system.changes(undefined, { signal: stop.signal }))
        if (topic === 'endpoint-health') {
          told.push(ids);
          if (told.length === 2) stop.abort();
        }
    })();
    for (let sent = 0; sent < 4; sent += 1) {
      await send(engine);
      await whenSettled(engine);
    }
    await following;
    expect(told).toEqual([[id], [id]]);
  });

  it('keeps its count, its warning and its reason over restarts', async () => {
    const target = await receiver([], fails);
    const first = await startClockedEngine();
    const { id } = await first.client.endpoints.create({
      name: 'Own',
      url: target.url,
      retryPolicy: inAWhile,
      autoDisable: { afterFailures: 3 },
    });
    await send(first);
    await whenSettled(first);
    first.clock.advance(60_000);
    await whenSettled(first);
    const before = await first.client.endpoints.get({ id });
    await first.stop();
    const second = await startClockedEngine({ dataDir: first.dataDir, clock: first.clock });
    expect(await second.client.endpoints.get({ id })).toEqual(before);
    second.clock.advance(60_000);
    await whenSettled(second);
    const disabled = await second.client.endpoints.get({ id });
    expect(disabled).toMatchObject({ disabledReason: 'failures', failuresInARow: 3 });
    await second.stop();
    const third = await startClockedEngine({ dataDir: first.dataDir, clock: first.clock });
    third.clock.advance(600_000);
    expect(await third.client.endpoints.get({ id })).toEqual(disabled);
    expect(target.requests).toHaveLength(3);
  });

  it('is not switched on again by a change of something else that comes at the same time', async () => {
    const target = await receiver([hang()]);
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({
      name: 'Own',
      url: target.url,
      timeoutMs: 100,
      retryPolicy: 'none',
      autoDisable: { afterFailures: 1 },
    });
    const [delivery = ''] = await send(engine);
    await target.nextRequest();
    const ended = engine.deliveryWhen(delivery, hasAttempts(1));
    for (let count = 0; count < 40; count += 1) await engine.client.endpoints.update({ id, description: `change ${count}` });
    await ended;
    await engine.client.endpoints.update({ id, description: 'last' });
    expect(await engine.client.endpoints.get({ id })).toMatchObject({ isActive: false, disabledReason: 'failures', description: 'last' });
    await engine.stop();
    const again = await startClockedEngine({ dataDir: engine.dataDir, clock: engine.clock });
    expect(await again.client.endpoints.get({ id })).toMatchObject({ isActive: false, disabledReason: 'failures', description: 'last' });
  });
});

describe('headers that name delivery and attempt', () => {
  it('are sent under the names the endpoint chooses, the same delivery id over all attempts, and the preview shows them', async () => {
    const target = await receiver([fails, respond()]);
    const engine = await startClockedEngine();
    const metaHeaders = { deliveryId: 'X-GitHub-Delivery', attempt: 'X-Attempt', eventType: 'X-GitHub-Event' };
    const { id } = await engine.client.endpoints.create({ name: 'Own', url: target.url, retryPolicy: inAWhile, metaHeaders });
    const [delivery = ''] = await send(engine);
    await engine.deliveryWhen(delivery, hasAttempts(1));
    engine.clock.advance(60_000);
    await engine.deliveryWhen(delivery, hasAttempts(2));
    const seen = target.requests.map((request) => ['x-github-delivery', 'x-attempt', 'x-github-event'].map((name) => request.header(name)));
    expect(seen).toEqual([
      [delivery, '1', 'a.b'],
      [delivery, '2', 'a.b'],
    ]);
    expect(new Set(target.requests.map((request) => request.header('webhook-id'))).size).toBe(1);
    const { headers } = await engine.client.preview.render({ endpointId: id, event: { type: 'a.b' } });
    expect(headers).toContainEqual(['X-GitHub-Delivery', 'dlv_preview']);
    expect(headers).toContainEqual(['X-Attempt', '1']);
  });

  it('are none by default, and names that are taken are refused', async () => {
    const target = await receiver();
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Own', url: target.url });
    await send(engine);
    const request = await target.nextRequest();
    expect(request.rawHeaders.filter(([, value]) => value.startsWith('dlv_'))).toEqual([]);
    for (const metaHeaders of [{ deliveryId: 'Host' }, { deliveryId: 'X-A', attempt: 'x-a' }])
      await expect(engine.client.endpoints.create({ name: 'Own', url: target.url, metaHeaders })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      });
  });
});
