import { once } from 'node:events';
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { proveCapture } from '../../../src/renderer/features/captures/captures-store.ts';
import { hasAttempts, startClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';

interface Relayed {
  readonly incoming: IncomingMessage;
  readonly body: Buffer;
}

/** A proxy that passes each request on over a connection of its own, with what `alter` makes of it. */
async function startProxy(to: () => string, alter: (relayed: Relayed) => { readonly headers: readonly string[]; readonly body: Buffer }) {
  const passOn = async (incoming: IncomingMessage, response: ServerResponse) => {
    const { headers, body } = alter({ incoming, body: await buffer(incoming) });
    const onward = ask(to(), { method: 'POST', agent: false, headers: [...headers, 'Content-Length', String(body.length)] });
    onward.on('response', (answer) => {
      answer.resume();
      response.writeHead(answer.statusCode ?? 0).end();
    });
    onward.end(body);
  };
  const server = createServer((incoming, response) => void passOn(incoming, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** The raw headers of a request without some. */
function headersWithout({ incoming }: Relayed, ...dropped: readonly string[]): string[] {
  const { rawHeaders } = incoming;
  return rawHeaders.flatMap((name, index) => {
    const isName = index % 2 === 0;
    return isName && ![...dropped, 'content-length'].includes(name.toLowerCase()) ? [name, rawHeaders[index + 1] ?? ''] : [];
  });
}

/** The only capture of a bin, and what the window says of it, after one event went to `url`. */
async function captureOfEvent(engine: ClockedEngine, url: string, signing: { readonly scheme: 'standard-webhooks' } | null) {
  await engine.client.endpoints.create({ name: 'Shop', url, signing, retryPolicy: 'none' });
  const { deliveries } = await engine.client.messages.send({ type: 'order.made', data: { order: 1 } });
  const deliveryId = deliveries[0]?.id ?? '';
  await engine.deliveryWhen(deliveryId, hasAttempts(1));
  const { items } = await engine.client.captures.list({});
  const capture = await engine.client.captures.get({ id: items[0]?.id ?? '' });
  return { deliveryId, capture, comparison: await proveCapture(engine.client, capture) };
}

async function startWithBin() {
  const engine = await startClockedEngine({ capturePort: 0 });
  return { engine, bin: await engine.client.bins.create({ name: 'Bin' }) };
}

it.each([{ scheme: 'standard-webhooks' as const }, null])(
  'a capture that came straight has its delivery, signed with %o',
  async (signing) => {
    const { engine, bin } = await startWithBin();
    const { deliveryId, capture, comparison } = await captureOfEvent(engine, bin.url, signing);
    expect(capture.deliveryId).toBe(deliveryId);
    expect(comparison).toMatchObject({ kind: 'same' });
  },
);

it('a capture through a proxy has its delivery by id and signature', async () => {
  const { engine, bin } = await startWithBin();
  const proxy = await startProxy(
    () => bin.url,
    (relayed) => ({ headers: [...headersWithout(relayed, 'connection'), 'Via', '1.1 proxy'], body: relayed.body }),
  );
  const { deliveryId, capture, comparison } = await captureOfEvent(engine, proxy, { scheme: 'standard-webhooks' });
  expect(capture.headers).toContainEqual(['Via', '1.1 proxy']);
  expect(capture.deliveryId).toBe(deliveryId);
  expect(comparison).toMatchObject({ kind: 'same' });
});

it('a body that a proxy changed is told from the one that was sent', async () => {
  const { engine, bin } = await startWithBin();
  const proxy = await startProxy(
    () => bin.url,
    (relayed) => ({ headers: headersWithout(relayed), body: Buffer.concat([relayed.body, Buffer.from('\n')]) }),
  );
  const { deliveryId, capture, comparison } = await captureOfEvent(engine, proxy, { scheme: 'standard-webhooks' });
  expect(capture.deliveryId).toBe(deliveryId);
  expect(comparison).toMatchObject({ kind: 'different', sentByte: null, receivedByte: 10 });
});

it('a capture whose signature was replaced on the way is not called ours, nor the same', async () => {
  const { engine, bin } = await startWithBin();
  const proxy = await startProxy(
    () => bin.url,
    (relayed) => ({ headers: [...headersWithout(relayed, 'webhook-signature'), 'webhook-signature', 'v1,b3RoZXI='], body: relayed.body }),
  );
  const { capture, comparison } = await captureOfEvent(engine, proxy, { scheme: 'standard-webhooks' });
  expect(capture.deliveryId).toBeNull();
  expect(comparison).toBeNull();
});

// macOS has no address but 127.0.0.1 from which the same port could be used twice.
it.skipIf(process.platform === 'darwin')('a request that comes from the port of an attempt to elsewhere is not that attempt', async () => {
  const { engine, bin } = await startWithBin();
  // While our attempt waits here for its answer, another program uses the same port towards the bin.
  const elsewhere = createServer((incoming, response) => {
    const other = ask(bin.url, {
      method: 'POST',
      agent: false,
      localAddress: '127.0.0.2',
      localPort: incoming.socket.remotePort,
      headers: { 'Content-Length': '0' },
    });
    other.on('error', (error) => response.writeHead(500, error.message).end());
    other.on('response', (answer) => {
      answer.resume();
      response.end();
    });
    other.end();
  });
  elsewhere.listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  onTestFinished(() => {
    elsewhere.closeAllConnections();
    elsewhere.close();
  });
  const url = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
  const { capture, comparison } = await captureOfEvent(engine, url, null);
  expect(capture.deliveryId).toBeNull();
  expect(comparison).toBeNull();
});
