import { expect, it } from 'vitest';
import { filesGiven } from '../../../src/renderer/features/comparing/files-given.ts';

it.each([
  [[], { kind: 'none' }],
  [['a'], { kind: 'one', file: 'a' }],
  [['a', 'b'], { kind: 'two', first: 'a', second: 'b' }],
  [['a', 'b', 'c'], { kind: 'too many', sentence: 'These are 3 files, and two are compared: give two, or one for each side.' }],
] as const)('files %j are one side, both, or too many', (files, given) => {
  expect(filesGiven(files)).toEqual(given);
});
