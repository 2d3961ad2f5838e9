import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { longPairs } from '#engine/comparing/long-comparisons.ts';
import { readerOf } from '#engine/store/read-only.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';

async function workspace() {
  const engine = await startClockedEngine({ capturePort: 0 });
  const bin = await engine.client.bins.create({ name: 'Orders' });
  const captureOf = async (body: string | Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>> = {}) => {
    await fetch(bin.url, { method: 'POST', body, headers });
    return (await engine.client.captures.list({ binId: bin.id, limit: 1 })).items[0]?.id ?? '';
  };
  return { engine, captureOf };
}

const words = (count: number, first: number) =>
  JSON.stringify(Array.from({ length: count }, (_, index) => ({ index, text: 'some words of an order', first })));

it('a small comparison that comes last is made before the last of the large ones', async () => {
  const { engine, captureOf } = await workspace();
  const large = { before: { captureId: await captureOf(words(30_000, 1)) }, after: { captureId: await captureOf(words(30_000, 2)) } };
  const small = { before: { captureId: await captureOf('{"a":1}') }, after: { captureId: await captureOf('{"a":2}') } };
  const ended: string[] = [];
  const compare = async (name: string, pair: typeof small, ignore: readonly ('dates' | 'ids' | 'signatures')[]) => {
    const { request } = await engine.client.comparing.compare({ ...pair, ignore: [...ignore] });
    ended.push(name);
    return request.body.changeCount;
  };
  // With other kinds left out they are comparisons of their own.
  const found = await Promise.all([
    ...([[], ['dates'], ['ids'], ['signatures']] as const).map((ignore) => compare('large', large, ignore)),
    compare('small', small, []),
  ]);
  expect(found).toEqual([30_000, 30_000, 30_000, 30_000, 1]);
  expect(ended.indexOf('small')).toBeLessThan(4);
  expect(ended.at(-1)).toBe('large');
});

it('what is long is told by the size of bodies once unpacked, and by that of texts', async () => {
  const { engine, captureOf } = await workspace();
  const reader = readerOf(join(engine.dataDir, 'hookyard.db'));
  const packed = (count: number) => gzipSync(words(count, 1));
  const captures = {
    small: await captureOf(words(100, 1)),
    large: await captureOf(words(30_000, 1)),
    'small, packed': await captureOf(packed(100), { 'content-encoding': 'gzip' }),
    'large, packed': await captureOf(packed(30_000), { 'content-encoding': 'gzip' }),
  };
  const small = { kind: 'capture', id: captures.small } as const;
  const textOf = (text: string) => ({ kind: 'text', text, name: null, entry: null }) as const;
  const cases = [
    ...Object.entries(captures).map(([name, id]) => [name, { kind: 'capture', id }] as const),
    ['small text', textOf('{"a":1}')],
    ['large text', textOf(words(30_000, 1))],
    ['gone', { kind: 'capture', id: 'cap_none' }],
  ] as const;
  const isLong = cases.map(async ([name, asked]) => [name, await longPairs.isLong(reader, { before: small, after: asked })]);
  expect(Object.fromEntries(await Promise.all(isLong))).toEqual({
    small: false,
    large: true,
    'small, packed': false,
    'large, packed': true,
    'small text': false,
    'large text': true,
    gone: false,
  });
  const atSight = cases.filter(([, asked]) => longPairs.isLongAtSight({ before: small, after: asked })).map(([name]) => name);
  expect(atSight).toEqual(['large text']);
  expect(packed(30_000).byteLength).toBeLessThan(500_000);
});
