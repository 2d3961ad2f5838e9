import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { verify } from '@octokit/webhooks-methods';
import { expect, it, onTestFinished } from 'vitest';
import { hasAttempts, startClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { cleanUpNow } from '../retention/retention-support.ts';
import { connectRaw } from '../../support/raw-http-client.ts';

interface Received {
  readonly method: string;
  readonly path: string;
  /** Names and values in turns, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** A server that keeps what it gets, and answers with these statuses one after the other, the last for ever. */
async function startTarget(...statuses: readonly number[]) {
  const received: Received[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '', rawHeaders } = request;
    const status = statuses[Math.min(received.length, statuses.length - 1)] ?? 200;
    received.push({ method, path: url, rawHeaders, body: await buffer(request) });
    response.writeHead(status).end();
  };
  const server = createServer((request, response) => void take(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

/** The header lines of a request without those that every sender writes itself. */
function linesOf({ rawHeaders }: Received): string[] {
  const lines = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1] ?? ''}`] : []));
  return lines.filter((line) => !/^(host|connection|content-length):/i.test(line));
}

async function capture(engine: ClockedEngine, head: readonly string[], body: string | Uint8Array): Promise<string> {
  const [bin] = (await engine.client.bins.list({})).items;
  const { slug, url } = bin ?? (await engine.client.bins.create({ name: 'Bin' }));
  const raw = await connectRaw(Number(new URL(url).port));
  const bytes = Buffer.from(body);
  const [first = '', ...headers] = head;
  raw.write(`${first.replace('/BIN', `/${slug}`)} HTTP/1.1\r\n${[...headers, `Content-Length: ${bytes.length}`].join('\r\n')}\r\n\r\n`);
  raw.write(bytes);
  await raw.answer();
  const { items } = await engine.client.captures.list({ limit: 1 });
  return items[0]?.id ?? '';
}

async function start() {
  return await startClockedEngine({ capturePort: 0 });
}

const odd = [
  'Host: shop.example',
  'x-Lower: 1',
  'X-Twice: a',
  'Accept: */*',
  'X-Twice: b',
  'Connection: keep-alive, X-Hop',
  'X-Hop: only here',
  'Proxy-Authorization: Basic eDp5',
  'X-Latin: caf\u00e9',
  'Content-Type: application/octet-stream',
  'X-Liquid: {{ id }} {% if true %}',
] as const;

it('sends a capture on as it was received: method, headers in order, case and number, and every byte of the body', async () => {
  const engine = await start();
  const target = await startTarget(200);
  const body = Buffer.from([0, 1, 2, 0xff, 0xfe, 13, 10, 13, 0x80]);
  const id = await capture(engine, ['PUT /BIN/deep?q=1', ...odd], body);
  const answer = await engine.client.captures.replay({ id, url: target.url });
  await engine.deliveryWhen(answer.deliveries[0]?.id ?? '', hasAttempts(1));
  const [got] = target.received;
  expect(got).toMatchObject({ method: 'PUT', path: '/hook', body });
  expect(linesOf(got as Received)).toEqual([
    'x-Lower: 1',
    'X-Twice: a',
    'Accept: */*',
    'X-Twice: b',
    'X-Latin: caf\u00e9',
    'Content-Type: application/octet-stream',
    'X-Liquid: {{ id }} {% if true %}',
  ]);
  expect(answer.warnings).toEqual([
    {
      code: 'HEADERS_LEFT_OUT',
      message:
        'Not sent as captured, since they are about one connection: X-Hop and Proxy-Authorization. Hookyard writes its own where they are needed.',
    },
  ]);
});

it('is linked both ways, and tried again like any delivery of its endpoint, with the same bytes each time', async () => {
  const engine = await start();
  const target = await startTarget(503, 200);
  const endpoint = await engine.client.endpoints.create({
    name: 'Own code',
    url: target.url,
    headers: { 'X-Own': 'not sent' },
    retryPolicy: { kind: 'schedule', delaysMs: [1000] },
  });
  const id = await capture(engine, ['POST /BIN', 'Host: a', 'X-GitHub-Event: push', 'X-Hub-Signature-256: sha256=00'], '{"a":1.10}');
  const answer = await engine.client.captures.replay({ id, endpointId: endpoint.id });
  const deliveryId = answer.deliveries[0]?.id ?? '';
  await engine.deliveryWhen(deliveryId, hasAttempts(1));
  await engine.clock.advance(1000);
  const delivery = await engine.deliveryWhen(deliveryId, hasAttempts(2));
  expect(delivery).toMatchObject({ status: 'delivered', eventType: 'push', sourceCaptureId: id });
  const [first, second] = target.received;
  expect(linesOf(first as Received)).toEqual(['X-GitHub-Event: push', 'X-Hub-Signature-256: sha256=00']);
  expect(linesOf(second as Received)).toEqual(linesOf(first as Received));
  expect(second?.body.toString()).toBe('{"a":1.10}');
  const { items } = await engine.client.deliveries.list({ sourceCaptureId: id });
  expect(items.map((item) => item.id)).toEqual([deliveryId]);
});

it('is signed anew with the scheme and secret of the bin, in the place of the old signature', async () => {
  const engine = await start();
  const target = await startTarget(200);
  await engine.client.bins.create({
    name: 'Signed',
    signing: { scheme: 'github-sha256' },
    secrets: ['correct-horse-battery-staple-7Q2x9Lw4'],
  });
  const id = await capture(engine, ['POST /BIN', 'X-Hub-Signature-256: sha256=00', 'X-GitHub-Event: push', 'Host: a'], '{"a":1}');
  const answer = await engine.client.captures.replay({ id, url: target.url, as: 'resigned', body: '{"a":2}' });
  await engine.deliveryWhen(answer.deliveries[0]?.id ?? '', hasAttempts(1));
  const [got] = target.received;
  const [signature = '', event] = linesOf(got as Received);
  expect(event).toBe('X-GitHub-Event: push');
  expect(await verify('correct-horse-battery-staple-7Q2x9Lw4', '{"a":2}', signature.replace('X-Hub-Signature-256: ', ''))).toBe(true);
  expect(answer.warnings.map(({ code }) => code)).toEqual([]);
});

it('says that the signature no longer fits where the body is changed and the old one kept', async () => {
  const engine = await start();
  const target = await startTarget(200);
  const id = await capture(engine, ['POST /BIN', 'Host: a'], 'one');
  const { warnings } = await engine.client.captures.replay({ id, url: target.url, body: 'two' });
  expect(warnings.map(({ code }) => code)).toEqual(['BODY_CHANGED']);
});

it.each([
  [{}, 'Say where to: give an endpointId, or a url such as http://127.0.0.1:3000/webhooks.'],
  [{ url: 'http://127.0.0.1:9/', endpointId: 'ep_x' }, 'Give either an endpointId or a url; replay the capture twice to reach both.'],
  [{ endpointId: 'ep_x', secret: 'x' }, 'An endpoint signs with its own scheme and secret: leave secret out, or give a url.'],
  [{ url: 'http://127.0.0.1:9/', as: 'resigned' }, 'Say how to sign: give a scheme, since the bin of this capture verifies none.'],
  [{ url: 'http://127.0.0.1:9/', body: 'x', bodyBase64: 'eA==' }, 'Give the body as text or in base64, not both.'],
  [{ endpointId: 'ep_gone' }, 'There is no endpoint ep_gone; it may have been deleted.'],
] as const)('is refused with what to change: %j', async (asked, message) => {
  const engine = await start();
  const id = await capture(engine, ['POST /BIN', 'Host: a'], 'one');
  await expect(engine.client.captures.replay({ id, ...asked })).rejects.toThrow(message);
});

it('refuses a body that came in part, and a capture that is gone', async () => {
  const engine = await start();
  const bin = await engine.client.bins.create({ name: 'Bin' });
  const raw = await connectRaw(Number(new URL(bin.url).port));
  raw.write(`POST /${bin.slug} HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nonly this`);
  raw.socket.end();
  await raw.untilClosed();
  const { items } = await engine.client.captures.list({});
  await expect(engine.client.captures.replay({ id: items[0]?.id ?? '', url: 'http://127.0.0.1:9/' })).rejects.toThrow(
    'Only the first 9 bytes of this body were received',
  );
  await expect(engine.client.captures.replay({ id: 'cap_gone', url: 'http://127.0.0.1:9/' })).rejects.toThrow(
    'There is no capture cap_gone',
  );
});

it('sends a head that a message brings along, and refuses what Hookyard writes itself', async () => {
  const engine = await start();
  const target = await startTarget(200);
  const endpoint = await engine.client.endpoints.create({ name: 'Own', url: target.url, signing: { scheme: 'github-sha256' } });
  const head = {
    method: 'PATCH' as const,
    headers: [
      ['X-B', '2'],
      ['x-a', '1'],
      ['X-B', '3'],
    ] as [string, string][],
  };
  const sent = await engine.client.messages.send({ type: 'a.b', bodyBase64: 'eA==', endpointIds: [endpoint.id], head });
  await engine.deliveryWhen(sent.deliveries[0]?.id ?? '', hasAttempts(1));
  expect(target.received[0]).toMatchObject({ method: 'PATCH' });
  expect(linesOf(target.received[0] as Received)).toEqual(['X-B: 2', 'x-a: 1', 'X-B: 3']);
  const preview = await engine.client.preview.render({ endpointId: endpoint.id, event: { type: 'a.b', bodyBase64: 'eA==' }, head });
  expect(preview.headers.filter(([name]) => /^x-/i.test(name))).toEqual(head.headers);
  await expect(
    engine.client.messages.send({ type: 'a.b', endpointIds: [endpoint.id], head: { headers: [['Host', 'a']] } }),
  ).rejects.toThrow();
});

it('keeps the headers of a replay over a clean-up, for as long as its delivery is kept', async () => {
  const engine = await start();
  const target = await startTarget(500);
  const id = await capture(engine, ['POST /BIN', 'Host: a', 'X-Only: here'], 'one');
  const { deliveries } = await engine.client.captures.replay({ id, url: target.url });
  const deliveryId = deliveries[0]?.id ?? '';
  await engine.deliveryWhen(deliveryId, hasAttempts(1));
  await engine.client.captures.remove({ id });
  await cleanUpNow(engine);
  await engine.client.deliveries.redeliver({ id: deliveryId });
  await engine.deliveryWhen(deliveryId, hasAttempts(2));
  expect(linesOf(target.received[1] as Received)).toEqual(['X-Only: here']);
});

it('takes the headers of a capture to no other origin when it is redirected there', async () => {
  const engine = await start();
  const other = await startTarget(200);
  const server = createServer((_request, response) => response.writeHead(307, { location: other.url }).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const endpoint = await engine.client.endpoints.create({
    name: 'Moved',
    url,
    signing: null,
    redirects: { follow: 3 },
    retryPolicy: 'none',
  });
  const id = await capture(engine, ['POST /BIN', 'Host: a', 'Authorization: Bearer captured'], 'one');
  const { deliveries } = await engine.client.captures.replay({ id, endpointId: endpoint.id });
  const delivery = await engine.deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
  expect(delivery.attempts[0]?.outcome?.code).toBe('redirect');
  expect(other.received).toEqual([]);
});

it('sends the headers of an authentication in the place of captured ones when that is asked for, and never shows them', async () => {
  const engine = await start();
  const target = await startTarget(200);
  const { id: authId } = await engine.client.auths.create({
    name: 'Token',
    parts: [
      { kind: 'bearer', token: 'hush-hush-token' },
      { kind: 'header', name: 'X-Api-Key', value: 'hush-hush-key' },
    ],
  });
  const { id: endpointId } = await engine.client.endpoints.create({ name: 'Shop', url: target.url, authId, signing: null });
  const captureId = await capture(engine, ['POST /BIN', 'Host: a', 'Authorization: Bearer theirs', 'X-Other: 1'], '{"a":1}');
  const send = async (how: object) => {
    const { deliveries } = await engine.client.captures.replay({ id: captureId, ...how });
    return await engine.deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
  };
  await send({ endpointId });
  expect(linesOf(target.received[0] as Received)).toEqual(['Authorization: Bearer theirs', 'X-Other: 1']);
  const shown = await send({ endpointId, withAuth: true });
  expect(linesOf(target.received[1] as Received)).toEqual([
    'Authorization: Bearer hush-hush-token',
    'X-Other: 1',
    'X-Api-Key: hush-hush-key',
  ]);
  const attempt = await engine.client.deliveries.attempt({ id: shown.attempts[0]?.id ?? '' });
  expect(JSON.stringify([shown, attempt])).not.toContain('hush-hush');
  await send({ url: target.url, authId });
  expect(linesOf(target.received[2] as Received)).toContain('Authorization: Bearer hush-hush-token');
});

it('signs with a scheme that is asked for, and not with that of the authentication beside it', async () => {
  const engine = await start();
  const target = await startTarget(200);
  const { id: authId } = await engine.client.auths.create({
    name: 'Both',
    parts: [
      { kind: 'signature', signing: { scheme: 'standard-webhooks' } },
      { kind: 'bearer', token: 'hush-hush-token' },
    ],
  });
  const id = await capture(engine, ['POST /BIN', 'Host: a'], '{"a":1}');
  const secret = 'correct-horse-battery-staple-7Q2x9Lw4';
  const resigned = { as: 'resigned' as const, url: target.url, authId };
  const own = { ...resigned, signing: { scheme: 'github-sha256' as const }, secret };
  const { warnings, deliveries } = await engine.client.captures.replay({ id, ...own });
  expect(warnings).toEqual([]);
  await engine.deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
  await engine.client.captures.replayMany({ filter: { ids: [id] }, ...own });
  await expect.poll(() => target.received.length).toBe(2);
  for (const received of target.received) {
    const lines = linesOf(received);
    expect(lines).toContain('Authorization: Bearer hush-hush-token');
    const signature = lines.find((line) => line.startsWith('X-Hub-Signature-256: '))?.replace('X-Hub-Signature-256: ', '') ?? '';
    expect(await verify(secret, '{"a":1}', signature)).toBe(true);
    expect(lines.join()).not.toMatch(/webhook-signature/i);
  }
  const { deliveries: byAuth } = await engine.client.captures.replay({ id, ...resigned });
  await engine.deliveryWhen(byAuth[0]?.id ?? '', hasAttempts(1));
  expect(linesOf(target.received[2] as Received).join()).toMatch(/webhook-signature/i);
});

it('refuses headers of an authentication that the target does not have', async () => {
  const engine = await start();
  const { id: endpointId } = await engine.client.endpoints.create({ name: 'Shop', url: 'http://127.0.0.1:9/' });
  const id = await capture(engine, ['POST /BIN', 'Host: a'], '{}');
  const replay = (how: object) => engine.client.captures.replay({ id, ...how });
  await expect(replay({ endpointId, withAuth: true })).rejects.toThrow('Shop has no authentication: choose one for it first');
  await expect(replay({ url: 'http://127.0.0.1:9/', withAuth: true })).rejects.toThrow('A URL has no authentication of its own');
  await expect(replay({ endpointId, authId: 'auth_1' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});
