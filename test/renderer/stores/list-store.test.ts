import { describe, expect, test } from 'vitest';
import { createListStore, type ListStore } from '../../../src/renderer/stores/list-store.ts';

interface Row {
  readonly id: string;
  readonly status: string;
}

/** A log in memory, newest first, that is paged by the id of the last row. */
function createLog(size: number) {
  const rows: Row[] = Array.from({ length: size }, (_, index) => ({ id: `row${size - index}`, status: 'pending' }));
  const calls = { pages: 0, items: 0 };
  let gate: Promise<void> = Promise.resolve();
  let failure: Error | null = null;
  const page = async ({ filter, cursor, limit }: { filter: string; cursor: string | undefined; limit: number }) => {
    calls.pages += 1;
    const found = rows.filter((row) => filter === '' || row.status === filter);
    const from = cursor === undefined ? 0 : found.findIndex(({ id }) => id === cursor) + 1;
    const items = found.slice(from, from + limit);
    const next = from + limit < found.length ? (items.at(-1)?.id ?? null) : null;
    await gate;
    if (failure !== null) throw failure;
    return { items, next };
  };
  return {
    rows,
    calls,
    page,
    item: (id: string) => {
      calls.items += 1;
      return Promise.resolve(rows.find((row) => row.id === id) ?? null);
    },
    add: (...ids: string[]) => rows.unshift(...ids.toReversed().map((id) => ({ id, status: 'pending' }))),
    change: (id: string, status: string) => {
      rows[rows.findIndex((row) => row.id === id)] = { id, status };
    },
    remove: (id: string) =>
      rows.splice(
        rows.findIndex((row) => row.id === id),
        1,
      ),
    holdAnswers: () => {
      let release: () => void = () => undefined;
      gate = new Promise((resolve) => (release = resolve));
      return () => {
        gate = Promise.resolve();
        release();
      };
    },
    fail: (error: Error | null) => (failure = error),
  };
}

function createList(log: ReturnType<typeof createLog>, pageSize = 10): ListStore<Row, string> {
  return createListStore<Row, string>({ idOf: ({ id }) => id, filter: '', pageSize, fetchPage: log.page, fetchItem: log.item });
}

const ids = (list: ListStore<Row, string>) => list.getState().items.map(({ id }) => id);

