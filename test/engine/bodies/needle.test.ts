import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createNeedle, isInHeaders, isInUrl, lookInBody, searchedBytes } from '#engine/bodies/needle.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import { inCharsets, packed, packers } from './packed.ts';

const typed = (type: string): readonly HeaderField[] => [['Content-Type', type]];
const isFound = async (q: string, body: string | Uint8Array, headers: readonly HeaderField[] = typed('application/json')) =>
  (await lookInBody(createNeedle(q), typeof body === 'string' ? Buffer.from(body) : body, headers)).isFound;

describe('a text is found in a body', () => {
  it.each([
    ['\u00c4RGER', '\u00e4rger'],
    ['stra\u00dfe', 'STRASSE'],
    ['STRASSE', 'stra\u00dfe'],
    ['\u03bf\u03b4\u03cc\u03c2', '\u039f\u0394\u038c\u03a3'],
    ['\u0434\u0430', '\u0414\u0410'],
    ['na\u00efve', 'nai\u0308ve'],
    ['NAI\u0308VE', 'na\u00efve'],
    ['\ud55c\uae00', '\u1112\u1161\u11ab\u1100\u1173\u11af'],
  ])('in any case and either way to write accents: %s in %s', async (q, body) => {
    expect(await isFound(q, body)).toBe(true);
  });

  it.each([
    ['a b@c', 'x=1&email=a+b%40c'],
    ['a+b%40c', 'x=1&email=a+b%40c'],
    ['\u00e4rger', 'what=%C3%84rger'],
    ['\u00e4rger', 'what=%C4rger'],
    ['"text":"hello there"', 'payload=%7B%22text%22%3A%22hello+there%22%7D'],
    ['na\u00efve', 'payload=%7B%22text%22%3A%22na%5Cu00efve%22%7D'],
  ])('as a value of a form: %s in %s', async (q, body) => {
    expect(await isFound(q, body, typed('application/x-www-form-urlencoded'))).toBe(true);
  });

  it.each([
    ['na\u00efve', String.raw`{"a":"na\u00efve"}`],
    [String.raw`na\u00efve`, String.raw`{"a":"na\u00efve"}`],
    ['https://x.test/a', String.raw`{"a":"https:\/\/x.test\/a"}`],
    ['say "hi"', String.raw`{"a":"say \"hi\""}`],
    ['\u{1f600}', String.raw`{"a":"\ud83d\ude00"}`],
    ['na\u00efve', JSON.stringify({ inner: JSON.stringify({ a: 'na\u00efve' }).replace('\u00ef', String.raw`\u00ef`) })],
    ['"deep":"na\u00efve"', JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ deep: 'na\u00efve' }) }) })],
    ['a b', String.raw`{"link":"https:\/\/x.test\/a%20b"}`],
  ])('behind the escapes of JSON: %s in %s', async (q, body) => {
    expect(await isFound(q, body)).toBe(true);
  });

  it.each(packers)('in %s', async (_name, coding, pack) => {
    const headers: readonly HeaderField[] = [...typed('application/json'), ['Content-Encoding', coding]];
    expect(await isFound('N\u00e4dle', pack(Buffer.from('{"a":"n\u00e4dle"}')), headers)).toBe(true);
    expect(await isFound('other', pack(Buffer.from('{"a":"n\u00e4dle"}')), headers)).toBe(false);
  });

  it.each(inCharsets('{"a":"\u00c4rger"}'))('in %s', async (charset, bytes) => {
    expect(await isFound('\u00e4RGER', bytes, typed(`application/json; charset=${charset}`))).toBe(true);
    // Also where nobody names the charset.
    expect(await isFound('\u00e4RGER', bytes)).toBe(true);
  });

  it('whatever the text is, whatever it is packed in, and whichever part of it is looked for in whichever case', async () => {
    const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
    const ways = ['plain', 'gzip', 'deflate', 'br', 'zstd', 'utf-16le', 'json', 'json in json', 'form'] as const;
    const cases = [(part: string) => part, (part: string) => part.toUpperCase(), (part: string) => part.toLowerCase()] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
        fc.nat(),
        fc.nat(),
        fc.constantFrom(...ways),
        fc.constantFrom(...cases),
        async (text, from, length, way, inCase) => {
          const units = Array.from(graphemes.segment(text), ({ segment }) => segment);
          const start = from % units.length;
          const part = units.slice(start, start + 1 + (length % (units.length - start))).join('');
          const { bytes, headers } = written(text, way);
          const look = await lookInBody(createNeedle(inCase(part)), bytes, headers);
          expect(look).toEqual({ isFound: true, isPart: false });
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('and what is not there is not found', async () => {
    expect(await isFound('needle', '{"a":"need","b":"le"}')).toBe(false);
    expect(await isFound('\u00e4', '{"a":"a"}')).toBe(false);
    expect(await isFound('\\', '{"a":"b"}')).toBe(false);
  });
});

/** A text as a body that holds it in one way. */
function written(text: string, way: string): { readonly bytes: Uint8Array; readonly headers: readonly HeaderField[] } {
  const escaped = JSON.stringify({ text }).replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  switch (way) {
    case 'plain':
      return { bytes: Buffer.from(text), headers: [] };
    case 'utf-16le':
      return { bytes: Buffer.from(text, 'utf16le'), headers: typed('text/plain; charset=utf-16le') };
    case 'json':
      return { bytes: Buffer.from(escaped), headers: typed('application/json') };
    case 'json in json':
      return { bytes: Buffer.from(JSON.stringify({ inner: escaped })), headers: typed('application/json') };
    case 'form':
      return { bytes: Buffer.from(`a=1&${new URLSearchParams({ text }).toString()}`), headers: typed('application/x-www-form-urlencoded') };
    default:
      return packed(text, way);
  }
}

describe('a body that cannot be looked at whole', () => {
  const look = (q: string, bytes: Uint8Array, headers: readonly HeaderField[] = []) => lookInBody(createNeedle(q), bytes, headers);

  it('is searched in its beginning, and told', async () => {
    const large = Buffer.alloc(searchedBytes + 100, 'x');
    large.write('needle', searchedBytes + 10);
    expect(await look('needle', large)).toEqual({ isFound: false, isPart: true });
    large.write('needle', 5);
    expect(await look('needle', large)).toEqual({ isFound: true, isPart: false });
  });

  it('is nothing but accents', async () => {
    const accents = Buffer.alloc(searchedBytes, '\u0301\u0323');
    expect((await look('n\u00e4del', accents)).isFound).toBe(false);
  });

  it('is a bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(256 * 1024 * 1024));
    expect(await look('needle', bomb, [['Content-Encoding', 'gzip']])).toEqual({ isFound: false, isPart: true });
  });

  it('is damaged: what stands before the damage is found', async () => {
    const bytes = Buffer.from(gzipSync(Buffer.from(`needle ${Array.from({ length: 9000 }, (_, at) => (at * 7919) % 10_007).join(' ')}`)));
    bytes.fill(0xff, 12_000, 12_400);
    expect(await look('needle', bytes)).toEqual({ isFound: true, isPart: false });
    expect(await look('noodle', bytes)).toEqual({ isFound: false, isPart: true });
  });
});

