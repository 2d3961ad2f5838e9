import { createStore, type StoreApi } from 'zustand/vanilla';
import { isAbort, toProblem, type Problem } from '../base/problem.ts';

/** One page as the contract gives it. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
  /** Bodies on the way that a search could look at in part only. */
  readonly searchedInPart?: number | undefined;
}

/** What a list is made of. */
export interface ListSource<Item, Filter> {
  readonly idOf: (item: Item) => string;
  readonly filter: Filter;
  readonly fetchPage: (request: {
    readonly filter: Filter;
    readonly cursor: string | undefined;
    readonly limit: number;
    readonly signal: AbortSignal;
  }) => Promise<Page<Item>>;
  /** Reads one row again by id, null when it is gone. With it, a change to a row far down does not reload the list. */
  readonly fetchItem?: (id: string, signal: AbortSignal) => Promise<Item | null>;
  /** Counts the rows of a filter before its newest row that is shown, or all for null; without it, only one page of them is counted. */
  readonly countNew?: (filter: Filter, newestId: string | null, signal: AbortSignal) => Promise<number>;
  /** Rows per page, 100 by default. */
  readonly pageSize?: number;
}

/** A list as it stands. */
export interface ListState<Item, Filter> {
  readonly items: readonly Item[];
  /** Rows that exist and are held back, newest first, until {@link ListStore.showNew}; of very many the newest. */
  readonly held: readonly Item[];
  /** How many are held back, and whether there are more than that. */
  readonly newCount: number;
  readonly hasMoreNew: boolean;
  readonly filter: Filter;
  readonly status: 'idle' | 'loading' | 'ready' | 'failed';
  readonly isLoadingMore: boolean;
  readonly hasMore: boolean;
  readonly problem: Problem | null;
  readonly selectedId: string | null;
  /** While the user looks at the rows they must not move: new rows wait in `held`. */
  readonly isPinned: boolean;
  /** The user stopped the list: whatever comes waits in `held` until it is resumed. */
  readonly isPaused: boolean;
  /** Bodies that the search for these rows could look at in part only. */
  readonly searchedInPart: number;
}

/** A list that mirrors the engine, page by page, and can be used without a window. */
export interface ListStore<Item, Filter> extends StoreApi<ListState<Item, Filter>> {
  /** Reads the first page and drops what was there once it came. */
  readonly load: () => Promise<void>;
  readonly loadMore: () => Promise<void>;
  readonly setFilter: (filter: Filter) => Promise<void>;
  readonly select: (id: string | null) => void;
  /** Moves the selection by rows and returns the newly selected id. */
  readonly move: (steps: number) => string | null;
  readonly setPinned: (isPinned: boolean) => void;
  /** Stops the list, or lets it go on with all that came meanwhile. */
  readonly setPaused: (isPaused: boolean) => void;
  /** Shows the held rows, by reading the list again from its top. */
  readonly showNew: () => Promise<void>;
  /** Reads again what is shown: these ids, or everything for null. Calls made meanwhile are combined into one more. */
  readonly refresh: (ids: readonly string[] | null) => Promise<void>;
}

/** The most rows the contract gives at once. */
const largestPage = 200;

/** Rows read one by one at most; beyond that the pages are cheaper. */
const singleReadsLimit = 20;

