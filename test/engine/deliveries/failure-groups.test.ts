import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { startClockedEngine } from '../../support/clocked-engine.ts';
import { closeUnanswered, hang, respond, type Step } from '../../support/scripted-receiver.ts';
import { advanceToEnd, receive, settled } from '../replays/replay-support.ts';

const text = (body: string, status = 422) => respond({ status, body });

/** An engine whose one endpoint got a message for each step; the later ones are for whatever comes then. */
async function sent(steps: readonly Step[], later: readonly Step[] = []) {
  const target = await receive(...steps, ...later);
  const engine = await startClockedEngine();
  const endpoint = await engine.client.endpoints.create({ name: 'Shop', url: target.url, retryPolicy: 'none', maxConcurrency: 1 });
  const ids: string[] = [];
  for (const [number] of steps.entries()) {
    const type = number % 2 === 0 ? 'order.made' : 'order.paid';
    ids.push((await engine.client.messages.send({ type, data: { number } })).deliveries[0]?.id ?? '');
    await settled(engine);
    engine.clock.advance(1000);
  }
  return { engine, client: engine.client, endpoint, target, ids };
}

it('groups what failed by endpoint, outcome, status and normalised answer', async () => {
  const packed = respond({ status: 422, body: gzipSync('No order 77'), headers: [['content-encoding', 'gzip']] });
  const { client, endpoint, ids } = await sent([
    text('No order 1'),
    text('No order 20'),
    respond({ status: 200 }),
    packed,
    text('No order 4', 404),
    text('Broken'),
    closeUnanswered(),
    respond({ status: 500 }),
  ]);
  const groups = await client.deliveries.failureGroups({});
  expect(groups).toMatchObject({ failed: 7, isCut: false, moreGroups: 0, moreDeliveries: 0, isMoreGroupsLeast: false });
  expect(groups.groups[0]).toMatchObject({
    key: expect.stringMatching(/^grp_[0-9a-f]{16}$/),
    endpointId: endpoint.id,
    endpointName: 'Shop',
    outcomeCode: 'http_status',
    status: 422,
    answer: 'No order {number}',
    count: 3,
    exhausted: 3,
    exampleId: ids[3],
  });
  expect(groups.groups.slice(1).map(({ status, answer, outcomeCode, count }) => [outcomeCode, status, answer, count])).toEqual(
    expect.arrayContaining([
      ['http_status', 404, 'No order {number}', 1],
      ['http_status', 422, 'Broken', 1],
      ['reset', null, null, 1],
      ['http_status', 500, '', 1],
    ]),
  );
  const [first] = groups.groups;
  expect((first?.lastAtMs ?? 0) - (first?.firstAtMs ?? 0)).toBe(3000);
  // Asked again, the keys are the same.
  expect(await client.deliveries.failureGroups({})).toEqual(groups);
  expect(await client.deliveries.failureGroups({ limit: 1 })).toMatchObject({ groups: [{ count: 3 }], moreGroups: 4, moreDeliveries: 4 });
  // The filter narrows what is grouped, with a text too.
  expect(await client.deliveries.failureGroups({ eventType: 'order.paid' })).toMatchObject({ failed: 4 });
  expect(await client.deliveries.failureGroups({ q: 'No order' })).toMatchObject({ failed: 4 });
  expect(await client.deliveries.failureGroups({ status: 'delivered' })).toMatchObject({ failed: 0, groups: [] });
});

it('a key chooses its group in every filter, also with a text', async () => {
  const { client, ids } = await sent([text('No order 1'), text('Broken'), text('No order 20')]);
  const [group] = (await client.deliveries.failureGroups({})).groups;
  const failureGroup = group?.key ?? '';
  const found = async (filter: Parameters<typeof client.deliveries.list>[0]) =>
    (await client.deliveries.list(filter)).items.map(({ id }) => id);
  expect(await found({ failureGroup })).toEqual([ids[2], ids[0]]);
  expect(await found({ failureGroup, limit: 1 })).toEqual([ids[2]]);
  expect(await found({ failureGroup, q: 'order 20' })).toEqual([ids[2]]);
  expect(await found({ failureGroup, q: 'broken' })).toEqual([]);
  expect(await client.deliveries.stats({ failureGroup })).toMatchObject({ total: 2, byStatus: { exhausted: 2 } });
  // No text was found, so no place is told.
  expect((await client.deliveries.list({ failureGroup })).items[0]).not.toHaveProperty('foundIn');
  expect(await client.deliveries.failureGroups({ failureGroup })).toMatchObject({ failed: 2, groups: [{ key: failureGroup }] });
  await expect(client.deliveries.list({ failureGroup: 'grp_1' })).rejects.toThrow();
});

