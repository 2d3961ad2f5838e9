import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHeaderText, parseHeaderText } from '#shared/header-text.ts';

const nothing = { method: null, target: null, headers: [], problems: [] };

describe('header lines', () => {
  it('are read in their order and case, with the spaces around values left off', () => {
    expect(parseHeaderText('Webhook-ID:msg_1\nX-Two:  a: b \t\nx-two: again\nX-Empty:')).toEqual({
      ...nothing,
      headers: [
        ['Webhook-ID', 'msg_1'],
        ['X-Two', 'a: b'],
        ['x-two', 'again'],
        ['X-Empty', ''],
      ],
    });
  });

  it.each(['\n', '\r\n', '\r'])('may end with %j', (end) => {
    expect(parseHeaderText(['A: 1', 'B: 2', ''].join(end)).headers).toEqual([
      ['A', '1'],
      ['B', '2'],
    ]);
  });

  it('may follow a request line, which gives method and target', () => {
    expect(parseHeaderText('\nPOST /hooks?x=1 HTTP/1.1\r\nHost: localhost:3000\r\n\r\n')).toEqual({
      method: 'POST',
      target: '/hooks?x=1',
      headers: [['Host', 'localhost:3000']],
      problems: [],
    });
    expect(parseHeaderText('PUT https://example.com/a\nA: 1')).toMatchObject({
      method: 'PUT',
      target: 'https://example.com/a',
      headers: [['A', '1']],
    });
  });

  it('may have the pseudo headers of HTTP/2 in place of a request line', () => {
    expect(parseHeaderText(':method: POST\n:authority: a.test\n:scheme: https\n:path: /x\nA: 1')).toEqual({
      method: 'POST',
      target: '/x',
      headers: [['A', '1']],
      problems: [],
    });
  });

  it('may be folded, and are joined with one space', () => {
    expect(parseHeaderText('A: one\r\n\t two\n  three\nB: 1').headers).toEqual([
      ['A', 'one two three'],
      ['B', '1'],
    ]);
  });

  it('may begin with a byte order mark', () => {
    expect(parseHeaderText('\ufeffA: 1').headers).toEqual([['A', '1']]);
  });

  it.each([
    ['A: 1\nno colon here', 2, 'no colon'],
    ['A: 1\n\n{"a":1}', 3, 'Headers end at an empty line'],
    ['A: 1\nBad Name: 2', 2, '"Bad Name" cannot be'],
    ['A: 1\nB : 2', 2, 'space around the name B'],
    ['A: 1\n: 2', 2, 'no name'],
    ['A: 1\nB: \u0000', 2, 'control character'],
    ['HTTP/1.1 200 OK\nA: 1', 1, 'first line of a response'],
    ['\n\nHTTP/2 404\nA: 1', 3, 'first line of a response'],
  ])('that are wrong are left out and reported with their line: %j', (text, line, message) => {
    const result = parseHeaderText(text);
    expect(result.headers).toEqual([['A', '1']]);
    expect(result.problems).toEqual([{ line, message: expect.stringContaining(message) as string }]);
  });

  it('may be absent', () => {
    expect(parseHeaderText('')).toEqual(nothing);
    expect(parseHeaderText(' \r\n ')).toEqual(nothing);
  });
});

describe('headers as JSON', () => {
  it('may be an object with texts, lists of texts and whole numbers', () => {
    expect(parseHeaderText(' {"webhook-id": " msg_1 ", "Set-Cookie": ["a", "b"], "webhook-timestamp": 1614265330}')).toEqual({
      ...nothing,
      headers: [
        ['webhook-id', 'msg_1'],
        ['Set-Cookie', 'a'],
        ['Set-Cookie', 'b'],
        ['webhook-timestamp', '1614265330'],
      ],
    });
  });

  it('keep every value of a repeated name', () => {
    expect(parseHeaderText('{"A": "1", "B": "2", "A": ["3", "4"], "__proto__": "5"}').headers).toEqual([
      ['A', '1'],
      ['B', '2'],
      ['A', '3'],
      ['A', '4'],
      ['__proto__', '5'],
    ]);
  });

  it('may be a list of pairs and of objects with name and value', () => {
    expect(parseHeaderText('[["A", "1"], {"name": "B", "value": "2", "enabled": true}, ["a", "3"]]').headers).toEqual([
      ['A', '1'],
      ['B', '2'],
      ['a', '3'],
    ]);
    expect(parseHeaderText('[]')).toEqual(nothing);
  });

  it.each([
    ['{"A": "1", ', 'begins like JSON but is not'],
    ['{"headers": {"A": "1"}}', '"headers" is neither text nor a list'],
    ['{"A": null}', '"A" is neither'],
    ['{"A": [["1"]]}', '"A" is neither'],
    ['{"A": 1.5}', '"A" is neither'],
    ['{"A": "1\\r\\nB: 2"}', 'line break'],
    ['{"A B": "1"}', '"A B" cannot be'],
    ['["A", "1"]', 'Entry 1 of the list'],
  ])('that are wrong are reported: %s', (text, message) => {
    const result = parseHeaderText(text);
    expect(result.headers).toEqual([]);
    expect(result.problems[0]).toEqual({ line: null, message: expect.stringContaining(message) as string });
  });
});

describe('formatting', () => {
  const names = fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,20}$/);
  const values = fc.stringMatching(/^[\t\x20-\x7e\x80-\xff]{0,40}$/).map((value) => value.replace(/^[ \t]+|[ \t]+$/g, ''));
  const fields = fc.array(fc.tuple(names, values), { maxLength: 10 });

  it('gives text that is read back to the same headers', () => {
    fc.assert(
      fc.property(fields, (headers) => {
        expect(parseHeaderText(formatHeaderText(headers))).toEqual({ ...nothing, headers });
        expect(parseHeaderText(JSON.stringify(headers))).toEqual({ ...nothing, headers });
      }),
    );
  });

  it('is never confused by what else is pasted: reading does not throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
        for (const [name] of parseHeaderText(text).headers) expect(name).toMatch(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/);
      }),
    );
  });
});
