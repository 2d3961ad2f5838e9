import { describe, expect, it } from 'vitest';
import { findJsonProblem } from '#engine/templates/json-place.ts';

describe('where text stops being JSON', () => {
  it.each<[string, string, number, number, RegExp]>([
    ['nothing at all', '', 1, 1, /a value is missing/],
    ['blanks only', ' \n  ', 2, 3, /a value is missing/],
    ['a comma before }', '{"a":1,}', 1, 8, /remove the comma before this/],
    ['a comma before ] on the next line', '[1,\n]', 2, 1, /remove the comma before this/],
    ['two commas', '[1,,2]', 1, 4, /a value is missing/],
    ['NaN', '{"a": NaN}', 1, 7, /not a JSON value/],
    ['undefined', '{"a": undefined}', 1, 7, /not a JSON value/],
    ['a byte order mark', '\ufeff{}', 1, 1, /byte order mark/],
    ['a control character in a string', '{"a":"\u0001"}', 1, 6, /must be escaped/],
    ['a tab in a string', '{"a":"x\ty"}', 1, 6, /must be escaped/],
    ['a line break in a string', '{\n"a": "b\nc"}', 2, 6, /a string is not closed/],
    ['lines that end in CRLF', '{\r\n"a": ,\r\n}', 2, 6, /a value is missing/],
    ['a name without quotes', '{a:1}', 1, 2, /put text in double quotes/],
    ['single quotes', "{'a':1}", 1, 2, /put text in double quotes/],
    ['a missing colon', '{"a" 1}', 1, 6, /a colon is missing/],
    ['a missing comma', '{"a":1\n "b":2}', 2, 2, /a comma is missing/],
    ['a missing brace', '{"a":{"b":1}', 1, 13, /closing }/],
    ['a comment', '{} // done', 1, 4, /no comments/],
    ['two values', '{}\n{}', 2, 1, /text after the end/],
    ['an unknown escape', '{"a":"\\x"}', 1, 6, /escape does not exist/],
    ['half a \\u escape', '{"a":"\\u12"}', 1, 6, /not complete/],
    ['a number with a bare point', '{"a":1.}', 1, 6, /not complete/],
  ])('%s', (_, text, line, column, reason) => {
    expect(findJsonProblem(text)).toMatchObject({ line, column, reason: expect.stringMatching(reason) });
  });

  it.each(['0', 'null', '"x"', '{}', ' [1, {"a": "é\\u0001"}]\r\n', '{"a":"\u2028"}'])('is nowhere in %j', (text) => {
    expect(findJsonProblem(text)).toBeNull();
  });

  it('is told even where text is nested deeper than a parser can follow', () => {
    expect(findJsonProblem('['.repeat(200_000))).toMatchObject({ reason: expect.stringMatching(/./) });
  });
});
