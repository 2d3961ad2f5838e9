import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startClockedEngine, type EngineClient } from '../../support/clocked-engine.ts';
import { respond } from '../../support/scripted-receiver.ts';
import { receive, settled } from '../replays/replay-support.ts';

type Wait = Parameters<EngineClient['waits']['wait']>[0];

async function open() {
  const engine = await startClockedEngine({ capturePort: 0 });
  const bin = await engine.client.bins.create({ name: 'Orders' });
  /** Captures a request; it is on disk when this settles. */
  const post = async (body: string, headers: Readonly<Record<string, string>> = {}, path = '') =>
    await fetch(`${bin.url}${path}`, { method: 'POST', body, headers });
  /** Begins a wait; it counts what comes after this has settled. */
  const begin = async (input: Wait) => {
    const ended = engine.client.waits.wait(input);
    await nextTurn();
    return { ended };
  };
  return { engine, client: engine.client, bin, post, begin };
}

const paid = { json: [{ path: '$.type', value: 'invoice.paid' }] };

describe('a wait for captures', () => {
  it('ends with the first that matches, and does not count what came before', async () => {
    const { client, bin, post, begin } = await open();
    await post('{"type":"invoice.paid","n":1}');
    const { ended } = await begin({ for: 'captures', binId: bin.id, match: paid });
    await post('{"type":"invoice.created"}');
    await post('{"type":"invoice.paid","n":2}');
    const result = await ended;
    expect(result).toMatchObject({ for: 'captures', isMet: true, looked: 2, matchCount: 1, nearest: null, message: '1 capture matched.' });
    expect(result.matched.map(({ id }) => id)).toEqual([(await client.captures.list({})).items[0]?.id]);
  });

  it('says after its time what came closest, and what that lacks', async () => {
    const { engine, client, bin, post, begin } = await open();
    const match = { ...paid, methods: ['POST' as const], headers: [{ name: 'X-Env', value: 'test' }] };
    const { ended } = await begin({ for: 'captures', binId: bin.id, match });
    await post('{"type":"invoice.paid"}', { 'x-env': 'live' }, '/near');
    await post('{"type":"invoice.created"}', {}, '/far');
    engine.clock.advance(5000);
    const near = (await client.captures.list({})).items[1];
    expect(await ended).toMatchObject({
      isMet: false,
      looked: 2,
      matchCount: 0,
      matched: [],
      tookMs: 5000,
      nearest: { id: near?.id, what: `POST ${near?.target}`, unmet: [{ condition: 'header.X-Env=test', found: 'It is live' }] },
    });
  });

  it('is refused as soon as its bin is deleted', async () => {
    const { client, bin, post, begin } = await open();
    const { ended } = await begin({ for: 'captures', binId: bin.id, match: paid });
    const refused = expect(ended).rejects.toThrow(`The bin ${bin.id} was deleted while this waited for its captures.`);
    await post('{"type":"invoice.created"}');
    await client.bins.remove({ id: bin.id });
    await refused;
  });

  it('compares the body with the JSON that is expected, without what is to be ignored', async () => {
    const { engine, bin, post, begin } = await open();
    const wanted = { for: 'captures', binId: bin.id, body: '{"amount": 10.50, "at": "2026-01-01T00:00:00Z"}' } as const;
    const first = await begin({ ...wanted, ignore: ['dates'] });
    await post('{"at":"2026-02-02T02:02:02Z","amount":10.5}');
    expect(await first.ended).toMatchObject({ isMet: true });
    const second = await begin(wanted);
    await post('{"at":"2026-01-01T00:00:00Z","amount":11}');
    engine.clock.advance(5000);
    expect(await second.ended).toMatchObject({
      isMet: false,
      nearest: {
        unmet: [{ condition: 'body', found: 'It has 1 other value.' }],
        differences: [{ kind: 'changed', path: '$.amount', before: '10.50', after: '11' }],
        differenceCount: 1,
      },
    });
  });

  it('takes an order step by step, and names the one that did not come', async () => {
    const { engine, bin, post, begin } = await open();
    const step = (value: string) => ({ json: [{ path: '$.type', value }] });
    const asked: Wait = { for: 'captures', binId: bin.id, inOrder: [step('created'), step('paid'), step('shipped')] };
    const met = await begin(asked);
    for (const type of ['paid', 'created', 'paid', 'created', 'shipped']) await post(`{"type":"${type}"}`);
    expect(await met.ended).toMatchObject({ isMet: true, matchCount: 3, message: '3 captures came in this order.' });
    const missed = await begin(asked);
    for (const type of ['created', 'shipped', 'lost']) await post(`{"type":"${type}"}`);
    engine.clock.advance(5000);
    expect(await missed.ended).toMatchObject({
      isMet: false,
      matchCount: 1,
      message: 'Within 5.00 s 1 of 3 steps came in this order; step 2 did not.',
      nearest: { unmet: [{ condition: 'json.$.type=paid', found: 'It is lost' }] },
    });
  });

  it('watches until its time is over where none, or no event twice, is expected', async () => {
    const { engine, bin, post, begin } = await open();
    const none = await begin({ for: 'captures', binId: bin.id, match: paid, atMost: 0, withinMs: 2000 });
    await post('{"type":"invoice.created"}');
    engine.clock.advance(2000);
    expect(await none.ended).toMatchObject({ isMet: true, tookMs: 2000 });
    const one = await begin({ for: 'captures', binId: bin.id, match: paid, atMost: 0 });
    await post('{"type":"invoice.paid"}');
    expect(await one.ended).toMatchObject({ isMet: false, matchCount: 1, message: '1 capture matched; none was expected.' });
    expect((await one.ended).report).toMatch(/expected\.\nMatched: cap_\w+ {2}\d{4}-\S+Z {2}POST \//);
    const once = await begin({ for: 'captures', binId: bin.id, oncePerId: true });
    await post('{}', { 'webhook-id': 'evt_1' });
    await post('{}', { 'webhook-id': 'evt_2' });
    await post('{}', { 'webhook-id': 'evt_1' });
    expect(await once.ended).toMatchObject({ isMet: false, message: expect.stringContaining('The event evt_1 came twice') });
    expect((await once.ended).report).toMatch(/ {2}message evt_1$/m);
  });

  it('counts what came since a time, or after a capture', async () => {
    const { engine, client, bin, post } = await open();
    await post('{"n":1}');
    engine.clock.advance(1000);
    const sinceMs = engine.clock.now();
    await post('{"n":2}');
    const [second, first] = (await client.captures.list({})).items;
    const all = { for: 'captures', binId: bin.id } as const;
    const since = await client.waits.wait({ ...all, sinceMs });
    const after = await client.waits.wait({ ...all, afterId: first?.id });
    expect([since.matched, after.matched].map((matched) => matched.map(({ id }) => id))).toEqual([[second?.id], [second?.id]]);
    await expect(client.waits.wait({ ...all, afterId: 'cap_none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is refused where it asks for a verdict that no capture of its bin can have', async () => {
    const { client, bin, post } = await open();
    const none = { for: 'captures' as const, binId: bin.id, atMost: 0, withinMs: 20 };
    const sentence = 'verifies no signatures, so none of its captures is invalid or unsigned: give it a scheme and a secret';
    for (const rest of [{}, { sinceMs: 0 }])
      await expect(client.waits.wait({ ...none, ...rest, match: { verdicts: ['invalid', 'unsigned'] } })).rejects.toThrow(sentence);
    await expect(client.waits.wait({ ...none, atMost: 1, match: { verdicts: ['valid'] } })).rejects.toThrow('verifies no signatures');
    await expect(
      client.waits.wait({ for: 'captures', binId: bin.id, inOrder: [{}, { verdicts: ['valid'] }], withinMs: 20 }),
    ).rejects.toThrow('verifies no signatures');
    await client.bins.update({ id: bin.id, signing: { scheme: 'github-sha256' }, secrets: ['secret-of-the-shop-9'] });
    await post('{}');
    const { updatedAtMs } = await client.bins.update({ id: bin.id, signing: null, secrets: [] });
    // What came while it had a scheme was verified.
    expect(await client.waits.wait({ for: 'captures', binId: bin.id, match: { verdicts: ['unsigned'] }, sinceMs: 0 })).toMatchObject({
      isMet: true,
    });
    await expect(
      client.waits.wait({ for: 'captures', binId: bin.id, match: { verdicts: ['unsigned'] }, sinceMs: updatedAtMs }),
    ).rejects.toThrow('verifies no signatures');
  });

  it('does not say that none matches of what was not read', async () => {
    const { begin, bin, post } = await open();
    const long = `{"padding":"${'x'.repeat(70_000)}","type":"order.paid"}`;
    const { ended } = await begin({ for: 'captures', binId: bin.id, atMost: 0, withinMs: 60_000, match: { eventTypes: ['order.paid'] } });
    await post(long, { 'content-type': 'application/json' });
    expect(await ended).toMatchObject({ isMet: false, message: expect.stringContaining('was not read to its end') });
  });

  it('goes on after the captures were deleted', async () => {
    const { client, bin, post, begin } = await open();
    await post('{"type":"invoice.created"}');
    const { ended } = await begin({ for: 'captures', binId: bin.id, match: paid });
    await client.captures.clear({ binId: bin.id });
    await post('{"type":"invoice.paid"}');
    expect(await ended).toMatchObject({ isMet: true, matchCount: 1 });
  });

  it('does not look into a body that is too large, and says so', async () => {
    const { engine, client, bin, post, begin } = await open();
    await client.system.updateSettings({ bodyLimitBytes: 33_554_432 });
    const { ended } = await begin({ for: 'captures', binId: bin.id, match: paid });
    await post(`{"type":"invoice.paid","pad":"${'x'.repeat(17_000_000)}"}`);
    engine.clock.advance(5000);
    expect(await ended).toMatchObject({
      isMet: false,
      nearest: { unmet: [{ condition: 'json.$.type=invoice.paid', found: expect.stringContaining('was not read') }] },
    });
  });
});

describe('a wait for deliveries', () => {
  it('follows a delivery through its attempts', async () => {
    const { engine, client, begin } = await open();
    const receiver = await receive(respond({ status: 503 }), respond({ status: 200 }));
    const endpoint = await client.endpoints.create({
      name: 'Shop',
      url: receiver.url,
      retryPolicy: { kind: 'schedule', delaysMs: [1000] },
    });
    const asked: Wait = { for: 'deliveries', endpointId: endpoint.id, match: { statuses: ['delivered'] }, withinMs: 60_000 };
    const { ended } = await begin(asked);
    await client.messages.send({ type: 'invoice.paid' });
    await settled(engine);
    engine.clock.advance(1000);
    expect(await ended).toMatchObject({
      for: 'deliveries',
      isMet: true,
      looked: 1,
      matched: [{ status: 'delivered', eventType: 'invoice.paid', attemptCount: 2 }],
    });
  });

  it('says what came closest', async () => {
    const { engine, client, begin } = await open();
    const receiver = await receive(respond({ status: 503 }));
    const endpoint = await client.endpoints.create({ name: 'Shop', url: receiver.url, retryPolicy: 'none' });
    const { ended } = await begin({ for: 'deliveries', endpointId: endpoint.id, match: { statuses: ['delivered'], answers: [200] } });
    await client.messages.send({ type: 'invoice.paid' });
    await settled(engine);
    engine.clock.advance(5000);
    expect(await ended).toMatchObject({
      isMet: false,
      message: 'None of 1 delivery matched; 1 was expected within 5.00 s.',
      nearest: {
        what: 'invoice.paid to Shop',
        unmet: [
          { condition: 'status=delivered', found: expect.stringContaining('It is exhausted: ') },
          { condition: 'answer=200', found: 'It is 503.' },
        ],
      },
    });
  });

  it('takes the tests of an endpoint for what went to it, unless none of them or only they are asked for', async () => {
    const { engine, client, begin } = await open();
    const receiver = await receive();
    const { id: endpointId } = await client.endpoints.create({ name: 'Shop', url: receiver.url });
    const asked = { for: 'deliveries' as const, endpointId, match: { statuses: ['delivered' as const] } };
    const waits = await Promise.all([begin(asked), begin({ ...asked, isTest: true }), begin({ ...asked, isTest: false, atMost: 0 })]);
    await client.endpoints.test({ id: endpointId });
    await settled(engine);
    engine.clock.advance(5000);
    const ended = await Promise.all(waits.map((wait) => wait.ended));
    expect(ended.map(({ isMet, looked }) => [isMet, looked])).toEqual([
      [true, 1],
      [true, 1],
      [true, 0],
    ]);
    // One that begins later looks back at them all.
    expect(await client.waits.wait({ ...asked, sinceMs: 0 })).toMatchObject({ isMet: true, matchCount: 1 });
  });

  it('counts those of a message also when they were made before', async () => {
    const { engine, client } = await open();
    const receiver = await receive();
    await client.endpoints.create({ name: 'Shop', url: receiver.url });
    const { id: messageId } = await client.messages.send({ type: 'invoice.paid' });
    await settled(engine);
    const result = await client.waits.wait({ for: 'deliveries', messageId, match: { statuses: ['delivered'] } });
    expect(result).toMatchObject({ isMet: true, matchCount: 1 });
  });
});

describe('those who wait', () => {
  const long: Wait = { for: 'captures', withinMs: 600_000 };

  it('are refused when the engine stops', async () => {
    const { engine, begin } = await open();
    const { ended } = await begin(long);
    const refused = expect(ended).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining('stopping') });
    await engine.stop();
    await refused;
  });

  it('are not more than 64, and make room when they leave', async () => {
    const { client } = await open();
    const leave = new AbortController();
    const ended = Promise.allSettled(Array.from({ length: 64 }, () => client.waits.wait(long, { signal: leave.signal })));
    await nextTurn();
    await expect(client.waits.wait(long)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('64 calls wait'),
    });
    leave.abort();
    expect(new Set((await ended).map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(await client.waits.wait({ for: 'captures', count: 0 })).toMatchObject({ isMet: true });
  });

  const bad: readonly (readonly [string, Wait, string])[] = [
    ['more than may match', { for: 'captures', count: 3, atMost: 2 }, 'raise atMost, or lower count'],
    ['two beginnings', { for: 'captures', sinceMs: 1, afterId: 'cap_1' }, 'only one of them'],
    ['an order with a count', { for: 'captures', count: 2, inOrder: [{}, {}] }, 'inOrder says what has to come'],
    ['events of any bin', { for: 'captures', oncePerId: true }, 'one event may come to several bins'],
    ['a body that is no JSON', { for: 'captures', body: '{"a":' }, 'Write the body as JSON'],
    ['a bin that is not there', { for: 'captures', binId: 'bin_none' }, 'There is no bin bin_none'],
    ['a path without its slash', { for: 'captures', atMost: 0, match: { path: 'orders' } }, 'Begin the path with / or *'],
    ['a path with a query', { for: 'captures', inOrder: [{}, { path: '/orders?a=1' }] }, 'parameters of the query as query'],
    [
      'an answer of what is pending',
      { for: 'deliveries', atMost: 0, match: { statuses: ['pending'], answers: [200] } },
      'leave answers out, or give other statuses',
    ],
    [
      'an end of what is delivered',
      { for: 'deliveries', match: { statuses: ['delivered'], outcomes: ['timeout', 'refused'] } },
      'The last attempt of what is delivered ended in ok',
    ],
    [
      'an answer of what has none',
      { for: 'deliveries', match: { outcomes: ['timeout'], answers: [200] } },
      'What ends in timeout has no whole answer',
    ],
    ['verdicts where no bin verifies', { for: 'captures', atMost: 0, match: { verdicts: ['invalid'] } }, 'No bin verifies signatures'],
    ['an endpoint that is not there', { for: 'deliveries', endpointId: 'ep_none' }, 'There is no endpoint ep_none'],
  ];
  it.each(bad)('are told what to change about %s', async (_, input, sentence) => {
    const { client } = await open();
    await expect(client.waits.wait(input)).rejects.toThrow(sentence);
  });
});
