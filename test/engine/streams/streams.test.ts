import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBackground } from '#engine/background/background.ts';
import { readExactEvent } from '#engine/sources/exact-event.ts';
import type { ServerEvent } from '#engine/http/event-stream.ts';
import type { StreamForm } from '#engine/streams/streams.ts';
import { backgroundThread } from '#engine/threads/background-url.ts';
import { openClockedEngine, startClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { cleanUpNow } from '../retention/retention-support.ts';
import { createTestFollower, type TestFollower } from './stream-support.ts';

const start = () => startClockedEngine({ capturePort: 0 });
const background = createBackground({ threadCode: backgroundThread });
afterAll(() => background.close());

/** For tests that neither stop it nor clean its data file up. */
let shared: ClockedEngine;
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hookyard-streams-'));
  shared = await openClockedEngine({ dataDir: folder, capturePort: 0 });
  return async () => {
    await shared.stop();
    rmSync(folder, { recursive: true, force: true });
  };
});

async function send(url: string, body: string | Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>> = {}, method = 'POST') {
  expect((await fetch(url, { method, body, headers })).status).toBe(200);
}

async function keyOf({ client }: ClockedEngine, binId: string): Promise<{ readonly id: string; readonly key: string }> {
  const { id, path } = await client.streamKeys.create({ binId });
  return { id, key: path.slice('/stream/'.length) };
}

function follow(
  engine: ClockedEngine,
  key: string,
  form: StreamForm = 'exact',
  lastEventId: string | null = null,
): TestFollower & { readonly leave: () => void } {
  const follower = createTestFollower();
  expect(engine.streams.judge(key)).toBeNull();
  return Object.assign(follower, { leave: engine.streams.follow(key, { form, lastEventId }, follower) });
}

const bodiesOf = async (events: readonly ServerEvent[]) => {
  const bodies: string[] = [];
  for (const event of events.filter(({ type }) => type === 'capture')) {
    const read = await readExactEvent(background, event.lines, 100_000_000);
    bodies.push(read.kind === 'capture' ? Buffer.from(read.body).toString('latin1') : read.why);
  }
  return bodies;
};

