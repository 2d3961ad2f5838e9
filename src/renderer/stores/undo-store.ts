import { createStore, type StoreApi } from 'zustand/vanilla';
import { toProblem } from '../base/problem.ts';

/** Something that was deleted, and its way back. */
export interface Undoable {
  /** What was done: `Capture deleted.` */
  readonly sentence: string;
  /** Brings it back. */
  readonly undo: () => Promise<void>;
}

/** What can be undone: the newest is offered, and those before it once that is undone or put aside. */
export interface UndoState {
  readonly offers: readonly Undoable[];
  /** Why the newest could not be undone. */
  readonly failure: string | null;
  readonly isBusy: boolean;
}

export interface UndoStore extends StoreApi<UndoState> {
  readonly offer: (undoable: Undoable) => void;
  /** Undoes the newest; when that fails it stays, with the reason. */
  readonly undo: () => Promise<void>;
  readonly dismiss: () => void;
  /** No offer goes away by time until {@link release}: somebody is at it. */
  readonly hold: () => void;
  readonly release: () => void;
}

const offeredMs = 30_000;

/** Keeps what can be undone, each for half a minute. */
export function createUndoStore(later: (work: () => void, delayMs: number) => void = setTimeout): UndoStore {
  const store = createStore<UndoState>(() => ({ offers: [], failure: null, isBusy: false }));
  const { getState: get, setState: set } = store;
  const over = new Set<Undoable>();
  let isHeld = false;
  const drop = (gone: (undoable: Undoable) => boolean) => {
    const offers = get().offers.filter((each) => !gone(each));
    const isSame = offers.at(-1) === get().offers.at(-1);
    // Whoever held them has nothing left to be at.
    if (offers.length === 0) isHeld = false;
    set({ offers, ...(isSame ? {} : { failure: null }) });
  };
  const dropOver = () => {
    if (isHeld || get().isBusy) return;
    drop((each) => over.has(each));
    over.clear();
  };
  return {
    ...store,
    offer: (undoable) => {
      set({ offers: [...get().offers, undoable], failure: null });
      later(() => {
        over.add(undoable);
        dropOver();
      }, offeredMs);
    },
    undo: async () => {
      const newest = get().offers.at(-1);
      if (newest === undefined || get().isBusy) return;
      set({ isBusy: true, failure: null });
      try {
        await newest.undo();
        drop((each) => each === newest);
      } catch (error) {
        set({ failure: toProblem(error).message });
      } finally {
        set({ isBusy: false });
        dropOver();
      }
    },
    dismiss: () => drop((each) => each === get().offers.at(-1)),
    hold: () => {
      isHeld = true;
    },
    release: () => {
      isHeld = false;
      dropOver();
    },
  };
}
