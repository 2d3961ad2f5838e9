import { createStore, type StoreApi } from 'zustand/vanilla';
import type { GivenData } from '#shared/contract/json.ts';
import type { Client } from '../../base/client.ts';
import type { Preview } from '../compose/compose-state.ts';
import { viewFields, type PreviewView } from '../compose/preview-view.ts';
import { createPreviewer, type Previewed } from '../compose/previewer.ts';
import { trialOf, type EndpointDraft } from './endpoint-draft.ts';

/** The event that a draft is shown and tested with. */
export type TrialEvent = GivenData & { readonly type: string };

/** The request that an unsaved endpoint would make. */
export interface DraftPreviewStore extends StoreApi<Preview> {
  /** Shows what this draft would send, a moment after the last call. */
  readonly show: (draft: EndpointDraft, event: TrialEvent, view: PreviewView) => void;
}

const nothing: Preview = { request: null, problem: null };

/** A store for one form. */
export function createDraftPreview(
  client: Pick<Client, 'preview'>,
  later: (callback: () => void, delayMs: number) => () => void,
): DraftPreviewStore {
  const store = createStore<Preview>(() => nothing);
  let latest: Previewed | null = null;
  const { renderSoon } = createPreviewer(
    client,
    { wanted: () => latest, shown: () => store.getState(), show: (preview) => store.setState(preview) },
    later,
  );
  return {
    ...store,
    show: (draft, event, view) => {
      latest = previewedOf(draft, event, view);
      renderSoon();
    },
  };
}

/** The input of the preview. The URL comes first: without it the rest of the request is useless. */
export function previewedOf(draft: EndpointDraft, event: TrialEvent, view: PreviewView): Previewed {
  if (draft.url.trim() === '') return { problem: { where: 'request', message: 'Type a URL to see the request.', issues: [] } };
  const read = trialOf(draft);
  if ('issues' in read) {
    const issues = Object.entries(read.issues).map(([path, message]) => ({ path, message }));
    return { problem: { where: 'request', message: 'Some fields cannot be read.', issues } };
  }
  return { input: { draft: read.value, event, ...viewFields(view) } };
}
