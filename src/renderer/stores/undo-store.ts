import { createStore, type StoreApi } from 'zustand/vanilla';
import { toProblem } from '../base/problem.ts';
import type { RouteTarget } from '../base/router.ts';

/** Something that was deleted, and how to restore it. */
export interface Undoable {
  /** What was done: `Capture deleted.` */
  readonly sentence: string;
  /** Restores it. */
  readonly undo: () => Promise<Restored>;
}

/** What was restored, and where it is. */
export interface Restored {
  /** What was done: `Capture restored.` */
  readonly sentence: string;
  readonly route: RouteTarget;
  /** Its row or button; null where it is a whole list. */
  readonly itemId: string | null;
}

/** What can be undone: the newest is offered, and earlier ones once that is undone or dismissed. */
export interface UndoState {
  readonly offers: readonly Undoable[];
  /** Why the newest could not be undone. */
  readonly failure: string | null;
  readonly isBusy: boolean;
  /** What was restored last; shown for a moment, or until something else is deleted. */
  readonly restored: Restored | null;
}

export interface UndoStore extends StoreApi<UndoState> {
  readonly offer: (undoable: Undoable) => void;
  /** Undoes the newest and returns what was restored; if that fails it stays, with the reason, and null is returned. */
  readonly undo: () => Promise<Restored | null>;
  /** Dismisses the restored notice, else the newest that can be undone. */
  readonly dismiss: () => void;
  /** No offer expires until {@link release}: the user is on it. */
  readonly hold: () => void;
  readonly release: () => void;
}

const offeredMs = 30_000;
const restoredMs = 8000;

/** Keeps what can be undone, each for half a minute. */
export function createUndoStore(later: (work: () => void, delayMs: number) => void = setTimeout): UndoStore {
  const store = createStore<UndoState>(() => ({ offers: [], failure: null, isBusy: false, restored: null }));
  const { getState: get, setState: set } = store;
  const over = new Set<Undoable>();
  let isHeld = false;
  let wasShownLongEnough = false;
  const drop = (gone: (undoable: Undoable) => boolean) => {
    const offers = get().offers.filter((each) => !gone(each));
    const isSame = offers.at(-1) === get().offers.at(-1);
    // Whoever held them has nothing left to be at.
    if (offers.length === 0) isHeld = false;
    set({ offers, ...(isSame ? {} : { failure: null }) });
  };
  const dropOver = () => {
    if (isHeld || get().isBusy) return;
    if (wasShownLongEnough) set({ restored: null });
    drop((each) => over.has(each));
    over.clear();
  };
  return {
    ...store,
    offer: (undoable) => {
      set({ offers: [...get().offers, undoable], failure: null, restored: null });
      later(() => {
        over.add(undoable);
        dropOver();
      }, offeredMs);
    },
    undo: async () => {
      const newest = get().offers.at(-1);
      if (newest === undefined || get().isBusy) return null;
      set({ isBusy: true, failure: null, restored: null });
      try {
        const restored = await newest.undo();
        drop((each) => each === newest);
        wasShownLongEnough = false;
        set({ restored });
        later(() => {
          if (get().restored !== restored) return;
          wasShownLongEnough = true;
          dropOver();
        }, restoredMs);
        return restored;
      } catch (error) {
        set({ failure: toProblem(error).message });
        return null;
      } finally {
        set({ isBusy: false });
        dropOver();
      }
    },
    dismiss: () => {
      if (get().restored !== null) set({ restored: null });
      else drop((each) => each === get().offers.at(-1));
    },
    hold: () => {
      isHeld = true;
    },
    release: () => {
      isHeld = false;
      dropOver();
    },
  };
}
