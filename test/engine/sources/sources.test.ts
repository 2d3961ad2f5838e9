import { setImmediate as nextTurn } from 'node:timers/promises';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verify } from '@octokit/webhooks-methods';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readExactHead } from '#engine/sources/exact-event.ts';
import { readSmeeEvent } from '#engine/sources/smee-event.ts';
import type { Bin } from '#shared/contract/bins.ts';
import type { Source } from '#shared/contract/sources.ts';
import { openTestServer, testToken } from '../../contract/doors.ts';
import { startClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { startHttpProxy } from '../../support/proxies.ts';
import { startSmeeServer } from '../../support/smee-server.ts';
import { receive, until } from '../replays/replay-support.ts';

const start = (ports: Parameters<typeof startClockedEngine>[0] = {}) => startClockedEngine({ capturePort: 0, ...ports });

async function smeeServer() {
  const smee = await startSmeeServer();
  onTestFinished(smee.close);
  return smee;
}

const post = (url: string, body: string | Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>> = {}) =>
  fetch(url, { method: 'POST', body, headers: { 'Content-Type': 'application/json', ...headers } });

function sourceWhen(engine: ClockedEngine, id: string, isReached: (source: Source) => boolean): Promise<Source> {
  return until(engine, async () => {
    const source = await engine.client.sources.get({ id });
    return isReached(source) ? source : null;
  });
}

const connected = (engine: ClockedEngine, id: string) => sourceWhen(engine, id, ({ state }) => state === 'connected');
const captured = (engine: ClockedEngine, id: string, count: number) => sourceWhen(engine, id, (source) => source.captured >= count);

/** All captures of a bin with their bodies, oldest first. */
async function capturesOf({ client }: ClockedEngine, bin: Bin) {
  const { items } = await client.captures.list({ binId: bin.id, limit: 200 });
  return Promise.all(items.toReversed().map(({ id }) => client.captures.get({ id })));
}

const bodyOf = ({ bodyBase64 }: { readonly bodyBase64: string }) => Buffer.from(bodyBase64, 'base64').toString('utf8');

/** Lets the clock run until the source is connected again. */
async function reconnected(engine: ClockedEngine, id: string): Promise<Source> {
  await sourceWhen(engine, id, ({ state }) => state === 'waiting' || state === 'refused');
  engine.clock.advance(600_000);
  return connected(engine, id);
}

async function withSmee(binInput: Partial<Parameters<ClockedEngine['client']['bins']['create']>[0]> = {}) {
  const [engine, smee] = [await start(), await smeeServer()];
  const bin = await engine.client.bins.create({ name: 'Hub', ...binInput });
  const source = await engine.client.sources.create({ binId: bin.id, url: `${smee.channel}/` });
  await connected(engine, source.id);
  return { engine, smee, bin, source };
}

describe('a smee channel as the source of a bin', () => {
  it('brings what comes to the channel, with the body that a signature over compact JSON proves', async () => {
    const secret = 'it-is-a-secret';
    const { engine, smee, bin, source } = await withSmee({ signing: { scheme: 'github-sha256' }, secrets: [secret] });
    const target = await receive();
    await engine.client.relays.create({ name: 'On', binId: bin.id, targets: [{ url: target.url, retryPolicy: 'none' }] });
    const body = '{"zen":"Keep it logically awesome.","n":9007199254740993,"u":"ü/\\""}'.replace('9007199254740993', '12');
    const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
    await post(`${smee.channel}?a=1`, body, { 'X-Hub-Signature-256': signature, 'X-GitHub-Event': 'ping' });
    expect(await captured(engine, source.id, 1)).toMatchObject({ kind: 'smee', state: 'connected', gapCount: 0, url: smee.channel });
    const [capture] = await capturesOf(engine, bin);
    expect(capture).toMatchObject({
      method: 'POST',
      target: '/hub?a=1',
      verification: { verdict: 'valid' },
      source: { sourceId: source.id, kind: 'smee', body: 'same-length' },
    });
    expect(bodyOf(capture ?? expect.unreachable())).toBe(body);
    const request = await target.nextRequest();
    expect(await verify(secret, request.body.toString('utf8'), request.header('x-hub-signature-256') ?? '')).toBe(true);
  });

  it('marks a body that the channel wrote again, and so does the verdict on its signature', async () => {
    const { engine, smee, bin, source } = await withSmee({ signing: { scheme: 'github-sha256' }, secrets: ['it-is-a-secret'] });
    const body = '{ "price": 1.10 }';
    await post(smee.channel, body, {
      'X-Hub-Signature-256': `sha256=${createHmac('sha256', 'it-is-a-secret').update(body).digest('hex')}`,
    });
    await captured(engine, source.id, 1);
    const [capture] = await capturesOf(engine, bin);
    expect(bodyOf(capture ?? expect.unreachable())).toBe('{"price":1.1}');
    expect(capture?.source).toMatchObject({ body: 'rewritten', message: expect.stringContaining('parsed and re-wrote the body') });
    expect(capture?.verification).toMatchObject({ verdict: 'invalid', message: expect.stringContaining('parsed and re-wrote the body') });
  });

  it('brings a large body, read in a thread', async () => {
    const { engine, smee, bin, source } = await withSmee();
    const body = JSON.stringify({ text: 'z'.repeat(300_000) });
    await post(smee.channel, body);
    await captured(engine, source.id, 1);
    expect(bodyOf((await capturesOf(engine, bin))[0] ?? expect.unreachable())).toBe(body);
  });

  it('connects again after a drop, and says in which time nothing was received', async () => {
    const { engine, smee, bin, source } = await withSmee();
    await post(smee.channel, '{"n":1}');
    await captured(engine, source.id, 1);
    smee.drop();
    const waiting = await sourceWhen(engine, source.id, ({ state }) => state === 'waiting');
    expect(waiting.message).toContain('ended the connection');
    expect(waiting.nextTryAtMs).toBe(engine.clock.now() + 1000);
    await post(smee.channel, '{"n":2}');
    engine.clock.advance(1000);
    await connected(engine, source.id);
    await post(smee.channel, '{"n":3}');
    const after = await captured(engine, source.id, 2);
    expect((await capturesOf(engine, bin)).map(bodyOf)).toEqual(['{"n":1}', '{"n":3}']);
    expect(after.gaps).toMatchObject([{ fromMs: expect.any(Number), message: expect.stringContaining('keeps nothing for later') }]);
    expect(smee.lastIds).toEqual([undefined, '1']);
  });

  it('notices an event whose number is missing', async () => {
    const { engine, smee, source } = await withSmee();
    smee.skip();
    await post(smee.channel, '{}');
    expect((await captured(engine, source.id, 1)).gaps).toMatchObject([{ message: '1 events of the channel did not arrive.' }]);
  });

  it('waits longer each time while the channel is away, and asks rarely where it is refused', async () => {
    const { engine, smee, source } = await withSmee();
    smee.refuse(500);
    smee.drop();
    const waits: number[] = [];
    for (let step = 0; step < 4; step += 1) {
      const { nextTryAtMs } = await sourceWhen(engine, source.id, ({ nextTryAtMs: at }) => at !== null && at > engine.clock.now());
      waits.push((nextTryAtMs ?? 0) - engine.clock.now());
      if (step === 3) smee.refuse(404);
      engine.clock.advance((nextTryAtMs ?? 0) - engine.clock.now());
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000]);
    const refused = await sourceWhen(engine, source.id, ({ state }) => state === 'refused');
    expect(refused.message).toContain('answered 404');
    expect((refused.nextTryAtMs ?? 0) - engine.clock.now()).toBe(300_000);
    smee.refuse(null);
    expect((await reconnected(engine, source.id)).message).toBe('It is connected.');
  });

  it('ends a connection that has been silent for too long', async () => {
    const { engine, smee, source } = await withSmee();
    await post(smee.channel, '{}');
    await captured(engine, source.id, 1);
    // Its time counts from the end of what it did last, one turn after the capture.
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    engine.clock.advance(90_000);
    expect((await sourceWhen(engine, source.id, ({ state }) => state === 'waiting')).message).toContain('has said nothing for 90 seconds');
    engine.clock.advance(1000);
    await connected(engine, source.id);
    expect(smee.lastIds).toHaveLength(2);
  });

  it('counts a connection that died without a word as gone since its last word', async () => {
    const { engine, smee, source } = await withSmee();
    await post(smee.channel, '{}');
    await captured(engine, source.id, 1);
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    const lastWordMs = engine.clock.now();
    engine.clock.advance(90_000);
    await sourceWhen(engine, source.id, ({ state }) => state === 'waiting');
    engine.clock.advance(1000);
    const { gaps } = await sourceWhen(engine, source.id, ({ gapCount }) => gapCount > 0);
    expect(gaps).toMatchObject([{ fromMs: lastWordMs, toMs: lastWordMs + 91_000 }]);
  });

  it('begins the gap of a restart with the last event, and that of a second one with the end of the first', async () => {
    const { engine, smee, source } = await withSmee();
    await post(smee.channel, '{}');
    await captured(engine, source.id, 1);
    const eventMs = engine.clock.now();
    engine.clock.advance(20_000);
    await engine.stop();
    await smee.left();
    const restart = async (count: number) => {
      engine.clock.advance(40_000);
      const again = await start({ dataDir: engine.dataDir, clock: engine.clock });
      const { gaps } = await sourceWhen(again, source.id, ({ gapCount }) => gapCount === count);
      await again.stop();
      return gaps;
    };
    expect(await restart(1)).toEqual([
      { fromMs: eventMs, toMs: eventMs + 60_000, message: expect.stringContaining('did not run for a part of this time') },
    ]);
    expect(await restart(2)).toMatchObject([{}, { fromMs: eventMs + 60_000, toMs: eventMs + 100_000 }]);
  });

  it('is paused, resumed and removed; what it brought stays', async () => {
    const { engine, smee, bin, source } = await withSmee();
    await post(smee.channel, '{}');
    await captured(engine, source.id, 1);
    expect(await engine.client.sources.update({ id: source.id, isActive: false })).toMatchObject({ state: 'paused', isActive: false });
    await smee.left();
    await engine.client.sources.update({ id: source.id, isActive: true, name: 'Mine' });
    expect(await connected(engine, source.id)).toMatchObject({ name: 'Mine' });
    const resumed = await sourceWhen(engine, source.id, ({ gapCount }) => gapCount > 0);
    expect(resumed.gaps).toMatchObject([{ fromMs: engine.clock.now(), message: expect.stringContaining('nobody was connected') }]);
    await engine.client.sources.remove({ id: source.id });
    await expect(engine.client.sources.get({ id: source.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await capturesOf(engine, bin)).toHaveLength(1);
  });

  it('goes through the proxy of the settings', async () => {
    const [engine, smee, proxy] = [await start(), await smeeServer(), await startHttpProxy()];
    await engine.client.system.updateSettings({ proxy: 'own', proxyUrl: `http://127.0.0.1:${proxy.port}`, bypassLoopback: false });
    const bin = await engine.client.bins.create({ name: 'Hub' });
    const { id } = await engine.client.sources.create({ binId: bin.id, url: smee.channel });
    await connected(engine, id);
    expect(proxy.targets).toEqual([new URL(smee.channel).host]);
  });

  it('says what is wrong with a URL that is no channel', async () => {
    const engine = await start();
    const bin = await engine.client.bins.create({ name: 'Hub' });
    const { id } = await engine.client.sources.create({ binId: bin.id, url: bin.url });
    expect(await sourceWhen(engine, id, ({ state }) => state === 'refused')).toMatchObject({
      message: expect.stringContaining('in place of text/event-stream'),
    });
    await expect(engine.client.sources.create({ binId: bin.id, url: bin.url })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(engine.client.sources.create({ binId: bin.id, url: 'https://smee.io/x', kind: 'hookyard' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('no stream URL'),
    });
  });

  it('is one for each URL and bin also when two are made at once, by hand or by somebody who only opens it', async () => {
    const [engine, smee] = [await start(), await smeeServer()];
    const [made, opened] = [await engine.client.bins.create({ name: 'Made' }), await engine.client.bins.create({ name: 'Opened' })];
    const create = () => engine.client.sources.create({ binId: made.id, url: smee.channel });
    const [first, second] = await Promise.allSettled([create(), create()]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'CONFLICT' } });
    const open = () => engine.client.sources.open({ binId: opened.id, url: smee.channel });
    expect((await Promise.all([open(), open()])).map(({ isNew }) => isNew)).toEqual([true, false]);
    expect((await engine.client.sources.list({})).items).toHaveLength(2);
  });

  it('keeps both of two changes that are made at once', async () => {
    const { engine, source } = await withSmee();
    const { update } = engine.client.sources;
    await Promise.all([update({ id: source.id, name: 'Mine' }), update({ id: source.id, isActive: false })]);
    const changed = await engine.client.sources.get({ id: source.id });
    expect(changed).toMatchObject({ name: 'Mine', isActive: false });
    const rename = (name: string) => update({ id: source.id, name, ifUpdatedAtMs: changed.updatedAtMs });
    const [, second] = await Promise.allSettled([rename('One'), rename('Other')]);
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'CONFLICT' } });
  });

  it('shows every URL that it keeps, whatever stands in its path, and never the key of a stream', async () => {
    const engine = await start();
    const bin = await engine.client.bins.create({ name: 'Hub' });
    const stream = `/stream/hsk_${'k'.repeat(43)}`;
    const add = (url: string, kind?: 'smee') => engine.client.sources.create({ binId: bin.id, url, kind, isActive: false });
    await add(`http://127.0.0.1:9/%ff${stream}`);
    await add(`http://127.0.0.1:9/b${stream}?c=%ff#d`);
    await add(`http://127.0.0.1:9/e${stream}`, 'smee');
    await add('http://127.0.0.1:9/%ff?f=%ff');
    expect((await engine.client.sources.list({})).items.map(({ url }) => url).toReversed()).toEqual([
      'http://127.0.0.1:9/%ff/stream/…',
      'http://127.0.0.1:9/b/stream/…',
      'http://127.0.0.1:9/e/stream/…',
      'http://127.0.0.1:9/%ff?f=%ff',
    ]);
    for (const more of [{}, { token: 'any', remoteBin: 'any' }])
      await expect(engine.client.sources.create({ binId: bin.id, url: 'http://999.1.1.1/x', ...more })).rejects.toMatchObject({
        data: { issues: [{ path: 'url', message: expect.stringContaining('no URL that can be connected to') }] },
      });
    await expect(engine.client.sources.open({ binId: bin.id, url: 'http://999.1.1.1/x' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect((await engine.client.sources.list({})).items).toHaveLength(4);
  });

  it('ends while its bin is deleted, and goes on when that is restored', async () => {
    const { engine, smee, bin, source } = await withSmee();
    await engine.client.bins.remove({ id: bin.id });
    await smee.left();
    await engine.client.bins.restore({ id: bin.id });
    await connected(engine, source.id);
  });
});

/** A server that says to every follower what a test gives it, and is silent from then on. */
async function startChannel(text: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(text);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a channel that means harm', () => {
  it('is read past line breaks without end and events of too many lines to what comes next', async () => {
    const url = await startChannel(
      `${'\n'.repeat(500_000)}${':\n'.repeat(200_000)}id: 1\n${'data\n'.repeat(70_000)}\n${'event: x\ndata\n\n'.repeat(10_000)}id: 2\ndata: {"body":{"n":1}}\n\n`,
    );
    const engine = await start();
    const bin = await engine.client.bins.create({ name: 'Hub' });
    const { id } = await engine.client.sources.create({ binId: bin.id, url });
    expect((await captured(engine, id, 1)).gaps).toMatchObject([{ message: expect.stringContaining('more than 65536 lines') }]);
    expect((await capturesOf(engine, bin)).map(bodyOf)).toEqual(['{"n":1}']);
  });

  it('captures nothing that no request over HTTP can have, and says so', async () => {
    const event = (value: object) => `data: ${JSON.stringify({ body: 1, ...value })}\n\n`;
    const url = await startChannel(
      [
        event({ 'x-a': '1\r\nX-Injected: yes' }),
        event({ 'x-b': 'a\0b' }),
        event({ host: ['evil\r\nx: y'] }),
        event({ 'x-c': 'ü 日本', 'x-d': 'tab\tü', query: { a: '\ud800' } }),
      ].join(''),
    );
    const engine = await start();
    const bin = await engine.client.bins.create({ name: 'Hub' });
    const { id } = await engine.client.sources.create({ binId: bin.id, url });
    expect((await captured(engine, id, 1)).gaps.map(({ message }) => /header (\S+) has a value/.exec(message)?.[1])).toEqual([
      'x-a',
      'x-b',
      'host',
    ]);
    const [capture] = await capturesOf(engine, bin);
    expect(capture?.headers).toEqual([
      ['x-c', Buffer.from('ü 日本').toString('latin1')],
      ['x-d', 'tab\tü'],
    ]);
    expect(capture?.target).toBe(`/hub?a=${encodeURIComponent('\ufffd')}`);
  });

  it('does not hold the call that asks another Hookyard for its bins', async () => {
    const server = createServer((_request, response) => {
      asked += 1;
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ items: [{ id: 'bin_1', name: 'One', slug: 'x'.repeat(5000) }], next: String(asked) }));
    });
    let asked = 0;
    onTestFinished(() => void server.close());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const engine = await start();
    const bin = await engine.client.bins.create({ name: 'Hub' });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(engine.client.sources.create({ binId: bin.id, url, token: 'any', remoteBin: 'mine' })).rejects.toMatchObject({
      data: { issues: [{ path: 'remoteBin', message: expect.stringContaining('lists bins without an end') }] },
    });
    expect(asked).toBeLessThanOrEqual(100);
  });
});

