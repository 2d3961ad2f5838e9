import { expect, test } from 'vitest';
import { createUndoStore } from '../../../src/renderer/stores/undo-store.ts';

/** A store whose time is over when the test says so. */
function createOffers() {
  const due: (() => void)[] = [];
  const store = createUndoStore((work) => due.push(work));
  const undone: string[] = [];
  const offer = (sentence: string, undo: () => Promise<void> = async () => void undone.push(sentence)) => store.offer({ sentence, undo });
  return { store, offer, undone, runOut: () => due.shift()?.(), sentences: () => store.getState().offers.map(({ sentence }) => sentence) };
}

test('what was deleted last is undone first, and then what was before it', async () => {
  const { store, offer, undone, sentences } = createOffers();
  offer('one');
  offer('two');
  await store.undo();
  expect([undone, sentences()]).toEqual([['two'], ['one']]);
  await store.undo();
  await store.undo();
  expect([undone, sentences()]).toEqual([['two', 'one'], []]);
});

test('an undo that fails says why and can be tried again', async () => {
  const { store, offer, sentences } = createOffers();
  let failures = 1;
  offer('one', async () => {
    if (failures-- > 0) throw new Error('Another bin has the slug.');
  });
  await store.undo();
  expect([store.getState().failure, store.getState().isBusy, sentences()]).toEqual(['Another bin has the slug.', false, ['one']]);
  await store.undo();
  expect([store.getState().failure, sentences()]).toEqual([null, []]);
});

test('an offer goes by time, but not while somebody is at it', () => {
  const { store, offer, runOut, sentences } = createOffers();
  offer('one');
  offer('two');
  runOut();
  expect(sentences()).toEqual(['two']);
  store.hold();
  runOut();
  expect(sentences()).toEqual(['two']);
  store.release();
  expect(sentences()).toEqual([]);
});

test('one that was put aside under the pointer holds no later one', () => {
  const { store, offer, runOut, sentences } = createOffers();
  offer('one');
  store.hold();
  store.dismiss();
  offer('two');
  runOut();
  runOut();
  expect(sentences()).toEqual([]);
});
