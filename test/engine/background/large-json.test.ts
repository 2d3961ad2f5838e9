import { describe, expect, it } from 'vitest';
import {
  inputOf,
  largeJsonBytes,
  nameLimit,
  readInput,
  valueLimit,
  writeLargeAnswer,
  type ReadInput,
} from '#engine/background/large-json.ts';
import { memoryIn } from '#engine/background/memory-in.ts';
import { JsonText, jsonTextOf } from '#shared/contract/json.ts';

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const names = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`name ${index}`, index]));
const long = 'é"x'.repeat(100_000);

function read(value: unknown): ReadInput {
  const answer = readInput(bytes(value));
  if (answer.kind !== 'read') throw new Error(answer.message);
  return answer;
}

describe('the JSON of a call', () => {
  it('is taken as it is where it is small', () => {
    const value = { type: 'a.b', data: names(10), bodyBase64: 'AAAA' };
    const answer = read(value);
    expect(answer).toMatchObject({ texts: [], bodies: [] });
    expect(inputOf(answer)).toEqual(value);
    expect(inputOf(read(null))).toBeNull();
    expect(readInput(Buffer.from(' \n'))).toMatchObject({ kind: 'read', rest: null });
  });

  it.each([
    ['data of many names', { type: 'a.b', data: names(50_000) }, (input: Given) => input.data],
    ['data that is one long text', { type: 'a.b', data: long }, (input: Given) => input.data],
    ['the data of an event', { event: { type: 'a.b', data: { long } } }, (input: Given) => input.event?.data],
  ])('keeps %s as text, which is what it says', (_, value, dataOf) => {
    const answer = read(value);
    expect(JSON.stringify(answer.rest).length).toBeLessThan(100);
    const input = inputOf(answer) as Given;
    const data = dataOf(input);
    expect(data).toBeInstanceOf(JsonText);
    expect(jsonTextOf(data)).toBe(JSON.stringify(dataOf(value as Given)));
    expect(JSON.parse(JSON.stringify(input))).toEqual(value);
  });

  it('takes a large body out as bytes, and gives them away instead of a copy', () => {
    const body = Buffer.alloc(300_000, 0xff);
    const answer = read({ scheme: 'auto', request: { headers: [], bodyBase64: body.toString('base64') } });
    expect(answer.bodies).toHaveLength(1);
    expect(memoryIn(answer)).toEqual([answer.bodies[0]?.bytes.buffer]);
    const input = inputOf(answer) as { readonly request: { readonly bodyBase64: Uint8Array } };
    expect(body.equals(input.request.bodyBase64)).toBe(true);
  });

  it.each([
    ['small', ''],
    ['large', 'x'.repeat(largeJsonBytes)],
  ])('keeps data that a value does not say all of as text, and its repeated names, where it is %s', (_, pad) => {
    const data = `{"pad":"${pad}","n":1e400,"id":9007199254740993,"n":1.10}`;
    const answer = readInput(Buffer.from(`{"type":"a.b", "data" : ${data.replaceAll(',', ' ,\n ')} }`));
    if (answer.kind !== 'read') throw new Error(answer.message);
    expect(inputOf(answer)).toEqual({ type: 'a.b', data: new JsonText(data, ['n']) });
  });

  it('takes a large text in the place of data out, and refuses one that is no JSON or too deep', () => {
    const text = `{"n":1.10,"pad":"${'x'.repeat(largeJsonBytes)}"}`;
    expect(inputOf(read({ event: { dataText: text } }))).toEqual({ event: { data: new JsonText(text) } });
    expect(readInput(bytes({ dataText: `${text},` }))).toMatchObject({ kind: 'not JSON', message: expect.stringContaining('dataText') });
    const deep = `${'['.repeat(600)}${' '.repeat(largeJsonBytes)}${']'.repeat(600)}`;
    expect(readInput(bytes({ dataText: deep }))).toMatchObject({ kind: 'not JSON', message: expect.stringContaining('levels deep') });
    // Who gives both is told so by what was called.
    expect(inputOf(read({ data: 1, dataText: text }))).toEqual({ data: 1, dataText: text });
  });

  it('leaves what is no base64 for the contract to refuse', () => {
    const bodyBase64 = '*'.repeat(largeJsonBytes);
    expect(inputOf(read({ bodyBase64 }))).toEqual({ bodyBase64 });
  });

  it('is refused with the limit where more values than that stand elsewhere than in its data', () => {
    expect(readInput(bytes({ type: 'a.b', data: [], headers: Array.from({ length: valueLimit }, () => 1) }))).toEqual({
      kind: 'too many values',
      message: 'The request has more than 100,000 values beside its data: send fewer of them, or several requests.',
    });
    expect(readInput(bytes(names(valueLimit))).kind).toBe('too many values');
    expect(readInput(bytes({ fields: names(nameLimit + 1) }))).toEqual({
      kind: 'too many values',
      message: 'An object in the request has more than 10,000 names beside its data: send fewer of them, or several requests.',
    });
    expect(readInput(bytes({ fields: names(nameLimit) })).kind).toBe('read');
    expect(read({ data: names(valueLimit) }).texts).toHaveLength(1);
  });

  it.each([
    ['is no JSON', Buffer.from(`{"a":${'1,'.repeat(largeJsonBytes)}`), /^The body is not JSON: /],
    ['is no UTF-8', Buffer.alloc(largeJsonBytes * 2, 0xff), /^The body is not UTF-8 text/],
    ['is nested too deep', Buffer.from('['.repeat(largeJsonBytes * 2)), /nested more than 500 levels deep/],
  ])('is refused where it %s', (_, text, message) => {
    expect(readInput(text)).toMatchObject({ kind: 'not JSON', message: expect.stringMatching(message) });
  });
});

describe('a large answer', () => {
  it('is the JSON of its value, with the texts at their places', () => {
    const [start, end] = [Buffer.from('"é'), Buffer.from([0xff, 0x0a])];
    const parts = [
      { mark: 'first', kind: 'json', text: '{"b":[1]}' },
      { mark: 'second', kind: 'json', text: '"é"' },
      { mark: 'third', kind: 'base64', pieces: [start, end] },
      { mark: 'fourth', kind: 'utf8', pieces: [start] },
      { mark: 'fifth', kind: 'again', part: 0 },
    ] as const;
    const written = writeLargeAnswer({ value: { a: 'first', long, c: ['second'], d: 'third', e: 'fourth', f: 'fifth' }, parts });
    expect(JSON.parse(Buffer.from(written).toString())).toEqual({
      a: { b: [1] },
      long,
      c: ['é'],
      d: Buffer.concat([start, end]).toString('base64'),
      e: '"é',
      f: { b: [1] },
    });
  });
});

interface Given {
  readonly data?: unknown;
  readonly event?: { readonly data: unknown };
}