it('tests are in no group, and of no key, unless the filter asks for them; how many failed is told', async () => {
  const { engine, client, endpoint, target, ids } = await sent(
    [text('No order 1'), text('No order 2')],
    [text('No order 3'), text('No order 4')],
  );
  const test = { kind: 'duplicates', copies: 2 } as const;
  await client.receiverTests.run({ endpointId: endpoint.id, type: 'order.made', data: { number: 9 }, test });
  await settled(engine);
  expect(target.requests).toHaveLength(4);
  const { failed, testsLeftOut, groups } = await client.deliveries.failureGroups({});
  expect({ failed, testsLeftOut, counts: groups.map(({ count }) => count) }).toEqual({ failed: 2, testsLeftOut: 2, counts: [2] });
  const failureGroup = groups[0]?.key ?? '';
  // The key finds what was counted, in a list, in numbers, beside a text and in a replay.
  const found = async (filter: Parameters<typeof client.deliveries.list>[0]) =>
    (await client.deliveries.list({ failureGroup, ...filter })).items.map(({ id }) => id);
  expect(await found({})).toEqual([ids[1], ids[0]]);
  expect(await found({ q: 'No order' })).toEqual([ids[1], ids[0]]);
  expect(await client.deliveries.stats({ failureGroup })).toMatchObject({ total: 2 });
  expect(await client.replays.preview({ source: { kind: 'redeliver', filter: { failureGroup } } })).toMatchObject({ total: 2 });
  // Asked for, they are in the same group, by an endpoint and a text too.
  for (const filter of [{ isTest: true }, { isTest: true, endpointId: endpoint.id }, { isTest: true, q: 'No order' }])
    expect(await client.deliveries.failureGroups(filter)).toMatchObject({
      failed: 2,
      testsLeftOut: 0,
      groups: [{ key: failureGroup, count: 2, endpointId: endpoint.id }],
    });
  expect(await found({ isTest: true })).toHaveLength(2);
  expect(await found({ isTest: true, q: 'No order' })).toHaveLength(2);
  expect(await client.deliveries.failureGroups({ endpointId: endpoint.id })).toMatchObject({ failed: 2, testsLeftOut: 2 });
  expect(await client.deliveries.failureGroups({ q: 'No order' })).toMatchObject({ failed: 2, testsLeftOut: 2 });
  expect(await client.deliveries.failureGroups({ isTest: false })).toMatchObject({ failed: 2, testsLeftOut: 0 });
});

it('tells how many were cancelled after they failed, and which of a group will be tried again', async () => {
  const target = await receive(text('No order'), text('No order'), text('No order'));
  const engine = await startClockedEngine();
  const { client } = engine;
  const retryPolicy = { kind: 'schedule' as const, delaysMs: [3_600_000] };
  const shop = await client.endpoints.create({ name: 'Shop', url: target.url, retryPolicy, maxConcurrency: 1 });
  const other = await client.endpoints.create({ name: 'Other', url: target.url, retryPolicy: 'none', maxConcurrency: 1 });
  for (const endpoint of [shop, shop, other]) {
    await client.messages.send({ type: 'order.made', data: {}, endpointIds: [endpoint.id] });
    await settled(engine);
  }
  expect((await client.deliveries.failureGroups({})).groups.map(({ count, exhausted }) => [count, exhausted])).toEqual([
    [2, 0],
    [1, 1],
  ]);
  await client.deliveries.cancelMatching({ endpointId: shop.id });
  expect(await client.deliveries.failureGroups({})).toMatchObject({ failed: 1, cancelledLeftOut: 2, testsLeftOut: 0 });
  for (const filter of [{ endpointId: shop.id }, { q: 'No order' }, { status: 'cancelled' } as const])
    expect(await client.deliveries.failureGroups(filter)).toMatchObject({ cancelledLeftOut: 2 });
  for (const filter of [{ endpointId: other.id }, { status: 'exhausted' } as const, { isTest: true }, { q: 'no such text' }])
    expect(await client.deliveries.failureGroups(filter)).toMatchObject({ cancelledLeftOut: 0 });
});