describe('a text is found in headers and URLs', () => {
  const isIn = (q: string, headers: readonly HeaderField[]) => isInHeaders(createNeedle(q), JSON.stringify(headers));

  it('in names, in values, and over both', () => {
    const headers: readonly HeaderField[] = [
      ['X-Shop', 'say "hi"'],
      ['Content-Type', 'text/plain'],
    ];
    for (const q of ['x-shop', 'SAY "HI"', 'x-shop: say', 'x-shop:say', 'Content-Type: text', 'text/plain'])
      expect(isIn(q, headers)).toBe(true);
    // What stands between them in the data file is nothing that anyone sent.
    for (const q of ['","', '],[', 'plain"', 'hi"content']) expect(isIn(q, headers)).toBe(false);
  });

  it('beyond ASCII, as bytes and as UTF-8', () => {
    const bytes = Buffer.from('\u00c4rger').toString('latin1');
    expect(isIn('\u00e4RGER', [['X-What', bytes]])).toBe(true);
    expect(isIn('\u00e4RGER', [['X-What', '\u00c4rger']])).toBe(true);
    expect(isInUrl(createNeedle('\u00e4rger'), `/a?q=${bytes}`)).toBe(true);
  });

  it('behind percent signs', () => {
    expect(isInUrl(createNeedle('a b@c'), '/hook?mail=A+b%40c')).toBe(true);
    expect(isIn('a b', [['Referer', 'https://x.test/a%20b']])).toBe(true);
  });
});
