import { call } from '@orpc/server';
import { expect, test } from 'vitest';
import { admit } from '#engine/base/admission.ts';
import { refuseWrite, refusedKept } from '#engine/capture/refused/store.ts';
import { startCaptureWorkspace } from '../../support/capture-workspace.ts';
import { connectRaw } from '../../support/raw-http-client.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

const context = admit('test');

const head = (line: string, ...rest: string[]) => [line, 'Host: x', ...rest, '', ''].join('\r\n');
const utf8 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
const firstBytes = (bodyBase64: string) => Buffer.from(bodyBase64, 'base64').toString('latin1');

/** Request, status, reason, what is said to have been seen, and a piece of the advice. */
const cases: readonly (readonly [string, string, number, string, string, string])[] = [
  [
    'a space in the path',
    head('GET /orders/a b HTTP/1.1'),
    400,
    'path-space',
    'The path holds a space at byte 13; HTTP/1.1 allows none.',
    '%20',
  ],
  ['two spaces', head('POST /orders/a b c HTTP/1.1'), 400, 'path-space', 'The path holds a space at byte 14; HTTP/1.1 allows none.', '%20'],
  [
    'UTF-8 in the path',
    utf8(head('GET /orders/café HTTP/1.1')),
    400,
    'path-not-ascii',
    'The path holds the byte 0xC3 at byte 15; HTTP/1.1 allows ASCII only.',
    'Percent-encode',
  ],
  [
    'a tab in the path',
    head('GET /orders/a\tb HTTP/1.1'),
    400,
    'path-control',
    'The path holds the control character 0x09 at byte 13.',
    'Percent-encode',
  ],
  [
    'a path without a slash',
    head('GET orders HTTP/1.1'),
    400,
    'path-form',
    'The path does not begin with a slash, and is no whole URL.',
    'slash',
  ],
  [
    'LF only',
    'POST /orders HTTP/1.1\nHost: x\nContent-Length: 2\n\nab',
    400,
    'lf-only',
    'Line 1 of the head ends with LF alone, at byte 21.',
    'CR LF',
  ],
  [
    'LF in one line',
    'GET /orders HTTP/1.1\r\nHost: x\nA: b\r\n\r\n',
    400,
    'lf-only',
    'Line 2 of the head ends with LF alone, at byte 29.',
    'CR LF',
  ],
  [
    'LF at the empty line',
    'POST /orders HTTP/1.1\r\nContent-Length: 2\n\nab',
    400,
    'lf-only',
    'Line 2 of the head ends with LF alone, at byte 40.',
    'CR LF',
  ],
  [
    'CR only',
    'GET /orders HTTP/1.1\rHost: x\r\r',
    400,
    'cr-only',
    'Line 1 of the head holds a CR without LF behind it, at byte 20.',
    'CR LF',
  ],
  [
    'CR in a value',
    head('GET /orders HTTP/1.1', 'X-A: a\rb'),
    400,
    'cr-only',
    'Line 3 of the head holds a CR without LF behind it, at byte 37.',
    'CR LF',
  ],
  [
    'a folded header',
    head('GET /orders HTTP/1.1', 'X-Sig: a', ' b'),
    400,
    'folded-header',
    'The value of X-Sig goes on in the next line, which begins with a space or tab.',
    'one line',
  ],
  [
    'a header that is folded before its value',
    head('GET /orders HTTP/1.1', 'X-Sig:', ' b'),
    400,
    'folded-header',
    'The value of X-Sig goes on in the next line, which begins with a space or tab.',
    'one line',
  ],
  [
    'a fold at the first header',
    'GET /orders HTTP/1.1\r\n X: y\r\n\r\n',
    400,
    'folded-header',
    'The line after the request line begins with a space or tab, as if it went on with the line before.',
    'one line',
  ],
  [
    'length and chunked',
    head('POST /orders HTTP/1.1', 'Content-Length: 1', 'Transfer-Encoding: chunked'),
    400,
    'length-and-chunked',
    'The request has both Content-Length and Transfer-Encoding, which say different things of its end.',
    'one of the two',
  ],
  [
    'chunked and length',
    head('POST /orders HTTP/1.1', 'Transfer-Encoding: chunked', 'Content-Length: 1'),
    400,
    'length-and-chunked',
    'The request has both Content-Length and Transfer-Encoding, which say different things of its end.',
    'one of the two',
  ],
  [
    'two lengths',
    head('POST /orders HTTP/1.1', 'Content-Length: 1', 'Content-Length: 1'),
    400,
    'two-lengths',
    'The request has Content-Length more than once.',
    'once',
  ],
  [
    'a length in words',
    head('POST /orders HTTP/1.1', 'Content-Length: abc'),
    400,
    'content-length',
    'The value of Content-Length is no plain number of bytes.',
    'digits only',
  ],
  [
    'gzip behind chunked',
    head('POST /orders HTTP/1.1', 'Transfer-Encoding: chunked, gzip'),
    400,
    'transfer-encoding',
    'The value of Transfer-Encoding is not "chunked" alone.',
    'Content-Encoding',
  ],
  [
    'a space in a header name',
    head('GET /orders HTTP/1.1', 'X A: b'),
    400,
    'header-name',
    'The name of a header holds a space at byte 32, in line 3 of the head.',
    'Name: value',
  ],
  [
    'UTF-8 in a header name',
    utf8(head('GET /orders HTTP/1.1', 'Xé: b')),
    400,
    'header-name',
    'The name of a header holds the byte 0xC3 at byte 32, in line 3 of the head.',
    'Name: value',
  ],
  [
    'a space before the colon',
    head('GET /orders HTTP/1.1', 'X-A : b'),
    400,
    'header-name',
    "There is a space between a header's name and its colon, in line 3 of the head.",
    'before the colon',
  ],
  [
    'a header without a colon',
    head('GET /orders HTTP/1.1', 'broken'),
    400,
    'header-name',
    'Line 3 of the head is no header: it has no colon.',
    'Name: value',
  ],
  [
    'a header without a name',
    head('GET /orders HTTP/1.1', ': b'),
    400,
    'header-name',
    'Line 3 of the head has no name before its colon.',
    'Name: value',
  ],
  [
    'NUL in a value',
    head('GET /orders HTTP/1.1', 'X-A: a\0b'),
    400,
    'header-value',
    'The value of X-A holds the control character 0x00 at byte 37.',
    'base64',
  ],
  [
    'headers over the limit',
    head('GET /orders HTTP/1.1', `X-Big: ${'v'.repeat(300_000)}`),
    431,
    'head-too-large',
    'The path and the headers are over 262144 bytes together.',
    'shorter headers',
  ],
  [
    'the preface of HTTP/2',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0',
    400,
    'http2',
    'The connection begins with the preface of HTTP/2, and this port speaks HTTP/1.1.',
    'prior knowledge',
  ],
  [
    'a TLS handshake',
    `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03${'\x07'.repeat(40)}`,
    400,
    'tls',
    'The connection begins with a TLS handshake (bytes 16 03), and this port speaks plain HTTP.',
    'http:// and not https://',
  ],
  [
    'a PROXY protocol header',
    `PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\n${head('GET /orders HTTP/1.1')}`,
    400,
    'proxy-protocol',
    'The connection begins with a PROXY protocol header, and this port expects the request at once.',
    'PROXY protocol off',
  ],
  [
    'a path that holds the version',
    head('GET /orders?q=a HTTP/1.1 HTTP/1.1'),
    400,
    'path-space',
    'The path holds a space at byte 15; HTTP/1.1 allows none.',
    '%20',
  ],
  [
    'another version',
    head('GET /orders HTTP/3'),
    400,
    'version',
    'The request line does not end in HTTP/1.1 or HTTP/1.0 after the path.',
    'HTTP/1.1',
  ],
  [
    'a version in small letters',
    head('GET /orders http/1.1'),
    400,
    'version',
    'The request line does not end in HTTP/1.1 or HTTP/1.0 after the path.',
    'HTTP/1.1',
  ],
  ['an unknown method', head('FOO /orders HTTP/1.1'), 400, 'method', 'The method is FOO, which is not a method of HTTP.', 'POST'],
  [
    'a method in small letters',
    head('post /orders HTTP/1.1'),
    400,
    'method',
    'The method is post, and methods are told apart by case: POST is another.',
    'in capitals',
  ],
  [
    'random bytes',
    '\xff\xfe\0\x11\x22\x99',
    400,
    'not-http',
    'What came is not a request in HTTP/1.1 (Invalid method encountered).',
    'speaks HTTP/1.1',
  ],
  [
    'a body alone',
    '{"a":1}\r\n\r\n',
    400,
    'not-http',
    'What came is not a request in HTTP/1.1 (Invalid method encountered).',
    'speaks HTTP/1.1',
  ],
  [
    'CONNECT',
    'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n',
    405,
    'proxy',
    'The method is CONNECT, which asks a proxy for a connection.',
    'not a proxy',
  ],
  [
    'a slug that no bin has',
    head('POST /order HTTP/1.1', 'Content-Length: 0'),
    404,
    'no-bin',
    'There is no bin with the slug order.',
    'There is a bin with the slug orders.',
  ],
  ['no slug', head('GET / HTTP/1.1'), 404, 'no-path', 'The path names no bin.', 'Copy the URL'],
  [
    'a path that begins with ..',
    head('GET /../orders HTTP/1.1'),
    404,
    'dot-path',
    'The path begins with a segment of dots, which is not the slug of any bin.',
    'leads nowhere',
  ],
  [
    'the same, encoded',
    head('GET /%2e%2E/orders HTTP/1.1'),
    404,
    'dot-path',
    'The path begins with a segment of dots, which is not the slug of any bin.',
    'leads nowhere',
  ],
];

