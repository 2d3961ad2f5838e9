import { describe, expect, it } from 'vitest';
import {
  chosenEventType,
  dataText,
  isDataChanged,
  isFormer,
  isTemplateChanged,
  templateText,
} from '../../../src/renderer/features/compose/compose-state.ts';
import { createComposeStore } from '../../../src/renderer/features/compose/compose-store.ts';
import type { ComposeStore } from '../../../src/renderer/features/compose/compose-store.types.ts';
import { createDraftShelf, emptyDraft, noTarget, oneOffKey, type DraftStorage } from '../../../src/renderer/features/compose/draft.ts';
import { compactJson } from '#shared/json/exact.ts';
import { startClockedEngine, type EngineClient } from '../../support/clocked-engine.ts';
import { exactSample } from '../../support/exact-json.ts';

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

it('reads its lists once more for any number of changes that come while it reads them', async () => {
  const { client } = await startClockedEngine({ capturePort: 0, withSample: true });
  let lists = 0;
  const counting = {
    ...client,
    endpoints: {
      ...client.endpoints,
      list: (...given: Parameters<typeof client.endpoints.list>) => ((lists += 1), client.endpoints.list(...given)),
    },
  };
  const store = createComposeStore({ client: counting as typeof client, storage: memoryStorage(), later: never });
  await Promise.all(Array.from({ length: 50 }, () => store.load()));
  expect(lists).toBe(2);
});

const sentOf = (store: ComposeStore) => {
  const { sending } = store.getState();
  if (sending.kind !== 'sent') throw new Error(`Nothing was sent: ${sending.kind}`);
  return sending;
};

describe('digits, names and their order', () => {
  it('stay from the sample through the editor to the bin, and when it is sent again', async () => {
    const { client, store } = await openCompose();
    const sampleText = exactSample(5, 100);
    await client.eventTypes.create({ name: 'exact.sent', sampleText });
    await store.load();
    await store.setEventType('exact.sent');
    expect(compactJson(dataText(store.getState()))).toBe(sampleText);
    const typed = exactSample(6, 100);
    store.setData(typed);
    await store.render();
    expect(store.getState().preview.request?.bodyText).toContain(typed);
    await store.send();
    await followUntil(client, store, () => sentOf(store).capture !== null);
    expect(Buffer.from(sentOf(store).capture?.bodyBase64 ?? '', 'base64').toString('utf8')).toContain(typed);
    await store.openResend({ kind: 'delivery', id: sentOf(store).deliveryId ?? '' });
    expect(compactJson(dataText(store.getState()))).toBe(typed);
  });
});

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
    expect(sent.answered).toMatchObject({ number: 1, response: { status: 200, bodyBase64: expect.any(String) } });
    expect(sent.capture).toMatchObject({ deliveryId: sent.deliveryId, verification: { verdict: 'valid' } });
    expect(sent.comparison).toMatchObject({
      isSame: true,
      afterBytes: sent.capture?.bodyBytes,
      afterSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
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
    await store.setTarget(oneOffKey);
    store.setOneOff({ url: 'localhost:3000' });
    await store.render();
    expect(store.getState().preview.problem).toMatchObject({ where: 'request', issues: [{ path: expect.stringContaining('url') }] });
  });
});

