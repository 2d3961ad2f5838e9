import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { NoiseKind } from '#shared/contract/comparing.ts';
import { compareRequests } from '#engine/comparing/compare-requests.ts';
import { exactNumber } from '#shared/json/number.ts';
import { firstAndSecond } from '#engine/comparing/side-words.ts';
import { textThing } from '#engine/comparing/text-thing.ts';
import { targetOf } from '#engine/comparing/target.ts';
import { fingerprintOf } from '#engine/signing/secret.ts';
import { maskedValue } from '#shared/masked-value.ts';

type Headers = readonly (readonly [string, string])[];

interface Side {
  readonly body?: string | Uint8Array;
  readonly headers?: Headers;
  readonly target?: string;
  readonly isCut?: boolean;
}

const words = { before: 'sent', after: 'arrived', isSameRequest: true };

function request({ body = '', headers = [], target = '/', isCut = false }: Side) {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return {
    method: 'POST',
    target,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
    bytes,
    size: bytes.length,
    isCut,
  };
}

const compare = (before: Side, after: Side, ignore: readonly NoiseKind[] = []) =>
  compareRequests(request(before), request(after), words, ignore);
const bodies = async (before: string | Uint8Array, after: string | Uint8Array) => (await compare({ body: before }, { body: after })).body;

