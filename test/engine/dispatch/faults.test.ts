import { createServer } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SendOptions, SendResult, WireRequest } from '#engine/dispatch/sender.types.ts';
import {
  closeOnConnect,
  closeUnanswered,
  endlessBody,
  garbage,
  halfBody,
  hang,
  hangOnConnect,
  raw,
  rawOnConnect,
  reset,
  resetAfterHeaders,
  respond,
  slowDrip,
  stopReading,
  type ReceiverOptions,
  type ScriptedReceiver,
  type Step,
} from '../../support/scripted-receiver.ts';
import { fingerprint256, makeAuthority, makeCertificate } from '../../support/test-certificates.ts';
import { receiverForTest, senderForTest, sendOptions, wireRequest } from './sender-support.ts';

interface Fault {
  readonly name: string;
  readonly step: Step;
  /** Outcome without its message. */
  readonly outcome: {
    readonly code: string;
    readonly status?: number | null;
    readonly phase?: string | null;
    readonly reason?: string | null;
  };
  /** What the sentence says after the address. */
  readonly sentence: string;
  /** Status of the response that is kept, or null for none. */
  readonly kept: { readonly status: number; readonly bodyBytes: number } | null;
  readonly options?: Partial<SendOptions>;
  readonly body?: Uint8Array;
}

