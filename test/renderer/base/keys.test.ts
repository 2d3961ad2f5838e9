import { expect, test } from 'vitest';
import { createKeyMatcher, type KeyMap } from '../../../src/renderer/base/keys.ts';

function createTyping(...maps: readonly KeyMap[]) {
  const match = createKeyMatcher();
  return (key: string, atMs = 0, isMod = false) => match({ key, isMod, isAlt: false, atMs }, maps)?.();
}

test('two keys in a row act together, and neither of them alone', () => {
  const done: string[] = [];
  const type = createTyping({ 'g d': () => done.push('go'), d: () => done.push('d') });
  type('g');
  type('d', 300);
  type('d', 600);
  expect(done).toEqual(['go', 'd']);
});

test('a second key that comes too late is a key of its own', () => {
  const done: string[] = [];
  const type = createTyping({ 'g d': () => done.push('go'), d: () => done.push('d') });
  type('g');
  type('d', 5000);
  expect(done).toEqual(['d']);
});

test('what was bound last wins', () => {
  const done: string[] = [];
  const type = createTyping({ Escape: () => done.push('area') }, { Escape: () => done.push('detail') });
  type('Escape');
  expect(done).toEqual(['detail']);
});

test('with the modifier a key is another key', () => {
  const done: string[] = [];
  const type = createTyping({ k: () => done.push('up'), 'mod+k': () => done.push('palette') });
  type('K', 0, true);
  type('k');
  expect(done).toEqual(['palette', 'up']);
});
