import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NoiseKind } from '#shared/contract/comparing.ts';
import { compareBodies } from '#engine/comparing/body-comparison.ts';
import { ignoring } from '#engine/comparing/json-findings.ts';
import { firstAndSecond } from '#engine/comparing/side-words.ts';

const text = 'text/plain; charset=utf-8';
const form = 'application/x-www-form-urlencoded';

interface Sent {
  readonly type?: string;
  readonly isPacked?: boolean;
}

function body(content: string | Uint8Array, { type = 'application/json', isPacked = false }: Sent = {}) {
  const bytes = isPacked ? gzipSync(content) : Buffer.from(content);
  const headers: [string, string][] = [['Content-Type', type], ...(isPacked ? [['Content-Encoding', 'gzip'] as [string, string]] : [])];
  return { bytes, size: bytes.length, headers, isCut: false };
}

const compared = async (one: ReturnType<typeof body>, other: ReturnType<typeof body>, ignore: readonly NoiseKind[] = []) =>
  compareBodies(one, other, firstAndSecond, ignoring(ignore));

const sentences = async (one: string, other: string, sent?: Sent) =>
  (await compared(body(one, sent), body(other, sent))).rewrites.map(({ sentence }) => sentence);

const dates = ['"2026-01-01T00:00:00Z"', '"2026-02-01T00:00:00Z"'] as const;

/** JSON as pieces, each in one of the ways in which it may be written. */
const name = fc.constantFrom('"a"', String.raw`"\u0061"`, '"b"', String.raw`"\u0062"`);
const space = fc.constantFrom('', '', '', ' ', '\n');
const scalar = fc.constantFrom('1', '1.0', '2', '"x"', String.raw`"\u0078"`, ...dates, dates[0], dates[1]);
const value = fc.oneof(
  { weight: 4, arbitrary: scalar },
  fc.tuple(scalar, space).map(([item, gap]) => `[${gap}${item}]`),
  fc.tuple(name, scalar, name, scalar).map(([one, first, other, second]) => `{${one}:${first},${other}:${second}}`),
);
const members = fc.array(fc.tuple(name, value, space), { minLength: 1, maxLength: 4 });
type Members = readonly (readonly [string, string, string])[];
const written = (parts: Members, [start, end]: readonly [string, string]) =>
  `${start}{${parts.map(([own, of, gap]) => `${own}:${gap}${of}`).join(',')}}${end}`;

/** Two objects that most often are nearly the same: one member, its space or its date may be another, or stand elsewhere. */
const pair = fc
  .tuple(
    members,
    members,
    fc.nat(3),
    fc.constantFrom('name', 'value', 'space', 'place', 'none'),
    fc.array(space, { minLength: 4, maxLength: 4 }),
  )
  .map(([parts, others, at, way, [start = '', end = '', otherStart = '', otherEnd = '']]) => {
    const index = at % parts.length;
    const [own = '', of = '', gap = ''] = parts[index] ?? [];
    const [otherName = '', otherValue = '', otherGap = ''] = others[0] ?? [];
    const changed: Members[number] = [
      way === 'name' ? otherName : own,
      way === 'value' ? otherValue : of,
      way === 'space' ? otherGap : gap,
    ];
    const rest = parts.filter((_, place) => place !== index);
    const moved: Members = way === 'place' ? [...rest, changed] : parts.map((part, place) => (place === index ? changed : part));
    const aged = moved.map(([a, b, c]) => [a, b.replaceAll(dates[0], dates[1]), c] as const);
    return [written(parts, [start, end]), written(aged, way === 'space' ? [otherStart, otherEnd] : [start, end])] as const;
  });

describe('two bodies', () => {
  it('are never the same, or the same but for what was left out, unless their bytes are without the dates', async () => {
    const undated = (json: string) => json.replaceAll(dates[0], 'date').replaceAll(dates[1], 'date');
    const seen = { same: 0, sameBut: 0, different: 0 };
    await fc.assert(
      fc.asyncProperty(pair, async ([one, other]) => {
        const { result, leftOutCount, rewrites, changeCount } = await compared(body(one), body(other), ['dates']);
        if (result === 'same') expect(undated(one)).toBe(undated(other));
        // What is called different has its reason told.
        else expect(rewrites.length + changeCount).toBeGreaterThan(0);
        seen[result === 'same' ? (leftOutCount > 0 ? 'sameBut' : 'same') : 'different'] += 1;
      }),
      { numRuns: 3000 },
    );
    expect(Object.values(seen).every((count) => count > 20)).toBe(true);
  });

  it.each([
    ['a repeated name with other escapes', `{"a":1,"d":${dates[0]},"a":2}`, String.raw`{"\u0061":1,"d":${dates[1]},"a":2}`],
    ['space in one place', `{"a":1,  "d":${dates[0]}}`, `{"a":1, "d":${dates[1]}}`],
    ['space before them', `{"d":${dates[0]}}`, ` {"d":${dates[1]}}`],
    ['another line end behind them', `{"d":${dates[0]}}\n`, `{"d":${dates[1]}}\r\n`],
  ])('that differ in dates and %s have that told', async (_what, one, other) => {
    const found = await compared(body(one), body(other), ['dates']);
    expect(found).toMatchObject({ result: 'different', changeCount: 0, leftOutCount: 1, rewrites: { length: 1 } });
  });

  it('that differ in dates and in a byte order mark within compression have that told', async () => {
    const found = await compared(body(`\ufeff{"d":${dates[0]}}`, { isPacked: true }), body(`{"d":${dates[1]}}`, { isPacked: true }), [
      'dates',
    ]);
    expect(found).toMatchObject({ result: 'different', leftOutCount: 1, rewrites: [{ kind: 'byte order mark' }] });
  });

  it('that differ in dates and in bytes that could not be read are not called the same', async () => {
    const broken = (byte: number, date: string) =>
      Buffer.concat([Buffer.from('{"a":"'), Buffer.from([byte]), Buffer.from(`","d":${date}}`)]);
    const type = 'application/json; charset=utf-8';
    const found = await compared(body(broken(0xff, dates[0]), { type }), body(broken(0xfe, dates[1]), { type }), ['dates']);
    expect(found).toMatchObject({ result: 'not compared', content: 'unknown' });
    expect(found.notes[0]).toContain('Not all bytes are UTF-8');
  });
});

