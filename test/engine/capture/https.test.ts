import { once } from 'node:events';
import { connect as connectHttp2, constants, type ClientHttp2Session, type OutgoingHttpHeaders } from 'node:http2';
import type { IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { createServer, type AddressInfo, type LookupFunction } from 'node:net';
import { X509Certificate } from 'node:crypto';
import { connect, createSecureContext } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { createAuthorityBook, type StoredAuthority } from '#engine/capture/tls/authority.ts';
import { readClientHello } from '#engine/capture/tls/client-hello.ts';
import { createServerCertificates } from '#engine/capture/tls/server-certificates.ts';
import { tlsFault, type TlsFault } from '#shared/contract/tls-fault.ts';
import { startCaptureWorkspace } from '../../support/capture-workspace.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { connectRaw } from '../../support/raw-http-client.ts';
import { createTestLog, testVault } from '../../support/temp-workspace.ts';
import { senderForTest, sendOptions, wireRequest } from '../dispatch/sender-support.ts';

/** A workspace with HTTPS on and one bin, on the clock of today, since real TLS checks dates. */
async function startSecure() {
  const workspace = await startCaptureWorkspace({ nowMs: Date.now() });
  const bin = await workspace.capture.createBin({ name: 'Orders', response: { body: 'ok' } });
  const port = await workspace.capture.startHttps(0);
  const { certificatePem: ca } = await workspace.capture.authority();
  const trusting = { tls: { key: 'test', context: createSecureContext({ ca }) } };
  return { ...workspace, bin, port, ca, trusting };
}

/** A GET by HTTPS over HTTP/1.1; its status and what it says. */
async function get(url: string, ca: string): Promise<{ readonly status: number; readonly text: string }> {
  const { hostname } = new URL(url);
  const request = requestHttps(url, { ca, agent: false, ...(hostname.endsWith('localhost') ? { lookup: loopback } : {}) });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const piece of response) text += String(piece);
  return { status: response.statusCode ?? 0, text };
}

const loopback: LookupFunction = (_host, options, done) =>
  options.all === true ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);

test('a bin receives by HTTPS, by path and by host, and the capture says by which and with what TLS', async () => {
  const { ca, port, captures } = await startSecure();
  const urls = [`https://127.0.0.1:${port}/orders/a?b=1`, `https://localhost:${port}/orders`, `https://orders.localhost:${port}/a?b=1`];
  for (const url of urls) expect(await get(url, ca)).toEqual({ status: 200, text: 'ok' });
  const [byHost, byName, byAddress] = await captures();
  const tls = { protocol: 'TLSv1.3', cipher: expect.stringContaining('TLS_') as string, fault: null };
  expect(byAddress).toMatchObject({
    target: '/orders/a?b=1',
    httpVersion: '1.1',
    arrival: { by: 'path', url: urls[0], urlFrom: 'request', tls: { ...tls, serverName: null } },
  });
  expect(byName?.arrival).toMatchObject({ by: 'path', tls: { ...tls, serverName: 'localhost' } });
  expect(byHost).toMatchObject({
    target: '/a?b=1',
    arrival: { by: 'host', url: urls[2], tls: { ...tls, serverName: 'orders.localhost' } },
  });
});

test('HTTP/2 is spoken with a sender that offers it, and keeps the order of its headers', async () => {
  const { ca, port, captures } = await startSecure();
  const session = openHttp2(port, ca);
  const answer = await requestHttp2(
    session,
    { ':path': '/orders/x?y', ':method': 'POST', 'x-b': '2', 'x-a': '1', 'content-type': 'text/plain' },
    'hello',
  );
  expect(answer).toMatchObject({ status: 200, text: 'ok' });
  expect((await requestHttp2(session, { ':path': '/nothing' })).status).toBe(404);
  const [capture] = await captures();
  expect(capture).toMatchObject({
    httpVersion: '2.0',
    method: 'POST',
    target: '/orders/x?y',
    bodyBase64: Buffer.from('hello').toString('base64'),
  });
  expect(capture?.headers).toEqual([
    ['host', `127.0.0.1:${port}`],
    ['x-b', '2'],
    ['x-a', '1'],
    ['content-type', 'text/plain'],
  ]);
});

