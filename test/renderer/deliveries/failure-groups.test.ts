import { expect, it } from 'vitest';
import type { LoggedFailureGroup } from '#shared/contract/failure-groups.ts';
import { createFailureGroupsStore, inPlace } from '../../../src/renderer/features/deliveries/failure-groups-store.ts';
import { advanceToEnd, receive, settled } from '../../engine/replays/replay-support.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';
import { respond } from '../../support/scripted-receiver.ts';

function group(key: string, count: number): LoggedFailureGroup {
  return {
    key,
    count,
    exhausted: 0,
    endpointId: 'ep_1',
    endpointName: 'Shop',
    outcomeCode: 'http_status',
    status: 500,
    phase: null,
    reason: null,
    answer: key,
    message: '',
    exampleId: `dlv_${key}`,
    firstAtMs: 1,
    lastAtMs: 2,
  };
}

it('keeps a group in its place after a replay in which nothing of it failed', () => {
  const before = [group('nulls', 3), group('limit', 1), group('away', 1)];
  const seen = new Map(before.map((each) => [each.key, each]));
  const after = [group('away', 1), group('limit', 1), group('new', 2), { ...group('nulls', 3), count: 0 }];
  expect(inPlace(after, seen).map(({ key }) => key)).toEqual(['nulls', 'new', 'limit', 'away']);
});

it('keeps a group that a replay has emptied, though the window does not know of the replay yet', async () => {
  const target = await receive(respond({ status: 422 }), respond({ status: 200 }));
  const engine = await startClockedEngine();
  await engine.client.endpoints.create({ name: 'Shop', url: target.url, retryPolicy: 'none' });
  await engine.client.messages.send({ type: 'order.made', data: {} });
  await settled(engine);
  const store = createFailureGroupsStore(engine.client);
  await store.read({ filter: {}, known: [] });
  const failing = store.getState().groups[0]?.group.key ?? '';
  const { id } = await engine.client.replays.start({ source: { kind: 'redeliver', filter: { failureGroup: failing } } });
  await advanceToEnd(engine, id);
  await settled(engine);
  await store.read({ filter: {}, known: [] });
  expect(store.getState().groups.map(({ group: { key, count }, last }) => [key, count, last?.counts?.fixed])).toEqual([[failing, 0, 1]]);
  // Another filter does not find it, which does not say that nothing fails so any more.
  await store.read({ filter: { eventType: 'order.paid' }, known: [] });
  expect(store.getState().groups).toEqual([]);
});