describe('an event of smee', () => {
  it('with headers or a query that no capture port takes is not read', () => {
    const why = (event: object) => readSmeeEvent(Buffer.from(JSON.stringify({ body: 1, ...event })));
    const long = 'x'.repeat(300_000);
    expect(why({ query: { a: long } })).toEqual({ kind: 'unreadable', why: 'Its query has more than 256 KiB.' });
    expect(why({ 'x-a': [long, long] })).toEqual({ kind: 'unreadable', why: 'Its headers have more than 256 KiB.' });
    expect(why({ query: { a: ['1', 2] } })).toMatchObject({ kind: 'request', request: { query: 'a=1&a=2' } });
  });
});

describe('what another Hookyard says of a capture', () => {
  const head = {
    captureId: 'cap_1',
    method: 'POST',
    path: '/a%20b\u00fc',
    query: 'a=1?&b=%0d',
    httpVersion: '1.1',
    headers: [['X-A', 'tab\t\u00fc']],
    trailers: [],
    isBodyTruncated: false,
    bodyBytes: 0,
    remoteAddress: '::1',
    status: 200,
    receivedAtMs: 1,
  };
  const read = (change: object) => readExactHead(Buffer.from(JSON.stringify({ ...head, ...change })));

  it('is taken as the capture port takes requests, and not with a line break, a NUL or a character beyond Latin-1', () => {
    expect(read({})).toMatchObject(head);
    for (const path of ['/', '*']) expect(read({ path })).toMatchObject({ path });
    const bad = ['\r\n', '\n', '\0', '\u65e5'];
    for (const text of bad) {
      for (const field of ['method', 'query', 'httpVersion', 'remoteAddress']) expect(read({ [field]: `a${text}` })).toBeNull();
      expect(read({ path: `/${text}` })).toBeNull();
      for (const fields of ['headers', 'trailers']) {
        expect(read({ [fields]: [[`a${text}`, 'b']] })).toBeNull();
        expect(read({ [fields]: [['a', `b${text}`]] })).toBeNull();
      }
    }
    for (const change of [
      { path: 'a' },
      { path: '/a?b' },
      { path: '/a#b' },
      { path: '/a b' },
      { query: 'a#b' },
      { method: 'A B' },
      { method: '' },
    ])
      expect(read(change)).toBeNull();
    expect(read({ headers: [['a', 'b'.repeat(300_000)]] })).toBeNull();
  });
});

