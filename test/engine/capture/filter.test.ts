import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bin } from '#shared/contract/bins.ts';
import { openClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';

let engine: ClockedEngine;
let folder: string;
let bin: Bin;
let ids: readonly string[];

/** Captures by what they are, oldest first. */
const names = ['paid', 'refunded', 'push', 'plain', 'missing'] as const;
type Name = (typeof names)[number];

type Query = Omit<Parameters<ClockedEngine['client']['captures']['list']>[0], 'binId'>;
const nameOf = (id: string): Name | undefined => names[ids.indexOf(id)];
const idOf = (name: Name) => ids[names.indexOf(name)] ?? '';
const found = async (query: Query) =>
  (await engine.client.captures.list({ binId: bin.id, ...query })).items.map(({ id }) => nameOf(id)).toReversed();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hookyard-'));
  engine = await openClockedEngine({ dataDir: folder, capturePort: 0 });
  bin = await engine.client.bins.create({
    name: 'Shop',
    signing: { scheme: 'github-sha256' },
    secrets: ['correct-horse-battery-staple-7Q2x9Lw4'],
    answers: { rules: [{ name: 'Gone', match: { path: '/missing' }, response: { status: 404 } }] },
  });
  const send = async (path: string, init: RequestInit) => {
    engine.clock.advance(1000);
    await (await fetch(bin.url + path, { method: 'POST', ...init })).arrayBuffer();
  };
  await send('/orders/1', { body: '{"type":"order.paid","total":1}' });
  await send('/orders/2?x=1', { body: '{"type":"order.refunded"}' });
  await send('/github', { body: 'x', headers: { 'X-GitHub-Event': 'push', 'X-GitHub-Delivery': '72d3162e' } });
  await send('', { method: 'PUT', body: 'x', headers: { 'X-Hub-Signature-256': `sha256=${'0'.repeat(64)}` } });
  await send('/missing', { body: 'x' });
  ids = (await engine.client.captures.list({ binId: bin.id })).items.map(({ id }) => id).toReversed();
  await engine.client.captures.mark({ id: idOf('paid'), isPinned: true, tags: ['bug', 'order-42'] });
});
afterAll(async () => {
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the list of captures', () => {
  it.each<[Query, readonly Name[]]>([
    [{ method: 'put' }, ['plain']],
    [{ path: '/orders/*' }, ['paid', 'refunded']],
    [{ path: '*2' }, ['refunded']],
    [{ path: '/' }, ['plain']],
    [{ path: '/orders' }, []],
    [{ status: '404' }, ['missing']],
    [{ status: '4xx' }, ['missing']],
    [{ status: '2XX' }, ['paid', 'refunded', 'push', 'plain']],
    [{ verdict: 'invalid' }, ['plain']],
    [{ verdict: 'unsigned' }, ['paid', 'refunded', 'push', 'missing']],
    [{ verdict: 'none' }, []],
    [{ eventType: 'order.paid' }, ['paid']],
    [{ eventType: 'order.*' }, ['paid', 'refunded']],
    [{ eventType: '*' }, ['paid', 'refunded', 'push']],
    [{ messageId: '72d3162e' }, ['push']],
    [{ tag: 'bug' }, ['paid']],
    [{ tag: 'bu' }, []],
    [{ isPinned: false }, ['refunded', 'push', 'plain', 'missing']],
    [{ answeredBy: 'gone' }, ['missing']],
    [{ answeredBy: 'own' }, ['paid', 'refunded', 'push', 'plain']],
    [{ q: 'TOTAL', eventType: 'order.*' }, ['paid']],
    [{ q: 'total', eventType: 'push' }, []],
    [{ status: '2xx', verdict: 'unsigned', method: 'POST', path: '/orders/*', isPinned: false }, ['refunded']],
  ])('finds by %j: %j', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  it('finds by the time of receipt and by what came before and after', async () => {
    const [first, second] = await Promise.all([idOf('paid'), idOf('push')].map((id) => engine.client.captures.get({ id })));
    expect(await found({ fromMs: (first?.receivedAtMs ?? 0) + 1, toMs: second?.receivedAtMs })).toEqual(['refunded']);
    expect(await found({ afterId: idOf('paid'), untilId: idOf('push') })).toEqual(['refunded', 'push']);
  });

  it('goes on page by page with the same filter', async () => {
    const first = await engine.client.captures.list({ binId: bin.id, status: '2xx', limit: 3 });
    expect(first.items.map(({ id }) => nameOf(id))).toEqual(['plain', 'push', 'refunded']);
    const next = await engine.client.captures.list({ binId: bin.id, status: '2xx', limit: 3, cursor: first.next ?? '' });
    expect([next.items.map(({ id }) => nameOf(id)), next.next]).toEqual([['paid'], null]);
  });

  it('says which value no capture has, where it finds nothing', async () => {
    const { warnings } = await engine.client.captures.list({ binId: bin.id, tag: 'bog', eventType: 'order.paid', status: '5xx' });
    expect(warnings).toEqual([{ code: 'FILTER_VALUE_UNUSED', message: 'No capture of this bin has the tag bog.', path: 'tag' }]);
    expect((await engine.client.captures.list({ binId: bin.id, tag: 'bug' })).warnings).toEqual([]);
  });

  it.each<[Query, string]>([
    [{ status: '6xx' }, 'Give a status such as 404, or a class such as 4xx.'],
    [{ eventType: 'order*' }, 'Use an event name such as invoice.paid, a pattern such as invoice.*, or *.'],
    [{ fromMs: 2, toMs: 1 }, 'This time is before fromMs, so nothing can lie between them: swap the two, or leave one of them out.'],
    [{ afterId: 'cap_none' }, 'There is no capture cap_none; it may have been deleted.'],
  ])('refuses %j, which can find nothing', async (query, message) => {
    await expect(engine.client.captures.list({ binId: bin.id, ...query })).rejects.toMatchObject(
      message.startsWith('There')
        ? { code: 'NOT_FOUND', message }
        : { code: 'INPUT_INVALID', data: { issues: [expect.objectContaining({ message })] } },
    );
  });
});

describe('what is done with all that a filter finds', () => {
  it('they are counted, marked and exported', async () => {
    const filter = { binId: bin.id, eventType: 'order.*' };
    expect(await engine.client.captures.count(filter)).toEqual({ captures: 2 });
    expect(await engine.client.captures.markMany({ filter, addTags: ['seen'], removeTags: ['order-42'] })).toEqual({
      markedCaptures: 2,
      fullCaptures: 0,
    });
    expect((await engine.client.captures.list({ binId: bin.id, tag: 'seen' })).items.map(({ tags }) => tags)).toEqual([
      ['seen'],
      ['bug', 'seen'],
    ]);
    const { captures, contentBase64 } = await engine.client.captures.export({ format: 'jsonl', ...filter });
    const lines = Buffer.from(contentBase64, 'base64').toString().trimEnd().split('\n');
    expect([captures, lines.map((line) => nameOf((JSON.parse(line) as { id: string }).id))]).toEqual([2, ['paid', 'refunded']]);
  });

  it('one that would have too many tags stays as it is, and is told of', async () => {
    const filter = { binId: bin.id, ids: [idOf('paid'), idOf('push')] };
    const addTags = Array.from({ length: 19 }, (_, number) => `t${number}`);
    expect(await engine.client.captures.markMany({ filter, addTags })).toEqual({ markedCaptures: 1, fullCaptures: 1 });
    expect((await engine.client.captures.get({ id: idOf('paid') })).tags).not.toContain('t0');
  });

  it('they are what a replay would send', async () => {
    const filter = { binId: bin.id, eventType: 'order.*', q: 'refunded' };
    const asked = { url: 'http://127.0.0.1:9/', filter };
    expect(await engine.client.captures.previewReplay(asked)).toMatchObject({ total: 1, replayable: 1 });
    expect((await engine.client.captures.previewReplay({ ...asked, filter: { binId: bin.id, path: '/orders/*' } })).total).toBe(2);
    expect((await engine.client.captures.previewReplay({ ...asked, filter: { ...filter, match: { methods: ['GET'] } } })).total).toBe(0);
  });

  it('they are deleted and restored, and those of every bin are never meant', async () => {
    const { removedCaptures, removedAtMs } = await engine.client.captures.removeMany({ binId: bin.id, path: '/orders/*' });
    expect([removedCaptures, await found({})]).toEqual([2, ['push', 'plain', 'missing']]);
    expect(await engine.client.captures.restore({ binId: bin.id, removedAtMs })).toEqual({ restoredCaptures: 2 });
    expect(await found({})).toEqual([...names]);
    for (const call of [
      () => engine.client.captures.removeMany({ status: '2xx' }),
      () => engine.client.captures.export({ format: 'har', status: '2xx' }),
      () => engine.client.captures.markMany({ filter: { status: '2xx' }, isPinned: true }),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});

describe('the event of a capture', () => {
  it.each([
    ['stripe', { 'Stripe-Signature': `t=1,v1=${'0'.repeat(64)}` }, '{"id":"evt_1","type":"invoice.paid"}', 'evt_1', 'invoice.paid'],
    ['by the scheme of the bin alone', {}, '{"action":"push","type":"ping","id":"no"}', null, 'ping'],
    ['pagerduty', { 'X-PagerDuty-Signature': 'v1=0' }, '{"event":{"id":"01D","event_type":"incident.triggered"}}', '01D', null],
    ['telegram', { 'X-Telegram-Bot-Api-Secret-Token': 'x' }, '{"update_id":7}', '7', null],
    ['sentry', { 'Sentry-Hook-Signature': '0', 'Request-ID': 'r1' }, '{}', 'r1', null],
    ['a proxy', { 'Request-ID': 'r1' }, '{}', null, null],
    ['gitlab', { 'webhook-id': 'w1' }, '{', 'w1', null],
  ])('is named as %s names it', async (_, headers, body, messageId, eventType) => {
    const other = await engine.client.bins.create({ name: 'Other' });
    await (await fetch(other.url, { method: 'POST', headers, body })).arrayBuffer();
    await (await fetch(other.url, { method: 'POST', headers, body })).arrayBuffer();
    const { items } = await engine.client.captures.list({ binId: other.id });
    expect(items.map((item) => [item.messageId, item.eventType])).toEqual([
      [messageId, eventType],
      [messageId, eventType],
    ]);
    expect(items[0]?.sameMessageAsId).toBe(messageId === null ? null : items[1]?.id);
  });
});
