import { once } from 'node:events';
import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { headersWithout, openChangingProxy, type Alter } from '../../support/changing-proxy.ts';
import { hasAttempts, startClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';

async function startProxy(to: () => string, alter: Alter) {
  const proxy = await openChangingProxy(to, alter);
  onTestFinished(proxy.close);
  return proxy.url;
}

/** The only capture of a bin, and its transit, after one event went to `url`. */
async function captureOfEvent(engine: ClockedEngine, url: string, signing: { readonly scheme: 'standard-webhooks' } | null) {
  await engine.client.endpoints.create({ name: 'Shop', url, signing, retryPolicy: 'none' });
  const { deliveries } = await engine.client.messages.send({ type: 'order.made', data: { order: 1 } });
  const deliveryId = deliveries[0]?.id ?? '';
  await engine.deliveryWhen(deliveryId, hasAttempts(1));
  const { items } = await engine.client.captures.list({});
  const capture = await engine.client.captures.get({ id: items[0]?.id ?? '' });
  return { deliveryId, capture, transit: (await engine.client.comparing.transit({ id: capture.id })).transit };
}

async function startWithBin() {
  const engine = await startClockedEngine({ capturePort: 0 });
  return { engine, bin: await engine.client.bins.create({ name: 'Bin' }) };
}

it.each([{ scheme: 'standard-webhooks' as const }, null])(
  'a capture that came straight has its delivery, signed with %o',
  async (signing) => {
    const { engine, bin } = await startWithBin();
    const { deliveryId, capture, transit } = await captureOfEvent(engine, bin.url, signing);
    expect(capture.deliveryId).toBe(deliveryId);
    expect(transit).toMatchObject({ deliveryId, comparison: { body: { isSame: true } } });
  },
);

it('a capture through a proxy has its delivery by id and signature', async () => {
  const { engine, bin } = await startWithBin();
  const proxy = await startProxy(
    () => bin.url,
    (relayed) => ({ headers: [...headersWithout(relayed, 'connection'), 'Via', '1.1 proxy'], body: relayed.body }),
  );
  const { deliveryId, capture, transit } = await captureOfEvent(engine, proxy, { scheme: 'standard-webhooks' });
  expect(capture.headers).toContainEqual(['Via', '1.1 proxy']);
  expect(capture.deliveryId).toBe(deliveryId);
  expect(transit).toMatchObject({ deliveryId, comparison: { body: { isSame: true } } });
});

it('a body that a proxy changed is told from the one that was sent', async () => {
  const { engine, bin } = await startWithBin();
  const proxy = await startProxy(
    () => bin.url,
    (relayed) => ({ headers: headersWithout(relayed), body: Buffer.concat([relayed.body, Buffer.from('\n')]) }),
  );
  const { deliveryId, capture, transit } = await captureOfEvent(engine, proxy, { scheme: 'standard-webhooks' });
  expect(capture.deliveryId).toBe(deliveryId);
  expect(transit?.comparison.body).toMatchObject({
    isSame: false,
    content: 'same',
    firstDifference: { offset: capture.bodyBytes - 1 },
    rewrites: [{ kind: 'end' }],
  });
});

it('a capture whose signature was replaced on the way is known by its message id, and the replaced header is named', async () => {
  const { engine, bin } = await startWithBin();
  const proxy = await startProxy(
    () => bin.url,
    (relayed) => ({ headers: [...headersWithout(relayed, 'webhook-signature'), 'webhook-signature', 'v1,b3RoZXI='], body: relayed.body }),
  );
  const { capture, transit } = await captureOfEvent(engine, proxy, { scheme: 'standard-webhooks' });
  expect(capture.deliveryId).toBeNull();
  expect(transit).toMatchObject({ matchedBy: 'message id', comparison: { isSame: false, body: { isSame: true } } });
  expect(transit?.comparison.headers).toContainEqual(
    expect.objectContaining({ kind: 'rewritten', name: 'webhook-signature', after: 'v1,b3RoZXI=', isHopByHop: false }),
  );
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
  const { capture, transit } = await captureOfEvent(engine, url, null);
  expect(capture.deliveryId).toBeNull();
  expect(transit).toBeNull();
});
