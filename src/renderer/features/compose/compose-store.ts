import { allPages } from '#shared/all-pages.ts';
import { createStore } from 'zustand/vanilla';
import { oneAtATime } from '../../base/one-at-a-time.ts';
import { toProblem } from '../../base/problem.ts';
import type { AttachedChoice } from './attached-body.ts';
import { createAttaching } from './attaching.ts';
import {
  chosenEndpoint,
  chosenEvent,
  chosenEventType,
  dataKey,
  dataText,
  draftFields,
  eventOf,
  headOf,
  isTemplateChanged,
  sampleDataText,
  templateText,
  type ComposeState,
} from './compose-state.ts';
import { changesOf, createDraftShelf, noTarget, oneOffKey, unknownKey, withOneOffProfile, type Draft, type OneOffTarget } from './draft.ts';
import { createEventReader } from './event-reader.ts';
import { draftProblem } from './draft-problem.ts';
import { createKnownTargets } from './known-targets.ts';
import { firstView, viewFields } from './preview-view.ts';
import { createPreviewer, type Previewed } from './previewer.ts';
import { createOpener } from './opener.ts';
import { createSender } from './sender.ts';
import type { ComposePorts, ComposeStore } from './compose-store.types.ts';

/** A store for composing events and sending them. */
export function createComposeStore({ client, storage, later }: ComposePorts): ComposeStore {
  const shelf = createDraftShelf(storage);
  const opened = shelf.readDraft(shelf.readTarget() ?? oneOffKey);
  const store = createStore<ComposeState>(() => ({
    endpoints: [],
    unlisted: [],
    eventTypes: [],
    profile: null,
    event: null,
    bins: [],
    isLoaded: false,
    loadProblem: null,
    target: shelf.readTarget() ?? oneOffKey,
    resend: null,
    oneOff: shelf.readOneOff(),
    oneOffSecret: '',
    draft: opened,
    attached: null,
    preview: { request: null, problem: null },
    view: firstView,
    markedLine: null,
    sending: { kind: 'idle' },
    isSaving: false,
    saveProblem: null,
  }));
  const { getState: get } = store;
  const set = (change: Partial<ComposeState>) => store.setState(change);
  const events = createEventReader(client, { get, set });
  const { render: renderNow, renderSoon } = createPreviewer(
    client,
    { wanted: () => previewedOf(get()), shown: () => get().preview, show: (preview) => set({ preview }) },
    later,
  );
  const render = async () => {
    await events.refresh();
    await renderNow();
  };
  const { send, follow } = createSender(client, { get, set }, events.refresh);

  const writeDraft = (draft: Draft) => {
    const { resend, target } = get();
    if (resend === null) shelf.writeDraft(target, draft);
    else shelf.writeResend(resend.id, draft);
  };

  const changeDraft = (change: Partial<Draft>) => {
    const draft = { ...get().draft, ...change };
    set({ draft, saveProblem: null });
    forgetRefusal();
    writeDraft(draft);
    renderSoon();
  };

  /** A refusal is about the form as it was when it was sent. */
  const forgetRefusal = () => {
    if (get().sending.kind === 'refused') set({ sending: { kind: 'idle' } });
  };

  const { attach, targetChanged } = createAttaching(client, { get, set }, renderSoon);
  const setAttached = async (choice: AttachedChoice | null) => {
    forgetRefusal();
    await attach(choice);
  };

  const notRead = { preview: { request: null, problem: null }, saveProblem: null, profile: null, event: null } as const;

  const setTarget = async (target: string) => {
    if (target === get().target) return;
    forgetRefusal();
    if (get().resend === null) {
      const { eventType } = get().draft;
      const draft = shelf.readDraft(target);
      shelf.writeTarget(target);
      // The event stays: another endpoint gets the same event unless it has its own draft.
      set({ ...notRead, target, draft: draft.eventType === null ? { ...draft, eventType } : draft });
    } else set({ ...notRead, target });
    await targetChanged();
    await render();
  };

  const { know: knowTarget, own: ownTarget } = createKnownTargets(client, shelf, { get, set });

  const load = oneAtATime<void>(async () => {
    try {
      const [endpoints, eventTypes, bins] = await Promise.all([
        allPages((from) => client.endpoints.list({ limit: 200, ...from })),
        allPages((from) => client.eventTypes.summaries({ limit: 200, ...from })),
        allPages((from) => client.bins.list({ limit: 200, ...from })),
      ]);
      set({ endpoints, eventTypes, bins });
      forgetRefusal();
      if (get().resend === null) {
        const target = await ownTarget();
        const before = get();
        if (target !== before.target) {
          set({ target, draft: shelf.readDraft(target) });
          // What was typed before the lists were there.
          if (!before.isLoaded && before.draft !== opened) changeDraft(changesOf(opened, before.draft));
        }
      } else if (get().target !== noTarget && !(await knowTarget(get().target))) set({ target: noTarget });
      await events.refresh();
      set({ isLoaded: true, loadProblem: null });
      await render();
    } catch (error) {
      set({ loadProblem: toProblem(error) });
    }
  });

  const setOneOff = (change: Partial<OneOffTarget>) => {
    const oneOff = { ...get().oneOff, ...change };
    set({ oneOff });
    // A captured or pasted request has a target of its own.
    if (get().draft.oneOff !== null) return changeDraft({ oneOff });
    forgetRefusal();
    shelf.writeOneOff(oneOff);
    renderSoon();
  };

  const setOneOffProfile = async (id: string | null) => {
    try {
      const profile = id === null ? null : await client.profiles.get({ id });
      setOneOff(withOneOffProfile(get().oneOff, profile));
      const isOfProfile = profile?.eventTypes.some(({ name }) => name === get().draft.eventType) ?? true;
      if (!isOfProfile) changeDraft({ eventType: null });
      await render();
    } catch (error) {
      set({ loadProblem: toProblem(error) });
    }
  };

  const setEventType = async (eventType: string) => {
    const state = get();
    const leavesKnown = dataKey(state, chosenEventType(state)) !== unknownKey && dataKey(state, eventType) === unknownKey;
    changeDraft({ eventType, ...(leavesKnown ? { data: { ...state.draft.data, [unknownKey]: dataText(state) } } : {}) });
    await events.refresh();
    renderSoon();
  };

  const setSample = (key: string) => {
    const event = chosenEvent(get());
    if (event === null) return;
    const { [event.name]: _before, ...samples } = get().draft.samples;
    changeDraft({ samples: key === event.samples[0]?.key ? samples : { ...samples, [event.name]: key }, body: null });
  };

  // Changing the data or template means that the body is rendered from it.
  const setData = (text: string) => {
    const key = dataKey(get(), chosenEventType(get()));
    const { [key]: _before, ...data } = get().draft.data;
    // What is the sample again is no change of it.
    changeDraft({ data: key !== unknownKey && text === sampleDataText(get()) ? data : { ...data, [key]: text }, body: null });
  };

  const { openFrom, openResend, keepPasted } = createOpener({
    client,
    shelf,
    access: { get, set },
    load,
    render,
    knowTarget,
    ownTarget,
    setTarget,
    setEventType,
  });

  return {
    ...store,
    load,
    loadProfiles: () => {
      events.forgetProfiles();
      return render();
    },
    openFrom,
    openResend,
    keepPasted,
    resetResend: () => {
      const { resend } = get();
      if (resend === null) return;
      shelf.writeResend(resend.id, null);
      set({ draft: resend.original, oneOff: resend.original.oneOff ?? get().oneOff, saveProblem: null });
      void render();
    },
    setBody: (body) => changeDraft({ body }),
    setHead: (change) => {
      const { head } = get().draft;
      if (head !== null) changeDraft({ head: { ...head, ...change } });
    },
    render,
    setTarget,
    follow,
    send,
    setOneOff,
    setOneOffProfile,
    setEventType,
    setSample,
    setData,
    setAttached,
    setBatch: (isBatch) => {
      const text = dataText(get());
      const wrapped = isBatch && !text.trimStart().startsWith('[') ? `[\n${text.replace(/^/gm, '  ')}\n]` : text;
      const key = dataKey(get(), chosenEventType(get()));
      changeDraft({ isBatch, data: wrapped === text ? get().draft.data : { ...get().draft.data, [key]: wrapped }, body: null });
    },
    setOneOffSecret: (oneOffSecret) => {
      set({ oneOffSecret });
      renderSoon();
    },
    resetData: () => {
      const { [dataKey(get(), chosenEventType(get()))]: _dropped, ...data } = get().draft.data;
      changeDraft({ data });
    },
    setTemplate: (text) => changeDraft({ template: { text }, body: null }),
    revertTemplate: () => changeDraft({ template: null }),
    saveTemplate: async () => {
      const endpoint = chosenEndpoint(get());
      if (endpoint === null || !isTemplateChanged(get())) return;
      const template = templateText(get());
      set({ isSaving: true, saveProblem: null });
      try {
        const { warnings: _warnings, ...saved } = await client.endpoints.update({ id: endpoint.id, template });
        set({ endpoints: get().endpoints.map((candidate) => (candidate.id === saved.id ? saved : candidate)), isSaving: false });
        // What was typed during the save stays unsaved.
        if (templateText(get()) === template) changeDraft({ template: null });
      } catch (error) {
        set({ isSaving: false, saveProblem: toProblem(error) });
      }
    },
    setView: (view) => {
      set({ view });
      renderSoon();
    },
    markLine: (markedLine) => {
      if (get().markedLine !== markedLine) set({ markedLine });
    },
    dismissResult: () => set({ sending: { kind: 'idle' } }),
  };
}

/** What the preview asks for: nothing before Compose has read what there is to choose from, and the chosen event. */
function previewedOf(state: ComposeState): Previewed | null {
  if (!state.isLoaded || chosenEvent(state) === null) return null;
  const problem = draftProblem(state);
  if (problem !== null) return { problem };
  const endpoint = chosenEndpoint(state) === null ? {} : { endpointId: state.target };
  const head = headOf(state);
  return {
    input: { ...endpoint, draft: draftFields(state), event: eventOf(state), ...viewFields(state.view), ...(head === null ? {} : { head }) },
  };
}
