import { expect, it } from 'vitest';
import { createGivenTexts, isTextKey, sideRef } from '../../../src/renderer/features/comparing/given-texts.ts';

const text = (name: string | null) => ({ name, base64: 'eA==', bytes: 1 });

function texts() {
  let count = 0;
  return createGivenTexts(() => (count += 1).toString(16).padStart(8, '0'));
}

it('keeps a text under a key for the address, and gives it to calls with its request', () => {
  const given = texts();
  const key = given.keep(text('customer.har'), 3, 5);
  expect(isTextKey(key)).toBe(true);
  expect(sideRef(given.store.getState(), key)).toEqual({ key, choice: { textBase64: 'eA==', entry: 3, name: 'customer.har' } });
  const pasted = given.keep(text(null), 1, 1);
  expect(sideRef(given.store.getState(), pasted)?.choice).toEqual({ textBase64: 'eA==', entry: 1 });
});

it('takes any other address for an id, and knows a text that is gone from one', () => {
  const { store } = texts();
  expect(sideRef(store.getState(), 'cap_1')).toEqual({ key: 'cap_1', choice: { captureId: 'cap_1' } });
  expect(sideRef(store.getState(), 'pasted-00000001')).toBeNull();
  expect(sideRef(store.getState(), null)).toBeNull();
});

it('gives the oldest texts up beyond six', () => {
  const given = texts();
  const keys = Array.from({ length: 7 }, () => given.keep(text('a'), 1, 1));
  expect(keys.map((key) => sideRef(given.store.getState(), key) !== null)).toEqual([false, true, true, true, true, true, true]);
});
