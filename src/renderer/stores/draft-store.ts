import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Edits } from '../base/edits.ts';

/** Edits of any form; the reader knows its fields. */
type AnyEdits = Readonly<Record<string, { readonly was: unknown; readonly now: unknown }>>;

/** Unsaved edits by item: `endpoint:ep_1`, `bin:new`. They survive closing the form, leaving the area and a reload. */
export interface DraftStore extends StoreApi<Readonly<Record<string, AnyEdits>>> {
  readonly put: <Fields>(key: string, edits: Edits<Fields>) => void;
  readonly drop: (key: string) => void;
}

const storageKey = 'hookyard.drafts';

/** Fields that are never written anywhere. */
const secretFields: ReadonlySet<string> = new Set(['secret', 'secretHeaders']);

/** Drafts larger than this together are not kept over a reload: browsers give a page some 5 MB. */
const keptCharacters = 2_000_000;

/** Keeps drafts in `storage` when the page is left, but for their secrets. */
export function createDraftStore(page: Pick<Window, 'addEventListener' | 'sessionStorage'>): DraftStore {
  const store = createStore<Readonly<Record<string, AnyEdits>>>(() => readDrafts(page));
  const keep = () => {
    const text = JSON.stringify(withoutSecrets(store.getState()));
    try {
      if (text === '{}' || text.length > keptCharacters) page.sessionStorage.removeItem(storageKey);
      else page.sessionStorage.setItem(storageKey, text);
    } catch {
      // The browser stores nothing for this page: drafts then live as long as the page.
    }
  };
  page.addEventListener('pagehide', keep);
  const drop = (key: string) =>
    store.setState(Object.fromEntries(Object.entries(store.getState()).filter(([other]) => other !== key)), true);
  return {
    ...store,
    put: (key, edits) => {
      if (Object.keys(edits).length === 0) drop(key);
      else store.setState({ [key]: edits as AnyEdits });
    },
    drop,
  };
}

function withoutSecrets(drafts: Readonly<Record<string, AnyEdits>>): Readonly<Record<string, AnyEdits>> {
  const open = Object.entries(drafts).map(([key, edits]) => {
    const kept = Object.entries(edits).filter(([name]) => !secretFields.has(name));
    return [key, Object.fromEntries(kept)] as const;
  });
  return Object.fromEntries(open.filter(([, edits]) => Object.keys(edits).length > 0));
}

function readDrafts(page: Pick<Window, 'sessionStorage'>): Readonly<Record<string, AnyEdits>> {
  try {
    const value: unknown = JSON.parse(page.sessionStorage.getItem(storageKey) ?? '{}');
    return isRecord(value)
      ? Object.fromEntries(Object.entries(value).flatMap(([key, edits]) => (areEdits(edits) ? [[key, edits]] : [])))
      : {};
  } catch {
    return {};
  }
}

function areEdits(value: unknown): value is AnyEdits {
  return isRecord(value) && Object.values(value).every((edit) => isRecord(edit) && 'was' in edit && 'now' in edit);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
