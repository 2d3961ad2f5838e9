import { expect, it } from 'vitest';
import { aroundRuns } from '../../../src/renderer/features/comparing/around-runs.ts';
import { firstDifferenceText } from '../../../src/shared/comparison-words.ts';

const side = (text: string) => ({
  fromByte: 4,
  text,
  hex: Buffer.from(text)
    .toString('hex')
    .replaceAll(/..(?!$)/g, '$& '),
});

it('marks what differs around a difference, and not all that follows it', () => {
  expect(aroundRuns(side('a1bc2'), side('a3bc4'))).toEqual([
    { differs: false, text: 'a', hex: '61' },
    { differs: true, text: '1', hex: '31' },
    { differs: false, text: 'bc', hex: '62 63' },
    { differs: true, text: '2', hex: '32' },
  ]);
});

it('says where one of the bodies ends', () => {
  expect(aroundRuns(side('ab'), side('abcd'))).toEqual([
    { differs: false, text: 'ab', hex: '61 62' },
    { differs: true, text: 'end of the body', hex: '' },
  ]);
  expect(aroundRuns(side('abcd'), side('ab')).at(-1)).toEqual({ differs: true, text: 'cd', hex: '63 64' });
});

it('does not give a first difference of what is left out for one that counts', () => {
  expect(firstDifferenceText({ offset: 1032, result: 'different', leftOutCount: 0 })).toBe('First difference at byte 1,032');
  expect(firstDifferenceText({ offset: 32, result: 'different', leftOutCount: 1 })).toBe(
    'First difference at byte 32, counting what is left out',
  );
  expect(firstDifferenceText({ offset: 32, result: 'same', leftOutCount: 1 })).toBe('First difference at byte 32, which is left out');
});