function openHttp2(port: number, ca: string): ClientHttp2Session {
  const session = connectHttp2(`https://127.0.0.1:${port}`, { ca });
  session.on('error', () => undefined);
  onTestFinished(() => session.destroy());
  return session;
}

/** The answer to one request, or the code that its stream was broken off with. */
async function requestHttp2(session: ClientHttp2Session, headers: OutgoingHttpHeaders, body = '') {
  const stream = session.request(headers);
  let status: number | null = null;
  let text = '';
  stream.on('response', (answer) => (status = Number(answer[':status'])));
  stream.on('data', (piece: Uint8Array) => (text += Buffer.from(piece).toString()));
  stream.on('error', () => undefined);
  if (body === '') stream.end();
  else stream.end(body);
  // Not by `once` of the events, which rejects with the error of a stream that is broken off.
  await new Promise<void>((closed) => void stream.once('close', closed));
  return { status, text, code: stream.rstCode };
}

test('faults over HTTP/2 break off the stream, and those that it does not have are said not to have been given', async () => {
  const { ca, port, capture, captures, nextChange } = await startSecure();
  await capture.createBin({ name: 'Half', response: { body: 'half and half', fault: { kind: 'half-answer' } } });
  await capture.createBin({ name: 'Old', response: { body: 'whole', fault: { kind: 'http-1.0' } } });
  const session = openHttp2(port, ca);
  expect(await requestHttp2(session, { ':path': '/half' })).toEqual({ status: 200, text: 'half an', code: 2 });
  const changed = nextChange('captures');
  expect(await requestHttp2(session, { ':path': '/old' })).toEqual({ status: 200, text: 'whole', code: 0 });
  await changed;
  let old = await captures();
  while (old[0]?.response.sent === null) {
    await nextChange('captures');
    old = await captures();
  }
  expect(old[0]?.response.sent).toMatchObject({ end: 'not-possible' });
});

test('a reset acts at the same place over HTTP/2 as over HTTP/1.1: before the head, or within the body', async () => {
  const { ca, port, capture } = await startSecure();
  const resetting = (name: string, afterBytes: number) =>
    capture.createBin({ name, response: { body: 'x'.repeat(1000), fault: { kind: 'reset', afterBytes } } });
  await resetting('Early', 20);
  await resetting('Late', 700);
  const session = openHttp2(port, ca);
  expect(await requestHttp2(session, { ':path': '/early' })).toMatchObject({ status: null, text: '', code: 2 });
  const late = await requestHttp2(session, { ':path': '/late' });
  expect(late).toMatchObject({ status: 200, code: 2 });
  const overHttp1 = requestHttps(`https://127.0.0.1:${port}/late`, { ca, agent: false });
  overHttp1.on('error', () => undefined).end();
  const [response] = (await once(overHttp1, 'response')) as [IncomingMessage];
  let received = 0;
  response.on('data', (piece: Buffer) => (received += piece.byteLength)).on('error', () => undefined);
  await new Promise<void>((closed) => void response.once('close', closed));
  expect([late.text.length, received]).toEqual([received, received]);
  expect(received).toBeGreaterThan(0);
  expect(received).toBeLessThan(700);
});

test('a request for no bin by HTTPS is answered with the URL for HTTPS', async () => {
  const { ca, port } = await startSecure();
  expect(await get(`https://127.0.0.1:${port}/`, ca)).toEqual({
    status: 404,
    text: expect.stringContaining(`The URL of a bin is https://127.0.0.1:${port}/{slug}.`) as string,
  });
});

/** What our own sender says at each host name, with the local authority trusted. */
const sentences: Readonly<Record<TlsFault, readonly [code: string, sentence: RegExp]>> = {
  expired: ['tls', /^The certificate of expired\.orders\.localhost:\d+ expired on .* GMT/],
  'self-signed': ['tls', /is self-signed/],
  'wrong-host': ['tls', /is made out to DNS:another-host\.localhost, not to this host/],
  untrusted: ['tls', /ends in an authority that this machine does not trust \(CN=Hookyard authority that nobody trusts\)/],
  'missing-intermediate': [
    'tls',
    /The issuer of the certificate of .* is not known .*: it is an intermediate one, and the receiver did not send its certificate/,
  ],
  'old-tls': ['tls', /have no TLS version in common/],
  'handshake-cut': ['tls', /cut the connection during the TLS handshake/],
  'handshake-hang': ['timeout', /did not finish the TLS handshake within/],
};