describe('a bin of another Hookyard as a source', () => {
  async function twoEngines() {
    const [remote, local] = [await start(), await start()];
    const server = await openTestServer(remote.router, undefined, remote.streams);
    const remoteBin = await remote.client.bins.create({ name: 'Team' });
    const bin = await local.client.bins.create({ name: 'Mine', signing: { scheme: 'github-sha256' }, secrets: ['it-is-a-secret'] });
    const { path, id: keyId } = await remote.client.streamKeys.create({ binId: remoteBin.id });
    return { remote, local, server, remoteBin, bin, url: `${server.url}${path}`, keyId };
  }

  it('brings every byte, header and path, so that a signature verifies here', async () => {
    const { remoteBin, local, bin, url } = await twoEngines();
    const source = await local.client.sources.create({ binId: bin.id, url });
    expect(source).toMatchObject({ kind: 'hookyard' });
    expect(JSON.stringify(source)).not.toContain('hsk_');
    await connected(local, source.id);
    const body = Buffer.from('{ "price": 1.10,\r\n "e": "\\u00e9" }');
    const signature = `sha256=${createHmac('sha256', 'it-is-a-secret').update(body).digest('hex')}`;
    await post(`${remoteBin.url}/hooks/x?b=%20c`, body, { 'X-Hub-Signature-256': signature });
    await captured(local, source.id, 1);
    const [capture] = await capturesOf(local, bin);
    expect(capture).toMatchObject({
      target: '/mine/hooks/x?b=%20c',
      verification: { verdict: 'valid' },
      source: { kind: 'hookyard', body: 'exact' },
    });
    expect(Buffer.from(capture?.bodyBase64 ?? '', 'base64')).toEqual(body);
  });

  it('loses nothing and repeats nothing over drops and restarts of either side', async () => {
    const { remote, local, server, remoteBin, bin, url } = await twoEngines();
    const source = await local.client.sources.create({ binId: bin.id, url });
    await connected(local, source.id);
    await post(remoteBin.url, '1');
    await captured(local, source.id, 1);
    await local.stop();
    await post(remoteBin.url, '2');
    const again = await start({ dataDir: local.dataDir });
    await captured(again, source.id, 2);
    await server.close();
    await sourceWhen(again, source.id, ({ state }) => state === 'waiting');
    await post(remoteBin.url, '3');
    const moved = await openTestServer(remote.router, undefined, remote.streams);
    // Another port, as of another start of the host.
    const { id } = await again.client.sources.create({ binId: bin.id, url: url.replace(server.url, moved.url), from: 'start' });
    const later = await captured(again, id, 3);
    expect((await capturesOf(again, bin)).map(bodyOf)).toEqual(['1', '2', '1', '2', '3']);
    expect(later.gapCount).toBe(0);
  });

  it('follows by address and token, which are not kept', async () => {
    const { remote, local, server, remoteBin, bin } = await twoEngines();
    const ask = { binId: bin.id, url: server.url, token: testToken };
    const source = await local.client.sources.create({ ...ask, remoteBin: 'team', name: 'The team' });
    await connected(local, source.id);
    await post(remoteBin.url, 'hello');
    await captured(local, source.id, 1);
    expect((await remote.client.streamKeys.list({})).items.map(({ name, followers }) => [name, followers])).toEqual([
      ['The team', 1],
      ['', 0],
    ]);
    await expect(local.client.sources.create({ ...ask, token: 'wrong', remoteBin: 'team' })).rejects.toMatchObject({
      data: { issues: [{ path: 'token' }] },
    });
    await expect(local.client.sources.create({ ...ask, remoteBin: 'none' })).rejects.toMatchObject({
      data: { issues: [{ path: 'remoteBin', message: expect.stringContaining('has no bin none: it has team') }] },
    });
  });

  it('is refused once the key is revoked, and says so', async () => {
    const { remote, local, bin, url, keyId } = await twoEngines();
    const source = await local.client.sources.create({ binId: bin.id, url });
    await connected(local, source.id);
    await remote.client.streamKeys.revoke({ id: keyId });
    await sourceWhen(local, source.id, ({ state }) => state === 'waiting');
    local.clock.advance(1000);
    expect((await sourceWhen(local, source.id, ({ state }) => state === 'refused')).message).toContain('revoked');
  });

  it('takes no stream of its own, and lets nothing go round over others', async () => {
    const { remote, local, remoteBin, bin, url } = await twoEngines();
    await expect(remote.client.sources.create({ binId: remoteBin.id, url })).rejects.toMatchObject({
      data: { issues: [{ path: 'url', message: expect.stringContaining('of this Hookyard itself') }] },
    });
    const back = await openTestServer(local.router, undefined, local.streams);
    const there = await local.client.sources.create({ binId: bin.id, url });
    const { path } = await local.client.streamKeys.create({ binId: bin.id });
    const here = await remote.client.sources.create({ binId: remoteBin.id, url: `${back.url}${path}` });
    await connected(local, there.id);
    await connected(remote, here.id);
    await post(remoteBin.url, 'round');
    await captured(remote, here.id, 1);
    const gap = await sourceWhen(local, there.id, ({ gapCount }) => gapCount > 0);
    expect(gap.gaps[0]?.message).toContain('go round');
    expect(gap.captured).toBe(1);
  });
});