const faults: readonly Fault[] = [
  {
    name: 'a reset instead of an answer',
    step: reset(),
    outcome: { code: 'reset', reason: 'ECONNRESET' },
    sentence: "reset the connection without answering: look for a crash in the receiver's log, or a proxy between that cuts it off.",
    kept: null,
  },
  {
    name: 'an end instead of an answer',
    step: closeUnanswered(),
    outcome: { code: 'reset', reason: 'UND_ERR_SOCKET' },
    sentence: "closed the connection without answering: look for a crash in the receiver's log, or a proxy between that cuts it off.",
    kept: null,
  },
  {
    name: 'a reset in the middle of the body',
    step: resetAfterHeaders(),
    outcome: { code: 'reset', status: 200, reason: 'ECONNRESET' },
    sentence: "reset the connection in the middle of its 200 answer: look for a crash in the receiver's log.",
    kept: { status: 200, bodyBytes: 5 },
  },
  {
    name: 'a body shorter than its content-length',
    step: halfBody(),
    outcome: { code: 'incomplete', status: 200, reason: 'UND_ERR_SOCKET' },
    sentence:
      'answered 200 but closed the connection before the body was complete: check its content-length, and look for a crash in its log.',
    kept: { status: 200, bodyBytes: 5 },
  },
  {
    name: 'a body shorter than its content-length on a connection that was to close',
    step: raw('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 10\r\n\r\n01234'),
    outcome: { code: 'incomplete', status: 200, reason: 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' },
    sentence:
      'answered 200 but closed the connection before the body was complete: check its content-length, and look for a crash in its log.',
    kept: { status: 200, bodyBytes: 5 },
  },
  {
    name: 'a chunked body without its end',
    step: raw('HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n5\r\n01234\r\n'),
    outcome: { code: 'incomplete', status: 200, reason: 'HTTPParserError' },
    sentence:
      'answered 200 but closed the connection before the body was complete: check its content-length, and look for a crash in its log.',
    kept: { status: 200, bodyBytes: 5 },
  },
  {
    name: 'headers without their end',
    step: raw('HTTP/1.1 200 OK\r\ncontent-type: te'),
    outcome: { code: 'incomplete', status: null, reason: 'UND_ERR_SOCKET' },
    sentence: "closed the connection in the middle of its answer's headers: look for a crash in the receiver's log.",
    kept: null,
  },
  {
    name: 'an answer that is not HTTP',
    step: garbage(),
    outcome: { code: 'protocol', reason: 'HTTPParserError' },
    sentence: 'answered with something that is not HTTP/1.1: check that this port belongs to an HTTP server.',
    kept: null,
  },
  {
    name: 'a header line that is not one',
    step: raw('HTTP/1.1 200 OK\r\nno colon here\r\n\r\n'),
    outcome: { code: 'protocol', reason: 'HTTPParserError' },
    sentence: 'answered with something that is not HTTP/1.1: check that this port belongs to an HTTP server.',
    kept: null,
  },
  {
    name: 'a TLS alert in answer to plain HTTP',
    step: rawOnConnect(Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46])),
    outcome: { code: 'protocol', reason: 'HTTPParserError' },
    sentence: 'answered plain HTTP with TLS: use https:// in the URL.',
    kept: null,
  },
  {
    name: 'headers beyond the limit',
    step: raw(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`, 'keep'),
    outcome: { code: 'protocol', reason: 'UND_ERR_HEADERS_OVERFLOW' },
    sentence: 'answered with more than 64 KiB of headers: let the receiver send fewer.',
    kept: null,
  },
  {
    name: 'a change of protocol that was not asked for',
    step: raw('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n', 'keep'),
    outcome: { code: 'protocol', reason: 'UND_ERR_SOCKET' },
    sentence: 'answered with 100 Continue or a change of protocol that was not asked for: let the receiver answer with a final status.',
    kept: null,
  },
  {
    name: 'no answer',
    step: hang(),
    outcome: { code: 'timeout', phase: 'response' },
    sentence: 'took the request but did not answer within 150 ms: let the receiver answer first and work afterwards, or raise the timeout.',
    kept: null,
    options: { timeoutMs: 150 },
  },
  {
    name: 'a body that drips',
    step: slowDrip(5),
    outcome: { code: 'timeout', phase: 'body', status: 200 },
    sentence: 'began to answer but did not finish the body within 150 ms: let the receiver end its answer, or raise the timeout.',
    kept: { status: 200, bodyBytes: expect.any(Number) as number },
    options: { timeoutMs: 150 },
  },
  {
    name: 'a receiver that stops reading',
    step: stopReading(),
    outcome: { code: 'timeout', phase: 'request' },
    sentence: 'did not take in the whole request within 300 ms: it has stopped reading, or the network is slow.',
    kept: null,
    options: { timeoutMs: 300 },
    body: Buffer.alloc(32 * 1_048_576),
  },
  {
    name: 'a body without end',
    step: endlessBody(),
    outcome: { code: 'incomplete', status: 200 },
    sentence: 'answered 200, but its body went on past 64 MiB, where Hookyard stops reading: let the receiver answer with a short body.',
    kept: { status: 200, bodyBytes: expect.any(Number) as number },
    options: { timeoutMs: 15_000 },
  },
  {
    name: 'a server error',
    step: respond({ status: 500, reason: 'Internal Server Error', body: 'oops' }),
    outcome: { code: 'http_status', status: 500 },
    sentence:
      "answered 500 Internal Server Error, which the success rule 2xx does not count as delivered: the receiver's own log says why.",
    kept: { status: 500, bodyBytes: 4 },
  },
  {
    name: 'a success that the rule does not count',
    step: respond({ status: 204, reason: 'No Content', headers: [['content-length', '0']] }),
    outcome: { code: 'http_status', status: 204 },
    sentence: 'answered 204 No Content, which the success rule 200 does not count as delivered.',
    kept: { status: 204, bodyBytes: 0 },
    options: { successRule: '200' },
  },
  {
    name: 'a redirect',
    step: respond({ status: 302, reason: 'Found', headers: [['LOCATION', 'http://127.0.0.1:1/other']] }),
    outcome: { code: 'redirect', status: 302 },
    sentence:
      'answered 302 Found and redirected to http://127.0.0.1:1/other, which this endpoint does not follow: put the final address in its URL, or let it follow redirects.',
    kept: { status: 302, bodyBytes: 0 },
  },
  {
    name: 'a redirect that the rule counts as delivered',
    step: respond({ status: 302, reason: 'Found' }),
    outcome: { code: 'ok', status: 302 },
    sentence: 'answered 302 Found.',
    kept: { status: 302, bodyBytes: 0 },
    options: { successRule: '2xx,302' },
  },
];

async function attempt(receiver: ScriptedReceiver, options: Partial<SendOptions> = {}, host = '127.0.0.1'): Promise<SendResult> {
  return senderForTest().send(wireRequest(`${receiver.url.replace('127.0.0.1', host)}/hook`), sendOptions(options));
}

describe('over plain HTTP, an attempt', () => {
  it.each(faults)('that meets $name ends in $outcome.code', async ({ step, outcome, sentence, kept, options, body }) => {
    const receiver = await receiverForTest([step]);
    const request = wireRequest(`${receiver.url}/hook`, body === undefined ? {} : { body });
    const result = await senderForTest().send(request, sendOptions(options));
    expect(result.outcome).toEqual({
      status: null,
      phase: null,
      reason: null,
      ...outcome,
      message: `127.0.0.1:${receiver.port} ${sentence}`,
    });
    expect(result.response === null ? null : { status: result.response.status, bodyBytes: result.response.bodyBytes }).toEqual(kept);
    expect(result.sentHeaders[0]).toEqual(['host', `127.0.0.1:${receiver.port}`]);
    expect(result.connection).toMatchObject({ remoteAddress: '127.0.0.1', remotePort: receiver.port, isReused: false });
  });

  it('keeps no more of an endless body than asked', async () => {
    const receiver = await receiverForTest([endlessBody()]);
    const { response } = await attempt(receiver, { keptBytes: 100, timeoutMs: 15_000 });
    expect(response?.body.byteLength).toBe(100);
    expect(response?.isBodyTruncated).toBe(true);
    expect(response?.bodyBytes).toBeGreaterThan(64 * 1_048_576);
    expect(response?.bodyBytes).toBeLessThan(66 * 1_048_576);
  });

  it.each([
    { host: '127.0.0.1', on: '' },
    { host: 'localhost', on: ' on 127.0.0.1' },
  ])('to $host where nothing listens is refused', async ({ host, on }) => {
    const port = await unusedPort();
    const result = await senderForTest().send(wireRequest(`http://${host}:${port}/`), sendOptions());
    expect(result.outcome).toMatchObject({ code: 'refused', status: null, reason: 'ECONNREFUSED' });
    expect(result.outcome.message).toMatch(
      new RegExp(
        `^${host}:${port} refused the connection( on ::1 and 127\\.0\\.0\\.1| on 127\\.0\\.0\\.1 and ::1|${on}): nothing is listening on that port\\. Start the receiver or correct the port\\.$`,
      ),
    );
    expect(result).toMatchObject({ sentHeaders: [['Content-Type', 'application/json']], response: null, connection: null });
  });

  it('to a name that does not exist ends in dns', async () => {
    const result = await senderForTest().send(wireRequest('http://no-such-host.invalid/'), sendOptions());
    expect(result.outcome).toMatchObject({ code: 'dns', reason: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) });
    expect(result.outcome.message).toContain('no-such-host.invalid:80');
  });

  it('on a kept connection that the receiver ends meanwhile says that it may have been handled, and is not repeated', async () => {
    const receiver = await receiverForTest([respond(), closeUnanswered()]);
    const sender = senderForTest();
    await sender.send(wireRequest(receiver.url), sendOptions());
    const result = await sender.send(wireRequest(receiver.url), sendOptions());
    expect(result.outcome).toMatchObject({ code: 'reset', reason: 'UND_ERR_SOCKET' });
    expect(result.outcome.message).toContain('closed a connection kept from an earlier attempt');
    expect(result.connection?.isReused).toBe(true);
    expect(receiver.requests).toHaveLength(2);
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
  ])('with $name is not made', async ({ changes, sentence }) => {
    const receiver = await receiverForTest();
    const result = await senderForTest().send(wireRequest(receiver.url, changes), sendOptions());
    expect(result.outcome.code).toBe('policy');
    expect(result.outcome.message).toContain(sentence);
    expect(receiver.connectionCount()).toBe(0);
  });
});

