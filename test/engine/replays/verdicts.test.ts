import { expect, it } from 'vitest';
import type { ReplayVerdict } from '#shared/contract/replay-verdicts.ts';
import { verdictOf } from '#engine/replays/verdict.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';
import { closeUnanswered, respond } from '../../support/scripted-receiver.ts';
import { advanceToEnd, receive, settled } from './replay-support.ts';

const ended = (outcomeCode: 'ok' | 'http_status' | 'timeout', status: number | null) => ({
  id: 'att_1',
  number: 1,
  isDelivered: outcomeCode === 'ok',
  outcomeCode,
  status,
});
const [ok, error, unavailable, late] = [ended('ok', 200), ended('http_status', 500), ended('http_status', 503), ended('timeout', null)];

it.each([
  [1, error, ok, 'fixed'],
  [1, ok, error, 'regressed'],
  [1, error, error, 'same-failure'],
  [1, error, unavailable, 'other-failure'],
  [1, error, late, 'other-failure'],
  [1, ok, ok, 'still-delivered'],
  [0, null, ok, 'delivered'],
  [0, null, error, 'failed'],
  [1, error, null, 'waiting'],
  [null, null, ok, 'unknown'],
] as const)('with %s attempts before, %o and then %o is %s', (attemptsBefore, before, after, verdict) => {
  expect(verdictOf(attemptsBefore, before, after)).toBe(verdict);
});

it('a replay says what it fixed, what it broke and what fails as before, and lists the deliveries of each', async () => {
  const target = await receive(
    // At first one is delivered, the others fail.
    respond({ status: 500 }),
    respond({ status: 500 }),
    respond({ status: 500 }),
    respond({ status: 200 }),
    // In the replay each of these comes in the order of the deliveries.
    respond({ status: 200 }),
    respond({ status: 500 }),
    respond({ status: 503 }),
    respond({ status: 422 }),
  );
  const engine = await startClockedEngine();
  const { client } = engine;
  const endpoint = await client.endpoints.create({
    name: 'Shop',
    url: target.url,
    events: ['order.*'],
    retryPolicy: 'none',
    maxConcurrency: 1,
  });
  const ids: string[] = [];
  for (let number = 0; number < 4; number += 1) {
    ids.push((await client.messages.send({ type: 'order.made', data: { number } })).deliveries[0]?.id ?? '');
    await settled(engine);
  }
  const { id } = await client.replays.start({ source: { kind: 'redeliver', filter: {} }, ratePerSecond: 1 });
  await advanceToEnd(engine, id);
  await settled(engine);

  expect(await client.replays.verdicts({ id })).toEqual({
    id,
    counts: { fixed: 1, 'same-failure': 1, 'other-failure': 1, regressed: 1 },
    failures: [500, 503, 422].map((status, index) => ({
      endpointId: endpoint.id,
      endpointName: 'Shop',
      outcomeCode: 'http_status',
      status,
      count: 1,
      exampleId: ids[index + 1],
    })),
    moreFailures: 0,
  });
  const of = async (verdict: ReplayVerdict) => (await client.replays.deliveries({ id, verdict })).items.map(({ deliveryId }) => deliveryId);
  expect([await of('fixed'), await of('same-failure'), await of('other-failure'), await of('regressed'), await of('waiting')]).toEqual([
    ...ids.map((each) => [each]),
    [],
  ]);

  const first = await client.replays.deliveries({ id, limit: 3 });
  expect(first.items[0]).toMatchObject({
    deliveryId: ids[0],
    endpointName: 'Shop',
    eventType: 'order.made',
    verdict: 'fixed',
    before: { number: 1, isDelivered: false, outcomeCode: 'http_status', status: 500 },
    after: { number: 2, isDelivered: true, status: 200 },
  });
  const rest = await client.replays.deliveries({ id, limit: 3, cursor: first.next ?? '' });
  expect([...first.items, ...rest.items].map(({ deliveryId }) => deliveryId)).toEqual(ids);
  expect(rest.next).toBeNull();
});

it('what was never delivered before is delivered or fails, and an unknown replay is refused', async () => {
  const target = await receive(respond({ status: 200 }), closeUnanswered());
  const engine = await startClockedEngine();
  const { client } = engine;
  await client.messages.send({ type: 'order.made', data: 1 });
  await client.messages.send({ type: 'order.made', data: 2 });
  const endpoint = await client.endpoints.create({
    name: 'Late',
    url: target.url,
    events: ['order.*'],
    retryPolicy: 'none',
    maxConcurrency: 1,
  });
  const { id } = await client.replays.start({ source: { kind: 'missing', endpointId: endpoint.id, sinceMs: 0 }, ratePerSecond: 1 });
  await advanceToEnd(engine, id);
  await settled(engine);
  expect(await client.replays.verdicts({ id })).toMatchObject({
    counts: { delivered: 1, failed: 1 },
    failures: [{ status: null, count: 1 }],
  });
  await expect(client.replays.verdicts({ id: 'rpl_none' })).rejects.toThrow('There is no replay rpl_none; it may have been deleted.');
});