describe('a list store', () => {
  test('reads page after page until the last, each row once', async () => {
    const log = createLog(25);
    const list = createList(log);
    await list.load();
    expect(list.getState()).toMatchObject({ status: 'ready', hasMore: true });
    await list.loadMore();
    await list.loadMore();
    expect(ids(list)).toEqual(log.rows.map(({ id }) => id));
    expect(list.getState().hasMore).toBe(false);
    const pages = log.calls.pages;
    await list.loadMore();
    expect(log.calls.pages).toBe(pages);
  });

  test('shows new rows at once while nothing is looked at', async () => {
    const log = createLog(5);
    const list = createList(log);
    await list.load();
    log.add('new1', 'new2');
    await list.refresh(['new1', 'new2']);
    expect(ids(list).slice(0, 3)).toEqual(['new2', 'new1', 'row5']);
    expect(list.getState().held).toEqual([]);
  });

  test('holds new rows back while pinned, and brings them in when asked', async () => {
    const log = createLog(5);
    const list = createList(log);
    await list.load();
    list.setPinned(true);
    log.add('new1', 'new2');
    log.change('row4', 'delivered');
    await list.refresh(['new1', 'new2', 'row4']);
    expect(ids(list)).toEqual(['row5', 'row4', 'row3', 'row2', 'row1']);
    expect(list.getState().items[1]).toEqual({ id: 'row4', status: 'delivered' });
    expect(list.getState().held.map(({ id }) => id)).toEqual(['new2', 'new1']);
    await list.showNew();
    expect(ids(list)[0]).toBe('new2');
    expect(list.getState().held).toEqual([]);
  });

  test('changes a row far below the first page by reading that row only', async () => {
    const log = createLog(450);
    const list = createList(log, 200);
    await list.load();
    await list.loadMore();
    const pages = log.calls.pages;
    log.change('row60', 'delivered');
    await list.refresh(['row60']);
    expect(list.getState().items.find(({ id }) => id === 'row60')).toEqual({ id: 'row60', status: 'delivered' });
    expect(log.calls).toEqual({ pages: pages + 1, items: 1 });
    expect(list.getState().items).toHaveLength(400);
  });

  test('drops a row that is gone, near the top and far below', async () => {
    const log = createLog(450);
    const list = createList(log, 200);
    await list.load();
    await list.loadMore();
    log.remove('row449');
    log.remove('row70');
    await list.refresh(['row449', 'row70']);
    expect(ids(list)).not.toContain('row449');
    expect(ids(list)).not.toContain('row70');
  });

  test('continues paging where it was after a refresh', async () => {
    const log = createLog(30);
    const list = createList(log);
    await list.load();
    log.add('new1');
    await list.refresh(['new1']);
    await list.loadMore();
    expect(ids(list)).toEqual(log.rows.slice(0, ids(list).length).map(({ id }) => id));
    expect(ids(list).length).toBeGreaterThan(11);
  });

  test('drops the answer to a filter that was changed in the meantime', async () => {
    const log = createLog(5);
    log.change('row2', 'failed');
    const list = createList(log);
    await list.load();
    const release = log.holdAnswers();
    const slow = list.setFilter('pending');
    release();
    await list.setFilter('failed');
    await slow;
    expect(list.getState().filter).toBe('failed');
    expect(ids(list)).toEqual(['row2']);
  });

  test('reads further pages after a reload that failed while one was under way', async () => {
    const log = createLog(25);
    const list = createList(log);
    await list.load();
    const release = log.holdAnswers();
    const interrupted = list.loadMore();
    log.fail(new Error('The disk is full.'));
    const reloaded = list.load();
    release();
    await Promise.all([interrupted, reloaded]);
    expect(list.getState()).toMatchObject({ status: 'ready', problem: { message: 'The disk is full.' } });
    log.fail(null);
    await list.loadMore();
    expect(ids(list)).toEqual(log.rows.slice(0, 20).map(({ id }) => id));
  });

  test('makes one more question of many that come while one is under way', async () => {
    const log = createLog(5);
    const list = createList(log);
    await list.load();
    const pages = log.calls.pages;
    await Promise.all([list.refresh(['row1']), list.refresh(['row2']), list.refresh(null), list.refresh(['row3'])]);
    expect(log.calls.pages).toBe(pages + 2);
  });

  test('keeps its rows and says what is wrong when a refresh fails', async () => {
    const log = createLog(3);
    const list = createList(log);
    await list.load();
    log.fail(new Error('The disk is full.'));
    await list.refresh(null);
    expect(list.getState()).toMatchObject({ status: 'ready', problem: { message: 'The disk is full.' } });
    expect(ids(list)).toHaveLength(3);
    log.fail(null);
    await list.refresh(null);
    expect(list.getState().problem).toBeNull();
  });

  test('says that it failed when there is nothing to show', async () => {
    const log = createLog(3);
    log.fail(new Error('The disk is full.'));
    const list = createList(log);
    await list.load();
    expect(list.getState().status).toBe('failed');
  });

  test('moves the selection by rows and stops at both ends', async () => {
    const list = createList(createLog(3));
    await list.load();
    expect([list.move(1), list.move(1), list.move(5), list.move(-10)]).toEqual(['row3', 'row2', 'row1', 'row3']);
  });
});