it('counts what failed before the attempt that was cancelled, and not what had never failed', async () => {
  const target = await receive(text('No order'), hang(), hang(), respond({ status: 200 }), hang());
  const engine = await startClockedEngine();
  const { client, clock } = engine;
  const retryPolicy = { kind: 'schedule' as const, delaysMs: [60_000] };
  const { id } = await client.endpoints.create({ name: 'Shop', url: target.url, retryPolicy, timeoutMs: 600_000 });
  const send = async () => {
    const { deliveries } = await client.messages.send({ type: 'order.made', data: {}, endpointIds: [id] });
    await target.nextRequest();
    return deliveries[0]?.id ?? '';
  };
  const cancelUnderWay = async (delivery: string) => {
    await client.deliveries.cancel({ id: delivery });
    await expect.poll(async () => (await client.deliveries.get({ id: delivery })).attempts.at(-1)?.outcome?.code).toBe('cancelled');
    expect(await client.deliveries.get({ id: delivery })).toMatchObject({ status: 'cancelled' });
  };
  const failed = await send();
  await settled(engine);
  clock.advance(60_000);
  await target.nextRequest();
  await cancelUnderWay(failed);
  expect(await client.deliveries.failureGroups({})).toMatchObject({ failed: 0, cancelledLeftOut: 1 });
  // Cancelled at its first attempt.
  await cancelUnderWay(await send());
  // Delivered, and cancelled when it was sent again.
  const delivered = await send();
  await settled(engine);
  await client.deliveries.redeliver({ id: delivered });
  await target.nextRequest();
  await cancelUnderWay(delivered);
  for (const filter of [{}, { endpointId: id }, { status: 'cancelled' } as const])
    expect(await client.deliveries.failureGroups(filter)).toMatchObject({ failed: 0, cancelledLeftOut: 1 });
});

it('a replay of a group sends what was shown and nothing else, and leaves out what no longer fails so', async () => {
  const { engine, client, target, ids } = await sent(
    [text('No order 1'), text('Broken'), text('No order 20'), text('No order 300')],
    // One of the group is redelivered before the replay and is delivered; the other two are replayed.
    [respond({ status: 200 }), respond({ status: 200 }), text('No order 300')],
  );
  const { groups } = await client.deliveries.failureGroups({});
  const failureGroup = groups[0]?.key ?? '';
  const source = { kind: 'redeliver', filter: { failureGroup } } as const;
  expect(await client.replays.preview({ source })).toMatchObject({ total: 3, replayable: 3, byStatus: { exhausted: 3 } });
  await client.deliveries.redeliver({ id: ids[0] ?? '' });
  await settled(engine);
  expect(await client.replays.preview({ source })).toMatchObject({ total: 2 });

  const { id } = await client.replays.start({ source, ratePerSecond: 1 });
  expect(await advanceToEnd(engine, id)).toMatchObject({ total: 2, replayed: 2, skipped: [] });
  await settled(engine);
  expect(target.requests).toHaveLength(7);
  const judged = await client.replays.deliveries({ id });
  expect(judged.items.map(({ deliveryId, verdict }) => [deliveryId, verdict])).toEqual([
    [ids[2], 'fixed'],
    [ids[3], 'same-failure'],
  ]);
  // What still fails is in the same group.
  expect((await client.deliveries.failureGroups({})).groups.find(({ key }) => key === failureGroup)).toMatchObject({ count: 1 });
  await expect(client.replays.start({ source: { ...source, filter: { failureGroup: 'grp_0000000000000000' } } })).rejects.toThrow(
    'No delivery that this filter finds fails in the way of this group any more',
  );
});