describe('a stream', () => {
  it('brings captures byte for byte from the moment of connecting on', async () => {
    const engine = shared;
    const bin = await engine.client.bins.create({ name: 'Shop' });
    const { key } = await keyOf(engine, bin.id);
    await send(bin.url, 'before');
    const follower = follow(engine, key);
    const bytes = Buffer.from([0, 255, 10, 13, 128]);
    await send(`${bin.url}/orders/7?a=%20b`, bytes, { 'X-Odd': 'Ünï'.normalize('NFC').replace(/[^\x20-\xff]/g, '') }, 'PUT');
    const [ready, event] = await follower.told(2);
    expect(ready).toMatchObject({ type: 'ready' });
    expect(ready?.lastId).toMatch(/^\d+-cap_/);
    const read = await readExactEvent(background, event?.lines ?? [], 1000);
    expect(read).toMatchObject({
      kind: 'capture',
      isCut: false,
      head: { method: 'PUT', path: '/orders/7', query: 'a=%20b', status: 200, bodyBytes: 5 },
    });
    expect(read.kind === 'capture' && Buffer.from(read.body)).toEqual(bytes);
  });

  it('goes on after the last id without a loss, also with what came while nobody followed', async () => {
    const engine = shared;
    const bin = await engine.client.bins.create({ name: 'Shop' });
    const other = await engine.client.bins.create({ name: 'Other' });
    const { key } = await keyOf(engine, bin.id);
    const first = follow(engine, key);
    await send(bin.url, 'one');
    const [, one] = await first.told(2);
    first.leave();
    await send(other.url, 'not for this stream');
    for (const body of ['two', 'three']) await send(bin.url, body);
    const second = follow(engine, key, 'exact', one?.lastId);
    expect(await bodiesOf(await second.told(3))).toEqual(['two', 'three']);
    const fromStart = follow(engine, key, 'exact', '0');
    expect(await bodiesOf(await fromStart.told(4))).toEqual(['one', 'two', 'three']);
  });

  it('says out loud that captures may be missing when the one to go on from is gone, and leaves out none that is kept', async () => {
    const engine = await start();
    const bin = await engine.client.bins.create({ name: 'Shop' });
    const { id, key } = await keyOf(engine, bin.id);
    const first = follow(engine, key);
    for (const body of ['one', 'two', 'three']) await send(bin.url, body);
    const [, one] = await first.told(4);
    first.leave();
    const captures = (await engine.client.captures.list({ binId: bin.id })).items;
    for (const capture of captures.slice(1)) await engine.client.captures.remove({ id: capture.id });
    engine.clock.advance(700_000);
    await cleanUpNow(engine);
    const second = follow(engine, key, 'exact', one?.lastId);
    const told = await second.told(3);
    expect(told.map(({ type }) => type)).toEqual(['ready', 'gap', 'capture']);
    expect(String(told[1]?.lines[0])).toContain('no longer kept');
    expect(await bodiesOf(told)).toEqual(['three']);
    expect((await engine.client.streamKeys.list({})).items).toMatchObject([
      { id, lastGap: { message: expect.stringContaining('no longer kept') } },
    ]);
  });

  it('repeats rather than leaves out where numbers of deleted captures are used again', async () => {
    const engine = await start();
    const bin = await engine.client.bins.create({ name: 'Shop' });
    const { key } = await keyOf(engine, bin.id);
    const first = follow(engine, key);
    await send(bin.url, 'one');
    const [, one] = await first.told(2);
    first.leave();
    for (const { id } of (await engine.client.captures.list({ binId: bin.id })).items) await engine.client.captures.remove({ id });
    engine.clock.advance(700_000);
    await cleanUpNow(engine);
    await send(bin.url, 'two');
    expect((await engine.client.captures.list({ binId: bin.id })).items).toHaveLength(1);
    const second = follow(engine, key, 'exact', one?.lastId);
    expect(await bodiesOf(await second.told(3))).toEqual(['two']);
  });

  it('begins with what comes now, and says so, for an id that is none of its own', async () => {
    const engine = shared;
    const bin = await engine.client.bins.create({ name: 'Shop' });
    const { key } = await keyOf(engine, bin.id);
    await send(bin.url, 'before');
    const follower = follow(engine, key, 'exact', '17');
    await send(bin.url, 'after');
    const told = await follower.told(3);
    expect(told.map(({ type }) => type)).toEqual(['ready', 'gap', 'capture']);
    expect(String(told[1]?.lines[0])).toContain('not of this stream');
    expect(await bodiesOf(told)).toEqual(['after']);
  });

  it('tells smee-client a body that it writes again as the same bytes, and says so where it cannot', async () => {
    const engine = shared;
    const bin = await engine.client.bins.create({ name: 'Hub' });
    const { key } = await keyOf(engine, bin.id);
    const follower = follow(engine, key, 'smee');
    const json = { 'Content-Type': 'application/json' };
    await send(`${bin.url}/a?x=1&x=2&y=z`, '{"n":1,"é":"ü"}', { ...json, 'X-GitHub-Event': 'push', Body: 'no', Connection: 'keep-alive' });
    await send(bin.url, '{ "n": 1.0 }', json);
    await send(bin.url, 'a=b');
    await send(bin.url, Buffer.from([255, 0]));
    await send(bin.url, '');
    const told = (await follower.told(6)).slice(1).map(({ lines }) => JSON.parse(lines.map(String).join('\n')) as Record<string, unknown>);
    expect(told.map((data) => [data['hookyard-body'], data['body']])).toEqual([
      ['as-received', { n: 1, é: 'ü' }],
      ['rewritten', { n: 1 }],
      ['as-text', 'a=b'],
      ['as-base64', '/wA='],
      ['empty', {}],
    ]);
    expect(told[0]).toMatchObject({
      'x-github-event': 'push',
      query: { x: ['1', '2'], y: 'z' },
      'hookyard-request': 'POST /a?x=1&x=2&y=z',
    });
    expect(told[0]).not.toHaveProperty('connection');
  });

  it('brings large bodies in pieces, in both forms', async () => {
    const engine = shared;
    const bin = await engine.client.bins.create({ name: 'Shop' });
    const { key } = await keyOf(engine, bin.id);
    const [exact, smee] = [follow(engine, key), follow(engine, key, 'smee')];
    const bytes = randomBytes(3_000_001);
    const text = JSON.stringify({ text: 'x'.repeat(200_000) });
    await send(bin.url, bytes);
    await send(bin.url, text, { 'Content-Type': 'application/json' });
    expect(await bodiesOf(await exact.told(3))).toEqual([bytes.toString('latin1'), text]);
    const [, , event] = await smee.told(3);
    expect(JSON.parse(String(event?.lines[0]))).toMatchObject({ body: JSON.parse(text) as unknown, 'hookyard-body': 'as-received' });
  });

  it('holds nothing for a follower that takes nothing, which slows neither the others nor the senders', async () => {
    const engine = shared;
    const bin = await engine.client.bins.create({ name: 'Shop' });
    const { key } = await keyOf(engine, bin.id);
    const [quick, slow] = [follow(engine, key), follow(engine, key)];
    await slow.told(1);
    slow.hang();
    const count = 300;
    for (let index = 0; index < count; index += 1) await send(bin.url, `${index} ${'y'.repeat(2000)}`);
    expect(await bodiesOf(await quick.told(count + 1))).toHaveLength(count);
    expect(slow.heldBytes()).toBeLessThan(400_000);
    slow.resume();
    expect((await bodiesOf(await slow.told(count + 1))).map((body) => Number(body.split(' ')[0]))).toEqual(
      Array.from({ length: count }, (_, index) => index),
    );
  });

  it('says every while that it stands, and nothing to a reader that is behind', async () => {
    const engine = shared;
    const bin = await engine.client.bins.create({ name: 'Shop' });
    const { key } = await keyOf(engine, bin.id);
    const follower = follow(engine, key);
    await follower.told(1);
    const written: string[] = [];
    const { write } = follower;
    Object.assign(follower, { write: (bytes: Uint8Array) => (written.push(Buffer.from(bytes).toString()), write(bytes)) });
    engine.clock.advance(25_000);
    expect(written).toEqual([': ping\n\n']);
    follower.hang();
    await send(bin.url, 'kept back');
    engine.clock.advance(25_000);
    expect(written.filter((text) => text.startsWith(':'))).toHaveLength(1);
  });
});

