import { expect, it } from 'vitest';
import { createReceiverCheckStore } from '../../../src/renderer/features/endpoints/receiver-check-store.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';
import { receive } from '../../engine/replays/replay-support.ts';

it('shows each case of a check once, and the last check of an endpoint again', async () => {
  const target = await receive();
  const engine = await startClockedEngine();
  const { id } = await engine.client.endpoints.create({ name: 'Own', url: target.url, signing: null });
  const store = createReceiverCheckStore(engine.client);
  const stop = new AbortController();
  const changes = await engine.client.system.changes(undefined, { signal: stop.signal });
  await changes.next();
  await store.openLast(id);
  expect(store.getState()).toMatchObject({ check: null, problem: null });
  await store.start(id, { isWhole: false });
  for await (const { topic, ids } of changes) {
    if (topic === 'checks') await store.refresh(ids);
    if (store.getState().check?.status !== 'running') break;
  }
  stop.abort();
  const { check } = store.getState();
  expect(check?.cases.map(({ number }) => number)).toEqual(Array.from({ length: check?.total ?? 0 }, (_, index) => index + 1));
  expect(check?.cases.find((one) => one.id === 'wrong-secret')?.message).toContain('Requests to this receiver are not signed');
  const again = createReceiverCheckStore(engine.client);
  await again.openLast(id);
  expect(again.getState()).toMatchObject({ check: { cases: check?.cases }, before: null });
  const opened = createReceiverCheckStore(engine.client);
  await opened.open('chk_none');
  expect(opened.getState().problem?.code).toBe('NOT_FOUND');
  await opened.open(check?.id ?? '');
  expect(opened.getState()).toMatchObject({ check: { id: check?.id }, before: null, problem: null });
}, 60_000);
