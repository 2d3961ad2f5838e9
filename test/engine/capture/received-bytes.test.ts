import { expect, test } from 'vitest';
import { startCaptureWorkspace } from '../../support/capture-workspace.ts';
import { connectRaw, headerOf } from '../../support/raw-http-client.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

test('a body with NUL, line breaks and invalid UTF-8 is kept byte for byte', async () => {
  const { capture, port, captures } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders' });
  const body = Buffer.from([0x00, 0x0d, 0x0a, 0xff, 0xfe, 0xc3, 0x28, 0x00, 0x0d, 0x0a, 0x0d, 0x0a, 0x80]);
  const client = await connectRaw(port);
  client.write(`POST /orders/in HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.byteLength}\r\n\r\n`);
  client.write(body);
  expect((await client.answer()).status).toBe(200);
  const [kept] = await captures();
  expect(kept).toMatchObject({
    method: 'POST',
    target: '/orders/in',
    httpVersion: '1.1',
    bodyBase64: base64(body),
    bodyBytes: 13,
    isBodyTruncated: false,
  });
});

test('every byte value in a body of 1 MiB survives', async () => {
  const { capture, port, captures } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders' });
  const body = Buffer.alloc(
    1_048_576,
    Uint8Array.from({ length: 256 }, (_, index) => index),
  );
  const client = await connectRaw(port);
  client.write(`POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.byteLength}\r\n\r\n`);
  client.write(body);
  expect((await client.answer()).status).toBe(200);
  const [kept] = await captures();
  expect(Buffer.from(kept?.bodyBase64 ?? '', 'base64').equals(body)).toBe(true);
});

test('headers keep their order, case, repeats and Latin-1 bytes', async () => {
  const { capture, port, captures } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders' });
  const client = await connectRaw(port);
  client.write(
    'GET /orders HTTP/1.1\r\nhOsT: shop.example\r\nX-Twice: 1\r\nx-twice: 2\r\nX-Twice: 1\r\nX-Bytes: caf\xe9 \xc3\xa9\r\nCookie: a=1\r\nCookie: b=2\r\n\r\n',
  );
  await client.answer();
  expect((await captures())[0]?.headers).toEqual([
    ['hOsT', 'shop.example'],
    ['X-Twice', '1'],
    ['x-twice', '2'],
    ['X-Twice', '1'],
    ['X-Bytes', 'caf\xe9 \xc3\xa9'],
    ['Cookie', 'a=1'],
    ['Cookie', 'b=2'],
  ]);
});

test('a chunked body is put together and its trailers are kept; gzip stays as it came', async () => {
  const { capture, port, captures } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders' });
  const client = await connectRaw(port);
  client.write('POST /orders HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\nTrailer: X-Sum\r\n\r\n');
  client.write('3;note=1\r\n\x1f\x8b\x08\r\n4\r\n\x00\r\n\xff\r\n0\r\nX-Sum: 1\r\nx-SUM: 2\r\n\r\n');
  expect((await client.answer()).status).toBe(200);
  expect((await captures())[0]).toMatchObject({
    bodyBase64: base64(Buffer.from('\x1f\x8b\x08\x00\r\n\xff', 'latin1')),
    trailers: [
      ['X-Sum', '1'],
      ['x-SUM', '2'],
    ],
  });
});

test('requests sent in one go are kept and answered in their order', async () => {
  const { capture, port, captures } = await startCaptureWorkspace();
  await capture.createBin({ name: 'One', response: { body: 'first' } });
  await capture.createBin({ name: 'Two', response: { status: 201, body: 'second' } });
  const client = await connectRaw(port);
  client.write('POST /one HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\naaPUT /two HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nbb');
  expect(await client.answer()).toMatchObject({ status: 200, body: 'first' });
  expect(await client.answer()).toMatchObject({ status: 201, body: 'second' });
  expect((await captures()).map(({ method, bodyBase64 }) => [method, bodyBase64])).toEqual([
    ['PUT', base64(Buffer.from('bb'))],
    ['POST', base64(Buffer.from('aa'))],
  ]);
});