const dayMs = 86_400_000;

interface TlsFault {
  readonly name: string;
  readonly tls: NonNullable<ReceiverOptions['tls']>;
  readonly host: string;
  readonly reason: string;
  readonly sentence: string;
}

const authority = makeAuthority();
const stranger = makeAuthority();
const expiredAtMs = Date.UTC(2020, 0, 2, 3, 4, 5);

const tlsFaults: readonly TlsFault[] = [
  { name: 'is self-signed', tls: makeCertificate(), host: 'localhost', reason: 'DEPTH_ZERO_SELF_SIGNED_CERT', sentence: 'is self-signed.' },
  {
    name: 'has expired',
    tls: makeCertificate({ issuer: authority, notBeforeMs: expiredAtMs - dayMs, notAfterMs: expiredAtMs }),
    host: 'localhost',
    reason: 'CERT_HAS_EXPIRED',
    sentence: 'expired on Jan  2 03:04:05 2020 GMT: renew it on the receiver',
  },
  {
    name: 'is not valid yet',
    tls: makeCertificate({ issuer: authority, notBeforeMs: Date.UTC(2048, 0, 1), notAfterMs: Date.UTC(2049, 0, 1) }),
    host: 'localhost',
    reason: 'CERT_NOT_YET_VALID',
    sentence: 'is not valid before Jan  1 00:00:00 2048 GMT',
  },
  {
    name: 'is made out to another host',
    tls: makeCertificate({ issuer: authority, names: ['example.com', 'www.example.com'] }),
    host: 'localhost',
    reason: 'ERR_TLS_CERT_ALTNAME_INVALID',
    sentence: 'is made out to DNS:example.com, DNS:www.example.com, not to this host',
  },
  {
    name: 'is made out to a name where an address was called',
    tls: makeCertificate({ issuer: authority, names: ['localhost'] }),
    host: '127.0.0.1',
    reason: 'ERR_TLS_CERT_ALTNAME_INVALID',
    sentence: 'is made out to DNS:localhost, not to this host',
  },
  {
    name: 'comes from an issuer nobody knows',
    tls: makeCertificate({ issuer: stranger }),
    host: 'localhost',
    reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    sentence: `is not known (CN=${stranger.commonName})`,
  },
  {
    name: 'comes with an authority that is not trusted',
    tls: (() => {
      const leaf = makeCertificate({ issuer: stranger });
      return { key: leaf.key, cert: leaf.cert + stranger.cert };
    })(),
    host: 'localhost',
    reason: 'SELF_SIGNED_CERT_IN_CHAIN',
    sentence: 'ends in an authority that this machine does not trust',
  },
];