test.each(cases)(
  '%s is an entry with its bytes, what was seen and what to change',
  async (_what, request, status, reason, seen, advice) => {
    const { capture, port, captures, refused, nextChange } = await startCaptureWorkspace();
    const bin = await capture.createBin({ name: 'Orders' });
    const client = await connectRaw(port);
    const noted = nextChange('refused-requests');
    client.write(request);
    const answer = await client.answer();
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(seen);
    await noted;
    const [entry, ...others] = await refused();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ reason, seen, status, remoteAddress: '127.0.0.1', more: 0 });
    expect(entry?.advice).toContain(advice);
    const first = firstBytes(entry?.firstBytesBase64 ?? '');
    expect(first).toBe(request.slice(0, 4096));
    // Of a head that is far too large, not all has been read when it is refused.
    if (reason !== 'head-too-large') expect(entry?.receivedBytes).toBe(request.length);
    expect(entry?.binId).toBe(/ \/orders/.test(request) && reason !== 'proxy-protocol' ? bin.id : null);
    expect(await captures()).toEqual([]);
  },
);

test('the bytes of an entry are those of its own request, behind others on the connection and in pieces', async () => {
  const { capture, port, refused, nextChange } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders' });
  const client = await connectRaw(port);
  client.write(head('POST /orders HTTP/1.1', 'Content-Length: 4') + 'body');
  await client.answer();
  client.write(`${head('POST /orders HTTP/1.1', 'Transfer-Encoding: chunked')}4;x=1\r\nbody\r\n`);
  client.write(`3\r\nend\r\n0\r\nTrailer: 1\r\n\r\n${head('GET /orders HTTP/1.1')}\r\nGET /ord`);
  await client.answer();
  await client.answer();
  const noted = nextChange('refused-requests');
  client.write('ers/a b HTTP/1.1\r\n');
  client.write('Host: x\r\n\r\n');
  expect((await client.answer()).status).toBe(400);
  await noted;
  const [entry] = await refused();
  expect(firstBytes(entry?.firstBytesBase64 ?? '')).toMatch(/^GET \/orders\/a b HTTP\/1\.1\r\n/);
  expect(entry).toMatchObject({ reason: 'path-space', seen: 'The path holds a space at byte 13; HTTP/1.1 allows none.' });
});

