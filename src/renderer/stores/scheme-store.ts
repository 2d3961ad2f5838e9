import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SchemeInfo } from '#shared/contract/verifying.ts';
import type { Client } from '../base/client.ts';

/** The schemes as the engine lists them; they do not change while it runs. */
export interface SchemeStore extends StoreApi<{ readonly items: readonly SchemeInfo[] }> {
  /** Reads them unless they were read; a read that failed is tried again by the next call. */
  readonly load: () => Promise<void>;
}

const firstIds: readonly string[] = ['standard-webhooks', 'custom'];

/** The two that fit most senders first, the providers behind them by their titles. */
export function inPickerOrder(schemes: readonly SchemeInfo[]): readonly SchemeInfo[] {
  const rank = ({ id }: SchemeInfo) => (firstIds.includes(id) ? firstIds.indexOf(id) : firstIds.length);
  return schemes.toSorted((one, other) => rank(one) - rank(other) || one.title.localeCompare(other.title, 'en'));
}

/** A store over `verifying.schemes`. */
export function createSchemeStore(client: Client): SchemeStore {
  const store = createStore<{ readonly items: readonly SchemeInfo[] }>(() => ({ items: [] }));
  let reading: Promise<void> | null = null;
  const read = async () => {
    try {
      const { items } = await client.verifying.schemes();
      store.setState({ items: inPickerOrder(items) });
    } catch {
      // Pickers show the id of what is chosen until the list is read after all.
    }
  };
  const load = (): Promise<void> => {
    if (store.getState().items.length > 0) return Promise.resolve();
    reading ??= read().finally(() => {
      reading = null;
    });
    return reading;
  };
  return { ...store, load };
}