describe('what is told of two texts', () => {
  const sent = { type: text };
  it.each([
    ['a\r\nb\nc', 'a\nb\r\nc', 'Only line ends of the text differ, 2 of 2, first that of line 1: CRLF in the first, LF in the second.'],
    ['a\nb\nc\n', 'a\nb\r\nc\n', 'Only line ends of the text differ, 1 of 3, that of line 2: LF in the first, CRLF in the second.'],
    ['a\rb\n', 'a\rb\r\n', 'Only line ends of the text differ, 1 of 2, that of line 2: LF in the first, CRLF in the second.'],
    ['a\nb\n', 'a\r\nb\r\n', 'Only the line ends of the text differ: LF in the first, CRLF in the second.'],
    ['a', 'a \n', 'Only the space at the end of the text differs.'],
  ])('%j and %j is true of their line ends', async (one, other, sentence) => {
    expect(await sentences(one, other, sent)).toEqual([sentence]);
  });

  it.each(['a\n b', 'a\nb ', 'a\n\nb'])('is nothing for other space within: %j', async (other) => {
    expect(await sentences('a\r\nb', other, sent)).toEqual([]);
  });

  it.each([
    ['[1]\n', '[1]\r\n', String.raw`What stands behind the JSON differs: "\n" in the first, "\r\n" in the second.`],
    ['[1] ', '[1]  ', 'What stands behind the JSON differs: " " in the first, "  " in the second.'],
    ['[1]', '\n[1]', 'What stands before the JSON differs: nothing in the first, a line end in the second.'],
    ['[1]', `[1]${' '.repeat(100)}`, 'What stands behind the JSON differs: nothing in the first, space in the second.'],
  ])('%j and %j is true of the space around JSON', async (one, other, sentence) => {
    expect(await sentences(one, other)).toEqual([sentence]);
  });

  it('is how JSON is laid out to its end', async () => {
    const line = JSON.stringify(Array.from({ length: 40_000 }, () => 1));
    expect(await sentences(line, line.replace(/,1\]$/, ',\n1]'))).toEqual(['The space between the tokens of the JSON is other.']);
  });

  it.each([
    ['a=1%202', 'a=1+2', 'with other percent escapes.'],
    ['a&b=1', 'a=&b=1', 'with other marks around empty values or fields.'],
    ['a=1&b=2&', 'a=1&&b=2', 'with other marks around empty values or fields.'],
  ])('%s and %s is true of the form', async (one, other, how) => {
    const told = await sentences(one, other, { type: form });
    expect(told).toEqual([`The fields of the form are the same in the same order, ${how}`]);
  });

  it('is nothing for a form with a field without a name', async () => {
    expect(await sentences('a=1&=2', 'a=1', { type: form })).toEqual([]);
  });
});

describe('JSON that is nested deep', () => {
  const digits = Array.from({ length: 60_000 }, (_, index) => index % 9).join(',');
  const timed = async (one: string, other: string) => {
    const startMs = performance.now();
    const found = await compared(body(one), body(other));
    return { found, ms: performance.now() - startMs };
  };

  it('is compared in a time that grows with its size, and not with its levels times its size', async () => {
    const depth = 900;
    const nested = '['.repeat(depth) + digits + ']'.repeat(depth);
    const longer = `${'['.repeat(depth)}${digits},1${'],0'.repeat(depth - 1)}]`;
    const { found, ms } = await timed(nested, longer);
    expect(found).toMatchObject({ content: 'other', changeCount: depth });
    // Six seconds and more where every level was read by every level above it.
    expect(ms).toBeLessThan(2000);
    // 900 levels have a path of 2,700 characters, of which the middle is left out.
    expect(Math.max(...found.changes.map(({ path }) => path.length))).toBeLessThan(1100);
  });

  it('is compared to the last level that is read, in objects too', async () => {
    const nested = (source: string, within: string) => `{"a":1,${source}:`.repeat(990) + within + '}'.repeat(990);
    expect((await timed(nested('"b"', '1'), nested('"b"', '2'))).found).toMatchObject({ changeCount: 1 });
    // In lists of other lengths the elements have keys.
    const [one, other] = [nested('"b"', '1'), nested(String.raw`"\u0062"`, '2')];
    expect((await timed(`[${one}]`, `[${other},3]`)).found).toMatchObject({ changeCount: 2, rewrites: [{ kind: 'escapes' }] });
  });

  it('has long names cut in the paths of what is listed', async () => {
    const of = (each: number) => JSON.stringify({ ['n'.repeat(100_000)]: Array.from({ length: 300 }, () => each) });
    const { found } = await timed(of(1), of(2));
    expect(found.changeCount).toBe(300);
    expect(JSON.stringify(found).length).toBeLessThan(60_000);
  });

  it('takes no long time for a text of marks that would be put in another order', async () => {
    const { found, ms } = await timed(
      JSON.stringify(`a${'\u0301\u0323'.repeat(20_000)}`),
      JSON.stringify(`a${'\u0323\u0301'.repeat(20_000)}`),
    );
    expect(found.changeCount).toBe(1);
    expect(ms).toBeLessThan(1000);
  });
});
