import { describe, expect, it } from 'vitest';
import {
  chosenEventType,
  dataText,
  isDataChanged,
  isTemplateChanged,
  templateText,
} from '../../../src/renderer/features/compose/compose-state.ts';
import { createComposeStore, type ComposeStore } from '../../../src/renderer/features/compose/compose-store.ts';
import { oneOffKey, type DraftStorage } from '../../../src/renderer/features/compose/draft.ts';
import { startClockedEngine, type EngineClient } from '../../support/clocked-engine.ts';

/** A storage that can be looked into. */
function memoryStorage(): DraftStorage & { readonly entries: Map<string, string> } {
  const entries = new Map<string, string>();
  return {
    entries,
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
  };
}

const never = () => () => undefined;

async function openCompose(storage: DraftStorage = memoryStorage()) {
  const { client } = await startClockedEngine({ capturePort: 0, withSample: true });
  const store = createComposeStore({ client, storage, later: never });
  await store.load();
  return { client, store };
}

/** Follows the change stream until what was sent has come so far. */
async function followUntil(client: EngineClient, store: ComposeStore, isReached: () => boolean): Promise<void> {
  const stop = new AbortController();
  for await (const _ of await client.system.changes(undefined, { signal: stop.signal })) {
    await store.follow(null);
    if (isReached()) break;
  }
  stop.abort();
}

const sentOf = (store: ComposeStore) => {
  const { sending } = store.getState();
  if (sending.kind !== 'sent') throw new Error(`Nothing was sent: ${sending.kind}`);
  return sending;
};

