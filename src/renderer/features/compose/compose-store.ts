import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bin, Capture } from '#shared/contract/captures.ts';
import type { Warning } from '#shared/contract/common.ts';
import type { DeliveryDetail } from '#shared/contract/deliveries.ts';
import type { Endpoint, EndpointPatch } from '#shared/contract/endpoints.ts';
import type { EventType } from '#shared/contract/events.ts';
import type { PreparedRequest } from '#shared/contract/preview.ts';
import type { Client } from '../../client.ts';
import { isAbort, toProblem, type Problem } from '../../problem.ts';
import { proveCapture } from '../captures/captures-store.ts';
import type { ByteComparison } from '../captures/same-bytes.ts';
import {
  createDraftShelf,
  firstEventType,
  firstTarget,
  isBelow,
  oneOffKey,
  sampleText,
  unknownKey,
  type Draft,
  type DraftStorage,
  type OneOffTarget,
} from './draft.ts';
import { dataProblem, placeProblem, type PlacedProblem } from './placed-problem.ts';

/** The request as it would go out now. While something is wrong, `request` is the last one that was right. */
export interface Preview {
  readonly request: PreparedRequest | null;
  readonly problem: PlacedProblem | null;
}

/** What became of the event that was sent last. */
export type Sending =
  | { readonly kind: 'idle' }
  | { readonly kind: 'sending' }
  | { readonly kind: 'refused'; readonly problem: Problem }
  | {
      readonly kind: 'sent';
      readonly messageId: string;
      readonly warnings: readonly Warning[];
      /** Null when the engine made no delivery of it. */
      readonly deliveryId: string | null;
      readonly delivery: DeliveryDetail | null;
      /** The bin it went to, when it is one of ours. */
      readonly bin: Bin | null;
      readonly capture: Capture | null;
      readonly comparison: ByteComparison | null;
    };
type Sent = Extract<Sending, { kind: 'sent' }>;

/** Everything Compose shows. */
export interface ComposeState {
  readonly endpoints: readonly Endpoint[];
  readonly eventTypes: readonly EventType[];
  readonly bins: readonly Bin[];
  readonly isLoaded: boolean;
  readonly loadProblem: Problem | null;
  /** Id of an endpoint, or {@link oneOffKey}. */
  readonly target: string;
  readonly oneOff: OneOffTarget;
  /** Secret of the one-off target; in memory only. Empty means a fresh one. */
  readonly oneOffSecret: string;
  readonly draft: Draft;
  readonly preview: Preview;
  readonly sending: Sending;
  readonly isSaving: boolean;
  readonly saveProblem: Problem | null;
}

/** What another area hands over to Compose; ids of the endpoint and the message, and the name of an event type. */
export interface ComposeOrigin {
  readonly endpoint?: string | undefined;
  readonly event?: string | undefined;
  readonly message?: string | undefined;
}

/** The state behind Compose, usable without a window. */
export interface ComposeStore extends StoreApi<ComposeState> {
  /** Reads endpoints, event types and bins; also after they changed. */
  readonly load: () => Promise<void>;
  /** Starts from what another area names: an endpoint, an event type, or a message whose event is to be sent again. */
  readonly openFrom: (origin: ComposeOrigin) => Promise<void>;
  readonly setTarget: (target: string) => void;
  readonly setOneOff: (change: Partial<OneOffTarget>) => void;
  readonly setOneOffSecret: (secret: string) => void;
  readonly setEventType: (name: string) => void;
  readonly setData: (text: string) => void;
  /** Back to the catalogue's sample. */
  readonly resetData: () => void;
  readonly setTemplate: (text: string | null) => void;
  readonly revertTemplate: () => void;
  readonly saveTemplate: () => Promise<void>;
  readonly send: () => Promise<void>;
  /** Looks again at what was sent, after deliveries or captures changed. */
  readonly follow: (ids: readonly string[] | null) => Promise<void>;
  readonly dismissResult: () => void;
  /** Renders the request now; changes do so by themselves after a short pause. */
  readonly render: () => Promise<void>;
}