describe('the keys of streams', () => {
  it('are told once, kept as a hash, and count who follows by them', async () => {
    const engine = await start();
    const bin = await engine.client.bins.create({ name: 'Shop' });
    const made = await engine.client.streamKeys.create({ binId: bin.id, name: 'Ann' });
    const key = made.path.slice('/stream/'.length);
    expect(key).toMatch(/^hsk_[\w-]{43}$/);
    const [one] = [follow(engine, key), follow(engine, key)];
    const listed = (await engine.client.streamKeys.list({ binId: bin.id })).items;
    expect(listed).toMatchObject([{ id: made.id, name: 'Ann', followers: 2, fingerprint: made.fingerprint }]);
    expect(JSON.stringify(listed)).not.toContain(key);
    one?.leave();
    await engine.stop();
    const again = await startClockedEngine({ capturePort: 0, dataDir: engine.dataDir });
    expect(again.streams.judge(key)).toBeNull();
    expect((await again.client.streamKeys.list({})).items).toMatchObject([{ followers: 0, usedAtMs: expect.any(Number) }]);
  });

  it('open nothing once they are revoked or their bin is deleted, which nothing tells apart from a key that never was', async () => {
    const engine = shared;
    const bin = await engine.client.bins.create({ name: 'Shop' });
    const [revoked, kept] = [await keyOf(engine, bin.id), await keyOf(engine, bin.id)];
    const [first, second] = [follow(engine, revoked.key), follow(engine, kept.key)];
    expect(await engine.client.streamKeys.revoke({ id: revoked.id })).toEqual({ id: revoked.id, followers: 1 });
    await first.ended;
    expect(second.isEnded()).toBe(false);
    await engine.client.bins.remove({ id: bin.id });
    await second.ended;
    for (const key of [revoked.key, kept.key, 'hsk_never']) expect(engine.streams.judge(key)).toEqual({ kind: 'unknown' });
    await engine.client.bins.restore({ id: bin.id });
    expect(engine.streams.judge(kept.key)).toBeNull();
    await expect(engine.client.streamKeys.create({ binId: 'bin_none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('let in 512 followers at once', async () => {
    const engine = await start();
    const bin = await engine.client.bins.create({ name: 'Shop' });
    const { key } = await keyOf(engine, bin.id);
    const followers = Array.from({ length: 512 }, () => follow(engine, key));
    expect(engine.streams.judge(key)).toEqual({ kind: 'full', limit: 512 });
    followers[0]?.leave();
    await send(bin.url, 'to all');
    expect(await bodiesOf(await (followers.at(-1)?.told(2) ?? []))).toEqual(['to all']);
  });
});