describe('JSON that was written anew', () => {
  it('is named for what was done to it, with what is the same value', async () => {
    const sent = '{"b":1.10,"a":"caf\\u00e9","u":"http:\\/\\/x"}';
    const arrived = '{\n  "a": "café",\n  "b": 1.1,\n  "u": "http://x"\n}';
    const { body, summary } = await compare({ body: sent }, { body: arrived });
    expect(body).toMatchObject({ isSame: false, content: 'same', changeCount: 0, firstDifference: { offset: 1 } });
    expect(body.rewrites.map(({ sentence }) => sentence)).toEqual([
      'The JSON was re-indented: sent in one line without spaces, arrived indented by 2 spaces.',
      'The names were sorted by the alphabet in 1 object, first at $.',
      String.raw`2 strings have the same text with other escapes: "caf\u00e9" became "café" at $.a.`,
      '1 number is written otherwise with the same value: 1.10 became 1.1 at $.b.',
    ]);
    expect(summary).toBe(
      'The body has the same content, but its bytes differ: another layout of the JSON, names of the JSON in another order, strings with other escapes, numbers written otherwise.',
    );
  });

  it.each([
    ['a number that a double cannot hold', '{"n":9007199254740993}', '{"n":9007199254740992}', '$.n', /double takes for the same/],
    ['a text made of a number', '{"n":5}', '{"n":"5"}', '$.n', /value of another type/],
    ['letters put together otherwise', '{"n":"e\u0301"}', '{"n":"\u00e9"}', '$.n', /Unicode normal form/],
    ['a minus before zero', '{"n":-0}', '{"n":0}', '$.n', /double takes for the same/],
    ['a name that stood there twice', '{"n":1,"n":2}', '{"n":2}', '$.n', /more than once/],
  ])('tells %s from the same value', async (_what, before, after, path, note) => {
    const { content, changes, changeCount } = await bodies(before, after);
    expect(content).toBe('other');
    expect(changeCount).toBe(1);
    expect(changes[0]).toMatchObject({ path, note: expect.stringMatching(note) });
  });

  it('compares names that stand there twice one by one, whether or not both objects are written alike', async () => {
    const { changes } = await bodies('{"n":1,"n":2,"m":0}', '{"n":3,"n":2,"m":0}');
    expect(changes).toMatchObject([{ kind: 'changed', path: '$.n', before: '1', after: '3' }]);
    expect((await bodies('{"n":1,"n":2,"m":0}', '{"m":0,"n":3,"n":2}')).changes).toEqual(changes);
  });

  it('names what was put into a list and taken out of an object, by path', async () => {
    const { changes } = await bodies('{"l":[1,{"x":2},3],"gone":true}', '{"l":[1,9,{"x":2},3],"odd name":[]}');
    expect(changes.map(({ kind, path, before, after }) => [kind, path, before, after])).toEqual([
      ['added', '$.l[1]', null, '9'],
      ['removed', '$.gone', 'true', null],
      ['added', "$['odd name']", null, '[]'],
    ]);
  });

  it('counts more changes than it lists', async () => {
    const list = (by: number) => JSON.stringify(Array.from({ length: 500 }, (_, index) => index + by));
    expect(await bodies(list(0), list(1000))).toMatchObject({ changeCount: 500, changes: { length: 200 } });
  });

  it('has no difference to itself in any layout, and a difference of value is never called the same', () => {
    fc.assert(
      fc.asyncProperty(fc.json(), fc.json(), fc.integer({ min: 0, max: 4 }), async (one, other, indent) => {
        const again = JSON.stringify(JSON.parse(one), null, indent);
        const { content, changeCount } = await bodies(one, again);
        // JSON.parse makes 0 of -0 only when it is written again.
        if (!one.includes('-0')) expect({ content, changeCount }).toEqual({ content: 'same', changeCount: 0 });
        const isEqual = JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));
        if ((await bodies(one, other)).content === 'same') expect(isEqual || sorted(one) === sorted(other)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

/** JSON with sorted names. */
function sorted(text: string): string {
  return JSON.stringify(JSON.parse(text), (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

it.each([
  ['1.10', '1.1'],
  ['100', '1e2'],
  ['0.0010', '1E-3'],
  ['0', '0.00'],
  ['123000', '1.23e+5'],
])('takes %s and %s for the same number, and their neighbour not', (one, other) => {
  expect(exactNumber(one)).toBe(exactNumber(other));
  expect(exactNumber(`${one.includes('.') || one.includes('e') ? one : `${one}.0`}1`)).not.toBe(exactNumber(other));
});

describe('bodies that are no JSON', () => {
  it.each([
    ['line ends', 'a\nb', 'a\r\nb', 'LF became CRLF'],
    ['byte order mark', '\ufeffa', 'a', 'taken from'],
    ['end', 'a', 'a\n', 'at the end'],
  ])('have %s named', async (kind, before, after, words_) => {
    const { rewrites } = await bodies(before, after);
    expect(rewrites).toEqual([{ kind, sentence: expect.stringContaining(words_) as string }]);
  });

  it.each([
    [
      'layout',
      '{"a":1}',
      '{\n  "a": 1\n}',
      'The JSON is laid out otherwise: first in one line without spaces, second indented by 2 spaces.',
    ],
    ['key order', '{"b":1,"a":2}', '{"a":2,"b":1}', 'The second has the names sorted by the alphabet in 1 object, first at $.'],
    ['numbers', '[1.10]', '[1.1]', '1 number is written otherwise with the same value: 1.10 in the first, 1.1 in the second at $[0].'],
    ['end', '[1]', '[1]\n', 'What stands behind the JSON differs: nothing in the first, a line end in the second.'],
    ['line ends', 'a\r\nb', 'a\nb', 'Only the line ends of the text differ: CRLF in the first, LF in the second.'],
    ['byte order mark', 'a', '\ufeffa', 'Only the second begins with a byte order mark.'],
  ])('of two requests have %s told without saying that one became the other', async (kind, before, after, sentence) => {
    const { body } = await compareRequests(request({ body: before }), request({ body: after }), firstAndSecond);
    expect(body.rewrites).toEqual([{ kind, sentence }]);
  });

  it('are compared by what was packed, when a proxy unpacked them', async () => {
    const { body } = await compare({ body: gzipSync('{"a":1}'), headers: [['Content-Encoding', 'gzip']] }, { body: '{"a":1}' });
    expect(body).toMatchObject({ isSame: false, content: 'same', rewrites: [{ kind: 'compression' }] });
    expect(body.rewrites[0]?.sentence).toBe('Its compression changed: sent packed with gzip, arrived not packed.');
    const one = request({ body: gzipSync('{"a":1}'), headers: [['Content-Encoding', 'gzip']] });
    const { body: ofTwo } = await compareRequests(one, request({ body: '{"a":1}' }), firstAndSecond);
    expect(ofTwo.rewrites[0]?.sentence).toBe('The compression differs: the first is packed with gzip, the second not packed.');
  });

  it('whose compression is damaged in one of them only differ, and are not said to hold the same', async () => {
    const headers: Headers = [['Content-Encoding', 'gzip']];
    const whole = gzipSync('{"a":1}');
    const wrongSum = Buffer.from(whole);
    wrongSum.writeUInt8(whole.readUInt8(whole.length - 6) ^ 0xff, whole.length - 6);
    const told = async (before: Uint8Array, after: Uint8Array) => {
      const [one, other] = [request({ body: before, headers }), request({ body: after, headers })];
      const { summary, body } = await compareRequests(one, other, firstAndSecond, ['dates']);
      return { result: body.result, content: body.content, summary, rewrites: body.rewrites };
    };
    expect(await told(whole, wrongSum)).toEqual({
      result: 'different',
      content: 'unknown',
      summary: `The body differs from byte ${whole.length - 6} on: damaged compression.`,
      rewrites: [{ kind: 'damage', sentence: 'The gzip stream of the second body is damaged.' }],
    });
    expect(await told(whole.subarray(0, -10), whole)).toMatchObject({
      result: 'different',
      rewrites: [{ kind: 'damage', sentence: 'The gzip stream of the first body ends before its end.' }],
    });
    expect(await told(whole.subarray(0, -10), wrongSum)).toMatchObject({
      result: 'not compared',
      rewrites: [{ sentence: 'The gzip stream of the first body ends before its end. The gzip stream of the second body is damaged.' }],
    });
  });

  it('are compared as text, when a proxy changed the charset', async () => {
    const type = (charset: string): Headers => [['Content-Type', `text/plain; charset=${charset}`]];
    const { body } = await compare(
      { body: Buffer.from('café', 'latin1'), headers: type('iso-8859-1') },
      { body: 'café', headers: type('utf-8') },
    );
    expect(body).toMatchObject({ content: 'same', rewrites: [{ kind: 'charset' }] });
  });

  it('of a form are the same with other percent escapes', async () => {
    const headers: Headers = [['Content-Type', 'application/x-www-form-urlencoded']];
    const { body } = await compare({ body: 'a=1%202&b=%c3%a9', headers }, { body: 'a=1+2&b=%C3%A9', headers });
    expect(body).toMatchObject({ content: 'same', rewrites: [{ kind: 'form' }] });
  });

  it('that were cut are compared as far as they were received', async () => {
    const { body } = await compare({ body: 'abcdef' }, { body: 'abc', isCut: true });
    expect(body).toMatchObject({ isSame: false, content: 'unknown', firstDifference: null });
    expect(body.notes[0]).toBe('The same up to byte 3, where what was received ends; the rest was not compared.');
  });

  it('show the bytes around the first difference', async () => {
    const { firstDifference } = await bodies(`${'x'.repeat(100_000)}a`, `${'x'.repeat(100_000)}b${'y'.repeat(100)}`);
    expect(firstDifference).toEqual({
      offset: 100_000,
      before: { fromByte: 99_988, hex: `${'78 '.repeat(12)}61`, text: `${'x'.repeat(12)}a` },
      after: { fromByte: 99_988, hex: `${'78 '.repeat(12)}62${' 79'.repeat(19)}`, text: `${'x'.repeat(12)}b${'y'.repeat(19)}` },
    });
  });
});

describe('headers', () => {
  const changes = async (before: Headers, after: Headers, ignore?: readonly NoiseKind[]) =>
    (await compare({ headers: before }, { headers: after }, ignore)).headers.map(({ kind, name, isHopByHop }) => [kind, name, isHopByHop]);

  it('are told as added, dropped, rewritten or only written otherwise, and those of one connection apart', async () => {
    const sent: Headers = [
      ['Host', 'a'],
      ['X-Gone', '1'],
      ['X-Case', '1'],
      ['X-Two', '1'],
      ['X-Two', '2'],
      ['Connection', 'close, X-Hop'],
    ];
    const arrived: Headers = [
      ['host', 'b'],
      ['x-case', '1'],
      ['X-Two', '1, 2'],
      ['X-Hop', 'y'],
      ['Via', '1.1 p'],
    ];
    expect(await changes(sent, arrived)).toEqual([
      ['rewritten', 'host', false],
      ['removed', 'X-Gone', false],
      ['renamed', 'x-case', false],
      ['joined', 'X-Two', false],
      ['removed', 'Connection', true],
      ['added', 'X-Hop', false],
      ['added', 'Via', false],
    ]);
  });

  it('that the log masked are compared by fingerprint, and are not known otherwise', async () => {
    const masked = maskedValue(fingerprintOf('top secret'));
    expect(await changes([['Authorization', masked]], [['Authorization', 'top secret']])).toEqual([]);
    expect(await changes([['Authorization', masked]], [['Authorization', 'another']])).toEqual([['unknown', 'Authorization', false]]);
  });

  it('and values that differ by nature are left out when they are asked to be, and counted', async () => {
    const one = {
      headers: [
        ['webhook-id', 'msg_1'],
        ['Date', 'Thu, 01 Jan 2026 00:00:00 GMT'],
      ] as Headers,
      body: '{"at":"2026-01-01T00:00:00Z","n":1}',
    };
    const other = {
      headers: [
        ['webhook-id', 'msg_2'],
        ['Date', 'Fri, 02 Jan 2026 00:00:00 GMT'],
      ] as Headers,
      body: '{"at":"2026-01-02T00:00:00Z","n":1}',
    };
    const all = await compare(one, other);
    expect([all.isSame, all.headers.length, all.body.changeCount]).toEqual([false, 2, 1]);
    const left = await compare(one, other, ['dates', 'ids']);
    expect(left).toMatchObject({ isSame: true, headers: [], body: { changes: [] }, leftOut: { dates: 2, ids: 1, signatures: 0 } });
  });
});

it('compares path and query, with masked secrets standing for anything', async () => {
  expect((await compare({ target: '/a?k=[secret%20c355dce9]&b=1' }, { target: '/a?k=xyz&b=1' })).line.isSame).toBe(true);
  expect((await compare({ target: '/a?k=[secret%20c355dce9]&b=1' }, { target: '/a?k=xyz&b=2' })).line.isSame).toBe(false);
  expect(targetOf('https://h:1/a?b#c')).toBe('/a?b');
  expect(targetOf('http://h?b')).toBe('/?b');
});

it('takes a fragment for a part of the target where a text tells what went over the wire, as no program sends one', () => {
  const target = (text: string) => {
    const thing = textThing({ kind: 'text', text, name: null, entry: null });
    return 'request' in thing ? thing.request.target : thing.trouble;
  };
  expect(target('POST /a#x HTTP/1.1\r\nHost: h\r\n\r\nabc')).toBe('/a#x');
  expect(target('{"method":"POST","target":"/a#x","headers":[["Host","h"]],"bodyBase64":"eA=="}')).toBe('/a#x');
  expect(target('curl https://h/a#x -d a=1')).toBe('/a');
});
