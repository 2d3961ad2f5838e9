import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '../../client.ts';
import { toProblem } from '../../problem.ts';
import { chosenEndpoint, chosenEventType, dataKey, dataText, isTemplateChanged, templateText, type ComposeState } from './compose-state.ts';
import { createDraftShelf, firstTarget, oneOffKey, unknownKey, type Draft, type DraftStorage, type OneOffTarget } from './draft.ts';
import { createPreviewer } from './previewer.ts';
import { createSender } from './sender.ts';

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
  const { getState: get } = store;
  const set = (change: Partial<ComposeState>) => store.setState(change);
  const { render, renderSoon } = createPreviewer(client, { get, set }, later);
  const { send, follow } = createSender(client, { get, set });

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
    setOneOff({ url, method, contentType, signing });
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