test('bytes behind a body that is longer than it says are told from a request', async () => {
  const { capture, port, captures, refused, nextChange } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders' });
  const client = await connectRaw(port);
  const noted = nextChange('refused-requests');
  client.write(`${head('POST /orders HTTP/1.1', 'Content-Length: 2')}{"name":"é"}`);
  expect((await client.answer()).status).toBe(200);
  expect((await client.answer()).status).toBe(400);
  await noted;
  expect(await captures()).toHaveLength(1);
  expect(await refused()).toMatchObject([
    {
      reason: 'extra-bytes',
      receivedBytes: 10,
      advice: expect.stringContaining('counts the bytes of the body, not its characters') as string,
    },
  ]);
});

test('a head that breaks off is an entry, also when the connection is reset', async () => {
  const { capture, port, refused, nextChange } = await startCaptureWorkspace();
  const bin = await capture.createBin({ name: 'Orders' });
  const ended = await connectRaw(port);
  const first = nextChange('refused-requests');
  ended.socket.end('POST /orders HTTP/1.1\r\nHost:');
  await ended.answer();
  await first;
  const reset = await connectRaw(port);
  reset.write(head('POST /orders HTTP/1.1', 'Content-Length: 0'));
  await reset.answer();
  const second = nextChange('refused-requests');
  reset.write('POST /orders HTTP/1.1\r\n');
  reset.socket.resetAndDestroy();
  await second;
  expect(await refused()).toMatchObject([
    { reason: 'cut-head', status: null, binId: bin.id, receivedBytes: 23 },
    {
      reason: 'cut-head',
      status: 400,
      binId: bin.id,
      seen: 'The connection ended after 28 bytes, before the empty line that ends the headers.',
    },
  ]);
});