describe('over TLS, an attempt', () => {
  it.each(tlsFaults)(
    'ends in tls where the certificate $name, with the certificate as evidence and nothing sent',
    async ({ tls, host, reason, sentence }) => {
      trustAuthority();
      const receiver = await receiverForTest([], { tls });
      const result = await attempt(receiver, {}, host);
      expect(result.outcome).toMatchObject({ code: 'tls', reason, status: null });
      expect(result.outcome.message).toContain(`${host}:${receiver.port}`);
      expect(result.outcome.message).toContain(sentence);
      expect(result.connection?.tls).toMatchObject({
        isAuthorized: false,
        authorizationError: reason,
        protocol: 'TLSv1.3',
        fingerprint256: fingerprint256(String(tls.cert)),
      });
      expect(result.response).toBeNull();
      await receiver.allClosed();
      expect(receiver.requests).toHaveLength(0);
    },
  );

  it.each(tlsFaults)(
    'goes through without verification where the certificate $name, and still records why it is not trusted',
    async ({ tls, host, reason }) => {
      trustAuthority();
      const receiver = await receiverForTest([], { tls });
      const result = await attempt(receiver, { verifyTls: false }, host);
      expect(result.outcome.code).toBe('ok');
      expect(result.connection?.tls).toMatchObject({ isAuthorized: false, authorizationError: reason });
    },
  );

  it('records protocol, cipher, certificate and timing of a peer it trusts, also on the kept connection', async () => {
    trustAuthority();
    const certificate = makeCertificate({ issuer: authority });
    const receiver = await receiverForTest([], { tls: certificate });
    const sender = senderForTest();
    const request = wireRequest(`https://localhost:${receiver.port}/`);
    const first = await sender.send(request, sendOptions());
    const tls = {
      protocol: 'TLSv1.3',
      cipher: expect.stringContaining('TLS_'),
      alpn: null,
      subject: 'CN=localhost',
      issuer: `CN=${authority.commonName}`,
      validFrom: expect.stringContaining('GMT'),
      validTo: expect.stringContaining('GMT'),
      fingerprint256: fingerprint256(certificate.cert),
      isAuthorized: true,
      authorizationError: null,
    };
    expect(first.outcome.code).toBe('ok');
    expect(first.connection).toEqual({ remoteAddress: '127.0.0.1', remotePort: receiver.port, isReused: false, tls });
    expect(first.timings).toMatchObject({ dnsMs: expect.any(Number), connectMs: expect.any(Number), tlsMs: expect.any(Number) });
    const second = await sender.send(request, sendOptions());
    expect(second.connection).toEqual({ remoteAddress: '127.0.0.1', remotePort: receiver.port, isReused: true, tls });
    expect(second.timings).toMatchObject({ dnsMs: null, connectMs: null, tlsMs: null });
  });

  it('does not use a connection opened without verification for an attempt that verifies', async () => {
    const receiver = await receiverForTest([], { tls: makeCertificate() });
    const sender = senderForTest();
    expect((await sender.send(wireRequest(receiver.url), sendOptions({ verifyTls: false }))).outcome.code).toBe('ok');
    expect((await sender.send(wireRequest(receiver.url), sendOptions({ verifyTls: true }))).outcome.code).toBe('tls');
  });

  it.each<{ name: string; step: Step; reason: string; sentence: string }>([
    {
      name: 'a plain HTTP server',
      step: rawOnConnect('HTTP/1.1 400 Bad Request\r\n\r\n'),
      reason: 'ERR_SSL_',
      sentence: 'does not speak TLS: it probably expects plain HTTP',
    },
    {
      name: 'a server that closes the connection',
      step: closeOnConnect(),
      reason: 'ECONNRESET',
      sentence: 'cut the connection during the TLS handshake',
    },
    {
      name: 'a handshake failure alert',
      step: rawOnConnect(Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28])),
      reason: 'ERR_SSL_',
      sentence: 'refused the TLS handshake',
    },
    {
      name: 'an alert on the protocol version',
      step: rawOnConnect(Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x46])),
      reason: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
      sentence: 'have no TLS version in common',
    },
    {
      name: 'an alert on the host name',
      step: rawOnConnect(Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x70])),
      reason: 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME',
      sentence: 'has no certificate for this host name',
    },
  ])('that meets $name ends in tls', async ({ step, reason, sentence }) => {
    const receiver = await receiverForTest([step]);
    const result = await senderForTest().send(wireRequest(`https://127.0.0.1:${receiver.port}/`), sendOptions());
    expect(result.outcome).toMatchObject({ code: 'tls', reason: expect.stringContaining(reason) });
    expect(result.outcome.message).toContain(`127.0.0.1:${receiver.port}`);
    expect(result.outcome.message).toContain(sentence);
  });

  it('ends in tls where the receiver wants a client certificate', async () => {
    const receiver = await receiverForTest([], { tls: { ...makeCertificate(), requestCert: true } });
    const result = await attempt(receiver, { verifyTls: false });
    expect(result.outcome).toMatchObject({ code: 'tls', reason: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' });
    expect(result.outcome.message).toContain('asks for a client certificate');
  });

  it('that meets a server silent in the handshake times out in the tls phase', async () => {
    const receiver = await receiverForTest([hangOnConnect()]);
    const result = await senderForTest().send(wireRequest(`https://127.0.0.1:${receiver.port}/`), sendOptions({ timeoutMs: 150 }));
    expect(result.outcome).toMatchObject({ code: 'timeout', phase: 'tls' });
    expect(result.timings).toMatchObject({ connectMs: expect.any(Number), tlsMs: null });
    await receiver.allClosed();
  });

  it('that the receiver resets ends in reset', async () => {
    const receiver = await receiverForTest([reset()], { tls: makeCertificate() });
    expect((await attempt(receiver, { verifyTls: false })).outcome).toMatchObject({ code: 'reset', reason: 'ECONNRESET' });
  });
});

/** Lets this process trust the test authority until the test ends. */
function trustAuthority(): void {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, authority.cert]);
  onTestFinished(() => setDefaultCACertificates(before));
}

/** A port of loopback on which nothing listens. */
async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('The server had no port.');
  return address.port;
}