describe('the first run', () => {
  it('chooses the endpoint that points at a local bin, with an event, and shows its request', async () => {
    const { store } = await openCompose();
    const state = store.getState();
    const endpoint = state.endpoints.find((candidate) => candidate.id === state.target);
    expect(endpoint?.url).toBe(state.bins[0]?.url);
    expect(state.eventTypes.map((eventType) => eventType.name)).toContain(chosenEventType(state));
    expect(state.preview).toMatchObject({ problem: null, request: { method: 'POST', url: endpoint?.url } });
  });

  it('sends one event all the way: delivered, captured, the same bytes, signature valid', async () => {
    const { client, store } = await openCompose();
    await store.send();
    await followUntil(client, store, () => sentOf(store).comparison !== null && sentOf(store).delivery?.status === 'delivered');
    const sent = sentOf(store);
    expect(sent.delivery?.status).toBe('delivered');
    expect(sent.capture).toMatchObject({ deliveryId: sent.deliveryId, verification: { verdict: 'valid' } });
    expect(sent.comparison).toEqual({
      kind: 'same',
      bodyBytes: sent.capture?.bodyBytes,
      sha256Hex: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});

describe('what is wrong', () => {
  it('is placed in the data, and nothing is sent or lost', async () => {
    const { client, store } = await openCompose();
    store.setData('{\n  "a": 1,\n}');
    await store.send();
    expect(store.getState().preview.problem).toMatchObject({ where: 'data', place: { line: 3, column: 1 } });
    expect(dataText(store.getState())).toBe('{\n  "a": 1,\n}');
    expect((await client.deliveries.list({})).items).toEqual([]);
  });

  it('is placed in the template, while the last request that could be made stays', async () => {
    const { store } = await openCompose();
    const before = store.getState().preview.request;
    store.setTemplate('{\n  "a": {{ data.missing }}\n}');
    await store.render();
    expect(store.getState().preview).toMatchObject({ request: before, problem: { where: 'template', place: { line: 2 } } });
  });

  it('is placed in what the template renders when that is not JSON', async () => {
    const { store } = await openCompose();
    store.setTemplate('{"type": {{ type }}}');
    await store.render();
    expect(store.getState().preview.problem).toMatchObject({
      where: 'rendered',
      rendered: expect.stringContaining('{"type": '),
      place: { line: 1, column: 10 },
    });
  });

  it('names the field of a one-off target', async () => {
    const { store } = await openCompose();
    store.setTarget(oneOffKey);
    store.setOneOff({ url: 'localhost:3000' });
    await store.render();
    expect(store.getState().preview.problem).toMatchObject({ where: 'request', issues: [{ path: expect.stringContaining('url') }] });
  });
});

describe('a template that is not saved', () => {
  it('is what goes out, byte for byte, and the endpoint keeps its own', async () => {
    const { client, store } = await openCompose();
    const { target } = store.getState();
    const before = (await client.endpoints.get({ id: target })).template;
    store.setTemplate('{"only": "{{ type }}"}');
    await store.send();
    await followUntil(client, store, () => sentOf(store).comparison !== null);
    expect(atob(sentOf(store).capture?.bodyBase64 ?? '')).toBe(`{"only": "${chosenEventType(store.getState())}"}`);
    expect((await client.endpoints.get({ id: target })).template).toBe(before);
    expect(isTemplateChanged(store.getState())).toBe(true);
  });

  it('is saved on demand, and is no change any more', async () => {
    const { client, store } = await openCompose();
    store.setTemplate('{"saved": true}');
    await store.saveTemplate();
    expect(isTemplateChanged(store.getState())).toBe(false);
    expect((await client.endpoints.get({ id: store.getState().target })).template).toBe('{"saved": true}');
  });

  it('stays as typed when saving is refused', async () => {
    const { store } = await openCompose();
    store.setTemplate('{{ data | nofilter }}');
    await store.saveTemplate();
    expect(store.getState().saveProblem?.code).toBe('TEMPLATE_INVALID');
    expect(templateText(store.getState())).toBe('{{ data | nofilter }}');
  });

  it('goes back to the saved one', async () => {
    const { store } = await openCompose();
    const before = templateText(store.getState());
    store.setTemplate('x');
    store.revertTemplate();
    expect(templateText(store.getState())).toBe(before);
  });
});

describe('drafts', () => {
  it('survive a reload, for each endpoint by itself', async () => {
    const storage = memoryStorage();
    const { client, store } = await openCompose(storage);
    const other = await client.endpoints.create({ name: 'Other', url: 'http://127.0.0.1:9/' });
    const first = store.getState().target;
    store.setData('{"mine": 1}');
    const again = createComposeStore({ client, storage, later: never });
    await again.load();
    expect(again.getState().target).toBe(first);
    expect(dataText(again.getState())).toBe('{"mine": 1}');
    again.setTarget(other.id);
    expect(dataText(again.getState())).not.toBe('{"mine": 1}');
    again.setTarget(first);
    expect(dataText(again.getState())).toBe('{"mine": 1}');
  });

  it('keep the text of each event type, and give the sample back', async () => {
    const { store } = await openCompose();
    const [first = '', second = ''] = store.getState().eventTypes.map((eventType) => eventType.name);
    store.setEventType(first);
    const sample = dataText(store.getState());
    store.setData('[1]');
    store.setEventType(second);
    expect(dataText(store.getState())).not.toBe('[1]');
    store.setEventType(first);
    expect(dataText(store.getState())).toBe('[1]');
    store.resetData();
    expect(dataText(store.getState())).toBe(sample);
  });

  it('never hold the secret of a one-off target', async () => {
    const storage = memoryStorage();
    const { client, store } = await openCompose(storage);
    const url = `${store.getState().bins[0]?.url}/once`;
    store.setTarget(oneOffKey);
    store.setOneOff({ url });
    store.setOneOffSecret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    await store.send();
    await followUntil(client, store, () => sentOf(store).capture !== null);
    expect(sentOf(store).capture?.target).toMatch(/\/once$/);
    expect([...storage.entries.values()].join()).toContain(url);
    expect([...storage.entries.values()].join()).not.toContain('whsec_');
  });

  it('can be typed on when the storage refuses to write', async () => {
    const full: DraftStorage = {
      getItem: () => null,
      setItem: () => {
        throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
      },
      removeItem: () => undefined,
    };
    const { store } = await openCompose(full);
    store.setData('{"a": 1}');
    expect(dataText(store.getState())).toBe('{"a": 1}');
  });
});

describe('a name that the catalogue lacks', () => {
  it('keeps the data that stands there, however the name is typed on', async () => {
    const { store } = await openCompose();
    const sample = dataText(store.getState());
    const known = chosenEventType(store.getState());
    store.setEventType(`${known}.x`);
    expect(dataText(store.getState())).toBe(sample);
    store.setData('{"mine": 1}');
    store.setEventType(`${known}.xy`);
    expect(dataText(store.getState())).toBe('{"mine": 1}');
    expect(isDataChanged(store.getState())).toBe(false);
    store.setEventType(known);
    expect(dataText(store.getState())).toBe(sample);
  });

  it('is warned about in the preview, with the nearest one that is known', async () => {
    const { store } = await openCompose();
    const known = chosenEventType(store.getState());
    store.setEventType(`${known}x`);
    await store.render();
    expect(store.getState().preview.request?.warnings).toEqual([{ code: expect.any(String), message: expect.stringContaining(known) }]);
  });
});

describe('coming from another area', () => {
  it('opens the endpoint and the event of a message that is to be sent again', async () => {
    const { client, store } = await openCompose();
    const other = await client.endpoints.create({ name: 'Other', url: 'http://127.0.0.1:9/' });
    const sent = await client.messages.send({ type: 'own.event', data: { a: 1 }, endpointIds: [other.id] });
    await store.load();
    await store.openFrom({ endpoint: other.id, message: sent.id });
    expect(store.getState().target).toBe(other.id);
    expect(chosenEventType(store.getState())).toBe('own.event');
    expect(JSON.parse(dataText(store.getState()))).toEqual({ a: 1 });
  });

  it('opens an event of the catalogue for the endpoint used last', async () => {
    const { store } = await openCompose();
    const { target, eventTypes } = store.getState();
    const event = eventTypes.at(-1)?.name ?? '';
    await store.openFrom({ event });
    expect(store.getState().target).toBe(target);
    expect(chosenEventType(store.getState())).toBe(event);
  });

  it('opens a one-off target as what it was', async () => {
    const { client, store } = await openCompose();
    const sent = await client.messages.send({
      type: 'own.event',
      target: { name: 'Any URL', url: 'http://127.0.0.1:9/once', method: 'PUT', signing: null, retryPolicy: 'none' },
    });
    await store.openFrom({ endpoint: sent.deliveries[0]?.endpointId, message: sent.id });
    expect(store.getState()).toMatchObject({
      target: oneOffKey,
      oneOff: { url: 'http://127.0.0.1:9/once', method: 'PUT', signing: null },
    });
  });

  it('keeps the scheme of a one-off target, whichever it is, and signs by it', async () => {
    const { client, store } = await openCompose();
    const target = { name: 'Any URL', url: 'http://127.0.0.1:9/once', signing: { scheme: 'stripe' }, retryPolicy: 'none' } as const;
    const sent = await client.messages.send({ type: 'own.event', target });
    await store.openFrom({ endpoint: sent.deliveries[0]?.endpointId, message: sent.id });
    await store.render();
    expect(store.getState().oneOff.signing).toEqual({ scheme: 'stripe' });
    expect(store.getState().preview.request?.headers.map(([name]) => name)).toContain('Stripe-Signature');
  });

  it('keeps the options of the scheme of a one-off target, signs by them and names the one that is wrong', async () => {
    const storage = memoryStorage();
    const { client, store } = await openCompose(storage);
    store.setTarget(oneOffKey);
    const paypal = { scheme: 'paypal', webhookId: '', certUrl: 'https://api.paypal.com/v1/notifications/certs/CERT-1' } as const;
    store.setOneOff({ url: `${store.getState().bins[0]?.url}/once`, signing: paypal });
    await store.render();
    expect(store.getState().preview.problem).toMatchObject({ where: 'request', issues: [{ path: expect.stringMatching(/\.webhookId$/) }] });
    store.setOneOff({ signing: { ...paypal, webhookId: 'WH-1' } });
    await store.render();
    const { preview } = store.getState();
    expect(preview.problem).toBeNull();
    expect(atob(preview.request?.signature?.signedBase64 ?? '')).toContain('|WH-1|');
    await store.send();
    await followUntil(client, store, () => sentOf(store).capture !== null);
    expect(sentOf(store).capture?.headers).toContainEqual(['PAYPAL-CERT-URL', paypal.certUrl]);
    const { store: next } = await openCompose(storage);
    expect(next.getState().oneOff.signing).toEqual({ ...paypal, webhookId: 'WH-1' });
  });

  it('says so when what it should start from is gone', async () => {
    const { store } = await openCompose();
    await store.openFrom({ message: 'msg_gone' });
    expect(store.getState().loadProblem?.code).toBe('NOT_FOUND');
  });
});
