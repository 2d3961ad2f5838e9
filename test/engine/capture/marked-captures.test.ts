import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { harEntries, readHarEntry } from '#shared/import/har.ts';
import { cleanUpNow } from '../retention/retention-support.ts';
import { openClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';

let engine: ClockedEngine;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hookyard-'));
  engine = await openClockedEngine({ dataDir: folder, capturePort: 0 });
});
afterAll(async () => {
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

let made = 0;

/** A bin of its own with these captures, oldest first. */
async function binWith(
  ...requests: readonly { readonly body: string | Uint8Array; readonly headers?: Readonly<Record<string, string>> }[]
) {
  made += 1;
  const bin = await engine.client.bins.create({ name: `Bin ${made}` });
  for (const { body, headers = {} } of requests) await fetch(`${bin.url}/a?b=1`, { method: 'POST', body: Buffer.from(body), headers });
  const list = async () => (await engine.client.captures.list({ binId: bin.id })).items.toReversed();
  const ids = (await list()).map(({ id }) => id);
  return { bin, ids, list, id: ids[0] ?? '' };
}

it('a capture is pinned and gets a note and tags, which are found by a search; what is not given stays', async () => {
  const { bin, id } = await binWith({ body: 'x' });
  await engine.client.captures.mark({ id, note: 'The broken one', tags: ['bug', 'order-42', 'bug'] });
  expect(await engine.client.captures.mark({ id, isPinned: true })).toMatchObject({ isPinned: true, note: 'The broken one' });
  expect(await engine.client.captures.get({ id })).toMatchObject({ isPinned: true, note: 'The broken one', tags: ['bug', 'order-42'] });
  for (const q of ['BROKEN', 'order-42'])
    expect((await engine.client.captures.list({ binId: bin.id, q })).items.map(({ foundIn }) => foundIn)).toEqual(['note or tags']);
  await expect(engine.client.captures.mark({ id, tags: ['two words'] })).rejects.toThrow('A tag is one word without commas.');
  await expect(engine.client.captures.mark({ id: 'cap_none', isPinned: true })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('a webhook id that came before marks a duplicate, in the same bin only', async () => {
  const headers = { 'X-GitHub-Delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958' };
  const first = await binWith({ body: 'x', headers }, { body: 'y', headers }, { body: 'z' });
  const other = await binWith({ body: 'x', headers });
  const marks = (await first.list()).map(({ messageId, sameMessageAsId }) => [messageId, sameMessageAsId]);
  expect(marks).toEqual([
    [headers['X-GitHub-Delivery'], null],
    [headers['X-GitHub-Delivery'], first.id],
    [null, null],
  ]);
  expect((await other.list()).map(({ sameMessageAsId }) => sameMessageAsId)).toEqual([null]);
});

it('the list names the event of each capture, by a header or the top of its JSON', async () => {
  await binWith({ body: '{"type":"order.made"}' }, { body: 'x', headers: { 'X-GitHub-Event': 'push' } }, { body: '[1]' });
  expect((await engine.client.captures.list({ limit: 3 })).items.map(({ eventType }) => eventType).toReversed()).toEqual([
    'order.made',
    'push',
    null,
  ]);
});

it('several captures are deleted at once, and restored by the same ids and time, but not those deleted before', async () => {
  const { ids, list } = await binWith({ body: 'a' }, { body: 'b' }, { body: 'c' });
  await engine.client.captures.remove({ id: ids[2] ?? '' });
  engine.clock.advance(1000);
  const { removedCaptures, removedAtMs } = await engine.client.captures.removeMany({ ids });
  expect([removedCaptures, await list()]).toEqual([2, []]);
  expect(await engine.client.captures.restoreMany({ ids, removedAtMs })).toEqual({ restoredCaptures: 2 });
  expect((await list()).map(({ id }) => id)).toEqual(ids.slice(0, 2));
});

it('captures are exported byte for byte: as JSON Lines, and as HAR that the reader of pasted requests takes', async () => {
  const binary = new Uint8Array([0, 255, 10]);
  const { bin, ids } = await binWith(
    { body: '{"é":1}', headers: { 'content-type': 'application/json', 'X-Key': 'kept' } },
    { body: binary },
  );
  const lines = await engine.client.captures.export({ format: 'jsonl', binId: bin.id });
  const parsed = Buffer.from(lines.contentBase64, 'base64')
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly id: string; readonly bodyBase64: string; readonly headers: readonly string[][] });
  expect(parsed.map(({ id }) => id)).toEqual(ids);
  expect(parsed.map(({ bodyBase64 }) => bodyBase64)).toEqual([
    Buffer.from('{"é":1}').toString('base64'),
    Buffer.from(binary).toString('base64'),
  ]);
  expect(parsed[0]?.headers).toContainEqual(['X-Key', 'kept']);

  const har = await engine.client.captures.export({ format: 'har', ids: [...ids] });
  const entries = harEntries(JSON.parse(Buffer.from(har.contentBase64, 'base64').toString())) ?? [];
  const read = entries.map(readHarEntry);
  expect(read.map(({ method, body, problems }) => [method, Buffer.from(body ?? []).toString('hex'), problems])).toEqual([
    ['POST', Buffer.from('{"é":1}').toString('hex'), []],
    ['POST', Buffer.from(binary).toString('hex'), []],
  ]);
  expect(read[0]?.url).toBe(`${bin.url}/a?b=1`);
  await expect(engine.client.captures.export({ format: 'har' })).rejects.toThrow('Say what to export: give ids, or a binId.');
  await expect(engine.client.captures.export({ format: 'har', ids: ['cap_none'] })).rejects.toThrow('There is no capture to export.');
});

it('a clean-up by number leaves a pinned capture, though it is the oldest', async () => {
  const { ids, list } = await binWith({ body: '1' }, { body: '2' }, { body: '3' });
  await engine.client.captures.mark({ id: ids[0] ?? '', isPinned: true });
  await engine.client.system.updateSettings({ keepCaptures: 2, confirm: true });
  await cleanUpNow(engine);
  const left = (await list()).map(({ id }) => id);
  expect(left).toContain(ids[0]);
  expect(left).not.toContain(ids[1]);
});
