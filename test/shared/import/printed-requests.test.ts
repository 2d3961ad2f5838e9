import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HeaderField } from '#shared/contract/common.ts';
import { parsePasted } from '#shared/import/parse-pasted.ts';
import { printers, withLineBreak, withoutBody } from './printers.ts';

const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{1,8}$/);
const value = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 _/.;:+-]{0,30}[A-Za-z0-9]$/).filter((text) => !/ {2}/.test(text));
/** What every webhook has, in some order, with others of one's own. */
const headers = fc
  .tuple(
    fc.uniqueArray(fc.tuple(word, word, value), { maxLength: 4, selector: ([one, two]) => `${one}-${two}`.toLowerCase() }),
    fc.stringMatching(/^[0-9a-f]{64}$/),
  )
  .map(([own, digest]): HeaderField[] => [
    ['content-type', 'application/json'],
    ['x-hub-signature-256', `sha256=${digest}`],
    ...own.map(([one, two, text]): HeaderField => [`x-${one}-${two}`.toLowerCase(), text]),
  ]);
const url = fc.tuple(word, word).map(([host, path]) => `https://${host.toLowerCase()}.example/${path}?x=1`);
const jsonText = fc
  .record({ id: fc.nat(), text: fc.string({ unit: 'grapheme', maxLength: 30 }), more: fc.jsonValue({ maxDepth: 2 }) })
  .map((one) => JSON.stringify(one));
/** No body of its own, so that it is no question which of two texts in a paste is meant. */
const request = fc.record({ url, headers, body: jsonText });

describe('a request that a tool printed', () => {
  it.each(Object.entries(printers))('comes back from %s with its headers and every byte', (name, print) => {
    fc.assert(
      fc.property(request, (one) => {
        const read = parsePasted({ text: print(one) });
        const named = new Map(read.headers.map(([key, text]) => [key.toLowerCase(), text]));
        expect(one.headers.map(([key]) => [key, named.get(key)])).toEqual(one.headers);
        if (withoutBody.includes(name)) expect(read.body).toBeNull();
        else
          expect(read.body === null ? null : Buffer.from(read.body).toString('utf8')).toBe(
            one.body + (withLineBreak.includes(name) ? '\n' : ''),
          );
        expect(read.problems).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it.each(Object.entries(printers))('is the same from %s in a file as from the clipboard', (_, print) => {
    fc.assert(
      fc.property(request, (one) => {
        const text = print(one);
        const [pasted, dropped] = [parsePasted({ text }), parsePasted({ bytes: Buffer.from(text) })];
        expect({ ...dropped, body: dropped.body?.join() }).toEqual({ ...pasted, body: pasted.body?.join() });
      }),
      { numRuns: 5 },
    );
  });
});

describe('a call of fetch whose text has `${`', () => {
  const call = (body: string, header = "'one'") =>
    parsePasted({ text: `await fetch('https://a.example/in', { method: 'POST', headers: { 'x-one': ${header} }, body: ${body} })` });

  it.each([
    ['in quotes', `'{"\${":1}'`, '{"${":1}'],
    ['in quotes, in two pieces', `'{"\${' + '":1}'`, '{"${":1}'],
    ['escaped in a template', '`{"\\${":1}`', '{"${":1}'],
    ['escaped after its sign', '`{"$\\{":1}`', '{"${":1}'],
    ['as a value', `JSON.stringify({ one: '\${' })`, '{"one":"${"}'],
  ])('has its body where that stands %s', (_, body, text) => {
    const read = call(body);
    expect([read.problems, read.bodyGap, Buffer.from(read.body ?? '').toString()]).toEqual([[], undefined, text]);
  });

  it.each([
    ['a template', '`{"id":${id}}`'],
    ['a template behind a text', '\'{"id":\' + `${id}}`'],
    ['a value in the body', 'JSON.stringify({ one: [`${id}`] })'],
  ])('lacks its body where the code makes it in %s', (_, body) => {
    const read = call(body);
    expect([read.body, read.bodyGap?.kind, read.problems.map(({ message }) => message)]).toEqual([
      null,
      'missing',
      ['The body is made by code, and the paste does not contain the result; add its bytes as the body.'],
    ]);
  });

  it('is known to lack a header whose value the code makes', () => {
    const read = call("'{}'", '`Bearer ${token}`');
    expect([read.lacksHeaders, read.headers]).toEqual([true, [['x-one', 'Bearer ${token}']]]);
  });
});
