import { describe, expect, it } from 'vitest';
import { startClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { advanceToEnd, receive, replayWhen, settled } from './replay-support.ts';

/** An engine with captures of two bins, oldest first: orders 0 to 4 of the first, and one of the second. */
async function withCaptures() {
  const engine = await startClockedEngine({ capturePort: 0 });
  const shop = await engine.client.bins.create({ name: 'Shop' });
  const other = await engine.client.bins.create({ name: 'Other' });
  for (let number = 0; number < 5; number += 1)
    await fetch(`${shop.url}/orders`, {
      method: 'POST',
      body: JSON.stringify({ type: number % 2 === 0 ? 'order.paid' : 'order.open', number }),
    });
  await fetch(other.url, { method: 'POST', body: 'other' });
  return { engine, shop, other };
}

const bodiesOf = (requests: readonly { readonly body: Buffer }[]) => requests.map(({ body }) => body.toString('utf8'));

async function captureIds({ client }: ClockedEngine): Promise<readonly string[]> {
  return (await client.captures.list({})).items.map(({ id }) => id).toReversed();
}

describe('a replay of captures', () => {
  it('sends what a filter finds to a URL, oldest first, at its rate, and links each to its capture', async () => {
    const { engine, shop } = await withCaptures();
    const target = await receive();
    const filter = { binId: shop.id, match: { json: [{ path: '$.type', value: 'order.paid' }] } };
    const replay = await engine.client.captures.replayMany({ filter, url: `${target.url}/hook`, ratePerSecond: 1 });
    expect(replay).toMatchObject({ total: 3, status: 'running', source: { kind: 'captures', filter } });
    await replayWhen(engine, replay.id, ({ replayed }) => replayed === 1);
    await settled(engine);
    expect(target.requests).toHaveLength(1);
    expect(await advanceToEnd(engine, replay.id)).toMatchObject({ replayed: 3, skipped: [] });
    await settled(engine);
    expect(bodiesOf(target.requests)).toEqual([0, 2, 4].map((number) => JSON.stringify({ type: 'order.paid', number })));
    expect(target.requests[0]?.target).toBe('/hook');
    const [first] = await captureIds(engine);
    const { items } = await engine.client.deliveries.list({ sourceCaptureId: first });
    expect(items).toMatchObject([{ status: 'delivered', eventType: 'order.paid' }]);
    expect((await engine.client.deliveries.list({ replayId: replay.id })).items).toHaveLength(3);
  });

  it('is counted without sending anything', async () => {
    const { engine, shop } = await withCaptures();
    const target = await receive();
    const endpoint = await engine.client.endpoints.create({ name: 'App', url: target.url });
    const preview = await engine.client.captures.previewReplay({ filter: { binId: shop.id }, endpointId: endpoint.id });
    expect(preview).toMatchObject({
      total: 5,
      replayable: 5,
      byEndpoint: [{ endpointId: endpoint.id, endpointName: 'App', count: 5 }],
      byEventType: [
        { eventType: 'order.paid', count: 3 },
        { eventType: 'order.open', count: 2 },
      ],
    });
    expect(preview.sample[0]).toMatchObject({ captureId: (await captureIds(engine))[0], deliveryId: null, messageId: null });
    expect((await engine.client.deliveries.list({})).items).toEqual([]);
  });

  it('sends a selection, and is paused, resumed and cancelled as other replays are', async () => {
    const { engine } = await withCaptures();
    const target = await receive();
    const ids = (await captureIds(engine)).filter((_, index) => index !== 2);
    const { id } = await engine.client.captures.replayMany({ filter: { ids: [...ids] }, url: target.url, ratePerSecond: 0.1 });
    await replayWhen(engine, id, ({ replayed }) => replayed === 1);
    expect(await engine.client.replays.pause({ id })).toMatchObject({ status: 'paused' });
    expect(await engine.client.replays.resume({ id })).toMatchObject({ status: 'running', total: 5 });
    await replayWhen(engine, id, ({ replayed }) => replayed === 2);
    expect(await engine.client.replays.cancel({ id })).toMatchObject({ status: 'cancelled', replayed: 2 });
    await settled(engine);
    expect(target.requests).toHaveLength(2);
  });

  it('is refused where nothing matches, without a target, and for a disabled endpoint', async () => {
    const { engine, other } = await withCaptures();
    const { client } = engine;
    const endpoint = await client.endpoints.create({ name: 'Off', url: 'http://127.0.0.1:9/', isActive: false });
    const nothing = { filter: { binId: other.id, match: { methods: ['GET' as const] } }, url: 'http://127.0.0.1:9/' };
    await expect(client.captures.replayMany(nothing)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'No capture matches this filter, so there is nothing to send. Widen the filter.',
    });
    await expect(client.captures.replayMany({})).rejects.toMatchObject({ code: 'INPUT_INVALID', data: { issues: [{ path: 'url' }] } });
    await expect(client.captures.replayMany({ endpointId: endpoint.id })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(client.captures.replayMany({ filter: { binId: 'bin_x' }, url: 'http://127.0.0.1:9/' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('skips what cannot be sent, and says why', async () => {
    const { engine, shop } = await withCaptures();
    const target = await receive();
    await fetch(shop.url, { method: 'PROPFIND' });
    const { id } = await engine.client.captures.replayMany({ filter: { binId: shop.id }, url: target.url, ratePerSecond: null });
    expect(await replayWhen(engine, id, ({ status }) => status === 'completed')).toMatchObject({
      replayed: 5,
      skipped: [{ reason: 'unsendable', count: 1 }],
    });
  });
});