describe('a refusal', () => {
  it('is shown only at its field when it is about one', async () => {
    const { store } = await openCompose();
    await store.setTarget(oneOffKey);
    store.setOneOff({ url: 'localhost:3000' });
    await store.send();
    expect(store.getState()).toMatchObject({ sending: { kind: 'idle' }, preview: { problem: { where: 'request' } } });
  });

  it('is the result when it is about the endpoint, until that is put right or something else is chosen', async () => {
    const { client, store } = await openCompose();
    const { target: id } = store.getState();
    const refuse = async () => {
      await client.endpoints.update({ id, isActive: false });
      await store.send();
      expect(store.getState().sending).toMatchObject({ kind: 'refused', problem: { code: 'CONFLICT' } });
    };
    await refuse();
    await client.endpoints.update({ id, isActive: true });
    await store.load();
    expect(store.getState().sending.kind).toBe('idle');
    await refuse();
    await store.setTarget(oneOffKey);
    expect(store.getState().sending.kind).toBe('idle');
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
    await again.setTarget(other.id);
    expect(dataText(again.getState())).not.toBe('{"mine": 1}');
    await again.setTarget(first);
    expect(dataText(again.getState())).toBe('{"mine": 1}');
  });

  it('keep the text of each event type, and give the sample back', async () => {
    const { store } = await openCompose();
    const [first = '', second = ''] = store.getState().eventTypes.map((eventType) => eventType.name);
    await store.setEventType(first);
    const sample = dataText(store.getState());
    store.setData('[1]');
    await store.setEventType(second);
    expect(dataText(store.getState())).not.toBe('[1]');
    await store.setEventType(first);
    expect(dataText(store.getState())).toBe('[1]');
    store.resetData();
    expect(dataText(store.getState())).toBe(sample);
  });

  it('keep what was typed before the lists were there, and the rest of the draft', async () => {
    const storage = memoryStorage();
    const { client, store } = await openCompose(storage);
    store.setTemplate('{{ data.total }}');
    const again = createComposeStore({ client, storage, later: never });
    const loading = again.load();
    await again.setEventType('parcel.sent');
    await loading;
    expect(chosenEventType(again.getState())).toBe('parcel.sent');
    expect(templateText(again.getState())).toBe('{{ data.total }}');
    const reloaded = createComposeStore({ client, storage, later: never });
    await reloaded.load();
    expect(chosenEventType(reloaded.getState())).toBe('parcel.sent');
  });

  it('are no change of the sample where they are its text again', async () => {
    const { store } = await openCompose();
    const sample = dataText(store.getState());
    store.setData('{"broken": ');
    expect(isDataChanged(store.getState())).toBe(true);
    store.setData(sample);
    expect(isDataChanged(store.getState())).toBe(false);
  });

  it('keep the text of each sample, of the profile and of the catalogue', async () => {
    const storage = memoryStorage();
    const { client, store } = await openCompose(storage);
    const { id } = await client.endpoints.create({ profile: 'stripe', url: 'http://127.0.0.1:9/' });
    await client.eventTypes.create({
      name: 'invoice.paid',
      samples: [
        { name: 'whole', data: { paid: 1 } },
        { name: 'in part', data: { paid: 0.5 } },
      ],
    });
    await store.openFrom({ endpoint: id, event: 'invoice.paid' });
    const samples = store.getState().event?.samples ?? [];
    expect(new Set(samples.map(({ owner }) => owner))).toEqual(new Set(['Stripe', 'Catalogue']));
    const first = dataText(store.getState());
    expect(JSON.parse(first)).toEqual(samples[0]?.data);
    store.setSample('catalogue:in part');
    expect(JSON.parse(dataText(store.getState()))).toEqual({ paid: 0.5 });
    await store.render();
    expect(JSON.parse(store.getState().preview.request?.bodyText ?? '')).toMatchObject({ type: 'invoice.paid', data: { paid: 0.5 } });
    store.setData('{"paid": 2}');
    store.setSample(samples[0]?.key ?? '');
    expect([dataText(store.getState()), isDataChanged(store.getState())]).toEqual([first, false]);
    store.setSample('catalogue:in part');
    expect([dataText(store.getState()), isDataChanged(store.getState())]).toEqual(['{"paid": 2}', true]);
    const again = createComposeStore({ client, storage, later: never });
    await again.load();
    expect(dataText(again.getState())).toBe('{"paid": 2}');
    again.resetData();
    expect(JSON.parse(dataText(again.getState()))).toEqual({ paid: 0.5 });
  });

  it('never hold the secret of a one-off target', async () => {
    const storage = memoryStorage();
    const { client, store } = await openCompose(storage);
    const url = `${store.getState().bins[0]?.url}/once`;
    await store.setTarget(oneOffKey);
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
  it('keeps the current data while the name is being typed', async () => {
    const { store } = await openCompose();
    const sample = dataText(store.getState());
    const known = chosenEventType(store.getState());
    await store.setEventType(`${known}.x`);
    expect(dataText(store.getState())).toBe(sample);
    store.setData('{"mine": 1}');
    await store.setEventType(`${known}.xy`);
    expect(dataText(store.getState())).toBe('{"mine": 1}');
    expect(isDataChanged(store.getState())).toBe(false);
    await store.setEventType(known);
    expect(dataText(store.getState())).toBe(sample);
  });

  it('is warned about in the preview, with the nearest one that is known', async () => {
    const { store } = await openCompose();
    const known = chosenEventType(store.getState());
    await store.setEventType(`${known}x`);
    await store.render();
    expect(store.getState().preview.request?.warnings).toMatchObject([
      { code: 'EVENT_TYPE_UNKNOWN', path: 'type', message: expect.stringContaining(known) },
    ]);
  });
});

describe('coming from another area', () => {
  it('opens an endpoint that was made since the list was read', async () => {
    const { client, store } = await openCompose();
    const other = await client.endpoints.create({ name: 'By script', url: 'http://127.0.0.1:9/', headers: { 'X-Tenant': 'acme' } });
    await store.openFrom({ endpoint: other.id });
    await store.render();
    expect(store.getState().target).toBe(other.id);
    const { request } = store.getState().preview;
    expect(request?.headers).toContainEqual(['X-Tenant', 'acme']);
    expect(request?.secretSource).toBe('endpoint');
    expect(request?.signature?.secretFingerprints).toEqual(other.secretFingerprints);
  });

  it('says so when the endpoint is gone', async () => {
    const { store } = await openCompose();
    const { target } = store.getState();
    await store.openFrom({ endpoint: 'ep_gone' });
    expect(store.getState()).toMatchObject({ target, loadProblem: { message: 'The endpoint ep_gone no longer exists.' } });
  });

  it('opens an event of the catalogue for the endpoint used last', async () => {
    const { store } = await openCompose();
    const { target, eventTypes } = store.getState();
    const event = eventTypes.at(-1)?.name ?? '';
    await store.openFrom({ event });
    expect(store.getState().target).toBe(target);
    expect(chosenEventType(store.getState())).toBe(event);
  });

  it('keeps the options of the scheme of a one-off target, signs by them and names the one that is wrong', async () => {
    const storage = memoryStorage();
    const { client, store } = await openCompose(storage);
    await store.setTarget(oneOffKey);
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
});

/** A delivery that was sent with these bytes to an endpoint with everything of its own, and went into the bin of the sample. */
async function sentTo(
  { client, store }: Awaited<ReturnType<typeof openCompose>>,
  options: { readonly bodyBase64?: string; readonly isOneOff?: boolean },
) {
  const target = {
    name: 'Billing',
    url: `${store.getState().bins[0]?.url}/billing`,
    method: 'PUT' as const,
    headers: { 'X-Tenant': 'acme' },
    secretHeaders: { Authorization: 'Bearer of-billing' },
    signing: { scheme: 'custom' as const, header: 'X-Own', signedContent: '{timestamp}~{body}', timestampHeader: 'X-Time' },
    secret: 'a secret of billing',
  };
  const event = { type: 'own.event', data: { a: 1 }, ...(options.bodyBase64 === undefined ? {} : { bodyBase64: options.bodyBase64 }) };
  const endpointIds = options.isOneOff === true ? null : [(await client.endpoints.create(target)).id];
  const { deliveries } = await client.messages.send(endpointIds === null ? { ...event, target } : { ...event, endpointIds });
  const [made] = deliveries;
  if (made === undefined) throw new Error('Nothing was delivered.');
  await delivered(client, made.id);
  return made;
}

async function delivered(client: EngineClient, id: string): Promise<void> {
  const stop = new AbortController();
  for await (const _ of await client.system.changes(undefined, { signal: stop.signal }))
    if ((await client.deliveries.get({ id, bodies: false })).status === 'delivered') break;
  stop.abort();
}

/** Sends what stands there; answers the capture it made. */
async function sendOn({ client, store }: Awaited<ReturnType<typeof openCompose>>) {
  await store.send();
  await followUntil(client, store, () => sentOf(store).capture !== null);
  return sentOf(store).capture;
}

const binary = Buffer.from(Array.from({ length: 256 }, (_, value) => value)).toString('base64');

describe('a result', () => {
  it('is of what was sent before as soon as anything that is sent differs, until it is the same again', async () => {
    const { client, store } = await openCompose();
    await client.endpoints.create({ name: 'Other', url: 'http://127.0.0.1:9/' });
    await store.load();
    const own = store.getState().target;
    await store.send();
    const former = () => isFormer(sentOf(store), store.getState());
    expect(former()).toBe(false);
    const sample = dataText(store.getState());
    store.setData('{"n": 1}');
    expect(former()).toBe(true);
    store.setData(sample);
    expect(former()).toBe(false);
    store.setTemplate('{"own": true}');
    expect(former()).toBe(true);
    store.revertTemplate();
    const other = store.getState().endpoints.find(({ name }) => name === 'Other')?.id ?? '';
    await store.setTarget(other);
    expect(former()).toBe(true);
    await store.setTarget(own);
    expect(former()).toBe(false);
    await store.setTarget(oneOffKey);
    expect(former()).toBe(true);
  });
});

describe('a capture that is edited first', () => {
  it('keeps the target that was chosen for it, and the choice of another one after that', async () => {
    const compose = await openCompose();
    const { client, store } = compose;
    const bin = store.getState().bins[0];
    await fetch(`${bin?.url ?? ''}/x`, { method: 'POST', body: 'hello' });
    const id = (await client.captures.list({})).items[0]?.id ?? '';
    await store.openResend({ kind: 'capture', id, to: 'http://127.0.0.1:9/hooks' });
    expect(store.getState()).toMatchObject({ target: oneOffKey, oneOff: { url: 'http://127.0.0.1:9/hooks' } });
    expect(store.getState().draft).toEqual(store.getState().resend?.original);
    store.setOneOff({ url: 'http://127.0.0.1:9/other' });
    await store.openResend({ kind: 'capture', id });
    expect(store.getState().oneOff.url).toBe('http://127.0.0.1:9/other');
    const endpoint = store.getState().endpoints[0]?.id ?? '';
    await store.openResend({ kind: 'capture', id, to: endpoint, isSigned: true });
    expect(store.getState()).toMatchObject({ target: endpoint, draft: { head: { isSigned: true } } });
  });
});

describe('sending a delivery again', () => {
  it.each([
    ['an endpoint', false],
    ['a target of one message', true],
  ])('goes to %s with its secret, headers and signing options, byte for byte', async (_, isOneOff) => {
    const compose = await openCompose();
    const { client, store } = compose;
    const made = await sentTo(compose, { bodyBase64: binary, isOneOff });
    await store.openResend({ kind: 'delivery', id: made.id });
    expect(store.getState()).toMatchObject({ target: made.endpointId, draft: { body: { encoding: 'base64', text: binary } } });
    expect(store.getState().preview.request).toMatchObject({ method: 'PUT', bodyBase64: binary, secretSource: 'endpoint' });
    const capture = await sendOn(compose);
    expect(capture).toMatchObject({ method: 'PUT', bodyBase64: binary });
    expect(capture?.headers).toContainEqual(['X-Tenant', 'acme']);
    expect(capture?.headers).toContainEqual(['Authorization', 'Bearer of-billing']);
    const { verdict } = await client.verifying.verify({
      scheme: 'custom',
      options: { header: 'X-Own', signedContent: '{timestamp}~{body}', timestampHeader: 'X-Time' },
      secrets: ['a secret of billing'],
      request: { headers: capture?.headers ?? [], bodyBase64: capture?.bodyBase64 ?? '' },
      nowMs: capture?.receivedAtMs ?? 0,
    });
    expect(verdict).toBe('valid');
  });

  it('sends a rendered body as it was, timestamp and all, until the data is changed', async () => {
    const compose = await openCompose();
    const { client, store } = compose;
    const made = await sentTo(compose, {});
    const [attempt] = (await client.deliveries.get({ id: made.id, bodies: true })).attempts;
    await store.openResend({ kind: 'delivery', id: made.id });
    expect((await sendOn(compose))?.bodyBase64).toBe(attempt?.request?.bodyBase64);
    store.setData('{"a": 2}');
    await store.render();
    expect(JSON.parse(atob(store.getState().preview.request?.bodyBase64 ?? ''))).toMatchObject({ type: 'own.event', data: { a: 2 } });
    store.resetResend();
    expect(JSON.parse(dataText(store.getState()))).toEqual({ a: 1 });
    expect(store.getState().draft).toEqual(store.getState().resend?.original);
  });

  it.each([
    ['mixed line breaks', 'a\r\nb\nc', 'base64'],
    ['a byte order mark', '\uFEFF{}', 'base64'],
    ['a lone CR', 'a\rb', 'base64'],
    ['CRLF', 'a\r\nb\r\n', 'text'],
    ['text', 'Grüße\n', 'text'],
  ])('edits a body with %s in a form that keeps every byte', async (_, text, encoding) => {
    const compose = await openCompose();
    const bodyBase64 = Buffer.from(text).toString('base64');
    await compose.store.openResend({ kind: 'delivery', id: (await sentTo(compose, { bodyBase64 })).id });
    const { draft, preview } = compose.store.getState();
    expect(draft.body?.encoding).toBe(encoding);
    expect(preview.request?.bodyBase64).toBe(bodyBase64);
  });

  it('leaves the draft that is being written alone, and each delivery has its own', async () => {
    const storage = memoryStorage();
    const compose = await openCompose(storage);
    const { client, store } = compose;
    await store.setTarget(oneOffKey);
    store.setOneOff({ url: 'http://127.0.0.1:9/mine' });
    await store.setEventType('own.event');
    store.setData('{"mine": 1}');
    const own = () => {
      const { target, oneOff, draft } = store.getState();
      return { target, oneOff, draft };
    };
    const before = own();
    const [one, other] = [await sentTo(compose, { isOneOff: true }), await sentTo(compose, {})];
    await store.openResend({ kind: 'delivery', id: one.id });
    store.setBody({ text: 'changed', encoding: 'text' });
    await store.openResend({ kind: 'delivery', id: other.id });
    expect(store.getState().draft.body?.text).toContain('"a":1');
    await store.openResend({ kind: 'delivery', id: one.id });
    expect(store.getState().draft.body?.text).toBe('changed');
    await store.openResend(null);
    expect(own()).toEqual(before);
    const again = createComposeStore({ client, storage, later: never });
    await again.load();
    expect(again.getState()).toMatchObject({ ...before, resend: null });
    await again.openResend({ kind: 'delivery', id: one.id });
    expect(again.getState().draft.body?.text).toBe('changed');
  });

  it('is replaced by what is opened next, even before it has loaded', async () => {
    const compose = await openCompose();
    const { client, store } = compose;
    const { target } = store.getState();
    const other = await client.endpoints.create({ name: 'Other', url: 'http://127.0.0.1:9/' });
    const made = await sentTo(compose, {});
    await store.openResend({ kind: 'delivery', id: made.id });
    // As the window does: the address names the endpoint once, and Compose alone after that.
    await Promise.all([store.openFrom({ endpoint: other.id }), store.openResend(null)]);
    expect(store.getState()).toMatchObject({ resend: null, target: other.id });
    await store.setTarget(target);
    await Promise.all([store.openResend({ kind: 'delivery', id: made.id }), store.openResend(null)]);
    expect(store.getState()).toMatchObject({ resend: null, target });
  });

  it('leaves the draft alone where the storage keeps nothing', async () => {
    const forgetful: DraftStorage = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
    const compose = await openCompose(forgetful);
    const { store } = compose;
    await store.setTarget(oneOffKey);
    store.setData('{"mine": 1}');
    await store.openResend({ kind: 'delivery', id: (await sentTo(compose, {})).id });
    await store.openResend(null);
    expect(store.getState().target).toBe(oneOffKey);
    expect(dataText(store.getState())).toBe('{"mine": 1}');
  });

  it('asks where to when its endpoint was deleted, and sends nothing until then', async () => {
    const compose = await openCompose();
    const { client, store } = compose;
    const { target } = store.getState();
    const made = await sentTo(compose, { bodyBase64: binary });
    await client.endpoints.remove({ id: made.endpointId });
    await store.openResend({ kind: 'delivery', id: made.id });
    expect(store.getState()).toMatchObject({
      target: noTarget,
      resend: { endpointName: 'Billing', isEndpointGone: true },
      preview: { request: null, problem: { message: 'Choose an endpoint to send this to.' } },
    });
    await store.send();
    expect((await client.deliveries.list({})).items).toHaveLength(1);
    await store.setTarget(target);
    expect((await sendOn(compose))?.bodyBase64).toBe(binary);
  });

  it('says what is wrong with base64 that cannot be read, and sends nothing', async () => {
    const compose = await openCompose();
    const { client, store } = compose;
    await store.openResend({ kind: 'delivery', id: (await sentTo(compose, { bodyBase64: binary })).id });
    store.setBody({ text: 'not base64 !', encoding: 'base64' });
    await store.send();
    expect(store.getState().preview.problem?.where).toBe('body');
    expect((await client.deliveries.list({})).items).toHaveLength(1);
  });

  it('says so when the delivery is gone', async () => {
    const { store } = await openCompose();
    await store.openResend({ kind: 'delivery', id: 'dlv_gone' });
    expect(store.getState()).toMatchObject({ resend: null, loadProblem: { code: 'NOT_FOUND' } });
  });

  it('keeps the drafts of the twenty that were changed last', () => {
    const storage = memoryStorage();
    const shelf = createDraftShelf(storage);
    for (let number = 1; number <= 21; number += 1) shelf.writeResend(`dlv_${number}`, { ...emptyDraft, eventType: 'a.b' });
    expect(shelf.readResend('dlv_1')).toBeNull();
    expect(shelf.readResend('dlv_21')?.eventType).toBe('a.b');
    expect([...storage.entries.keys()].filter((key) => key.includes('dlv_'))).toHaveLength(20);
  });
});

/** The same client, which notes what event types are read whole, and lists none of them so. */
function watched(client: EngineClient, asked: string[]): EngineClient {
  const eventTypes = new Proxy(client.eventTypes, {
    get: (target, name) => {
      if (name === 'list') return () => Promise.reject(new Error('The whole catalogue was read.'));
      if (name !== 'get') return Reflect.get(target, name) as unknown;
      return (...args: Parameters<typeof target.get>) => {
        asked.push(args[0].name);
        return target.get(...args);
      };
    },
  });
  return new Proxy(client, { get: (target, name) => (name === 'eventTypes' ? eventTypes : (Reflect.get(target, name) as unknown)) });
}

describe('a large catalogue', () => {
  it('is listed without its samples, and only those of the chosen event type are read', async () => {
    const { client } = await startClockedEngine({ capturePort: 0, withSample: true });
    const asked: string[] = [];
    const store = createComposeStore({ client: watched(client, asked), storage: memoryStorage(), later: never });
    await store.load();
    const { eventTypes: listed } = store.getState();
    expect([asked.length, store.getState().loadProblem]).toEqual([1, null]);
    await store.setEventType(listed.at(-1)?.name ?? '');
    await store.setEventType(listed[0]?.name ?? '');
    await store.setEventType(listed.at(-1)?.name ?? '');
    expect(asked).toEqual([...new Set(asked)]);
  });

  it('is not sent from before the event that is chosen is read', async () => {
    const { client, store } = await openCompose();
    await client.eventTypes.create({ name: 'late.event', sample: { late: true } });
    await store.load();
    const reading = store.setEventType('late.event');
    expect(store.getState().event?.name).not.toBe('late.event');
    await store.send();
    await reading;
    const message = await client.messages.get({ id: sentOf(store).messageId });
    expect([message.type, message.data]).toEqual(['late.event', { late: true }]);
  });
});

describe('any URL that behaves like a profile', () => {
  it('begins with its scheme and event types, and sends as it does', async () => {
    const { client, store } = await openCompose();
    await store.setTarget(oneOffKey);
    await store.setOneOffProfile('stripe');
    store.setOneOff({ url: `${store.getState().bins[0]?.url}/stripe` });
    store.setOneOffSecret('whsec_of_the_receiver');
    await store.render();
    const state = store.getState();
    expect(state.oneOff).toMatchObject({ profile: 'stripe', signing: { scheme: 'stripe' } });
    expect(state.profile?.eventTypes.map(({ name }) => name)).toContain(chosenEventType(state));
    expect([isTemplateChanged(state), templateText(state)]).toEqual([false, state.profile?.fields.template]);
    expect(state.preview.request?.headers.map(([name]) => name)).toContain('Stripe-Signature');
    await store.send();
    await followUntil(client, store, () => sentOf(store).capture !== null);
    const body = Buffer.from(sentOf(store).capture?.bodyBase64 ?? '', 'base64').toString('utf8');
    expect(JSON.parse(body)).toMatchObject({ object: 'event', type: chosenEventType(state) });
    await store.setOneOffProfile(null);
    expect([store.getState().profile, templateText(store.getState())]).toEqual([null, null]);
  });
});