test('a connection on which nothing comes, and a head that does not end, are entries when their time is over', async () => {
  const { port, refused } = await startCaptureWorkspace({ limits: { headMs: 300 } });
  const silent = await connectRaw(port);
  const slow = await connectRaw(port);
  slow.write('POST /orders HTTP/1.1\r\n');
  expect(await Promise.all([silent.answer(), slow.answer()])).toMatchObject([{ status: 408 }, { status: 408 }]);
  await Promise.all([silent.untilClosed(), slow.untilClosed()]);
  const entries = await refused();
  expect(entries.map(({ seen }) => seen).toSorted()).toEqual([
    '23 bytes came, and the headers did not end within 0.3 seconds.',
    'The connection was open for 0.3 seconds and nothing came.',
  ]);
});

test('a flood keeps few entries, counts the others and leaves the reasons apart', async () => {
  const { port, clock, refused, nextChange } = await startCaptureWorkspace();
  const client = await connectRaw(port);
  const flood = 200;
  for (let at = 0; at < flood; at += 1) {
    client.write(head('POST /nowhere HTTP/1.1', 'Content-Length: 0'));
    expect((await client.answer()).status).toBe(404);
  }
  const counted = nextChange('refused-requests');
  clock.advance(1000);
  await counted;
  const entries = await refused();
  expect(entries).toHaveLength(10);
  expect(entries.reduce((sum, { more }) => sum + more + 1, 0)).toBe(flood);
  expect(entries[0]?.more).toBe(flood - 10);
  // A kind that has not been seen is an entry all the same.
  const noted = nextChange('refused-requests');
  const other = await connectRaw(port);
  other.write('nonsense\r\n\r\n');
  await other.answer();
  await noted;
  expect((await refused())[0]?.reason).toBe('not-http');
});

