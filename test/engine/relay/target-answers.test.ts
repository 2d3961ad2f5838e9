import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Capture } from '#shared/contract/captures.ts';
import type { Bin } from '#shared/contract/bins.ts';
import type { Relay } from '#shared/contract/relays.ts';
import { startClockedEngine, openClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { connectRaw, headerOf, type RawHttpClient } from '../../support/raw-http-client.ts';
import { hang, halfBody, respond, type ScriptedReceiver, type Step } from '../../support/scripted-receiver.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';
import { receive, settled, until } from '../replays/replay-support.ts';

interface Shop {
  readonly engine: ClockedEngine;
  readonly target: ScriptedReceiver;
  readonly bin: Bin;
  readonly relay: Relay;
}

/** A bin whose relay gives the answer of a target, as scripted. */
async function shop({ steps = [], ...more }: { readonly steps?: readonly Step[]; readonly [field: string]: unknown } = {}): Promise<Shop> {
  const engine = await startClockedEngine({ capturePort: 0 });
  const target = await receive(...steps);
  const bin = await engine.client.bins.create({ name: 'Shop', response: { status: 202, body: 'kept' } });
  const relay = await engine.client.relays.create({
    name: 'Orders',
    binId: bin.id,
    targets: [{ url: target.url, name: 'App', retryPolicy: 'none' }],
    answer: { target: 0 },
    ...more,
  });
  return { engine, target, bin, relay };
}

/** The newest capture once it says who answered. */
function answered(
  { engine }: Pick<Shop, 'engine'>,
  isReached: (capture: Capture) => boolean = ({ answeredBy }) => answeredBy?.kind !== 'unanswered',
) {
  return until(engine, async () => {
    const [newest] = (await engine.client.captures.list({ limit: 1 })).items;
    if (newest === undefined) return null;
    const capture = await engine.client.captures.get({ id: newest.id });
    return isReached(capture) ? capture : null;
  });
}

const post = (url: string, body = '{}') => fetch(url, { method: 'POST', body });
const portOf = (url: string) => Number(new URL(url).port);
const pathOf = (url: string) => new URL(url).pathname;

async function raw({ bin }: Pick<Shop, 'bin'>, head: string): Promise<RawHttpClient> {
  const client = await connectRaw(portOf(bin.url));
  client.write(head);
  return client;
}

describe('the answer of a target', () => {
  it('reaches the sender as it was given, once, and the capture says who gave it', async () => {
    const bytes = gzipSync('{"ok":true}');
    const given = respond({
      status: 201,
      headers: [
        ['Content-Type', 'application/json'],
        ['Content-Encoding', 'gzip'],
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
        ['Connection', 'X-Hop'],
        ['X-Hop', 'here'],
      ],
      body: bytes,
    });
    const { engine, target, bin, relay } = await shop({ steps: [given] });
    const client = await raw({ bin }, `POST ${pathOf(bin.url)}/a HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}`);
    const answer = await client.answer();
    expect(answer.status).toBe(201);
    expect(gunzipSync(Buffer.from(answer.body, 'latin1')).toString()).toBe('{"ok":true}');
    expect(answer.headers.filter(([name]) => name === 'Set-Cookie')).toHaveLength(2);
    expect(headerOf(answer, 'content-length')).toBe(String(bytes.byteLength));
    expect(headerOf(answer, 'x-hop')).toBeUndefined();
    const capture = await answered({ engine });
    expect(capture).toMatchObject({ status: 201, answeredBy: { kind: 'target', label: 'App' }, response: { bodyBytes: bytes.byteLength } });
    expect(capture.answeredBy?.why).toMatch(/^The target App of the relay Orders answered in \d+ ms\.$/);
    expect(capture.timings.totalMs).not.toBeNull();
    await settled(engine);
    expect(target.requests.map(({ target: path }) => path)).toEqual(['/a']);
    expect((await engine.client.deliveries.list({ relayId: relay.id })).items).toMatchObject([{ status: 'delivered', attemptCount: 1 }]);
  });

  it('is passed on whatever it says, also to HEAD and when the sender waits to be told to continue', async () => {
    const { bin } = await shop({
      steps: [
        respond({ status: 500, body: 'broken' }),
        respond({ status: 301, headers: [['Location', '/new']] }),
        respond({ headers: [['Content-Length', '1234']] }),
        respond({ status: 201, body: 'told' }),
      ],
    });
    const failed = await post(bin.url);
    expect([failed.status, await failed.text()]).toEqual([500, 'broken']);
    const moved = await fetch(bin.url, { method: 'POST', redirect: 'manual' });
    expect([moved.status, moved.headers.get('location')]).toEqual([301, '/new']);
    const head = await raw({ bin }, `HEAD ${pathOf(bin.url)} HTTP/1.1\r\nHost: h\r\n\r\n`);
    const headed = await head.answer({ hasBody: false });
    expect([headed.status, headerOf(headed, 'content-length')]).toEqual([200, '1234']);
    const asking = await raw({ bin }, `POST ${pathOf(bin.url)} HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n`);
    expect((await asking.answer({ hasBody: false })).status).toBe(100);
    asking.write('{}');
    expect(await asking.answer()).toMatchObject({ status: 201, body: 'told' });
  });

  it('is passed on over HTTP/2, where a header that may come once comes once', async () => {
    const { engine, bin } = await shop({
      steps: [
        respond({
          status: 207,
          headers: [
            ['ETag', '"a"'],
            ['ETag', '"b"'],
            ['X-More', '1'],
            ['X-More', '2'],
          ],
          body: 'two',
        }),
      ],
    });
    await engine.client.system.updateSettings({ isHttpsOn: true });
    const { httpsUrl } = await engine.client.bins.get({ id: bin.id });
    const session = connectHttp2(httpsUrl ?? '', { rejectUnauthorized: false });
    const stream = session.request({ ':method': 'POST', ':path': pathOf(bin.url) });
    stream.end('{}');
    const [head] = (await once(stream, 'response')) as [Record<string, unknown>];
    expect([head[':status'], head['etag'], head['x-more']]).toEqual([207, '"a"', '1, 2']);
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe('two');
    session.close();
    expect((await answered({ engine })).answeredBy?.kind).toBe('target');
  });

  it('is too large over 1 MiB, and the log keeps of it what it keeps of others', async () => {
    const { engine, bin } = await shop({
      steps: [respond({ body: Buffer.alloc(1_048_577, 'x') }), respond({ body: 'y'.repeat(5000) })],
    });
    const large = await post(bin.url);
    expect([large.status, await large.text()]).toEqual([202, 'kept']);
    expect((await answered({ engine })).answeredBy).toMatchObject({
      kind: 'fallback',
      why: 'App answered with 1048577 bytes, and at most 1048576 are passed on, so the bin answered.',
    });
    await engine.client.system.updateSettings({ responseBodyKeptBytes: 100 });
    expect((await (await post(bin.url)).text()).length).toBe(5000);
    await settled(engine);
    const [newest] = (await engine.client.deliveries.list({})).items;
    const { attempts } = await engine.client.deliveries.get({ id: newest?.id ?? '' });
    expect(attempts[0]?.response).toMatchObject({ bodyBytes: 5000, isBodyTruncated: true });
  });
});

describe('a target that does not answer', () => {
  it('is late after the limit: the bin answers, and the delivery goes on', async () => {
    const { engine, target, bin } = await shop({ steps: [hang()], answer: { target: 0, withinMs: 3000 } });
    const sending = post(bin.url);
    await target.nextRequest();
    expect(await answered({ engine }, () => true)).toMatchObject({ answeredBy: { kind: 'unanswered', label: 'no answer yet' } });
    engine.clock.advance(3000);
    expect((await sending).status).toBe(202);
    const capture = await answered({ engine });
    expect(capture.answeredBy).toEqual({
      kind: 'fallback',
      label: 'App was late',
      ruleId: null,
      why: 'App gave no answer within 3 s, so the bin answered.',
    });
    const [delivery] = (await engine.client.deliveries.list({})).items;
    expect(await engine.client.deliveries.get({ id: delivery?.id ?? '' })).toMatchObject({ isInFlight: true });
  });

  it('gives way to a status where that is chosen, whatever went wrong', async () => {
    const gone = await receive();
    await gone.close();
    const engine = await startClockedEngine({ capturePort: 0 });
    const broken = await receive(halfBody());
    const bin = await engine.client.bins.create({ name: 'Shop' });
    const relay = await engine.client.relays.create({
      name: 'Orders',
      binId: bin.id,
      targets: [
        { url: gone.url, name: 'Gone', retryPolicy: 'none' },
        { url: broken.url, name: 'Broken', retryPolicy: 'none' },
      ],
      answer: { target: 0, otherwise: 504 },
    });
    const refused = await post(bin.url);
    expect([refused.status, await refused.text()]).toEqual([
      504,
      'The request was received and kept, but where it goes on to gave no answer.\n',
    ]);
    const first = await answered({ engine });
    expect(first).toMatchObject({ status: 504, answeredBy: { kind: 'fallback', label: 'Gone failed' } });
    expect(first.answeredBy?.why).toMatch(/^Gone gave no whole answer, so 504 was answered\. .*refused/i);
    const targets = relay.targets.map(({ id, url, name }) => ({ id, url, name, retryPolicy: 'none' as const }));
    await engine.client.relays.update({ id: relay.id, targets, answer: { target: 1, otherwise: 503 } });
    broken.append(halfBody());
    expect((await post(bin.url)).status).toBe(503);
  });

  it('is not asked where no filter matches, the relay is paused, the endpoint is disabled, or the request went round', async () => {
    const { engine, bin, relay, target } = await shop({ answer: { target: 0, otherwise: 504 }, match: { path: '/in/*' } });
    expect((await post(`${bin.url}/out`)).status).toBe(202);
    expect((await answered({ engine })).answeredBy).toMatchObject({
      kind: 'own',
      why: "The bin's own answer, since the request does not go on to App: no filter matched.",
    });
    const looped = await fetch(`${bin.url}/in/1`, { method: 'POST', headers: { 'Hookyard-Relay': relay.id } });
    expect(looped.status).toBe(504);
    expect((await answered({ engine })).answeredBy).toMatchObject({ kind: 'fallback', label: 'not forwarded' });
    await engine.client.relays.update({ id: relay.id, isActive: false });
    expect((await post(`${bin.url}/in/2`)).status).toBe(504);
    expect((await answered({ engine })).answeredBy?.why).toBe('App was not asked, so 504 was answered. The relay is paused.');
    expect(target.requests).toEqual([]);
    const endpoint = await engine.client.endpoints.create({ name: 'Off', url: target.url, signing: null, isActive: false });
    await engine.client.relays.update({
      id: relay.id,
      isActive: true,
      targets: [{ endpointId: endpoint.id }],
      answer: { target: 0, otherwise: 503 },
    });
    expect((await post(`${bin.url}/in/3`)).status).toBe(503);
    expect((await answered({ engine })).answeredBy?.why).toBe('Off was not asked, so 503 was answered. The endpoint is disabled.');
  });

  it('gives way to rules and refusals of the bin', async () => {
    const { engine, bin, target } = await shop();
    await engine.client.bins.update({
      id: bin.id,
      answers: {
        rules: [{ name: 'teapot', match: { path: '/tea' }, response: { status: 418 } }],
        sequence: { steps: '500', atEnd: 'stay' },
      },
    });
    expect((await post(`${bin.url}/tea`)).status).toBe(418);
    expect((await post(bin.url)).status).toBe(500);
    await engine.client.bins.update({ id: bin.id, answers: { sequence: null } });
    target.append(respond({ status: 299 }));
    await settled(engine);
    target.append(respond({ status: 299 }));
    expect((await post(bin.url)).status).toBe(299);
  });

  it('holds up nobody else, and a sender that leaves meanwhile is said to have left', async () => {
    const { engine, target, bin } = await shop({ steps: Array.from({ length: 400 }, hang) });
    const other = await engine.client.bins.create({ name: 'Other' });
    const waiting = await Promise.all(
      Array.from({ length: 150 }, () => raw({ bin }, `POST ${pathOf(bin.url)} HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}`)),
    );
    await target.nextRequest();
    for (let index = 0; index < 20; index += 1) expect((await post(other.url)).status).toBe(200);
    const [leaver, ...others] = waiting;
    leaver?.socket.destroy();
    const left = await until(engine, async () => {
      const { items } = await engine.client.captures.list({ binId: bin.id, limit: 200 });
      return items.find(({ answeredBy }) => answeredBy?.label === 'sender left') ?? null;
    });
    expect(left.answeredBy?.kind).toBe('unanswered');
    await until(engine, async () => ((await engine.client.bins.get({ id: bin.id })).captureCount === 150 ? true : null));
    engine.clock.advance(5000);
    for (const client of others) expect(await client.answer()).toMatchObject({ status: 202, body: 'kept' });
  });
});

describe('a host that stops', () => {
  it('answers for a target that has not, and delivers at the next start', async () => {
    const dataDir = createTempFolder();
    const first = await openClockedEngine({ dataDir, capturePort: 0 });
    const target = await receive(hang());
    const bin = await first.client.bins.create({ name: 'Shop', response: { status: 202 } });
    await first.client.relays.create({ name: 'Orders', binId: bin.id, targets: [{ url: target.url }], answer: { target: 0 } });
    const sending = post(bin.url);
    await target.nextRequest();
    await first.stop();
    expect((await sending).status).toBe(202);
    const second = await startClockedEngine({ dataDir, capturePort: 0 });
    second.clock.advance(60_000);
    await target.nextRequest();
    const [capture] = (await second.client.captures.list({})).items;
    expect(capture?.answeredBy).toMatchObject({ kind: 'fallback' });
  });
});

describe('a relay that answers', () => {
  it('is the only one of its bin, and answers with one of its targets', async () => {
    const { engine, bin, relay, target } = await shop();
    const another = { name: 'Second', binId: bin.id, targets: [{ url: `${target.url}/2` }] };
    await expect(engine.client.relays.create({ ...another, answer: { target: 0 } })).rejects.toThrow(
      'The relay Orders of this bin gives the answer of a target already, and a sender gets one answer: take it from one of them.',
    );
    await expect(engine.client.relays.create({ ...another, answer: { target: 1 } })).rejects.toThrow('There is no target 1');
    const made = await engine.client.relays.create(another);
    await expect(engine.client.relays.update({ id: made.id, answer: { target: 0 } })).rejects.toThrow('The relay Orders of this bin');
    await expect(engine.client.relays.update({ id: relay.id, targets: [{ url: `${target.url}/3` }] })).rejects.toThrow(
      'The target whose answer the sender gets is not in the list any more',
    );
    await expect(
      engine.client.relays.update({
        id: relay.id,
        targets: [{ url: `${target.url}/3` }, { url: `${target.url}/4` }],
        answer: { target: 1 },
        shadow: { target: 1, of: 0 },
      }),
    ).rejects.toThrow('The shadow is only tried out');
    // The target keeps its part where it stands in another place.
    const [kept] = relay.targets;
    const moved = await engine.client.relays.update({
      id: relay.id,
      targets: [{ url: `${target.url}/3` }, { id: kept?.id ?? '', url: target.url, name: 'App' }],
    });
    expect(moved.answer).toEqual({ target: 1, withinMs: 5000, otherwise: 'bin' });
    expect((await engine.client.relays.update({ id: relay.id, answer: null })).answer).toBeNull();
  });

  it('gives an endpoint the headers of its authentication, and says what they replaced', async () => {
    const { engine, bin, relay, target } = await shop();
    const auth = await engine.client.auths.create({ name: 'Key', parts: [{ kind: 'bearer', token: 'token-of-the-endpoint' }] });
    const endpoint = await engine.client.endpoints.create({ name: 'Internal', url: target.url, signing: null, authId: auth.id });
    const saved = await engine.client.relays.update({ id: relay.id, targets: [{ endpointId: endpoint.id }], answer: { target: 0 } });
    expect(saved.targets[0]?.withAuth).toBe(true);
    const send = () => fetch(bin.url, { method: 'POST', headers: { authorization: 'Bearer of-the-sender' } });
    await send();
    expect((await target.nextRequest()).header('authorization')).toBe('Bearer token-of-the-endpoint');
    const [delivery] = (await engine.client.deliveries.list({})).items;
    expect((await engine.client.deliveries.get({ id: delivery?.id ?? '' })).relay?.changes).toContain(
      "Replaced by that of the endpoint's authentication: Authorization.",
    );
    await engine.client.relays.update({ id: relay.id, targets: [{ id: endpoint.id, endpointId: endpoint.id, withAuth: false }] });
    const kept = await engine.client.relays.update({
      id: relay.id,
      targets: [{ id: endpoint.id, endpointId: endpoint.id, name: 'Other' }],
    });
    expect(kept.targets[0]?.withAuth, 'what was chosen stays').toBe(false);
    await send();
    expect((await target.nextRequest()).header('authorization')).toBe('Bearer of-the-sender');
    await expect(
      engine.client.relays.update({ id: relay.id, targets: [{ url: target.url, withAuth: true }], answer: null }),
    ).rejects.toThrow('A URL has no authentication');
  });
});