test('a connection of HTTP/2 that breaks off hundreds of requests at once is ended, and another one is served', async () => {
  const { ca, port } = await startSecure();
  const session = openHttp2(port, ca);
  await once(session, 'remoteSettings');
  let code: number | null = null;
  session.once('goaway', (given) => (code = given));
  // Few at a time, so that they do not count as too many open ones: what ends the connection is their number.
  for (let round = 0; round < 16 && !session.closed && !session.destroyed; round += 1) {
    for (let sent = 0; sent < 20; sent += 1) {
      const stream = session.request({ ':path': '/orders', ':method': 'POST' });
      stream.on('error', () => undefined);
      stream.close(constants.NGHTTP2_CANCEL);
    }
    await answered(session);
  }
  expect(code).toBe(constants.NGHTTP2_INTERNAL_ERROR);
  expect(await requestHttp2(openHttp2(port, ca), { ':path': '/orders' })).toMatchObject({ status: 200, text: 'ok' });
});

/** Resolves when the other side has read what was sent before, or the session has ended. */
function answered(session: ClientHttp2Session): Promise<void> {
  return new Promise((resolve) => {
    session.once('close', resolve);
    if (session.closed || session.destroyed) return resolve();
    session.ping(() => {
      session.off('close', resolve);
      resolve();
    });
    return undefined;
  });
}

test('each TLS fault is seen as that fault by our own sender', async () => {
  const { port, trusting } = await startSecure();
  const sender = senderForTest();
  const seen = await Promise.all(
    tlsFault.options.map(async (fault) => {
      const { outcome } = await sender.send(
        wireRequest(`https://${fault}.orders.localhost:${port}/`),
        // Only the one that hangs takes it all; the others have to be seen before, also beside other work.
        sendOptions({ ...trusting, timeoutMs: fault === 'handshake-hang' ? 1000 : 30_000 }),
      );
      return [fault, outcome.code, outcome.message] as const;
    }),
  );
  expect(seen).toEqual(tlsFault.options.map((fault) => [fault, sentences[fault][0], expect.stringMatching(sentences[fault][1])]));
});

test('until the local authority is trusted our own sender says that, and how to trust it, and tells a missing intermediate apart', async () => {
  const { port } = await startSecure();
  const sender = senderForTest();
  const sentenceAt = async (label: string) =>
    (await sender.send(wireRequest(`https://${label}orders.localhost:${port}/`), sendOptions({ timeoutMs: 30_000 }))).outcome.message;
  const untrusted =
    /is signed by Hookyard local authority [0-9a-f]{8}, .* not trusted here: .*"hookyard ca export", and add it as authority .* the host name in the certificate is not checked/;
  expect(await sentenceAt('')).toMatch(untrusted);
  expect(await sentenceAt('wrong-host.')).toMatch(untrusted);
  expect(await sentenceAt('missing-intermediate.')).toMatch(
    /the receiver did not send its certificate\. The TLS fault missing-intermediate/,
  );
  expect(await sentenceAt('expired.')).toMatch(/ expired on /);
});

test('a sender that does not verify gets through a fault of the certificate, and the capture names it', async () => {
  const { port, captures } = await startSecure();
  const { outcome } = await senderForTest().send(
    wireRequest(`https://expired.orders.localhost:${port}/`),
    sendOptions({ verifyTls: false }),
  );
  expect(outcome.code).toBe('ok');
  expect((await captures())[0]?.arrival.tls).toMatchObject({ serverName: 'expired.orders.localhost', fault: 'expired' });
});

test('a handshake that fails is listed among what was refused, with why', async () => {
  const { port, refused, nextChange, bin } = await startSecure();
  const noted = nextChange('refused-requests');
  const oldest = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  const socket = connect({ port, host: '127.0.0.1', servername: 'orders.localhost', ...oldest });
  socket.on('error', () => undefined);
  await noted;
  expect((await refused())[0]).toMatchObject({
    reason: 'tls-handshake',
    binId: bin.id,
    seen: 'The sender offers no version of TLS that is taken here. It asked for orders.localhost.',
  });
});

