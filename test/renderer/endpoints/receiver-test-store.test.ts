import { describe, expect, it } from 'vitest';
import { createReceiverTestStore, isUnexpected, standingOf } from '../../../src/renderer/features/endpoints/receiver-test-store.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';
import { respond } from '../../support/scripted-receiver.ts';
import { receive } from '../../engine/replays/replay-support.ts';

describe('the test of a receiver in the window', () => {
  it('sends what it showed, in that order, and shows each answer', async () => {
    const target = await receive(respond({ status: 500 }));
    const engine = await startClockedEngine();
    const { id: endpointId } = await engine.client.endpoints.create({ name: 'Own', url: target.url, retryPolicy: 'none' });
    const store = createReceiverTestStore(engine.client);
    const input = { endpointId, type: 'a.b', test: { kind: 'outOfOrder', count: 6, gapMs: 0 } } as const;
    await store.plan(input);
    const shown = store.getState().sends.map(({ number }) => number);
    expect(standingOf(store.getState())).toBe('6 waiting');
    await store.plan({ ...input, test: { ...input.test, gapMs: 1 } });
    expect(store.getState().sends.map(({ number }) => number)).toEqual(shown);
    await store.plan(input);

    await store.run(input);
    const { sends } = store.getState();
    expect(sends.map(({ number }) => number)).toEqual(shown);
    for (const { deliveryId } of sends) await engine.deliveryWhen(deliveryId ?? '', ({ attemptCount }) => attemptCount === 1);
    await store.refresh(null);
    expect(standingOf(store.getState()).split(', ').toSorted()).toEqual(['1 exhausted', '5 delivered']);
  });

  it('keeps the answers when the plan of what was sent is asked for only after it was sent', async () => {
    const target = await receive(respond({}));
    const engine = await startClockedEngine();
    const { id: endpointId } = await engine.client.endpoints.create({ name: 'Own', url: target.url, retryPolicy: 'none' });
    const store = createReceiverTestStore(engine.client);
    const input = { endpointId, type: 'a.b', test: { kind: 'burst', count: 2 } } as const;
    await Promise.all([store.run(input), store.plan({ ...input })]);
    await store.plan({ ...input });
    expect(store.getState()).toMatchObject({ isSent: true, isBusy: false });
    await store.plan({ ...input, test: { kind: 'burst', count: 3 } });
    await store.plan(input);
    expect(store.getState().isSent).toBe(false);
    expect(store.getState().sends).toHaveLength(2);
  });

  it('reads its deliveries also after changes that were about none of them', async () => {
    const target = await receive(respond({}));
    const engine = await startClockedEngine();
    const { id: endpointId } = await engine.client.endpoints.create({ name: 'Own', url: target.url, retryPolicy: 'none' });
    const store = createReceiverTestStore(engine.client);
    await store.refresh(['dlv_of_another_test']);
    await store.run({ endpointId, type: 'a.b', test: { kind: 'burst', count: 2 } });
    const ids = store.getState().sends.map(({ deliveryId }) => deliveryId ?? '');
    for (const id of ids) await engine.deliveryWhen(id, ({ attemptCount }) => attemptCount === 1);
    await store.refresh(ids);
    expect(standingOf(store.getState())).toBe('2 delivered');
  });

  it('keeps what is refused as a sentence', async () => {
    const engine = await startClockedEngine();
    const store = createReceiverTestStore(engine.client);
    await store.plan({ endpointId: 'ep_gone', type: 'a.b', test: { kind: 'burst' } });
    expect(store.getState()).toMatchObject({ sends: [], problem: { code: 'NOT_FOUND' } });
  });
});

describe('what a receiver test expects', () => {
  it('marks an answer against it, and no answer at all where a refusal is expected', () => {
    const outcome = (code: string, status: number | null) => ({ lastOutcome: { code, status, message: '' } as never });
    expect(isUnexpected(undefined, 'accepted')).toBe(false);
    expect(isUnexpected({ lastOutcome: null }, 'refused')).toBe(false);
    expect(isUnexpected(outcome('ok', 200), 'accepted')).toBe(false);
    expect(isUnexpected(outcome('http_status', 500), 'accepted')).toBe(true);
    expect(isUnexpected(outcome('http_status', 400), 'refused')).toBe(false);
    expect(isUnexpected(outcome('ok', 200), 'refused')).toBe(true);
    expect(isUnexpected(outcome('connect_refused', null), 'refused')).toBe(true);
  });
});
