import { describe, expect, it } from 'vitest';
import { wireHeaders } from '#engine/http/wire-headers.ts';
import { receiverForTest, senderForTest, sendOptions, wireRequest } from '../dispatch/sender-support.ts';

const given = [
  ['Content-Type', 'application/json'],
  ['webhook-id', 'msg_1'],
  ['X-CUSTOM-Case', 'caf\u00e9 \u00ff'],
  ['x-empty', ''],
  ['x-repeated', 'one'],
  ['X-Repeated', 'two'],
  ['a', 'short name'],
] as const;

describe('wire headers', () => {
  const bodies = [
    { title: 'with a body', body: Buffer.from([0, 255, 128, 10]) },
    { title: 'without a body', body: new Uint8Array(0) },
  ];
  const methods = ['POST', 'PUT', 'PATCH', 'GET', 'DELETE'];

  it.each(methods.flatMap((method) => bodies.map((body) => ({ method, ...body }))))(
    'foretell the bytes of a $method $title',
    async ({ method, body }) => {
      const receiver = await receiverForTest();
      const request = wireRequest(`${receiver.url}/hooks/%C3%A9?x=a%20b#part`, {
        method,
        body,
        headers: given.map(([name, value]) => [name, value]),
      });
      const result = await senderForTest().send(request, sendOptions());
      const received = await receiver.nextRequest();
      const text = [
        `${method} /hooks/%C3%A9?x=a%20b HTTP/1.1`,
        ...wireHeaders(request).map(([name, value]) => `${name}: ${value}`),
        '',
        '',
      ].join('\r\n');
      expect(received.rawBytes.toString('latin1')).toBe(text + Buffer.from(body).toString('latin1'));
      expect(result.sentHeaders).toEqual(wireHeaders(request));
    },
  );

  it('name host and port as the URL does on IPv6', async () => {
    const receiver = await receiverForTest([], { host: '::1' });
    const request = wireRequest(`${receiver.url}/`);
    const result = await senderForTest().send(request, sendOptions());
    expect((await receiver.nextRequest()).rawHeaders).toEqual(wireHeaders(request));
    expect(result.sentHeaders[0]).toEqual(['host', `[::1]:${receiver.port}`]);
    expect(result.connection).toMatchObject({ remoteAddress: '::1', remotePort: receiver.port });
  });

  it('are the same on a kept connection', async () => {
    const receiver = await receiverForTest();
    const sender = senderForTest();
    const request = wireRequest(`${receiver.url}/`);
    await sender.send(request, sendOptions());
    const second = await sender.send(request, sendOptions());
    const [, received] = receiver.requests;
    expect(received?.connectionNumber).toBe(1);
    expect(received?.rawHeaders).toEqual(wireHeaders(request));
    expect(second.sentHeaders).toEqual(wireHeaders(request));
  });

  it.each([
    ['http://example.com:80/', 'example.com'],
    ['https://example.com:443/', 'example.com'],
    ['https://example.com:80/', 'example.com:80'],
    ['http://EXAMPLE.com:8080/', 'example.com:8080'],
    ['http://[::1]/', '[::1]'],
    ['http://b\u00fccher.example/', 'xn--bcher-kva.example'],
  ])('leave out the port that %s has by default', (url, host) => {
    expect(wireHeaders(wireRequest(url))[0]).toEqual(['host', host]);
  });
});