test.each(['/orders/%2e%2e/a%00b?q=%ff&&=', 'http://elsewhere.example:1/orders?x', '/orders/../orders//x'])(
  'the target %s is kept as received',
  async (target) => {
    const { capture, port, captures } = await startCaptureWorkspace();
    await capture.createBin({ name: 'Orders' });
    const client = await connectRaw(port);
    client.write(`GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect((await client.answer()).status).toBe(200);
    expect((await captures())[0]?.target).toBe(target);
  },
);

test.each(['GET', 'OPTIONS', 'DELETE', 'PATCH', 'PROPFIND', 'M-SEARCH', 'TRACE', 'QUERY'])('the method %s is captured', async (method) => {
  const { capture, port, captures } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders' });
  const client = await connectRaw(port);
  client.write(`${method} /orders HTTP/1.1\r\nHost: x\r\nOrigin: http://evil.example\r\n\r\n`);
  const answer = await client.answer();
  expect(answer.status).toBe(200);
  expect(headerOf(answer, 'Access-Control-Allow-Origin')).toBeUndefined();
  expect((await captures())[0]?.method).toBe(method);
});

test('HTTP/1.0 and a request without Host are captured', async () => {
  const { capture, port, captures } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders' });
  const old = await connectRaw(port);
  old.write('GET /orders HTTP/1.0\r\n\r\n');
  expect((await old.answer()).status).toBe(200);
  expect(await old.untilClosed()).toBe('');
  const bare = await connectRaw(port);
  bare.write('GET /orders HTTP/1.1\r\n\r\n');
  expect((await bare.answer()).status).toBe(200);
  expect((await captures()).map(({ httpVersion }) => httpVersion)).toEqual(['1.1', '1.0']);
});

test('a request to upgrade is captured like any other', async () => {
  const { capture, port, captures } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders' });
  const client = await connectRaw(port);
  client.write('GET /orders HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  expect((await client.answer()).status).toBe(200);
  expect(await captures()).toHaveLength(1);
});

test('a sender that waits for "100 Continue" is told to go on, then answered', async () => {
  const { capture, port, captures } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders' });
  const client = await connectRaw(port);
  client.write('POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n');
  expect((await client.answer({ hasBody: false })).status).toBe(100);
  client.write('body');
  expect((await client.answer()).status).toBe(200);
  expect((await captures())[0]?.bodyBase64).toBe(base64(Buffer.from('body')));
});

test('an expectation nobody knows is captured', async () => {
  const { capture, port, captures } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders' });
  const client = await connectRaw(port);
  client.write('GET /orders HTTP/1.1\r\nHost: x\r\nExpect: cake\r\n\r\n');
  expect((await client.answer()).status).toBe(200);
  expect(await captures()).toHaveLength(1);
});

test('200 KiB of headers are kept, in their order', async () => {
  const { capture, port, captures } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders' });
  const client = await connectRaw(port);
  const many = Array.from({ length: 3000 }, (_, index) => ['X-Many', `${index} ${'v'.repeat(55)}`]);
  client.write(`GET /orders HTTP/1.1\r\nHost: x\r\n${many.map((field) => field.join(': ')).join('\r\n')}\r\n\r\n`);
  expect((await client.answer()).status).toBe(200);
  expect((await captures())[0]?.headers).toEqual([['Host', 'x'], ...many]);
});

test('the message id, the delivery of ours and the sender are noted', async () => {
  const askedFor: unknown[] = [];
  const { capture, port, captures, clock, database } = await startCaptureWorkspace({
    deliveryOf: ({ remotePort, headers }) => {
      askedFor.push({ remotePort, names: headers.map(([name]) => name) });
      return 'dlv_1';
    },
  });
  await capture.createBin({ name: 'Orders' });
  const client = await connectRaw(port);
  client.write('POST /orders HTTP/1.1\r\nHost: x\r\nWebhook-ID: msg_1\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n');
  await client.answer();
  expect(askedFor).toEqual([{ remotePort: client.socket.localPort, names: ['Host', 'Webhook-ID', 'Content-Type', 'Content-Length'] }]);
  expect((await captures())[0]).toMatchObject({
    deliveryId: 'dlv_1',
    remoteAddress: '127.0.0.1',
    contentType: 'text/plain',
    receivedAtMs: clock.now(),
  });
  expect(database.all(database.sql.selectFrom('captures').select('message_id'))).toEqual([{ message_id: 'msg_1' }]);
});

test('captures are there after a restart, and the bin goes on receiving', async () => {
  const folder = createTempFolder();
  const before = await startCaptureWorkspace({ folder });
  const bin = await before.capture.createBin({ name: 'Orders', response: { status: 202 } });
  const client = await connectRaw(before.port);
  client.write('POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none');
  await client.answer();
  await before.close();

  const after = await startCaptureWorkspace({ folder });
  expect(after.capture.slugs()).toEqual(['orders']);
  const again = await connectRaw(after.port);
  again.write('POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\ntwo');
  expect((await again.answer()).status).toBe(202);
  expect((await after.captures()).map(({ binId, bodyBase64 }) => [binId, Buffer.from(bodyBase64, 'base64').toString()])).toEqual([
    [bin.id, 'two'],
    [bin.id, 'one'],
  ]);
});
