import { ORPCError } from '@orpc/client';
import { expect, test } from 'vitest';
import { createItemStore } from '../../../src/renderer/stores/item-store.ts';

/** Answers that are given by hand, in any order. */
function createAnswers() {
  const waiting: { readonly id: string; readonly resolve: (value: string) => void; readonly reject: (error: unknown) => void }[] = [];
  return {
    fetch: (id: string) => new Promise<string>((resolve, reject) => waiting.push({ id, resolve, reject })),
    waiting,
  };
}

test('the answer for an id that is no longer open is dropped', async () => {
  const { fetch, waiting } = createAnswers();
  const store = createItemStore(fetch);
  const first = store.open('a');
  const second = store.open('b');
  waiting[1]?.resolve('answer b');
  waiting[0]?.resolve('answer a');
  await Promise.all([first, second]);
  expect(store.getState()).toEqual({ id: 'b', item: 'answer b', status: 'ready', problem: null });
});

test('a refresh keeps the old answer until the new one came', async () => {
  const { fetch, waiting } = createAnswers();
  const store = createItemStore(fetch);
  const opened = store.open('a');
  waiting[0]?.resolve('old');
  await opened;
  const refreshed = store.refresh();
  expect(store.getState()).toMatchObject({ item: 'old', status: 'ready' });
  waiting[1]?.resolve('new');
  await refreshed;
  expect(store.getState().item).toBe('new');
});

test('a thing that was deleted disappears; any other trouble keeps it on screen', async () => {
  const { fetch, waiting } = createAnswers();
  const store = createItemStore(fetch);
  const opened = store.open('a');
  waiting[0]?.resolve('old');
  await opened;
  const broken = store.refresh();
  waiting[1]?.reject(new Error('The store is busy.'));
  await broken;
  expect(store.getState()).toMatchObject({ item: 'old', problem: { message: 'The store is busy.' } });
  const gone = store.refresh();
  waiting[2]?.reject(new ORPCError('NOT_FOUND', { message: 'There is no endpoint a.' }));
  await gone;
  expect(store.getState()).toMatchObject({ item: null, status: 'failed', problem: { code: 'NOT_FOUND' } });
});

test('opening nothing empties the store', async () => {
  const { fetch, waiting } = createAnswers();
  const store = createItemStore(fetch);
  const opened = store.open('a');
  waiting[0]?.resolve('old');
  await opened;
  await store.open(null);
  expect(store.getState().status).toBe('empty');
});