/** What the store needs from outside. */
export interface ComposePorts {
  readonly client: Client;
  readonly storage: DraftStorage;
  /** Calls back after a pause; the answer takes it back. */
  readonly later: (callback: () => void, delayMs: number) => () => void;
}

const previewPauseMs = 180;
/** Captures of a bin that are looked through for the one a delivery made. */
const captureSearchLimit = 20;

/** The chosen endpoint, or null for a one-off target. */
export function chosenEndpoint(state: ComposeState): Endpoint | null {
  return state.endpoints.find((endpoint) => endpoint.id === state.target) ?? null;
}

/** The event type that is composed. */
export function chosenEventType(state: ComposeState): string {
  return state.draft.eventType ?? firstEventType(state.eventTypes, chosenEndpoint(state));
}

/** The data as it stands in the editor. */
export function dataText(state: ComposeState): string {
  const key = dataKey(state, chosenEventType(state));
  const changed = Object.hasOwn(state.draft.data, key) ? state.draft.data[key] : undefined;
  return changed ?? sampleText(state.eventTypes, key);
}

/** Whether the data differs from the catalogue's sample; never for a name that has none. */
export function isDataChanged(state: ComposeState): boolean {
  const key = dataKey(state, chosenEventType(state));
  return key !== unknownKey && Object.hasOwn(state.draft.data, key);
}

function dataKey(state: ComposeState, name: string): string {
  return state.eventTypes.some((eventType) => eventType.name === name) ? name : unknownKey;
}

/** The template as it stands in the editor; null for the default envelope. */
export function templateText(state: ComposeState): string | null {
  return state.draft.template === null ? (chosenEndpoint(state)?.template ?? null) : state.draft.template.text;
}

/** Whether the template differs from the one the endpoint has. */
export function isTemplateChanged(state: ComposeState): boolean {
  return state.draft.template !== null && state.draft.template.text !== (chosenEndpoint(state)?.template ?? null);
}

/** What the preview lays over the endpoint, or the whole of a one-off target. */
export function draftFields(state: ComposeState): EndpointPatch {
  const template = templateText(state);
  if (chosenEndpoint(state) !== null) return isTemplateChanged(state) ? { template } : {};
  const { url, method, contentType, scheme } = state.oneOff;
  return {
    name: 'Any URL',
    url,
    method,
    contentType,
    template,
    signing: scheme === 'none' ? null : { scheme },
    ...(scheme === 'none' || state.oneOffSecret === '' ? {} : { secret: state.oneOffSecret }),
  };
}

/** The data as a value; callers have made sure that it is JSON. */
function parseData(state: ComposeState): EventType['sample'] {
  return JSON.parse(dataText(state)) as EventType['sample'];
}

async function allPages<Item>(
  fetchPage: (cursor: string | undefined) => Promise<{ readonly items: readonly Item[]; readonly next: string | null }>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await fetchPage(cursor);
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return items;
}

/** The capture that a delivery made in a bin, newest first, or null. */
async function findCapture(client: Client, binId: string, deliveryId: string): Promise<Capture | null> {
  const page = await client.captures.list({ binId, limit: captureSearchLimit });
  for (const summary of page.items) {
    const capture = await client.captures.get({ id: summary.id });
    if (capture.deliveryId === deliveryId) return capture;
  }
  return null;
}