/** A list store over a paged procedure. */
export function createListStore<Item, Filter>(source: ListSource<Item, Filter>): ListStore<Item, Filter> {
  const { idOf, fetchPage, fetchItem, countNew, pageSize = 100 } = source;
  const store = createStore<ListState<Item, Filter>>(() => ({
    items: [],
    held: [],
    newCount: 0,
    hasMoreNew: false,
    filter: source.filter,
    status: 'idle',
    isLoadingMore: false,
    hasMore: false,
    problem: null,
    selectedId: null,
    isPinned: false,
    isPaused: false,
    searchedInPart: 0,
  }));
  const { getState: get, setState: set } = store;
  let cursor: string | null = null;
  // Each load starts a generation; answers that belong to an earlier one are dropped.
  let generation = new AbortController();
  let refreshing: Promise<void> | null = null;
  let queued: readonly string[] | null | undefined;

  const isStill = () => get().isPinned || get().isPaused;
  const page = (from: string | undefined, limit: number, signal: AbortSignal) =>
    fetchPage({ filter: get().filter, cursor: from, limit, signal });
  const fail = (error: unknown, signal: AbortSignal) => {
    if (!signal.aborted && !isAbort(error)) set({ problem: toProblem(error), status: get().items.length > 0 ? 'ready' : 'failed' });
  };

  const load = async () => {
    generation.abort();
    const { signal } = (generation = new AbortController());
    // A page that was on its way is not awaited any more, even if this reload fails.
    set({ status: 'loading', isLoadingMore: false });
    try {
      const first = await page(undefined, pageSize, signal);
      if (signal.aborted) return;
      cursor = first.next;
      set({
        items: first.items,
        held: [],
        newCount: 0,
        hasMoreNew: false,
        hasMore: cursor !== null,
        status: 'ready',
        problem: null,
        searchedInPart: first.searchedInPart ?? 0,
      });
    } catch (error) {
      fail(error, signal);
    }
  };

  const loadMore = async () => {
    const { signal } = generation;
    if (cursor === null || get().isLoadingMore || get().status !== 'ready') return;
    set({ isLoadingMore: true });
    try {
      const more = await page(cursor, pageSize, signal);
      if (signal.aborted) return;
      cursor = more.next;
      const known = new Set(get().items.map(idOf));
      set({
        items: [...get().items, ...more.items.filter((item) => !known.has(idOf(item)))],
        hasMore: cursor !== null,
        problem: null,
        searchedInPart: get().searchedInPart + (more.searchedInPart ?? 0),
      });
    } catch (error) {
      fail(error, signal);
    } finally {
      if (!signal.aborted) set({ isLoadingMore: false });
    }
  };

  const reread = async (ids: readonly string[] | null, signal: AbortSignal) => {
    const limit = Math.min(largestPage, Math.max(pageSize, get().items.length + get().held.length));
    const head = await page(undefined, limit, signal);
    const inHead = new Set(head.items.map(idOf));
    const passed = new Set(isStill() ? passedOf(get().items, head, idOf) : []);
    const deep = get().items.filter((item) => !inHead.has(idOf(item)) && (ids === null || ids.includes(idOf(item)) || passed.has(item)));
    const readSingly = fetchItem !== undefined && deep.length <= singleReadsLimit ? fetchItem : null;
    const fresh =
      readSingly === null ? null : await Promise.all(deep.map(async (item) => [idOf(item), await readSingly(idOf(item), signal)] as const));
    if (signal.aborted) return;
    const { items, isPaused } = get();
    const merged = mergeHead({ shown: items, head, fresh: new Map(fresh ?? []), idOf, isStill: isStill(), isPaused });
    if (!merged.hasTail && (merged.items.length > 0 || merged.held.length === 0)) cursor = head.next;
    // More than a page is held back.
    const isUncounted = merged.held.length === head.items.length && head.next !== null;
    const known = isUncounted ? Math.max(merged.held.length, get().newCount) : merged.held.length;
    set({
      items: merged.items,
      held: merged.held,
      newCount: known,
      hasMoreNew: isUncounted && (countNew === undefined || known === merged.held.length),
      hasMore: cursor !== null,
      status: 'ready',
      problem: null,
    });
    if (isUncounted && countNew !== undefined) await countHeld(countNew, signal);
  };

  /** Counts what is held back where that is more than one page. */
  const countHeld = async (count: NonNullable<typeof countNew>, signal: AbortSignal) => {
    const [first] = get().items;
    try {
      const newCount = await count(get().filter, first === undefined ? null : idOf(first), signal);
      if (!signal.aborted) set({ newCount: Math.max(newCount, get().held.length), hasMoreNew: false });
    } catch {
      // That there are more is said already.
    }
  };

  const refresh = (ids: readonly string[] | null): Promise<void> => {
    if (get().status === 'idle') return Promise.resolve();
    if (refreshing !== null) {
      queued = queued === undefined ? ids : queued === null || ids === null ? null : [...queued, ...ids];
      return refreshing;
    }
    const run = async () => {
      let next: readonly string[] | null | undefined = ids;
      while (next !== undefined) {
        const { signal } = generation;
        try {
          await reread(next, signal);
        } catch (error) {
          fail(error, signal);
        }
        next = queued;
        queued = undefined;
      }
      refreshing = null;
    };
    refreshing = run();
    return refreshing;
  };

  return {
    ...store,
    load,
    loadMore,
    refresh,
    showNew: load,
    setFilter: (filter) => {
      set({ filter });
      return load();
    },
    select: (selectedId) => set({ selectedId }),
    move: (steps) => {
      const { items, selectedId } = get();
      if (items.length === 0) return null;
      const at = items.findIndex((item) => idOf(item) === selectedId);
      const target = at === -1 ? (steps > 0 ? 0 : items.length - 1) : Math.min(items.length - 1, Math.max(0, at + steps));
      const item = items[target];
      const id = item === undefined ? null : idOf(item);
      set({ selectedId: id });
      return id;
    },
    setPinned: (isPinned) => {
      if (get().isPinned === isPinned) return;
      set({ isPinned });
      if (!isStill() && get().held.length > 0) void load();
    },
    setPaused: (isPaused) => {
      if (get().isPaused === isPaused) return;
      set({ isPaused });
      if (!isPaused && get().held.length > 0) void load();
    },
  };
}

