import { createHmac } from 'node:crypto';
import { verify } from '@octokit/webhooks-methods';
import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import type { Bin } from '#shared/contract/bins.ts';
import type { Relay } from '#shared/contract/relays.ts';
import { startClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { respond } from '../../support/scripted-receiver.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';
import { receive, settled, until } from '../replays/replay-support.ts';
import { cleanUpNow } from '../retention/retention-support.ts';

const start = (ports: Parameters<typeof startClockedEngine>[0] = {}) => startClockedEngine({ capturePort: 0, ...ports });

async function send(
  url: string,
  body: string | Uint8Array<ArrayBuffer> = '{}',
  headers: Readonly<Record<string, string>> = {},
): Promise<number> {
  return (await fetch(url, { method: 'POST', body, headers })).status;
}

/** The relay once it satisfies a condition. */
function relayWhen(engine: ClockedEngine, id: string, isReached: (relay: Relay) => boolean): Promise<Relay> {
  return until(engine, async () => {
    const relay = await engine.client.relays.get({ id });
    return isReached(relay) ? relay : null;
  });
}

/** Everything that came is forwarded, and every delivery has ended or waits. */
async function forwarded(engine: ClockedEngine, id: string, count: number): Promise<Relay> {
  await relayWhen(engine, id, (relay) => relay.forwarded + relay.skipped.reduce((sum, each) => sum + each.count, 0) >= count);
  await settled(engine);
  return engine.client.relays.get({ id });
}

async function relayTo(engine: ClockedEngine, bin: Bin, url: string, more: object = {}): Promise<Relay> {
  return engine.client.relays.create({ name: 'To the app', binId: bin.id, targets: [{ url, retryPolicy: 'none' }], ...more });
}

describe('a relay', () => {
  it('forwards every byte, with the headers as they came, to each target whose filter matches', async () => {
    const engine = await start();
    const [all, paid] = [await receive(), await receive()];
    const bin = await engine.client.bins.create({ name: 'Shop' });
    const relay = await engine.client.relays.create({
      name: 'Orders',
      binId: bin.id,
      targets: [
        { url: `${all.url}/hooks?k=1` },
        { url: paid.url, match: { json: [{ path: '$.data.status', value: 'paid' }] }, path: 'drop', headers: { set: { 'X-Env': 'test' } } },
      ],
    });
    const bytes = Buffer.from('{"type":"order.changed", "data": {"status":"paid","price":1.10}}\n');
    await send(`${bin.url}/v1/orders?x=%20y`, bytes, { 'X-Odd': '{{ id }}' });
    await send(bin.url, '{"data":{"status":"open"}}');
    const done = await forwarded(engine, relay.id, 2);
    expect(done.targets.map((target) => target.forwarded)).toEqual([2, 1]);
    expect(all.requests.map(({ target }) => target)).toEqual(['/hooks/v1/orders?k=1&x=%20y', '/hooks?k=1']);
    expect(all.requests[0]?.body).toEqual(bytes);
    expect(all.requests[0]?.header('x-odd')).toBe('{{ id }}');
    expect(all.requests[0]?.header('hookyard-relay')).toBe(relay.id);
    expect(paid.requests).toHaveLength(1);
    expect(paid.requests[0]).toMatchObject({ target: '/', body: bytes });
    expect(paid.requests[0]?.header('x-env')).toBe('test');
  });

  it('links capture and delivery both ways, and says how the request differs', async () => {
    const engine = await start();
    const target = await receive();
    const bin = await engine.client.bins.create({ name: 'Shop' });
    const relay = await relayTo(engine, bin, `${target.url}/hook`, {});
    await send(`${bin.url}/a`, '{"type":"order.paid"}');
    await forwarded(engine, relay.id, 1);
    const [captured] = (await engine.client.captures.list({})).items;
    const [delivery] = (await engine.client.deliveries.list({ sourceCaptureId: captured?.id })).items;
    expect((await engine.client.deliveries.list({ relayId: relay.id })).items).toEqual([delivery]);
    expect(delivery).toMatchObject({ status: 'delivered', eventType: 'order.paid' });
    expect(await engine.client.deliveries.get({ id: delivery?.id ?? '' })).toMatchObject({
      sourceCaptureId: captured?.id,
      relay: { id: relay.id, changes: expect.arrayContaining(['/a became /hook/a.']) },
    });
  });

  it("keeps a signature that the provider's own library accepts at the target", async () => {
    const engine = await start();
    const target = await receive();
    const bin = await engine.client.bins.create({ name: 'Providers' });
    const relay = await relayTo(engine, bin, target.url);
    const body = '{"zen":"Keep it logically awesome.",  "n": 1.0}';
    const hub = `sha256=${createHmac('sha256', 'it-is-a-secret').update(body).digest('hex')}`;
    const stripe = new Stripe('sk_test_x');
    const secret = 'whsec_test_secret';
    const timed = stripe.webhooks.generateTestHeaderString({ payload: body, secret });
    await send(bin.url, body, { 'X-Hub-Signature-256': hub, 'Stripe-Signature': timed });
    await forwarded(engine, relay.id, 1);
    const [request] = target.requests;
    expect(await verify('it-is-a-secret', request?.body.toString('utf8') ?? '', request?.header('x-hub-signature-256') ?? '')).toBe(true);
    expect(stripe.webhooks.constructEvent(request?.body ?? '', request?.header('stripe-signature') ?? '', secret)).toMatchObject({ n: 1 });
  });

  it('signs anew where it is asked to, and shows no secret', async () => {
    const engine = await start();
    const target = await receive();
    const bin = await engine.client.bins.create({ name: 'Hub', signing: { scheme: 'github-sha256' }, secrets: ['secret-of-the-bin'] });
    const relay = await engine.client.relays.create({
      name: 'Anew',
      binId: bin.id,
      targets: [
        { url: `${target.url}/bin`, as: 'resigned' },
        { url: `${target.url}/own`, as: 'resigned', signing: { scheme: 'github-sha256' }, secret: 'secret-of-the-app' },
      ],
    });
    expect(JSON.stringify(relay)).not.toContain('secret-of');
    expect(relay.targets[1]?.secretFingerprints).toHaveLength(1);
    await send(bin.url, '{}', { 'X-Hub-Signature-256': 'sha256=of-the-sender' });
    await forwarded(engine, relay.id, 1);
    for (const { target: path, header, body } of target.requests) {
      const secret = path === '/bin' ? 'secret-of-the-bin' : 'secret-of-the-app';
      expect(await verify(secret, body.toString('utf8'), header('x-hub-signature-256') ?? '')).toBe(true);
    }
    // The secret stays when a change leaves it out.
    const [, own] = relay.targets;
    const changed = await engine.client.relays.update({
      id: relay.id,
      targets: [{ id: own?.id ?? '', url: `${target.url}/own`, as: 'resigned', signing: { scheme: 'github-sha256' } }],
    });
    expect(changed.targets[0]?.secretFingerprints).toEqual(own?.secretFingerprints);
  });

  it('retries while the target is down, so that every capture arrives once when it is back', async () => {
    const engine = await start();
    const down = Array.from({ length: 5 }, () => respond({ status: 503 }));
    const target = await receive(...down);
    const bin = await engine.client.bins.create({ name: 'Shop' });
    const relay = await engine.client.relays.create({
      name: 'Durable',
      binId: bin.id,
      targets: [{ url: target.url, retryPolicy: { kind: 'schedule', delaysMs: [60_000] } }],
    });
    for (let number = 0; number < 5; number += 1) expect(await send(bin.url, String(number))).toBe(200);
    const failing = await forwarded(engine, relay.id, 5);
    expect(failing.targets[0]).toMatchObject({ health: 'failing', pendingDeliveries: 5, forwarded: 5 });
    engine.clock.advance(60_000);
    await until(engine, async () => ((await engine.client.relays.get({ id: relay.id })).targets[0]?.pendingDeliveries === 0 ? true : null));
    await settled(engine);
    const arrived = target.requests.slice(5).map(({ body }) => body.toString('utf8'));
    expect(arrived.toSorted()).toEqual(['0', '1', '2', '3', '4']);
  });

  it('keeps what comes while it is paused, over a restart, and forwards it in order when it is resumed', async () => {
    const dataDir = createTempFolder();
    const clock = createFakeClock();
    const first = await start({ dataDir, clock });
    const target = await receive();
    const bin = await first.client.bins.create({ name: 'Shop' });
    const relay = await first.client.relays.create({
      name: 'Paused',
      binId: bin.id,
      targets: [{ url: target.url, isOrdered: true }],
      isActive: false,
    });
    for (let number = 0; number < 130; number += 1) await send(bin.url, String(number));
    expect(await first.client.relays.get({ id: relay.id })).toMatchObject({ queued: 130, forwarded: 0 });
    await first.stop();
    const second = await start({ dataDir, clock });
    expect(await second.client.relays.get({ id: relay.id })).toMatchObject({ queued: 130, forwarded: 0, isActive: false });
    await second.client.relays.update({ id: relay.id, isActive: true });
    await forwarded(second, relay.id, 130);
    expect(target.requests.map(({ body }) => body.toString('utf8'))).toEqual(Array.from({ length: 130 }, (_, number) => String(number)));
    expect(await second.client.relays.get({ id: relay.id })).toMatchObject({ queued: 0, forwarded: 130 });
  });

  it('forwards nothing any more once pausing it has been answered', async () => {
    const engine = await start();
    const target = await receive();
    const bin = await engine.client.bins.create({ name: 'Shop' });
    const relay = await relayTo(engine, bin, target.url);
    const sends = Array.from({ length: 30 }, () => send(bin.url));
    await engine.client.relays.update({ id: relay.id, isActive: false });
    const { forwarded: before } = await engine.client.relays.get({ id: relay.id });
    await Promise.all(sends);
    const after = await engine.client.relays.get({ id: relay.id });
    expect(after.forwarded).toBe(before);
    expect(after.forwarded + after.queued).toBe(30);
    expect(await engine.client.relays.dropQueued({ id: relay.id })).toMatchObject({ dropped: 30 - before });
    expect(await engine.client.relays.get({ id: relay.id })).toMatchObject({ queued: 0 });
  });

  it('says how many captures were removed before they went on', async () => {
    const engine = await start();
    const bin = await engine.client.bins.create({ name: 'Shop' });
    const relay = await relayTo(engine, bin, 'http://127.0.0.1:9/', { isActive: false });
    for (let number = 0; number < 3; number += 1) await send(bin.url);
    const [newest] = (await engine.client.captures.list({})).items;
    await engine.client.captures.remove({ id: newest?.id ?? '' });
    await engine.client.system.updateSettings({ keepCaptures: 1, confirm: true });
    await cleanUpNow(engine, { withDeleted: true });
    expect(await engine.client.relays.get({ id: relay.id })).toMatchObject({ queued: 1, skipped: [{ reason: 'removed', count: 2 }] });
  });

  it('keeps its targets when all their deliveries are removed by a limit', async () => {
    const engine = await start();
    const target = await receive();
    const bin = await engine.client.bins.create({ name: 'Shop' });
    const relay = await relayTo(engine, bin, target.url);
    await send(bin.url);
    await forwarded(engine, relay.id, 1);
    await engine.client.system.updateSettings({ keepDeliveries: 0, confirm: true });
    await cleanUpNow(engine);
    expect((await engine.client.deliveries.list({})).items).toEqual([]);
    await send(bin.url, 'again');
    await forwarded(engine, relay.id, 2);
    expect(target.requests.map(({ body }) => body.toString('utf8'))).toEqual(['{}', 'again']);
  });

  it('counts what it does not forward, with the reason', async () => {
    const engine = await start();
    const target = await receive();
    const bin = await engine.client.bins.create({ name: 'Shop' });
    const relay = await relayTo(engine, bin, `${target.url}/hook`, { match: { methods: ['POST', 'GET'] } });
    await send(`${bin.url}/%2e%2e%5cx`);
    await send(bin.url, '{}', { 'Hookyard-Relay': `rly_x, ${relay.id}` });
    await fetch(bin.url, { method: 'PUT' });
    const done = await forwarded(engine, relay.id, 3);
    expect(done.skipped.toSorted((a, b) => a.reason.localeCompare(b.reason))).toEqual([
      { reason: 'loop', count: 1 },
      { reason: 'path', count: 1 },
      { reason: 'unmatched', count: 1 },
    ]);
    expect(target.requests).toEqual([]);
  });

  it('reads the JSON of a large body in a thread', async () => {
    const engine = await start();
    const target = await receive();
    const bin = await engine.client.bins.create({ name: 'Shop' });
    const relay = await relayTo(engine, bin, target.url, { match: { json: [{ path: 'status', value: 'paid' }] } });
    const large = JSON.stringify({ filler: 'x'.repeat(300_000), status: 'paid' });
    await send(bin.url, large);
    await send(bin.url, large.replace('paid', 'open'));
    const done = await forwarded(engine, relay.id, 2);
    expect(done).toMatchObject({ forwarded: 1, skipped: [{ reason: 'unmatched', count: 1 }] });
    expect(target.requests[0]?.body.toString('utf8')).toBe(large);
  });
});

describe('a relay is refused', () => {
  it('where it would go round, directly or by way of other relays', async () => {
    const engine = await start();
    const [one, two] = [await engine.client.bins.create({ name: 'One' }), await engine.client.bins.create({ name: 'Two' })];
    await expect(relayTo(engine, one, `${one.url}/x`)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('A target of this relay is the bin that it takes from'),
    });
    await engine.client.relays.create({ name: 'Back', binId: two.id, targets: [{ url: one.url.replace('127.0.0.1', 'localhost') }] });
    await expect(relayTo(engine, one, two.url)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('To the app, then Back lead back to the same bin'),
    });
  });

  it.each(['localhost.', '[::ffff:127.0.0.1]', 'foo.localhost', '127.1', '[::]'])('where %s is the listener, too', async (host) => {
    const engine = await start();
    const bin = await engine.client.bins.create({ name: 'One' });
    await expect(relayTo(engine, bin, bin.url.replace('127.0.0.1', host))).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('the bin that it takes from'),
    });
  });

  it('with everything that is wrong about its targets at once', async () => {
    const { client } = await start();
    const bin = await client.bins.create({ name: 'Shop' });
    const targets = [{ url: 'http://h/', as: 'resigned' as const }, {}, { endpointId: 'ep_x' }];
    await expect(client.relays.create({ name: 'R', binId: bin.id, targets })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path: 'targets.0.signing' }, { path: 'targets.1.url' }, { path: 'targets.2.endpointId' }] },
    });
  });

  it.each([
    [{ targets: [{}] }, 'targets.0.url', 'Say where to'],
    [{ targets: [{ url: 'http://h/', endpointId: 'ep_x' }] }, 'targets.0.url', 'Give either'],
    [{ targets: [{ endpointId: 'ep_x' }] }, 'targets.0.endpointId', 'There is no endpoint ep_x'],
    [{ targets: [{ url: 'http://h/', as: 'resigned' }] }, 'targets.0.signing', 'Say how to sign'],
    [{ targets: [{ url: 'http://h/', secret: 'x' }] }, 'targets.0.secret', 'It is forwarded with the signature'],
    [{ targets: [{ id: 'ep_x', url: 'http://h/' }] }, 'targets.0.id', 'The relay has no target ep_x'],
    [{ targets: [] }, 'targets', 'Give at least one target.'],
    [{ targets: [{ url: 'http://h/' }], match: { json: [{ path: 'a b', value: 'x' }] } }, 'match.json.0.path', 'Use a path to one value'],
  ])('for %j, at %s', async (fields, path, sentence) => {
    const { client } = await start();
    const bin = await client.bins.create({ name: 'Shop' });
    await expect(client.relays.create({ name: 'R', binId: bin.id, ...fields } as never)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path, message: expect.stringContaining(sentence) }] },
    });
    expect((await client.relays.list({})).items).toEqual([]);
  });

  it('for a bin that does not exist', async () => {
    const { client } = await start();
    await expect(client.relays.create({ name: 'R', binId: 'bin_x', targets: [{ url: 'http://h/' }] })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('a header that a relay sets', () => {
  it('is sent as it stands, with a warning where it reads like a template', async () => {
    const engine = await start();
    const target = await receive();
    const bin = await engine.client.bins.create({ name: 'Shop' });
    const set = { 'X-Env': '{{ vars.env }}', 'X-Plain': 'test' };
    const { warnings } = await engine.client.relays.create({ name: 'R', binId: bin.id, targets: [{ url: target.url, headers: { set } }] });
    expect(warnings).toMatchObject([
      { code: 'HEADER_LITERAL', path: 'targets.0.headers.set.X-Env', message: expect.stringContaining('as it stands') },
    ]);
    await send(bin.url);
    expect((await target.nextRequest()).header('x-env')).toBe('{{ vars.env }}');
  });
});

describe('what a relay uses', () => {
  it('cannot be deleted before the relay is', async () => {
    const { client } = await start();
    const bin = await client.bins.create({ name: 'Shop' });
    const endpoint = await client.endpoints.create({ name: 'App', url: 'http://127.0.0.1:9/' });
    const relay = await client.relays.create({ name: 'R', binId: bin.id, targets: [{ endpointId: endpoint.id }] });
    for (const removal of [client.endpoints.remove({ id: endpoint.id }), client.bins.remove({ id: bin.id })])
      await expect(removal).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('The relay R uses') });
    expect(await client.relays.remove({ id: relay.id })).toEqual({ id: relay.id, dropped: 0, cancelledDeliveries: 0 });
    await client.endpoints.remove({ id: endpoint.id });
    await client.bins.remove({ id: bin.id });
    await expect(client.relays.get({ id: relay.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('and waits for its URL is cancelled with it', async () => {
    const engine = await start();
    const target = await receive(respond({ status: 503 }));
    const bin = await engine.client.bins.create({ name: 'Shop' });
    const relay = await engine.client.relays.create({ name: 'R', binId: bin.id, targets: [{ url: target.url }] });
    await send(bin.url);
    await forwarded(engine, relay.id, 1);
    expect(await engine.client.relays.remove({ id: relay.id })).toMatchObject({ cancelledDeliveries: 1 });
    expect((await engine.client.deliveries.list({})).items[0]?.status).toBe('cancelled');
    await send(bin.url);
    expect((await engine.client.deliveries.list({})).items).toHaveLength(1);
  });

  it('as an endpoint keeps its own settings, and what is forwarded waits while it is disabled', async () => {
    const engine = await start();
    const target = await receive();
    const bin = await engine.client.bins.create({ name: 'Shop' });
    const endpoint = await engine.client.endpoints.create({ name: 'App', url: `${target.url}/own`, signing: null, isActive: false });
    const relay = await engine.client.relays.create({ name: 'R', binId: bin.id, targets: [{ endpointId: endpoint.id }] });
    expect(relay.targets[0]).toMatchObject({ endpointId: endpoint.id, name: 'App', health: 'disabled', path: 'drop' });
    await send(`${bin.url}/a?b`, 'body');
    const waiting = await relayWhen(engine, relay.id, (each) => each.forwarded === 1);
    expect(waiting.targets[0]?.pendingDeliveries).toBe(1);
    await engine.client.endpoints.update({ id: endpoint.id, isActive: true });
    expect(await target.nextRequest()).toMatchObject({ target: '/own', body: Buffer.from('body') });
  });
});