/** A store for composing events and sending them. */
export function createComposeStore({ client, storage, later }: ComposePorts): ComposeStore {
  const shelf = createDraftShelf(storage);
  const store = createStore<ComposeState>(() => ({
    endpoints: [],
    eventTypes: [],
    bins: [],
    isLoaded: false,
    loadProblem: null,
    target: shelf.readTarget() ?? oneOffKey,
    oneOff: shelf.readOneOff(),
    oneOffSecret: '',
    draft: shelf.readDraft(shelf.readTarget() ?? oneOffKey),
    preview: { request: null, problem: null },
    sending: { kind: 'idle' },
    isSaving: false,
    saveProblem: null,
  }));
  const { getState: get, setState: set } = store;
  let rendering = new AbortController();
  let cancelPause: () => void = () => undefined;

  const render = async () => {
    cancelPause();
    rendering.abort();
    const { signal } = (rendering = new AbortController());
    const state = get();
    if (!state.isLoaded) return;
    const text = dataText(state);
    const problem = dataProblem(text);
    if (problem !== null) return set({ preview: { ...state.preview, problem } });
    try {
      const request = await client.preview.render(
        {
          ...(chosenEndpoint(state) === null ? {} : { endpointId: state.target }),
          draft: draftFields(state),
          event: { type: chosenEventType(state), data: parseData(state) },
        },
        { signal },
      );
      if (!signal.aborted) set({ preview: { request, problem: null } });
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) set({ preview: { request: get().preview.request, problem: placeProblem(error) } });
    }
  };

  const renderSoon = () => {
    cancelPause();
    cancelPause = later(() => void render(), previewPauseMs);
  };

  const changeDraft = (change: Partial<Draft>) => {
    const draft = { ...get().draft, ...change };
    set({ draft, saveProblem: null });
    shelf.writeDraft(get().target, draft);
    renderSoon();
  };

  const setTarget = (target: string) => {
    if (target === get().target) return;
    const { eventType } = get().draft;
    const draft = shelf.readDraft(target);
    shelf.writeTarget(target);
    // What the reader looks at stays: another endpoint gets the same event unless it has a draft of its own.
    set({
      target,
      draft: draft.eventType === null ? { ...draft, eventType } : draft,
      saveProblem: null,
      preview: { request: null, problem: null },
    });
    void render();
  };

  const follow = async (ids: readonly string[] | null) => {
    const before = get().sending;
    if (before.kind !== 'sent' || before.deliveryId === null) return;
    const isOurs = ids === null || ids.includes(before.deliveryId) || (before.bin !== null && before.comparison === null);
    if (!isOurs) return;
    const update = (change: Partial<Sent>) => {
      const now = get().sending;
      if (now.kind === 'sent' && now.messageId === before.messageId) set({ sending: { ...now, ...change } });
    };
    try {
      const delivery = await client.deliveries.get({ id: before.deliveryId, bodies: false });
      const bin = get().bins.find((candidate) => isBelow(delivery.url, candidate.url)) ?? null;
      update({ delivery, bin });
      if (bin === null || delivery.attempts.length === 0) return;
      const capture = await findCapture(client, bin.id, delivery.id);
      if (capture !== null) update({ capture, comparison: await proveCapture(client, capture) });
    } catch (error) {
      if (toProblem(error).code === 'INTERNAL') throw error;
      // A broken connection or a deleted delivery leaves what was last known; the next change asks again.
    }
  };

  const sendEvent = async (state: ComposeState) => {
    const type = chosenEventType(state);
    const endpoint = chosenEndpoint(state);
    const event = { type, data: parseData(state) };
    if (endpoint === null) {
      const { url = '', name = 'Any URL', ...rest } = draftFields(state);
      return client.messages.send({ ...event, target: { ...rest, name, url, secretHeaders: {}, retryPolicy: 'none' } });
    }
    if (!isTemplateChanged(state)) return client.messages.send({ ...event, endpointIds: [endpoint.id] });
    // The endpoint does not have this template, so the body it renders goes out as it is.
    const prepared = await client.preview.render({ endpointId: endpoint.id, draft: draftFields(state), event });
    return client.messages.send({ ...event, endpointIds: [endpoint.id], bodyBase64: prepared.bodyBase64 });
  };

  const send = async () => {
    const state = get();
    if (state.sending.kind === 'sending' || !state.isLoaded) return;
    const problem = dataProblem(dataText(state));
    if (problem !== null) return set({ preview: { ...state.preview, problem } });
    set({ sending: { kind: 'sending' } });
    try {
      const answer = await sendEvent(state);
      const deliveryId = answer.deliveries[0]?.id ?? null;
      set({
        sending: {
          kind: 'sent',
          messageId: answer.id,
          warnings: answer.warnings,
          deliveryId,
          delivery: null,
          bin: null,
          capture: null,
          comparison: null,
        },
      });
      await follow(null);
    } catch (error) {
      set({ sending: { kind: 'refused', problem: toProblem(error) } });
      const placed = placeProblem(error);
      if (placed.where !== 'request') set({ preview: { ...get().preview, problem: placed } });
    }
  };

  const load = async () => {
    try {
      const [endpoints, eventTypes, bins] = await Promise.all([
        allPages((cursor) => client.endpoints.list({ limit: 200, ...(cursor === undefined ? {} : { cursor }) })),
        allPages((cursor) => client.eventTypes.list({ limit: 200, ...(cursor === undefined ? {} : { cursor }) })),
        allPages((cursor) => client.bins.list({ limit: 200, ...(cursor === undefined ? {} : { cursor }) })),
      ]);
      const lastUsed = get().isLoaded ? get().target : shelf.readTarget();
      const target = firstTarget(
        endpoints,
        bins.map((bin) => bin.url),
        lastUsed,
      );
      const draft = target === get().target ? get().draft : shelf.readDraft(target);
      set({ endpoints, eventTypes, bins, target, draft, isLoaded: true, loadProblem: null });
      await render();
    } catch (error) {
      set({ loadProblem: toProblem(error) });
    }
  };

  const setOneOff = (change: Partial<OneOffTarget>) => {
    const oneOff = { ...get().oneOff, ...change };
    set({ oneOff });
    shelf.writeOneOff(oneOff);
    renderSoon();
  };

  const setEventType = (eventType: string) => {
    const state = get();
    const leavesCatalogue = dataKey(state, chosenEventType(state)) !== unknownKey && dataKey(state, eventType) === unknownKey;
    changeDraft({ eventType, ...(leavesCatalogue ? { data: { ...state.draft.data, [unknownKey]: dataText(state) } } : {}) });
  };

  const setData = (text: string) => changeDraft({ data: { ...get().draft.data, [dataKey(get(), chosenEventType(get()))]: text } });

  const openTarget = async (id: string) => {
    if (get().endpoints.some((endpoint) => endpoint.id === id)) return setTarget(id);
    // A one-off target is kept for the log without being listed; it is opened as what it was.
    const { url, method, contentType, signing } = await client.endpoints.get({ id });
    setTarget(oneOffKey);
    setOneOff({ url, method, contentType, scheme: signing?.scheme === 'standard-webhooks' ? signing.scheme : 'none' });
  };

  const openFrom = async ({ endpoint, event, message }: ComposeOrigin) => {
    if (!get().isLoaded) await load();
    try {
      if (endpoint !== undefined) await openTarget(endpoint);
      if (event !== undefined) setEventType(event);
      if (message === undefined) return;
      const { type, data } = await client.messages.get({ id: message });
      setEventType(type);
      setData(JSON.stringify(data, null, 2));
    } catch (error) {
      set({ loadProblem: toProblem(error) });
    }
  };

  return {
    ...store,
    load,
    openFrom,
    render,
    setTarget,
    follow,
    send,
    setOneOff,
    setEventType,
    setData,
    setOneOffSecret: (oneOffSecret) => {
      set({ oneOffSecret });
      renderSoon();
    },
    resetData: () => {
      const { [dataKey(get(), chosenEventType(get()))]: _dropped, ...data } = get().draft.data;
      changeDraft({ data });
    },
    setTemplate: (text) => changeDraft({ template: { text } }),
    revertTemplate: () => changeDraft({ template: null }),
    saveTemplate: async () => {
      const endpoint = chosenEndpoint(get());
      if (endpoint === null || !isTemplateChanged(get())) return;
      const template = templateText(get());
      set({ isSaving: true, saveProblem: null });
      try {
        const { warnings: _warnings, ...saved } = await client.endpoints.update({ id: endpoint.id, template });
        set({ endpoints: get().endpoints.map((candidate) => (candidate.id === saved.id ? saved : candidate)), isSaving: false });
        // What was typed while it was being saved stays a change.
        if (templateText(get()) === template) changeDraft({ template: null });
      } catch (error) {
        set({ isSaving: false, saveProblem: toProblem(error) });
      }
    },
    dismissResult: () => set({ sending: { kind: 'idle' } }),
  };
}
