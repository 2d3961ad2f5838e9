import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Canceller } from '#engine/http/canceller.ts';
import type { WireRequest } from '#engine/http/sender.types.ts';
import { closeIdle, endlessBody, hang, raw, respond, respondEarly } from '../../support/scripted-receiver.ts';
import { receiverForTest, senderForTest, sendOptions, testNowMs, wireRequest } from '../dispatch/sender-support.ts';

describe('sender', () => {
  it('returns the answer byte for byte: reason, header order and case, body', async () => {
    const body = Buffer.from([0, 0xff, 0x80, 0x0d, 0x0a]);
    const headers = [
      ['X-Second', 'caf\u00e9'],
      ['x-first', '1'],
      ['SET-cookie', 'a=1'],
      ['set-Cookie', 'b=2'],
    ] as const;
    const receiver = await receiverForTest([respond({ status: 201, reason: 'Made It', headers, body })]);
    const result = await senderForTest().send(wireRequest(receiver.url), sendOptions());
    expect(result.outcome).toEqual({
      code: 'ok',
      message: `127.0.0.1:${receiver.port} answered 201 Made It.`,
      status: 201,
      phase: null,
      reason: null,
    });
    expect(result.response).toEqual({
      status: 201,
      reason: 'Made It',
      headers: [...headers, ['content-length', '5']],
      body,
      bodyBytes: 5,
      isBodyTruncated: false,
    });
  });

  it('sends a body of 1 MiB that is not text without a change', async () => {
    const receiver = await receiverForTest();
    const body = Buffer.from(Array.from({ length: 1_048_576 }, (_, index) => (index * 31) % 256));
    await senderForTest().send(wireRequest(receiver.url, { body }), sendOptions());
    expect((await receiver.nextRequest()).body.equals(body)).toBe(true);
  });

  it('keeps the first bytes of a long body and counts all', async () => {
    const receiver = await receiverForTest([respond({ body: Buffer.alloc(300_000, 'x') }), respond({ body: 'abc' })]);
    const sender = senderForTest();
    const long = await sender.send(wireRequest(receiver.url), sendOptions({ keptBytes: 10 }));
    expect(long.response).toMatchObject({ body: Buffer.from('xxxxxxxxxx'), bodyBytes: 300_000, isBodyTruncated: true });
    const none = await sender.send(wireRequest(receiver.url), sendOptions({ keptBytes: 0 }));
    expect(none.response).toMatchObject({ body: Buffer.alloc(0), bodyBytes: 3, isBodyTruncated: true });
  });

  it('keeps no more of an endless body than asked', async () => {
    const receiver = await receiverForTest([endlessBody()]);
    const { response } = await senderForTest().send(wireRequest(receiver.url), sendOptions({ keptBytes: 100, timeoutMs: 60_000 }));
    expect(response?.body.byteLength).toBe(100);
    expect(response?.isBodyTruncated).toBe(true);
    expect(response?.bodyBytes).toBeGreaterThan(64 * 1_048_576);
    expect(response?.bodyBytes).toBeLessThan(66 * 1_048_576);
  });

  it.each<{ name: string; changes: Partial<WireRequest>; sentence: string }>([
    {
      name: 'a scheme other than http',
      changes: { url: 'ftp://127.0.0.1/' },
      sentence: '"ftp://127.0.0.1/" is not an address that can be sent to',
    },
    { name: 'no URL', changes: { url: 'nowhere' }, sentence: '"nowhere" is not an address that can be sent to' },
    {
      name: 'a line break in a header',
      changes: { headers: [['X', 'a\r\nY: b']] },
      sentence: 'The value of the header X must be one line',
    },
    { name: 'a header name with a space', changes: { headers: [['a b', 'c']] }, sentence: '"a b" is not a header name' },
    { name: 'a length of its own', changes: { headers: [['Content-Length', '1']] }, sentence: 'Remove the header Content-Length' },
    { name: 'a method that is not one', changes: { method: 'PO ST' }, sentence: '"PO ST" is not an HTTP method' },
  ])('makes no attempt with $name', async ({ changes, sentence }) => {
    const receiver = await receiverForTest();
    const result = await senderForTest().send(wireRequest(receiver.url, changes), sendOptions());
    expect(result.outcome.code).toBe('policy');
    expect(result.outcome.message).toContain(sentence);
    expect(receiver.connectionCount()).toBe(0);
  });

  it.each(['localhost', 'shop.localhost', 'A.b.LocalHost.'])('reaches this machine by the name %s', async (name) => {
    const receiver = await receiverForTest();
    const result = await senderForTest().send(wireRequest(`http://${name}:${receiver.port}/`), sendOptions());
    expect(result.outcome).toMatchObject({ code: 'ok' });
    expect(result.connection?.remoteAddress).toBe('127.0.0.1');
    expect((await receiver.nextRequest()).header('host')).toBe(`${name.toLowerCase()}:${receiver.port}`);
  });

  it('does not decompress', async () => {
    const receiver = await receiverForTest([respond({ headers: [['content-encoding', 'gzip']], body: 'not gzip at all' })]);
    const result = await senderForTest().send(wireRequest(receiver.url), sendOptions());
    expect(result.outcome.code).toBe('ok');
    expect(result.response?.body.toString()).toBe('not gzip at all');
  });

  it('keeps a connection alive and says so', async () => {
    const receiver = await receiverForTest();
    const sender = senderForTest();
    const first = await sender.send(wireRequest(receiver.url), sendOptions());
    const second = await sender.send(wireRequest(receiver.url), sendOptions());
    expect(receiver.connectionCount()).toBe(1);
    expect(first.connection).toEqual({ remoteAddress: '127.0.0.1', remotePort: receiver.port, isReused: false, tls: null });
    expect(second.connection).toEqual({ remoteAddress: '127.0.0.1', remotePort: receiver.port, isReused: true, tls: null });
    expect(first.timings).toMatchObject({
      queuedMs: null,
      dnsMs: null,
      connectMs: expect.any(Number),
      tlsMs: null,
      firstByteMs: expect.any(Number),
      downloadMs: expect.any(Number),
    });
    expect(second.timings).toMatchObject({
      dnsMs: null,
      connectMs: null,
      tlsMs: null,
      firstByteMs: expect.any(Number),
      downloadMs: expect.any(Number),
    });
  });

  it('has phases that add up to no more than the total', async () => {
    const receiver = await receiverForTest([respond({ body: 'x'.repeat(100_000) })]);
    const { timings } = await senderForTest().send(wireRequest(`http://localhost:${receiver.port}/`), sendOptions());
    const phases = [timings.dnsMs, timings.connectMs, timings.firstByteMs, timings.downloadMs];
    expect(phases.every((phase) => phase !== null && phase >= 0)).toBe(true);
    expect(phases.reduce<number>((sum, phase) => sum + (phase ?? 0), 0)).toBeLessThanOrEqual(timings.totalMs);
  });

  it('opens as many connections as there are attempts at once', async () => {
    const receiver = await receiverForTest([], { otherwise: respond({ delayMs: 20 }) });
    const sender = senderForTest();
    const results = await Promise.all(Array.from({ length: 8 }, () => sender.send(wireRequest(receiver.url), sendOptions())));
    expect(results.map((result) => result.outcome.code)).toEqual(Array(8).fill('ok'));
    expect(receiver.connectionCount()).toBe(8);
  });

  it('opens a new connection when a kept one was closed in the meantime', async () => {
    const receiver = await receiverForTest([closeIdle()]);
    const sender = senderForTest();
    await sender.send(wireRequest(receiver.url), sendOptions());
    await receiver.allClosed();
    const second = await sender.send(wireRequest(receiver.url), sendOptions());
    expect(second.outcome.code).toBe('ok');
    expect(second.connection?.isReused).toBe(false);
    expect(second.timings.connectMs).not.toBeNull();
    expect(receiver.requests).toHaveLength(2);
  });

  it('honours Connection: close', async () => {
    const receiver = await receiverForTest([closeIdle({ headers: [['connection', 'close']] })]);
    const sender = senderForTest();
    const results = [
      await sender.send(wireRequest(receiver.url), sendOptions()),
      await sender.send(wireRequest(receiver.url), sendOptions()),
    ];
    expect(results.map(({ outcome, connection }) => [outcome.code, connection?.isReused])).toEqual([
      ['ok', false],
      ['ok', false],
    ]);
  });

  it('takes an answer that comes before the request was read, and does not keep that connection', async () => {
    const receiver = await receiverForTest([respondEarly({ status: 413, reason: 'Too Large' })]);
    const sender = senderForTest();
    const early = await sender.send(wireRequest(receiver.url, { body: Buffer.alloc(32 * 1_048_576) }), sendOptions());
    expect(early.outcome).toMatchObject({ code: 'http_status', status: 413 });
    const next = await sender.send(wireRequest(receiver.url), sendOptions());
    expect(next.outcome.code).toBe('ok');
    expect(next.connection?.isReused).toBe(false);
  });

  it('ignores 103 Early Hints before the answer', async () => {
    const receiver = await receiverForTest([
      raw('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 202 Accepted\r\nX: y\r\ncontent-length: 0\r\n\r\n', 'keep'),
    ]);
    const result = await senderForTest().send(wireRequest(receiver.url), sendOptions());
    expect(result.response).toMatchObject({
      status: 202,
      reason: 'Accepted',
      headers: [
        ['X', 'y'],
        ['content-length', '0'],
      ],
    });
  });

  it.each([
    { value: '7', waitMs: 7000 },
    { value: new Date(testNowMs + 90_000).toUTCString(), waitMs: 90_000 },
    { value: 'later', waitMs: null },
  ])('reads Retry-After: $value', async ({ value, waitMs }) => {
    const receiver = await receiverForTest([respond({ status: 503, reason: '', headers: [['retry-AFTER', value]] })]);
    expect((await senderForTest().send(wireRequest(receiver.url), sendOptions())).retryAfterMs).toBe(waitMs);
  });

  it('tells the local port when the headers are written, before the answer', async () => {
    const receiver = await receiverForTest([hang()]);
    const ports: number[] = [];
    const stop = new AbortController();
    const sending = senderForTest().send(
      wireRequest(receiver.url),
      sendOptions({ signal: stop.signal, onSent: (localPort) => ports.push(localPort) }),
    );
    const received = await receiver.nextRequest();
    expect(ports).toEqual([received.remotePort]);
    stop.abort();
    await sending;
    expect(ports).toHaveLength(1);
  });

  it('cancels at once and leaves no connection behind', async () => {
    const receiver = await receiverForTest([hang()]);
    const stop = new AbortController();
    const sending = senderForTest().send(wireRequest(receiver.url), sendOptions({ signal: stop.signal }));
    await receiver.nextRequest();
    stop.abort();
    expect((await sending).outcome).toMatchObject({ code: 'cancelled', status: null });
    await receiver.allClosed();
    expect(receiver.requests).toHaveLength(1);
  });

  it('is cancelled as well by a canceller as by an AbortController', async () => {
    const receiver = await receiverForTest([respond(), hang()]);
    const sender = senderForTest();
    const canceller = new Canceller();
    expect((await sender.send(wireRequest(receiver.url), sendOptions({ signal: canceller }))).outcome.code).toBe('ok');
    await receiver.nextRequest();
    const sending = sender.send(wireRequest(receiver.url), sendOptions({ signal: canceller }));
    await receiver.nextRequest();
    canceller.abort();
    canceller.abort();
    expect((await sending).outcome.code).toBe('cancelled');
    expect(canceller.aborted).toBe(true);
    expect((await sender.send(wireRequest(receiver.url), sendOptions({ signal: canceller }))).outcome.code).toBe('cancelled');
    await receiver.allClosed();
    expect(receiver.requests).toHaveLength(2);
  });

  it('ends each attempt at its own deadline, though another began earlier, and none before it', async () => {
    const receiver = await receiverForTest([], { otherwise: hang() });
    const sender = senderForTest();
    const signal = new Canceller();
    const patient = sender.send(wireRequest(receiver.url), sendOptions({ timeoutMs: 60_000, signal }));
    for (const timeoutMs of [150, 50]) {
      const { outcome, timings } = await sender.send(wireRequest(receiver.url), sendOptions({ timeoutMs }));
      expect(outcome.code).toBe('timeout');
      expect(timings.totalMs).toBeGreaterThanOrEqual(timeoutMs);
    }
    signal.abort();
    expect((await patient).outcome.code).toBe('cancelled');
  });

  it('sends nothing when it was cancelled before', async () => {
    const receiver = await receiverForTest();
    const result = await senderForTest().send(wireRequest(receiver.url), sendOptions({ signal: AbortSignal.abort() }));
    expect(result.outcome.code).toBe('cancelled');
    expect(receiver.connectionCount()).toBe(0);
  });

  it('ends attempts under way and all connections when it is closed', async () => {
    const receiver = await receiverForTest([respond(), hang()]);
    const sender = senderForTest();
    await sender.send(wireRequest(receiver.url), sendOptions());
    const sending = sender.send(wireRequest(receiver.url), sendOptions());
    await receiver.nextRequest();
    await receiver.nextRequest();
    await sender.close();
    expect((await sending).outcome.code).toBe('interrupted');
    await receiver.allClosed();
    expect((await sender.send(wireRequest(receiver.url), sendOptions())).outcome.code).toBe('interrupted');
    expect(receiver.requests).toHaveLength(2);
  });

  it('serves a hundred failed attempts without keeping a socket', async () => {
    const receiver = await receiverForTest([], { otherwise: hang() });
    const sender = senderForTest();
    const results = await Promise.all(
      Array.from({ length: 100 }, () => sender.send(wireRequest(receiver.url), sendOptions({ timeoutMs: 150 }))),
    );
    expect(new Set(results.map((result) => result.outcome.code))).toEqual(new Set(['timeout']));
    await receiver.allClosed();
    expect(receiver.connectionCount()).toBe(100);
  });

  it('says why a receiver refused the client certificate', async () => {
    // The alerts certificate_expired and bad_certificate, in place of an answer to the first message.
    for (const [alert, said] of [
      [45, 'refused the client certificate because it has expired'],
      [42, 'refused the client certificate: the receiver'],
    ] as const) {
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, alert])));
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      onTestFinished(() => void server.close());
      const { port } = server.address() as AddressInfo;
      const { outcome } = await senderForTest().send(wireRequest(`https://127.0.0.1:${port}/`), sendOptions());
      expect(outcome).toMatchObject({ code: 'tls', message: expect.stringContaining(said) });
    }
  });
});
