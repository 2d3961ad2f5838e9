import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ImportInput, ImportProgress, ImportResult } from '#shared/contract/event-import.ts';
import type { Client } from '../../base/client.ts';
import { isAbort, toProblem, type Problem } from '../../base/problem.ts';

/** A file as it was chosen, with its path where a folder was. */
export interface ChosenFile {
  readonly name: string;
  readonly text: string;
}

/** What the import view shows. */
export interface ImportState {
  /** What was pasted. */
  readonly text: string;
  readonly files: readonly ChosenFile[];
  readonly work: { readonly kind: 'none' } | { readonly kind: 'looking' | 'importing'; readonly progress: ImportProgress | null };
  /** What the import would do; null until that was looked at, and once the documents are others. */
  readonly found: ImportResult | null;
  /** Names to take over. */
  readonly chosen: ReadonlySet<string>;
  readonly problem: Problem | null;
}

/** An import while it is prepared. */
export interface ImportStore extends StoreApi<ImportState> {
  readonly setText: (text: string) => void;
  /** Adds files and looks at what all of them hold; one of a known name takes the place of the one before. */
  readonly addFiles: (files: readonly ChosenFile[]) => Promise<void>;
  readonly removeFile: (name: string) => void;
  readonly fail: (problem: Problem) => void;
  /** Asks what the import would do. */
  readonly look: () => Promise<void>;
  readonly choose: (names: readonly string[], isChosen: boolean) => void;
  /** Imports what is chosen. Resolves to the result, or null when there is none. */
  readonly run: () => Promise<ImportResult | null>;
  readonly cancel: () => void;
  readonly reset: () => void;
}

const nothing: ImportState = { text: '', files: [], work: { kind: 'none' }, found: null, chosen: new Set(), problem: null };

export function createImportStore(client: Client): ImportStore {
  const store = createStore<ImportState>(() => nothing);
  const { setState: set, getState: get } = store;
  let running = new AbortController();

  const cancel = () => {
    running.abort();
    set({ work: { kind: 'none' } });
  };
  const change = (changed: Partial<ImportState>) => {
    cancel();
    set({ ...changed, found: null, chosen: new Set(), problem: null });
  };

  const ask = async (kind: 'looking' | 'importing', more: Partial<ImportInput>): Promise<ImportResult | null> => {
    cancel();
    const { signal } = (running = new AbortController());
    set({ work: { kind, progress: null }, problem: null });
    try {
      const { text, files } = get();
      const given = files.length > 0 ? { files: [...files, ...(text.trim() === '' ? [] : [{ name: pastedName, text }])] } : { text };
      for await (const event of await client.eventTypes.importInSteps({ ...given, ...more }, { signal })) {
        if (signal.aborted) return null;
        if (event.kind === 'result') return event.result;
        set({ work: { kind, progress: event } });
      }
      return null;
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) set({ problem: toProblem(error) });
      return null;
    } finally {
      if (!signal.aborted) set({ work: { kind: 'none' } });
    }
  };
  const look = async () => {
    const found = await ask('looking', { dryRun: true });
    if (found === null) return;
    const chosen = [...found.added, ...found.changed, ...found.removed].filter(({ isChosen }) => isChosen).map(({ name }) => name);
    set({ found, chosen: new Set(chosen) });
  };

  return {
    ...store,
    setText: (text) => change({ text }),
    addFiles: async (added) => {
      const names = new Set(added.map(({ name }) => name));
      change({ files: [...get().files.filter(({ name }) => !names.has(name)), ...added] });
      await look();
    },
    removeFile: (name) => change({ files: get().files.filter((file) => file.name !== name) }),
    fail: (problem) => set({ problem }),
    look,
    choose: (names, isChosen) => {
      const chosen = new Set(get().chosen);
      for (const name of names)
        if (isChosen) chosen.add(name);
        else chosen.delete(name);
      set({ chosen });
    },
    run: () => ask('importing', { dryRun: false, only: [...get().chosen] }),
    cancel,
    reset: () => {
      cancel();
      set(nothing);
    },
  };
}

/** What pasted text is called beside files. */
const pastedName = 'pasted';