interface MergeInput<Item> {
  readonly shown: readonly Item[];
  /** The newest page, read just now. */
  readonly head: Page<Item>;
  /** Rows outside of that page that were read again one by one; null for those that are gone. */
  readonly fresh: ReadonlyMap<string, Item | null>;
  readonly idOf: (item: Item) => string;
  /** Rows that are shown must not move. */
  readonly isStill: boolean;
  /** Nothing new may be shown, not even in an empty list. */
  readonly isPaused: boolean;
}

interface Merged<Item> {
  readonly items: readonly Item[];
  readonly held: readonly Item[];
  /** Rows below the page were kept, so the list still goes on where it did. */
  readonly hasTail: boolean;
}

/** Rows that stand among those of the newest page and are none of them: they are gone, or no longer what the filter asks for. */
function passedOf<Item>(shown: readonly Item[], head: Page<Item>, idOf: (item: Item) => string): readonly Item[] {
  const inHead = new Set(head.items.map(idOf));
  const end = head.next === null ? shown.length : shown.findLastIndex((item) => inHead.has(idOf(item)));
  return shown.slice(0, Math.max(0, end)).filter((item) => !inHead.has(idOf(item)));
}

/**
 * Rows of the page with those that the reader has before them and the filter does not find any more, each where it stood:
 * someone who works through a list of failures keeps their place when one of them is delivered. They go when the list is reloaded.
 */
function withPassed<Item>(known: readonly Item[], { shown, head, fresh, idOf }: MergeInput<Item>): readonly Item[] {
  const rows = [...known];
  for (const item of passedOf(shown, head, idOf)) {
    const again = fresh.get(idOf(item));
    if (again === undefined || again === null) continue;
    const places = new Map(rows.map((row, at) => [idOf(row), at]));
    const before = shown.slice(0, shown.indexOf(item)).findLast((other) => places.has(idOf(other)));
    rows.splice(before === undefined ? 0 : (places.get(idOf(before)) ?? 0) + 1, 0, again);
  }
  return rows;
}

/** Merges the newest page into what is shown: known rows change in place, new ones come on top or are held back. */
function mergeHead<Item>(input: MergeInput<Item>): Merged<Item> {
  const { shown, head, fresh, idOf, isStill, isPaused } = input;
  const inHead = new Set(head.items.map(idOf));
  const inShown = new Set(shown.map(idOf));
  const firstKnown = head.items.findIndex((item) => inShown.has(idOf(item)));
  // Without a row in common the page cannot be joined to what is shown, so one of them must go or wait.
  if (firstKnown === -1 && !isPaused && (!isStill || shown.length === 0 || head.next === null)) {
    const passed = isStill ? withPassed([], input) : [];
    return passed.length > 0 ? { items: passed, held: head.items, hasTail: false } : { items: head.items, held: [], hasTail: false };
  }
  const lastShown = shown.findLastIndex((item) => inHead.has(idOf(item)));
  const below = head.next === null ? [] : shown.slice(lastShown + 1);
  const tail = below.flatMap((item) => {
    const again = fresh.get(idOf(item));
    return again === null ? [] : [again ?? item];
  });
  const newest = firstKnown === -1 ? head.items : head.items.slice(0, firstKnown);
  const known = firstKnown === -1 ? [] : head.items.slice(firstKnown);
  const hasTail = tail.length > 0;
  return isStill
    ? { items: [...withPassed(known, input), ...tail], held: newest, hasTail }
    : { items: [...newest, ...known, ...tail], held: [], hasTail };
}
