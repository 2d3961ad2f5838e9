import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SchemeInfo } from '#shared/contract/verifying.ts';
import type { Client } from '../client.ts';

/** The schemes as the engine lists them, read when someone first wants them; they do not change while it runs. */
export interface SchemeStore extends StoreApi<{ readonly items: readonly SchemeInfo[] }> {
  /** Reads them unless they were read; after a failure the next one who wants them tries again. */
  readonly want: () => Promise<void>;
}

/** A store over `verifying.schemes`. */
export function createSchemeStore(client: Client): SchemeStore {
  const store = createStore<{ readonly items: readonly SchemeInfo[] }>(() => ({ items: [] }));
  let reading: Promise<void> | null = null;
  const read = async () => {
    try {
      const { items } = await client.verifying.schemes();
      store.setState({ items });
    } catch {
      reading = null;
    }
  };
  return { ...store, want: () => (reading ??= read()) };
}