test('plain HTTP at the port for HTTPS is told so', async () => {
  const { port, refused } = await startSecure();
  const client = await connectRaw(port);
  client.write('GET /orders HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(await client.answer()).toMatchObject({ status: 400, body: expect.stringContaining('Use https://') as string });
  expect((await refused())[0]).toMatchObject({ reason: 'not-tls', firstLine: 'GET /orders HTTP/1.1' });
});

test('another authority takes the place of the old one at once, at the same port', async () => {
  const { capture, port, ca } = await startSecure();
  const { certificatePem } = await capture.replaceAuthority();
  expect(capture.httpsUrl()).toBe(`https://127.0.0.1:${port}`);
  await expect(get(`https://127.0.0.1:${port}/orders`, ca)).rejects.toThrow();
  expect(await get(`https://127.0.0.1:${port}/orders`, certificatePem)).toEqual({ status: 200, text: 'ok' });
});

test('the authority is kept sealed, is renewed with the same key when a year is left, and signs for this machine only', async () => {
  const clock = createFakeClock(Date.now());
  let kept: StoredAuthority | undefined;
  const deps = {
    vault: testVault,
    clock,
    log: createTestLog(),
    store: { read: () => kept, write: (made: StoredAuthority) => Promise.resolve(void (kept = made)) },
  };
  const first = await createAuthorityBook(deps).get();
  expect(JSON.stringify(kept)).not.toContain('PRIVATE');
  expect((await createAuthorityBook(deps).get()).fingerprint).toBe(first.fingerprint);
  clock.advance(9.1 * 365 * 86_400_000);
  const renewed = await createAuthorityBook(deps).get();
  expect(renewed.fingerprint).not.toBe(first.fingerprint);
  const [before, after] = [new X509Certificate(first.certificatePem), new X509Certificate(renewed.certificatePem)];
  expect([after.subject, after.publicKey.equals(before.publicKey)]).toEqual([before.subject, true]);
  expect(after.toString()).toBe(renewed.certificatePem);
});

test('a certificate is made anew before it expires', async () => {
  const clock = createFakeClock(Date.now());
  const store = { read: () => undefined, write: () => Promise.resolve() };
  const authority = await createAuthorityBook({ store, vault: testVault, clock, log: createTestLog() }).get();
  const certificates = createServerCertificates(authority, clock);
  const [unnamed, named] = [certificates.unnamed(), certificates.contextFor('orders.localhost', null)];
  clock.advance(59 * 86_400_000);
  expect([certificates.unnamed(), certificates.contextFor('orders.localhost', null)]).toEqual([unnamed, named]);
  clock.advance(2 * 86_400_000);
  expect(certificates.unnamed().cert).not.toBe(unnamed.cert);
  expect(certificates.contextFor('orders.localhost', null)).not.toBe(named);
  expect(Date.parse(new X509Certificate(certificates.unnamed().cert).validTo)).toBeGreaterThan(clock.now() + 89 * 86_400_000);
});

test('the server name is read from a first message in any pieces, and nothing else counts as TLS', async () => {
  const socket = connect({ port: await silentPort(), host: '127.0.0.1', servername: 'orders.localhost' });
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  const hello = await firstHello;
  for (let bytes = 1; bytes < hello.length; bytes += 1) expect(readClientHello(hello.subarray(0, bytes)).kind).toBe('more');
  expect(readClientHello(hello)).toEqual({ kind: 'hello', serverName: 'orders.localhost' });
  expect(readClientHello(Buffer.from('GET / HTTP/1.1\r\n'))).toEqual({ kind: 'not-tls' });
  expect(readClientHello(Buffer.from([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0]))).toEqual({ kind: 'hello', serverName: null });
});

const { promise: firstHello, resolve: gotHello } = Promise.withResolvers<Buffer>();

/** A port that takes one message and says nothing. */
async function silentPort(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', gotHello);
  });
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
