import { expect, test } from 'vitest';
import { startCaptureWorkspace } from '../../support/capture-workspace.ts';
import { connectRaw, headerOf } from '../../support/raw-http-client.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

const textOf = (bodyBase64: string | undefined) => Buffer.from(bodyBase64 ?? '', 'base64').toString('latin1');

test('a body over the limit is refused with 413, its first bytes are kept and the connection ends', async () => {
  const { capture, port, captures } = await startCaptureWorkspace({ bodyLimitBytes: 1024 });
  await capture.createBin({ name: 'Orders' });
  const client = await connectRaw(port);
  client.write('POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n');
  client.write('a'.repeat(1024) + 'b'.repeat(3976));
  const answer = await client.answer();
  expect(answer).toMatchObject({
    status: 413,
    body: "The body is over the limit of 1024 bytes. Send less, or raise the body limit in Hookyard's settings.\n",
  });
  expect(headerOf(answer, 'Connection')).toBe('close');
  expect(await client.untilClosed()).toBe('');
  const [kept] = await captures();
  expect(kept).toMatchObject({ isBodyTruncated: true, bodyBytes: 1024, status: 413 });
  expect(textOf(kept?.bodyBase64)).toBe('a'.repeat(1024));
});

test('a body of exactly the limit is taken', async () => {
  const { capture, port, captures } = await startCaptureWorkspace({ bodyLimitBytes: 1024 });
  await capture.createBin({ name: 'Orders' });
  const client = await connectRaw(port);
  client.write(`POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 1024\r\n\r\n${'a'.repeat(1024)}`);
  expect((await client.answer()).status).toBe(200);
  expect((await captures())[0]).toMatchObject({ isBodyTruncated: false, bodyBytes: 1024 });
});

test('an endless chunked body is answered while it comes, and cut off when it goes on', async () => {
  const { capture, port, clock, captures } = await startCaptureWorkspace({ bodyLimitBytes: 1024 });
  await capture.createBin({ name: 'Orders' });
  const client = await connectRaw(port);
  client.write(`POST /orders HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n800\r\n${'a'.repeat(2048)}\r\n`);
  expect((await client.answer()).status).toBe(413);
  clock.advance(5_000);
  expect(await client.untilClosed()).toBe('');
  expect((await captures())[0]).toMatchObject({ isBodyTruncated: true, bodyBytes: 1024 });
});

test('a sender that asks first is refused before it sends a body over the limit', async () => {
  const { capture, port, captures } = await startCaptureWorkspace({ bodyLimitBytes: 1024 });
  await capture.createBin({ name: 'Orders' });
  const client = await connectRaw(port);
  client.write('POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n\r\n');
  expect((await client.answer()).status).toBe(413);
  expect((await captures())[0]).toMatchObject({ isBodyTruncated: true, bodyBytes: 0 });
});