test('made-up slugs cannot push everything else out', async () => {
  const { port, clock, refused, nextChange } = await startCaptureWorkspace();
  const client = await connectRaw(port);
  for (let at = 0; at < 300; at += 1) {
    client.write(head(`POST /slug-${at} HTTP/1.1`, 'Content-Length: 0'));
    await client.answer();
  }
  const counted = nextChange('refused-requests');
  clock.advance(1000);
  await counted;
  const entries = await refused();
  expect(entries).toHaveLength(60);
  expect(entries.reduce((sum, { more }) => sum + more + 1, 0)).toBe(300);
});

test('the oldest entries go when there are too many', async () => {
  const { database, handlers } = await startCaptureWorkspace();
  for (let at = 0; at < refusedKept + 5; at += 1)
    await database.hot(refuseWrite, {
      id: `ref_${String(at).padStart(6, '0')}`,
      bin_id: null,
      slug: null,
      reason: 'not-http',
      seen: 'x',
      status: 400,
      first_bytes: new Uint8Array(4096),
      received_bytes: 4096,
      remote_address: '127.0.0.1',
      received_at_ms: at,
    });
  const count = database.raw<{ n: number; oldest: string }>('SELECT count(*) AS n, min(id) AS oldest FROM refused_requests', []);
  expect(count).toEqual([{ n: refusedKept, oldest: 'ref_000005' }]);
  const page = await call(handlers.refusedRequests.list, { limit: 200 }, { context });
  expect(page.items[0]?.id).toBe(`ref_${String(refusedKept + 4).padStart(6, '0')}`);
});

test('entries stay over a restart, counts of a flood included', async () => {
  const folder = createTempFolder();
  const before = await startCaptureWorkspace({ folder });
  const client = await connectRaw(before.port);
  for (let at = 0; at < 15; at += 1) {
    client.write(head('POST /nowhere HTTP/1.1', 'Content-Length: 0'));
    await client.answer();
  }
  await before.close();
  const after = await startCaptureWorkspace({ folder });
  const entries = await after.refused();
  expect(entries.reduce((sum, { more }) => sum + more + 1, 0)).toBe(15);
  expect(firstBytes(entries[0]?.firstBytesBase64 ?? '')).toContain('POST /nowhere');
});

test('entries are found by bin and by text, deleted, cleared and brought back', async () => {
  const { capture, port, handlers, refused, nextChange } = await startCaptureWorkspace();
  const bin = await capture.createBin({ name: 'Orders' });
  for (const request of [head('GET /orders/a b HTTP/1.1'), head('POST /nowhere HTTP/1.1', 'X-Mark: Needle', 'Content-Length: 0')]) {
    const noted = nextChange('refused-requests');
    const client = await connectRaw(port);
    client.write(request);
    await client.answer();
    await noted;
  }
  const list = (input: { readonly binId?: string; readonly q?: string }) =>
    call(handlers.refusedRequests.list, { ...input, limit: 50 }, { context });
  expect((await list({ binId: bin.id })).items).toMatchObject([{ reason: 'path-space', firstLine: 'GET /orders/a b HTTP/1.1' }]);
  expect((await list({ q: 'needle' })).items).toMatchObject([{ reason: 'no-bin' }]);
  await expect(list({ binId: 'bin_none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });

  const [newest] = await refused();
  await call(handlers.refusedRequests.remove, { id: newest?.id ?? '' }, { context });
  expect(await refused()).toHaveLength(1);
  await call(handlers.refusedRequests.restore, { id: newest?.id ?? '' }, { context });
  const cleared = await call(handlers.refusedRequests.clear, {}, { context });
  expect(cleared.removed).toBe(2);
  expect(await refused()).toEqual([]);
  expect(await call(handlers.refusedRequests.restore, { removedAtMs: cleared.removedAtMs }, { context })).toEqual({ restored: 2 });
  expect(await refused()).toHaveLength(2);
  await expect(call(handlers.refusedRequests.restore, { removedAtMs: cleared.removedAtMs }, { context })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});
