import { call } from '@orpc/server';
import { expect, test } from 'vitest';
import { admit } from '#engine/base/admission.ts';
import { binAnswer, replyFor } from '#engine/capture/answer.ts';
import { startCaptureWorkspace } from '../../support/capture-workspace.ts';
import { connectRaw, headerOf } from '../../support/raw-http-client.ts';

const context = admit('test');

test('a bin answers with its status, headers in their case, and body in UTF-8', async () => {
  const { capture, port, captures } = await startCaptureWorkspace();
  await capture.createBin({
    name: 'Orders',
    response: { status: 418, headers: { 'X-oDD': 'caf\xe9', 'Content-Type': 'application/json' }, body: '{"ok":"é"}' },
  });
  const client = await connectRaw(port);
  client.write('POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
  const answer = await client.answer();
  expect(answer).toMatchObject({ status: 418, body: Buffer.from('{"ok":"é"}').toString('latin1') });
  expect(answer.headers).toContainEqual(['X-oDD', 'caf\xe9']);
  expect(answer.headers.filter(([name]) => name.toLowerCase() === 'content-type')).toEqual([['Content-Type', 'application/json']]);
  expect((await captures())[0]).toMatchObject({
    status: 418,
    response: {
      status: 418,
      headers: answer.headers.filter(([name]) => !['Connection', 'Keep-Alive'].includes(name)),
      bodyBytes: 11,
      delayMs: 0,
    },
  });
});

test('a body without a content type is called text; no body has no type', async () => {
  const { capture, port } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Text', response: { body: 'hello' } });
  await capture.createBin({ name: 'Empty' });
  const client = await connectRaw(port);
  client.write('GET /text HTTP/1.1\r\nHost: x\r\n\r\nGET /empty HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(headerOf(await client.answer(), 'Content-Type')).toBe('text/plain; charset=utf-8');
  expect(headerOf(await client.answer(), 'Content-Type')).toBeUndefined();
});

test('the date of an answer is that of its second, and its body goes with every method but HEAD, in whichever order they come', () => {
  const answer = binAnswer({ status: 200, headers: {}, body: 'hello', delayMs: 0, fault: null, isTemplate: false });
  const at = (method: string, nowMs: number) => {
    const { headers, body } = replyFor(answer, method, nowMs);
    return [Object.fromEntries(headers)['Date'], body.byteLength];
  };
  const [first, second] = ['Thu, 01 Jan 1970 00:00:01 GMT', 'Thu, 01 Jan 1970 00:00:02 GMT'];
  expect(at('POST', 1000)).toEqual([first, 5]);
  expect(at('HEAD', 1500)).toEqual([first, 0]);
  expect(at('GET', 1999)).toEqual([first, 5]);
  expect(at('GET', 2000)).toEqual([second, 5]);
  // The clock was set back.
  expect(at('GET', 1000)).toEqual([first, 5]);
});

test('HEAD gets the length without the body, and the connection goes on', async () => {
  const { capture, port, captures } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders', response: { body: 'hello' } });
  const client = await connectRaw(port);
  client.write('HEAD /orders HTTP/1.1\r\nHost: x\r\n\r\nGET /orders HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(headerOf(await client.answer({ hasBody: false }), 'Content-Length')).toBe('5');
  expect((await client.answer()).body).toBe('hello');
  expect((await captures()).map(({ method, response }) => [method, response.bodyBytes])).toEqual([
    ['GET', 5],
    ['HEAD', 0],
  ]);
});

test.each([
  [204, undefined],
  [205, '0'],
  [304, '5'],
])('status %i carries no body', async (status, length) => {
  const { capture, port, handlers } = await startCaptureWorkspace();
  // A bin from before this was refused may still have one.
  const reply = replyFor(binAnswer({ status, headers: {}, body: 'hello', delayMs: 0, isTemplate: true, fault: null }), 'GET', 0);
  expect(reply.body.byteLength).toBe(0);
  expect(reply.headers.find(([name]) => name === 'Content-Length')?.[1]).toBe(length);
  const sentence = `An answer with status ${status} has no body: empty the body, or choose another status.`;
  await expect(capture.createBin({ name: 'Orders', response: { status, body: 'hello' } })).rejects.toThrow(sentence);
  const bin = await capture.createBin({ name: 'Orders', response: { body: 'hello' } });
  await expect(call(handlers.bins.update, { id: bin.id, response: { status } }, { context })).rejects.toThrow(sentence);
  await call(handlers.bins.update, { id: bin.id, response: { status, body: '' } }, { context });
  const client = await connectRaw(port);
  client.write('GET /orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  await client.answer({ hasBody: false });
  expect(await client.untilClosed()).toBe('');
});

test('a header with several values is written once for each', async () => {
  const { capture, port } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders', response: { headers: { 'Set-Cookie': ['a=1', 'b=2'], 'X-One': '1' } } });
  const client = await connectRaw(port);
  client.write('GET /orders HTTP/1.1\r\nHost: x\r\n\r\n');
  expect((await client.answer()).headers.slice(0, 3)).toEqual([
    ['Set-Cookie', 'a=1'],
    ['Set-Cookie', 'b=2'],
    ['X-One', '1'],
  ]);
});

test('a delayed answer waits for its time, with the capture already there', async () => {
  const { capture, port, clock, captures, nextChange } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Slow', response: { delayMs: 30_000, body: 'late' } });
  const client = await connectRaw(port);
  const captured = nextChange('captures');
  client.write('POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
  await captured;
  expect((await captures())[0]).toMatchObject({ response: { delayMs: 30_000 }, timings: { totalMs: null } });
  clock.advance(29_999);
  expect(clock.nextAtMs()).toBe(clock.now() + 1);
  const answered = nextChange('captures');
  clock.advance(1);
  expect((await client.answer()).body).toBe('late');
  await answered;
  expect((await captures())[0]?.timings.totalMs).toBeGreaterThan(0);
});

test('a delayed answer is given up when the sender goes away', async () => {
  const { capture, port, clock, captures, nextChange } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Slow', response: { delayMs: 30_000 } });
  const client = await connectRaw(port);
  const captured = nextChange('captures');
  client.write('POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
  await captured;
  expect(clock.nextAtMs()).not.toBeNull();
  client.socket.end();
  expect(await client.untilClosed()).toBe('');
  expect(clock.nextAtMs()).toBeNull();
  expect((await captures())[0]?.timings.totalMs).toBeNull();
});

test('a change to a bin counts from the next request on, and leaves its other fields', async () => {
  const { capture, port, handlers } = await startCaptureWorkspace();
  const bin = await capture.createBin({ name: 'Orders', response: { status: 201, headers: { 'X-A': '1' }, body: 'old' } });
  const changed = await call(handlers.bins.update, { id: bin.id, slug: 'moved', response: { body: 'new' } }, { context });
  expect(changed).toMatchObject({
    name: 'Orders',
    slug: 'moved',
    response: { status: 201, headers: { 'X-A': '1' }, body: 'new', delayMs: 0 },
  });
  const client = await connectRaw(port);
  client.write('GET /moved HTTP/1.1\r\nHost: x\r\n\r\nGET /orders HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(await client.answer()).toMatchObject({ status: 201, body: 'new' });
  expect((await client.answer()).status).toBe(404);
});

test.each(['Content-Length', 'transfer-encoding', 'Connection', 'Trailer', 'Upgrade'])(
  'the response header %s is refused at its field',
  async (name) => {
    const { capture, handlers } = await startCaptureWorkspace();
    const refused = {
      code: 'INPUT_INVALID',
      data: { issues: [{ path: `response.headers.${name}`, message: expect.stringContaining('remove it') as string }] },
    };
    const bin = await capture.createBin({ name: 'Orders' });
    await expect(call(handlers.bins.create, { name: 'Other', response: { headers: { [name]: '1' } } }, { context })).rejects.toMatchObject(
      refused,
    );
    await expect(call(handlers.bins.update, { id: bin.id, response: { headers: { [name]: '1' } } }, { context })).rejects.toMatchObject(
      refused,
    );
  },
);
