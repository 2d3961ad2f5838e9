import { createStore, type StoreApi } from 'zustand/vanilla';
import { withEdits, type Edits } from '../base/edits.ts';
import { nestedFields, type FlatFields } from '../base/field-parts.ts';

/** What is typed into one form. Who reads it knows its fields. */
export interface Draft {
  /** What was saved when something was typed last; it is what is left of a thing that is deleted elsewhere. */
  readonly saved: FlatFields;
  readonly edits: Edits<FlatFields>;
}

/** What is typed and not saved, by what it is of: `endpoint:ep_1`, `bin:new`. It outlives its form, the area and a reload. */
export interface DraftStore extends StoreApi<Readonly<Record<string, Draft>>> {
  readonly put: (key: string, saved: FlatFields, edits: Edits<FlatFields>) => void;
  readonly drop: (key: string) => void;
}

const storageKey = 'hookyard.drafts';

/** Fields that are never written anywhere. */
const secretFields: ReadonlySet<string> = new Set(['secret', 'secretHeaders', 'verifyToken']);

/** Drafts larger than this together are not kept over a reload: browsers give a page some 5 MB. */
const keptCharacters = 2_000_000;

/** Keeps drafts in `storage` when the page is left, but for their secrets. */
export function createDraftStore(page: Pick<Window, 'addEventListener' | 'sessionStorage'>): DraftStore {
  const store = createStore<Readonly<Record<string, Draft>>>(() => readDrafts(page));
  const keep = () => {
    // Those of parts in a list are blanked where they stand.
    const text = JSON.stringify(withoutSecrets(store.getState()), (name, value: unknown) => (secretFields.has(name) ? '' : value));
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
    put: (key, saved, edits) => {
      if (Object.keys(edits).length === 0) drop(key);
      else store.setState({ [key]: { saved, edits } });
    },
    drop,
  };
}

/** The form as it stood last: what was saved then, with the edits over it. Fields that are not kept over a reload come from `blank`. */
export function formOfDraft<Fields extends object>({ saved, edits }: Draft, blank: Fields): Fields {
  return { ...blank, ...nestedFields(withEdits(saved, edits)) };
}

function withoutSecrets(drafts: Readonly<Record<string, Draft>>): Readonly<Record<string, Draft>> {
  const open = Object.entries(drafts).map(([key, { saved, edits }]) => [key, { saved: openOf(saved), edits: openOf(edits) }] as const);
  return Object.fromEntries(open.filter(([, { edits }]) => Object.keys(edits).length > 0));
}

function openOf<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !secretFields.has(name))) as Fields;
}

function readDrafts(page: Pick<Window, 'sessionStorage'>): Readonly<Record<string, Draft>> {
  try {
    const value: unknown = JSON.parse(page.sessionStorage.getItem(storageKey) ?? '{}');
    return isRecord(value)
      ? Object.fromEntries(Object.entries(value).flatMap(([key, draft]) => (isDraft(draft) ? [[key, draft]] : [])))
      : {};
  } catch {
    return {};
  }
}

function isDraft(value: unknown): value is Draft {
  return isRecord(value) && isRecord(value['saved']) && areEdits(value['edits']);
}

function areEdits(value: unknown): value is Edits<FlatFields> {
  return isRecord(value) && Object.values(value).every((edit) => isRecord(edit) && 'was' in edit && 'now' in edit);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