describe('a filtered list that is worked through', () => {
  const openFailed = async (size: number) => {
    const log = createLog(size);
    for (const { id } of log.rows) log.change(id, 'failed');
    const list = createList(log);
    await list.setFilter('failed');
    return { log, list };
  };

  test('keeps a changed row in its place, in its new state, until the list is reloaded', async () => {
    const { log, list } = await openFailed(5);
    list.select('row3');
    list.setPinned(true);
    log.change('row3', 'delivered');
    await list.refresh(['row3']);
    expect(ids(list)).toEqual(['row5', 'row4', 'row3', 'row2', 'row1']);
    expect(list.getState().items[2]?.status).toBe('delivered');
    expect(list.move(1)).toBe('row2');
    log.change('row2', 'delivered');
    log.add('new1');
    log.change('new1', 'failed');
    await list.refresh(null);
    expect(ids(list)).toEqual(['row5', 'row4', 'row3', 'row2', 'row1']);
    expect(list.getState().held.map(({ id }) => id)).toEqual(['new1']);
    await list.showNew();
    expect(ids(list)).toEqual(['new1', 'row5', 'row4', 'row1']);
  });

  test('keeps the last of them when none is left, and lets go of one that was deleted', async () => {
    const { log, list } = await openFailed(2);
    list.select('row2');
    list.setPinned(true);
    log.change('row2', 'delivered');
    log.change('row1', 'delivered');
    await list.refresh(['row1', 'row2']);
    expect(ids(list)).toEqual(['row2', 'row1']);
    log.remove('row2');
    await list.refresh(['row2']);
    expect(ids(list)).toEqual(['row1']);
  });

  test('keeps the place in a list of many pages', async () => {
    const { log, list } = await openFailed(40);
    await list.loadMore();
    list.select('row25');
    list.setPinned(true);
    log.change('row25', 'delivered');
    await list.refresh(['row25']);
    expect(ids(list).indexOf('row25')).toBe(15);
    expect(list.getState().items[15]?.status).toBe('delivered');
  });

  test('shows what the filter finds where nothing is looked at', async () => {
    const { log, list } = await openFailed(3);
    log.change('row2', 'delivered');
    await list.refresh(['row2']);
    expect(ids(list)).toEqual(['row3', 'row1']);
  });
});

describe('a paused list', () => {
  const openPaused = async (size: number, countNew?: (filter: string, newestId: string | null) => Promise<number>) => {
    const log = createLog(size);
    const list = createListStore<Row, string>({
      idOf: ({ id }) => id,
      filter: '',
      pageSize: 10,
      fetchPage: log.page,
      fetchItem: log.item,
      ...(countNew === undefined ? {} : { countNew }),
    });
    await list.load();
    list.setPaused(true);
    return { log, list };
  };
  const many = Array.from({ length: 250 }, (_, number) => `new${number}`);

  test('shows nothing new, also when nothing is looked at any more, and all of it once it goes on', async () => {
    const { log, list } = await openPaused(3);
    list.setPinned(true);
    log.add('new1', 'new2');
    await list.refresh(['new1', 'new2']);
    list.setPinned(false);
    await list.refresh(null);
    expect(ids(list)).toEqual(['row3', 'row2', 'row1']);
    expect(list.getState()).toMatchObject({ newCount: 2, hasMoreNew: false });
    list.setPaused(false);
    await expect.poll(() => ids(list)).toEqual(['new2', 'new1', 'row3', 'row2', 'row1']);
    expect(list.getState().newCount).toBe(0);
  });

  test('stays empty where it was empty', async () => {
    const { log, list } = await openPaused(0);
    log.add('new1');
    await list.refresh(['new1']);
    expect([ids(list), list.getState().newCount]).toEqual([[], 1]);
    list.setPaused(false);
    await expect.poll(() => ids(list)).toEqual(['new1']);
  });

  test('counts what came beyond a page, and reads all of it page by page once it goes on', async () => {
    const { log, list } = await openPaused(30, (_, newestId) => Promise.resolve(log.rows.findIndex(({ id }) => id === newestId)));
    log.add(...many);
    await list.refresh(null);
    expect([ids(list).length, list.getState().newCount, list.getState().hasMoreNew]).toEqual([10, 250, false]);
    list.setPaused(false);
    await expect.poll(() => ids(list)[0]).toBe('new249');
    while (list.getState().hasMore) await list.loadMore();
    expect(ids(list)).toEqual(log.rows.map(({ id }) => id));
  });

  test('says that there are more where it cannot count them', async () => {
    const { log, list } = await openPaused(30);
    log.add(...many);
    await list.refresh(null);
    expect(list.getState()).toMatchObject({ newCount: 10, hasMoreNew: true });
  });
});
