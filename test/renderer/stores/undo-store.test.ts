import { expect, test } from 'vitest';
import { createUndoStore, type Restored } from '../../../src/renderer/stores/undo-store.ts';

/** A store whose time is over when the test says so. */
function createOffers() {
  const due: (() => void)[] = [];
  const store = createUndoStore((work) => due.push(work));
  const undone: string[] = [];
  const restored = (sentence: string): Restored => ({ sentence: `${sentence} is back.`, route: { area: 'captures' }, itemId: null });
  const offer = (sentence: string, before: () => void = () => undefined) =>
    store.offer({
      sentence,
      undo: () => {
        before();
        undone.push(sentence);
        return Promise.resolve(restored(sentence));
      },
    });
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
  offer('one', () => {
    if (failures-- > 0) throw new Error('Another bin has the slug.');
  });
  await store.undo();
  expect([store.getState().failure, store.getState().isBusy, sentences()]).toEqual(['Another bin has the slug.', false, ['one']]);
  await store.undo();
  expect([store.getState().failure, sentences()]).toEqual([null, []]);
});

test('an offer expires, but not while the user is on it', () => {
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

test('what was restored is shown for a moment, or until something else is deleted', async () => {
  const { store, offer, runOut, sentences } = createOffers();
  const told = () => store.getState().restored?.sentence;
  offer('one');
  offer('two');
  expect((await store.undo())?.sentence).toBe('two is back.');
  expect([told(), sentences()]).toEqual(['two is back.', ['one']]);
  offer('three');
  expect(told()).toBeUndefined();
  await store.undo();
  store.hold();
  for (let timer = 0; timer < 6; timer += 1) runOut();
  expect([told(), sentences()]).toEqual(['three is back.', ['one']]);
  store.release();
  expect([told(), sentences()]).toEqual([undefined, []]);
});

test('putting aside begins with what came back', async () => {
  const { store, offer, sentences } = createOffers();
  offer('one');
  offer('two');
  await store.undo();
  store.dismiss();
  expect([store.getState().restored, sentences()]).toEqual([null, ['one']]);
  store.dismiss();
  expect(sentences()).toEqual([]);
});
