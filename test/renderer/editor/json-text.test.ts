import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonError, offsetOf, placeOf } from '../../../src/renderer/editor/json-text.ts';

describe('errors in JSON', () => {
  it.each([
    ['{"a": 1,}', 8, 'property name'],
    ['{"a" 1}', 5, 'colon'],
    ['{"a": x}', 6, 'double quotes'],
    ['[1 2]', 3, 'comma'],
    ['{"a": 1} 2', 9, 'after the end'],
    ['{"a": "b', 6, 'not closed'],
    ['{"a": [1', 8, 'closing ]'],
    ['["\\d"]', 1, 'escape'],
    ['{"a": 1 /* x */}', 8, 'comments'],
    ['', 0, 'value is missing'],
  ])('points at the first problem of %j', (text, offset, message) => {
    expect(findJsonError(text)).toEqual({ offset, message: expect.stringContaining(message) });
  });

  it('finds none in anything that JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(findJsonError(JSON.stringify(value))).toBeNull();
      }),
    );
  });
});

describe('places in a text', () => {
  it('counts lines and columns from 1, over LF and CRLF', () => {
    expect(placeOf('ab\r\ncd\nef', 8)).toEqual({ line: 3, column: 2 });
    expect(offsetOf('ab\r\ncd\nef', { line: 3, column: 2 })).toBe(8);
  });

  it('holds a column beyond the line to its end, and a line beyond the text to the end of the text', () => {
    expect(offsetOf('ab\ncd', { line: 1, column: 99 })).toBe(2);
    expect(offsetOf('ab\ncd', { line: 9, column: 1 })).toBe(5);
  });
});
