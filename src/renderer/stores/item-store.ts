import { createStore, type StoreApi } from 'zustand/vanilla';
import { nextTask } from '../base/next-task.ts';
import { isAbort, toProblem, type Problem } from '../base/problem.ts';

/** One thing in detail. While another is being read, `item` is null and `id` is already the new one. */
export interface ItemState<Item> {
  readonly id: string | null;
  readonly item: Item | null;
  readonly status: 'empty' | 'loading' | 'ready' | 'failed';
  readonly problem: Problem | null;
}

/** Holds what the detail pane shows; answers for an id that was left in the meantime are dropped. */
export interface ItemStore<Item> extends StoreApi<ItemState<Item>> {
  readonly open: (id: string | null) => Promise<void>;
  /** Reads again what is open, keeping the old answer until the new one came. */
  readonly refresh: () => Promise<void>;
  /** Shows the result that another procedure returned for the open item. */
  readonly accept: (item: Item) => void;
}

/** A store for one thing read by id. */
export function createItemStore<Item>(fetchItem: (id: string, signal: AbortSignal) => Promise<Item>): ItemStore<Item> {
  const empty: ItemState<Item> = { id: null, item: null, status: 'empty', problem: null };
  const store = createStore<ItemState<Item>>(() => empty);
  let reading = new AbortController();

  const read = async (id: string) => {
    reading.abort();
    const { signal } = (reading = new AbortController());
    try {
      const item = await fetchItem(id, signal);
      // It may have bodies of many MiB: to read the answer and to show it are two tasks, so that other work comes between them.
      await nextTask();
      if (!signal.aborted) store.setState({ item, status: 'ready', problem: null });
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      const problem = toProblem(error);
      // A deleted item must not stay on screen as if it existed; after any other failure the last answer stays.
      const isGone = problem.code === 'NOT_FOUND' || store.getState().item === null;
      store.setState(isGone ? { item: null, status: 'failed', problem } : { problem });
    }
  };

  return {
    ...store,
    open: (id) => {
      if (id === store.getState().id && store.getState().status !== 'failed') return Promise.resolve();
      if (id === null) {
        reading.abort();
        store.setState(empty);
        return Promise.resolve();
      }
      store.setState({ id, item: null, status: 'loading', problem: null });
      return read(id);
    },
    refresh: () => {
      const { id } = store.getState();
      return id === null ? Promise.resolve() : read(id);
    },
    accept: (item) => store.setState({ item, status: 'ready', problem: null }),
  };
}
