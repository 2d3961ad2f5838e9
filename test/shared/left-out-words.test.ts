import { expect, it } from 'vitest';
import { sameHeadersText } from '#shared/left-out-words.ts';

it('says of headers that are the same what of them is left out, and not what is left out in the body', () => {
  const none = { dates: 0, ids: 0, signatures: 0 };
  expect(sameHeadersText(none, 0)).toBe('the same names and values');
  expect(sameHeadersText({ dates: 1, ids: 0, signatures: 2 }, 0)).toBe('the same, but for what is left out: 1 date, 2 signatures');
  expect(sameHeadersText({ dates: 2, ids: 1, signatures: 0 }, 3)).toBe('the same names and values');
  expect(sameHeadersText({ dates: 2, ids: 1, signatures: 1 }, 3)).toBe('the same, but for one value that is left out');
  expect(sameHeadersText({ dates: 2, ids: 1, signatures: 1 }, 2)).toBe('the same, but for 2 values that are left out');
});
