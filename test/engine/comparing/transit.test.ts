import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SolverEvent } from '#shared/contract/solving.ts';
import { headersWithout, openChangingProxy, reindent, type Alter } from '../../support/changing-proxy.ts';
import { hasAttempts, openClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { startReceiver } from '../../support/scripted-receiver.ts';
import { settled, until } from '../replays/replay-support.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const signing = { scheme: 'standard-webhooks' } as const;

let engine: ClockedEngine;
let folder: string;
const closing: (() => void)[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hookyard-'));
  engine = await openClockedEngine({ dataDir: folder, capturePort: 0 });
});
afterAll(async () => {
  for (const close of closing) close();
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

let made = 0;

/** One event to a bin of its own, through a proxy if one is given: its only attempt, and the capture. */
async function send(
  alter: Alter | null,
  options: { readonly isSigned?: boolean; readonly data?: Record<string, string | number | boolean> } = {},
) {
  const { isSigned = true, data = { order: 1, note: 'a/b' } } = options;
  made += 1;
  const { client } = engine;
  const bin = await client.bins.create({ name: `Bin ${made}`, ...(isSigned ? { signing, secrets: [secret] } : {}) });
  const proxy = alter === null ? null : await openChangingProxy(() => bin.url, alter);
  if (proxy !== null) closing.push(proxy.close);
  // As through a tunnel: another host, the same path.
  const url = proxy === null ? bin.url : new URL(new URL(bin.url).pathname, proxy.url).href;
  const target = { name: `Shop ${made}`, url, retryPolicy: 'none' as const };
  const endpoint = await client.endpoints.create({ ...target, signing: isSigned ? signing : null, ...(isSigned ? { secret } : {}) });
  const { deliveries } = await client.messages.send({ type: 'order.made', data, endpointIds: [endpoint.id] });
  const delivery = await engine.deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
  const { items } = await client.captures.list({ binId: bin.id });
  return { attemptId: delivery.attempts[0]?.id ?? '', deliveryId: delivery.id, captureId: items[0]?.id ?? '', binId: bin.id };
}

const transitOf = async (id: string) => (await engine.client.comparing.transit({ id })).transit;

describe('a transit', () => {
  it('through a proxy that re-indents JSON says so, from either side, with the time between', async () => {
    const { captureId, attemptId, deliveryId } = await send(reindent);
    const transit = await transitOf(captureId);
    expect(transit).toMatchObject({ attemptId, deliveryId, attemptNumber: 1, matchedBy: 'signature', alsoMatching: 0, elapsedMs: 0 });
    expect(transit?.comparison.body).toMatchObject({
      content: 'same',
      rewrites: [{ kind: 'layout', sentence: 'The JSON was re-indented: sent in one line without spaces, arrived indented by 2 spaces.' }],
    });
    expect(transit?.comparison.headers).toContainEqual(expect.objectContaining({ kind: 'added', name: 'Via', isHopByHop: false }));
    expect(transit?.comparison.headers.filter(({ isHopByHop }) => isHopByHop).map(({ name }) => name.toLowerCase())).toEqual([
      'connection',
    ]);
    expect(await engine.client.comparing.arrivals({ id: attemptId })).toEqual({ items: [transit], why: null });
  });

  it('without a proxy is the same, byte for byte', async () => {
    const { captureId } = await send(null);
    expect(await transitOf(captureId)).toMatchObject({ comparison: { isSame: true, summary: 'The body is the same, byte for byte.' } });
  });

  it('is known by the body where nothing else arrived, and by its content where that was written anew', async () => {
    const bare: Alter = ({ body }) => ({ headers: [], body });
    const same = await send(bare, { isSigned: false, data: { only: 'here' } });
    expect(await transitOf(same.captureId)).toMatchObject({ attemptId: same.attemptId, matchedBy: 'body' });
    const bareAnew: Alter = (relayed) => ({ headers: [], body: reindent(relayed).body });
    const other = await send(bareAnew, { isSigned: false, data: { only: 'there' } });
    expect(await transitOf(other.captureId)).toMatchObject({ attemptId: other.attemptId, matchedBy: 'content' });
  });

  it('is known by the body behind a proxy that changes the path only where that is the public URL of the bin', async () => {
    const { client } = engine;
    const bin = await client.bins.create({ name: 'Behind a path' });
    const proxy = await openChangingProxy(
      () => `${bin.url}/orders`,
      ({ body }) => ({ headers: [], body }),
    );
    closing.push(proxy.close);
    const target = { name: 'Behind a path', url: `${proxy.url}hooks/orders?k=1`, signing: null, retryPolicy: 'none' as const };
    const endpoint = await client.endpoints.create(target);
    const arrive = async (number: number) => {
      const { deliveries } = await client.messages.send({ type: 'a', data: { number }, endpointIds: [endpoint.id] });
      const delivery = await engine.deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
      const { items } = await client.captures.list({ binId: bin.id });
      return { delivery, transit: await transitOf(items[0]?.id ?? '') };
    };
    expect((await arrive(1)).transit).toBeNull();
    await client.bins.update({ id: bin.id, publicUrl: `${proxy.url}hooks` });
    const { delivery, transit } = await arrive(2);
    expect(transit).toMatchObject({ deliveryId: delivery.id, matchedBy: 'body' });
  });

  it.each(['/hooks', '/same-path'])('is not the forward of an earlier capture with the same body, to a receiver at %s', async (path) => {
    const { client } = engine;
    const receiver = await startReceiver([]);
    closing.push(() => void receiver.close());
    const url = new URL(path, receiver.url).href;
    const bin = await client.bins.create({ name: 'Relayed', slug: 'same-path' });
    const relay = await client.relays.create({ name: path, binId: bin.id, targets: [{ url, path: 'drop' }] });
    const post = async (body: string) => {
      await fetch(bin.url, { method: 'POST', body });
      const { items } = await client.captures.list({ binId: bin.id });
      return items[0]?.id ?? '';
    };
    const forwardOf = async (id: string) => (await client.deliveries.list({ sourceCaptureId: id })).items[0];
    const first = await post('{"a":1}');
    const forward = await until(engine, async () => ((await forwardOf(first))?.status === 'delivered' ? await forwardOf(first) : null));
    const { attempts } = await client.deliveries.get({ id: forward?.id ?? '' });
    expect(attempts.map((attempt) => attempt.request?.url)).toEqual([url]);
    for (const id of [first, await post('{"a":1}'), await post('{ "a": 1 }')]) {
      expect(await transitOf(id)).toBeNull();
      expect((await client.captures.get({ id })).deliveryId).toBeNull();
    }
    expect((await client.comparing.arrivals({ id: attempts[0]?.id ?? '' })).items).toEqual([]);
    await client.relays.remove({ id: relay.id });
    await settled(engine);
    await client.bins.remove({ id: bin.id });
  });

  it('is not made up for a request that came from elsewhere', async () => {
    const bin = await engine.client.bins.create({ name: 'Elsewhere' });
    await fetch(bin.url, { method: 'POST', body: '{"from":"elsewhere"}' });
    const { items } = await engine.client.captures.list({ binId: bin.id });
    expect(await engine.client.comparing.transit({ id: items[0]?.id ?? '' })).toEqual({
      transit: null,
      why: expect.stringContaining('No attempt in the log matches this capture') as string,
    });
    await expect(engine.client.comparing.transit({ id: 'cap_none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(engine.client.comparing.arrivals({ id: 'att_none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('of a capture is the attempt before it, and not a replay of it that carries the same signature', async () => {
    const { captureId, attemptId } = await send(null, { data: { replayed: true } });
    const bin = await engine.client.bins.create({ name: 'Second stop' });
    engine.clock.advance(1000);
    const { deliveries } = await engine.client.captures.replay({ id: captureId, url: bin.url });
    const replay = await engine.deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
    const { items } = await engine.client.captures.list({ binId: bin.id });
    expect((await transitOf(captureId))?.attemptId).toBe(attemptId);
    expect((await transitOf(items[0]?.id ?? ''))?.attemptId).toBe(replay.attempts[0]?.id);
  });

  it('never shows a secret header of the endpoint that did not arrive', async () => {
    const bin = await engine.client.bins.create({ name: 'Masked' });
    const proxy = await openChangingProxy(
      () => bin.url,
      (relayed) => ({ headers: headersWithout(relayed, 'x-key'), body: relayed.body }),
    );
    closing.push(proxy.close);
    const endpoint = await engine.client.endpoints.create({
      name: 'Masked',
      url: new URL(new URL(bin.url).pathname, proxy.url).href,
      signing: null,
      secretHeaders: { 'X-Key': 'do-not-tell-0815' },
      retryPolicy: 'none',
    });
    const { deliveries } = await engine.client.messages.send({ type: 'a', data: { masked: 1 }, endpointIds: [endpoint.id] });
    await engine.deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
    const { items } = await engine.client.captures.list({ binId: bin.id });
    const transit = await transitOf(items[0]?.id ?? '');
    expect(transit?.comparison.headers).toContainEqual(expect.objectContaining({ kind: 'removed', name: 'X-Key' }));
    expect(JSON.stringify(transit)).not.toContain('do-not-tell-0815');
  });
});

describe('a signature that a proxy broke', () => {
  it('is explained by what was sent: in the verdict, as the first cause of the search, and with a fix', async () => {
    const { captureId, attemptId, binId } = await send(reindent, { data: { total: 12 } });
    const verdict = await engine.client.verifying.verify({ scheme: 'auto', captureId });
    expect(verdict).toMatchObject({ verdict: 'invalid', reason: 'signature_mismatch', transit: { isProven: true, attemptId } });
    expect(verdict.transit?.sentence).toBe(
      'Hookyard sent another body than the one received here: on its way the JSON was re-indented: sent in one line without spaces, arrived indented by 2 spaces. Over the body that was sent the signature matches, so this is the cause.',
    );
    const result = await resultOf(await engine.client.verifying.solve({ scheme: 'auto', captureId }));
    expect(result?.matches[0]?.causes.map(({ id }) => id)).toEqual(['body-changed-in-transit']);
    const fix = result?.matches[0]?.fix;
    if (fix === undefined || !('change' in fix)) throw new Error('There is no fix.');
    const fixed = await engine.client.verifying.verify({ scheme: 'auto', captureId, secretsOf: binId, change: fix.change });
    expect(fixed).toMatchObject({ verdict: 'valid' });
    expect(fixed.transit).toBeUndefined();
  });

  it('is explained for a pasted request too, and not called proved with the wrong secret', async () => {
    const { captureId } = await send(reindent, { data: { pasted: true } });
    const { method, headers, bodyBase64 } = await engine.client.captures.get({ id: captureId });
    const request = { method, headers, bodyBase64 };
    const ask = (given: string) => engine.client.verifying.verify({ scheme: 'standard-webhooks', secrets: [given], request });
    expect((await ask(secret)).transit).toMatchObject({ isProven: true });
    expect((await ask('whsec_b3RoZXItb3RoZXItb3RoZXItb3RoZXI=')).transit).toMatchObject({
      isProven: false,
      sentence: expect.stringContaining('does not match either') as string,
    });
  });
});

async function resultOf(events: AsyncIterable<SolverEvent>) {
  for await (const event of events) if (event.kind === 'result') return event;
  return undefined;
}