test('what came before the sender hung up is kept, as cut short', async () => {
  const { capture, port, captures, nextChange } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders' });
  const client = await connectRaw(port);
  const captured = nextChange('captures');
  client.write('POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
  client.socket.end();
  await captured;
  const [kept] = await captures();
  expect(kept).toMatchObject({ isBodyTruncated: true, status: 400 });
  expect(textOf(kept?.bodyBase64)).toBe('half');
});

test('of a request whose sender hung up nothing is told of when the answer was read', async () => {
  const { capture, port, captures, nextChange } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders' });
  const left = await connectRaw(port);
  left.socket.end('POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
  expect((await left.answer()).status).toBe(400);
  const whole = await connectRaw(port);
  whole.write('POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok');
  expect((await whole.answer()).status).toBe(200);
  // Answers are noted in their order, so the first one's would be there by now.
  for (;;) {
    const changed = nextChange('captures');
    const [newest, earlier] = await captures();
    if (newest?.timings.totalMs === null) {
      await changed;
      continue;
    }
    expect(earlier).toMatchObject({ isBodyTruncated: true, status: 400, timings: { totalMs: null } });
    break;
  }
});

test('what came before a reset of the connection is kept, as cut short', async () => {
  const { capture, port, captures, nextChange } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders' });
  const client = await connectRaw(port);
  client.write('POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n');
  await client.answer({ hasBody: false });
  const captured = nextChange('captures');
  client.write('half');
  client.socket.resetAndDestroy();
  await captured;
  expect((await captures())[0]).toMatchObject({ isBodyTruncated: true, timings: { totalMs: null } });
});

test('a sender that ends its side after a whole request still gets its answer', async () => {
  const { capture, port } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders', response: { body: 'seen' } });
  const client = await connectRaw(port);
  client.socket.end('POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok');
  expect(await client.answer()).toMatchObject({ status: 200, body: 'seen' });
  expect(await client.untilClosed()).toBe('');
});

test.each([
  ['a size that is no number', 'zz\r\n', 'Invalid character in chunk size'],
  ['a length among the trailers', '0\r\nContent-Length: 5\r\n\r\n', 'Content-Length'],
  ['a chunk longer than it says', '3\r\nabcX', 'after chunk data'],
  ['endless extensions of a chunk', `3;${'a'.repeat(100_000)}\r\n`, 'Chunk extensions overflow'],
])('the answer to a badly framed body names what is wrong: %s', async (_, body, reason) => {
  const { capture, port } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders' });
  const client = await connectRaw(port);
  client.write(`POST /orders HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${body}`);
  const answer = await client.answer();
  expect(answer.status).toBe(400);
  expect(/^The body is not framed as HTTP\/1\.1 requires \((.*)\): check/.exec(answer.body)?.[1]).toContain(reason);
});

test('a body that breaks its chunks is kept up to there and refused with 400', async () => {
  const { capture, port, captures } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders' });
  const client = await connectRaw(port);
  client.write('POST /orders HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ngood\r\nnot a size\r\n');
  const answer = await client.answer();
  expect(answer).toMatchObject({
    status: 400,
    body: expect.stringContaining('check its Transfer-Encoding, chunk sizes and trailers') as string,
  });
  expect(await client.untilClosed()).toBe('');
  const [kept] = await captures();
  expect(kept).toMatchObject({ isBodyTruncated: true, status: 400 });
  expect(textOf(kept?.bodyBase64)).toBe('good');
});

test('a body that pauses for a minute is kept up to there and refused with 408', async () => {
  const { capture, port, clock, captures } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders' });
  const client = await connectRaw(port);
  client.write('POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n');
  await client.answer({ hasBody: false });
  clock.advance(60_000);
  expect((await client.answer()).status).toBe(408);
  expect((await captures())[0]).toMatchObject({ isBodyTruncated: true, status: 408 });
});

test.each([
  ['words that are no request', 'what is this\r\n\r\n', 400, 'What came is not a request in HTTP/1.1'],
  [
    'a header without a colon',
    'GET /orders HTTP/1.1\r\nHost: x\r\nbroken\r\n\r\n',
    400,
    'Line 3 of the head is no header: it has no colon.',
  ],
  [
    'two lengths',
    'POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    400,
    'The request has both Content-Length and Transfer-Encoding',
  ],
  ['a raw byte over 127 in the target', 'GET /orders/caf\xe9 HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'The path holds the byte 0xE9 at byte 15'],
  ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', 400, 'Use http:// and not https://'],
  [
    'headers over the limit',
    `GET /orders HTTP/1.1\r\nHost: x\r\nX-Big: ${'v'.repeat(300_000)}\r\n\r\n`,
    431,
    'The path and the headers are over 262144 bytes together.',
  ],
  ['CONNECT', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n', 405, 'This is not a proxy'],
])('%s is refused with a sentence, and the next request works', async (_what, text, status, sentence) => {
  const { capture, port, captures } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders' });
  const client = await connectRaw(port);
  client.write(text);
  expect(await client.answer()).toMatchObject({ status, body: expect.stringContaining(sentence) as string });
  expect(await client.untilClosed()).toBe('');
  expect(await captures()).toEqual([]);
  const next = await connectRaw(port);
  next.write('GET /orders HTTP/1.1\r\nHost: x\r\n\r\n');
  expect((await next.answer()).status).toBe(200);
});

test('a broken request behind a good one is refused after the answer to the good one', async () => {
  const { capture, port, clock, nextChange } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Slow', response: { body: 'late', delayMs: 1000 } });
  const client = await connectRaw(port);
  const captured = nextChange('captures');
  client.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n');
  await captured;
  clock.advance(1000);
  expect(await client.answer()).toMatchObject({ status: 200, body: 'late' });
  expect((await client.answer()).status).toBe(400);
});

test('a broken request behind one to no bin is refused too, and an endless one to no bin is cut off', async () => {
  const { port, clock } = await startCaptureWorkspace();
  const client = await connectRaw(port);
  client.write('GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n');
  expect((await client.answer()).status).toBe(404);
  expect((await client.answer()).status).toBe(400);
  const endless = await connectRaw(port);
  endless.write('POST /nowhere HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n');
  expect((await endless.answer()).status).toBe(404);
  clock.advance(5_000);
  expect(await endless.untilClosed()).toBe('');
});

test('a head that breaks off is refused', async () => {
  const { capture, port, captures } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders' });
  const client = await connectRaw(port);
  client.socket.end('POST /orders HTTP/1.1\r\nHost:');
  expect(await client.answer()).toMatchObject({
    status: 400,
    body: 'The connection ended after 28 bytes, before the empty line that ends the headers. Send an empty line after the headers, and keep the connection open until the answer has come.\n',
  });
  expect(await captures()).toEqual([]);
});

test('a path without a bin is answered with 404 that names the slug asked for and none that there is', async () => {
  const { capture, port, captures } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders' });
  const client = await connectRaw(port);
  client.write('POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc');
  const unknown = await client.answer();
  expect(unknown).toMatchObject({
    status: 404,
    body: expect.stringContaining('There is no bin with the slug nowhere. Nothing was captured.') as string,
  });
  expect(unknown.body).not.toContain('orders');
  client.write('POST /<b>orders</b> HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
  expect((await client.answer()).body).toMatch(/^There is no bin at this path\. [^<]*$/);
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(await client.answer()).toMatchObject({ status: 404, body: expect.stringContaining(`http://127.0.0.1:${port}/{slug}`) as string });
  client.write('OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n');
  expect((await client.answer()).status).toBe(404);
  expect(await captures()).toEqual([]);
});

test('a request that cannot be kept is answered with 503, so that the sender tries again', async () => {
  const { capture, port, captures, log, database } = await startCaptureWorkspace();
  const refusing = `CREATE TEMP TRIGGER never BEFORE INSERT ON captures BEGIN SELECT RAISE(ABORT, 'cannot be kept'); END`;
  await database.write((writer) => writer.runRaw(refusing, []));
  await capture.createBin({ name: 'Orders' });
  const client = await connectRaw(port);
  client.write('POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok');
  const answer = await client.answer();
  expect(answer).toMatchObject({ status: 503, body: expect.stringContaining('send it again later') as string });
  expect(headerOf(answer, 'Retry-After')).toBe('5');
  expect(await captures()).toEqual([]);
  expect(log.lines).toContainEqual({
    level: 'error',
    fields: expect.objectContaining({ error: 'SqliteError: cannot be kept' }) as object,
    message: expect.any(String) as string,
  });
});

test('stopping ends open sockets at once, with what came of a body on disk', async () => {
  const folder = createTempFolder();
  const before = await startCaptureWorkspace({ folder });
  await before.capture.createBin({ name: 'Orders' });
  await before.capture.createBin({ name: 'Slow', response: { delayMs: 600_000 } });
  const idle = await connectRaw(before.port);
  const delayed = await connectRaw(before.port);
  const captured = before.nextChange('captures');
  delayed.write('POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc');
  await captured;
  const sending = await connectRaw(before.port);
  sending.write('POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n');
  await sending.answer({ hasBody: false });
  await before.close();
  expect(await idle.untilClosed()).toBe('');
  expect(await delayed.untilClosed()).toBe('');
  expect((await sending.answer()).status).toBe(503);
  expect(before.capture.url()).toBeNull();

  const after = await startCaptureWorkspace({ folder });
  expect((await after.captures()).map(({ bodyBase64, isBodyTruncated }) => [textOf(bodyBase64), isBodyTruncated])).toEqual([
    ['', true],
    ['abc', false],
  ]);
});

test('a port in use is told by its code, and another start works', async () => {
  const first = await startCaptureWorkspace();
  const second = await startCaptureWorkspace();
  await second.capture.stop();
  await expect(second.capture.start(first.port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect(second.capture.url()).toBeNull();
  const port = await second.capture.start(0);
  expect(second.capture.url()).toBe(`http://127.0.0.1:${port}`);
});
