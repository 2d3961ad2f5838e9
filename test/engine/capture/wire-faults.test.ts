import { execFile } from 'node:child_process';
import { call } from '@orpc/server';
import { expect, test } from 'vitest';
import { admit } from '#engine/base/admission.ts';
import { wireFaultKinds, type WireFault } from '#shared/contract/wire-fault.ts';
import { startCaptureWorkspace, type CaptureWorkspace } from '../../support/capture-workspace.ts';
import { missingProgram } from '../../support/programs.ts';
import { connectRaw } from '../../support/raw-http-client.ts';
import { senderForTest, sendOptions, wireRequest } from '../dispatch/sender-support.ts';

const context = admit('test');

/** Each fault, what our own sender says of it, and curl's exit code. The workspace's clock stands still, so what is slow ends in their timeouts. */
const cases: readonly (readonly [fault: WireFault, code: string, sentence: RegExp, curl: number])[] = [
  [{ kind: 'no-answer', holdMs: 600_000 }, 'timeout', /took the request but did not answer within/, 28],
  [{ kind: 'reset', afterBytes: 0 }, 'reset', /reset the connection without answering/, 56],
  [{ kind: 'reset', afterBytes: 20 }, 'reset', /reset the connection in the middle of its answer's headers/, 56],
  [{ kind: 'half-answer' }, 'incomplete', /closed the connection before the body was complete/, 18],
  [{ kind: 'wrong-length', byBytes: 5 }, 'incomplete', /closed the connection before the body was complete/, 18],
  [{ kind: 'wrong-length', byBytes: -5 }, 'ok', /answered 200 OK/, 0],
  [{ kind: 'slow-answer', bytesPerSecond: 10 }, 'timeout', /did not answer within/, 28],
  [{ kind: 'slow-read', bytesPerSecond: 1000 }, 'timeout', /did not answer within/, 28],
  [{ kind: 'early-answer', closes: false }, 'ok', /answered 200 OK/, 0],
  [{ kind: 'early-answer', closes: true }, 'ok', /answered 200 OK/, 0],
  [{ kind: 'bad-chunk' }, 'protocol', /answered 200, but what followed is not HTTP\/1\.1/, 56],
  [{ kind: 'endless-body', bytesPerSecond: 10_000_000, maxBytes: 100 }, 'timeout', /did not/, 28],
  [{ kind: 'close' }, 'ok', /answered 200 OK/, 0],
  [{ kind: 'http-1.0' }, 'ok', /answered 200 OK/, 0],
];

const body = 'half and half';

async function faultyBin({ capture }: CaptureWorkspace, fault: WireFault) {
  return await capture.createBin({ name: 'Faulty', response: { body, fault } });
}

/** The capture of a bin, once it says what was sent. */
async function sentOf(workspace: CaptureWorkspace, binId: string) {
  for (;;) {
    const change = workspace.nextChange('captures');
    const found = (await workspace.captures()).find((capture) => capture.binId === binId && capture.response.sent !== null);
    if (found !== undefined) return found;
    await change;
  }
}

test('each fault is seen as that fault by our own sender', async () => {
  const workspace = await startCaptureWorkspace();
  const sender = senderForTest();
  const seen = await Promise.all(
    cases.map(async ([fault, code]) => {
      const { url } = await faultyBin(workspace, fault);
      // A short time ends only what never ends; all else has as long as it takes.
      const { outcome } = await sender.send(wireRequest(url), sendOptions({ timeoutMs: code === 'timeout' ? 500 : 60_000 }));
      return [fault, outcome.code, outcome.message] as const;
    }),
  );
  expect(seen).toEqual(cases.map(([fault, code, sentence]) => [fault, code, expect.stringMatching(sentence)]));
});

test('every kind of fault is among them', () => {
  expect(new Set(cases.map(([{ kind }]) => kind))).toEqual(new Set(wireFaultKinds));
});

/** What curl exits with when its time is up. */
const curlTimeout = 28;

test.skipIf(missingProgram('curl', '--version') !== null)('each fault is seen as that fault by curl', async () => {
  const workspace = await startCaptureWorkspace();
  const seen = await Promise.all(
    cases.map(async ([fault, , , exit]) => [fault, await curl((await faultyBin(workspace, fault)).url, exit)] as const),
  );
  expect(seen).toEqual(cases.map(([fault, , , exit]) => [fault, exit]));
});

/** The exit code of curl, which gives up what does not end, and waits for what does. */
function curl(url: string, expected: number): Promise<number> {
  return new Promise((resolve) => {
    const limitSeconds = expected === curlTimeout ? '1.5' : '60';
    const flags = ['-sS', '--noproxy', '*', '--max-time', limitSeconds, '-d', 'hello', url];
    execFile('curl', flags, (error) => resolve(error === null ? 0 : Number(error.code)));
  });
}

test('the capture says what was sent, and how it ended', async () => {
  const workspace = await startCaptureWorkspace();
  const { id, slug } = await faultyBin(workspace, { kind: 'reset', afterBytes: 20 });
  const client = await connectRaw(workspace.port);
  client.write(`POST /${slug} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi`);
  expect(await client.untilClosed()).toBe('HTTP/1.1 200 OK\r\nCon');
  expect(await sentOf(workspace, id)).toMatchObject({
    bodyBytes: 2,
    isBodyTruncated: false,
    response: {
      status: 200,
      fault: { kind: 'reset', afterBytes: 20 },
      sent: { bytes: 20, end: 'done', endedMs: expect.any(Number) as number },
    },
    timings: { totalMs: null },
  });
  const { items } = await call(workspace.handlers.captures.list, { binId: id }, { context });
  expect(items).toMatchObject([{ status: 200, fault: 'reset' }]);
});

test('a slow answer comes at its rate, whatever its sender waits for', async () => {
  const workspace = await startCaptureWorkspace();
  const { id, slug } = await faultyBin(workspace, { kind: 'slow-answer', bytesPerSecond: 10 });
  const client = await connectRaw(workspace.port);
  const captured = workspace.nextChange('captures');
  client.write(`GET /${slug} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await captured;
  let bytes = 0;
  client.socket.on('data', (piece: Uint8Array) => (bytes += piece.byteLength));
  // The first byte at once, then one in 100 ms.
  await untilWaiting(workspace, 1);
  workspace.clock.advance(2000);
  await untilWaiting(workspace, 1);
  expect(bytes).toBeLessThanOrEqual(21);
  while (workspace.clock.advanceToNext()) await untilWaiting(workspace, 0);
  expect((await sentOf(workspace, id)).response.sent).toMatchObject({ bytes: expect.any(Number) as number, end: 'done' });
});

/** Lets what was begun go on until a timer waits, or everything is over. */
async function untilWaiting({ clock }: CaptureWorkspace, least: number): Promise<void> {
  for (let turn = 0; turn < 50 || (least > 0 && clock.nextAtMs() === null); turn += 1) await new Promise((go) => setImmediate(go));
}

test('an endless body ends at its limit, without its last chunk', async () => {
  const workspace = await startCaptureWorkspace();
  const { id, slug } = await faultyBin(workspace, { kind: 'endless-body', bytesPerSecond: 10_000_000, maxBytes: 100 });
  const client = await connectRaw(workspace.port);
  const captured = workspace.nextChange('captures');
  client.write(`GET /${slug} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await captured;
  await untilWaiting(workspace, 1);
  workspace.clock.advance(50);
  const received = await client.untilClosed();
  expect(received.split('\r\n\r\n')[1]).toMatch(/^[0-9a-f]+\r\nhalf and halfhalf/);
  expect(received.split('\r\n\r\n')[1]).toHaveLength(100);
  expect((await sentOf(workspace, id)).response.sent).toMatchObject({ bytes: received.length, end: 'done' });
});

test('a request is read at its rate, and answered when it is whole', async () => {
  const workspace = await startCaptureWorkspace();
  const { id, slug } = await faultyBin(workspace, { kind: 'slow-read', bytesPerSecond: 1000 });
  const client = await connectRaw(workspace.port);
  client.write(`POST /${slug} HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n${'a'.repeat(5000)}`);
  await untilWaiting(workspace, 1);
  workspace.clock.advance(4999);
  expect(await workspace.captures()).toEqual([]);
  workspace.clock.advance(1);
  expect((await client.answer()).body).toBe(body);
  expect(await sentOf(workspace, id)).toMatchObject({ bodyBytes: 5000, isBodyTruncated: false, response: { sent: { end: 'done' } } });
});

test('an early answer comes before the body, which is kept when it comes', async () => {
  const workspace = await startCaptureWorkspace();
  const { id, slug } = await faultyBin(workspace, { kind: 'early-answer', closes: false });
  const client = await connectRaw(workspace.port);
  client.write(`POST /${slug} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n`);
  expect((await client.answer()).body).toBe(body);
  expect(await workspace.captures()).toEqual([]);
  client.write('hello');
  expect(await sentOf(workspace, id)).toMatchObject({ bodyBytes: 5, isBodyTruncated: false });
  const closing = await faultyBin(workspace, { kind: 'early-answer', closes: true });
  const other = await connectRaw(workspace.port);
  other.write(`POST /${closing.slug} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n`);
  expect(await other.untilClosed()).toContain(body);
  expect(await sentOf(workspace, closing.id)).toMatchObject({ bodyBytes: 0, isBodyTruncated: true });
});

test('faults hold a limited number of requests, and the oldest makes room', async () => {
  const workspace = await startCaptureWorkspace({ heldByFaults: 1 });
  const first = await faultyBin(workspace, { kind: 'no-answer', holdMs: 600_000 });
  const second = await faultyBin(workspace, { kind: 'no-answer', holdMs: 600_000 });
  const [one, other] = [await connectRaw(workspace.port), await connectRaw(workspace.port)];
  const captured = workspace.nextChange('captures');
  one.write(`GET /${first.slug} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await captured;
  other.write(`GET /${second.slug} HTTP/1.1\r\nHost: x\r\n\r\n`);
  expect(await one.untilClosed()).toBe('');
  expect((await sentOf(workspace, first.id)).response.sent).toMatchObject({ bytes: 0, end: 'displaced' });
  // The listener stops although one is held.
  await workspace.capture.stop();
  expect(await other.untilClosed()).toBe('');
  expect((await sentOf(workspace, second.id)).response.sent).toMatchObject({ bytes: 0, end: 'stopped' });
});

test('an answer with a fault waits for those before it on its connection', async () => {
  const workspace = await startCaptureWorkspace();
  const { slug } = await faultyBin(workspace, { kind: 'half-answer' });
  await workspace.capture.createBin({ name: 'Whole', response: { body: 'whole' } });
  const client = await connectRaw(workspace.port);
  client.write(`GET /whole HTTP/1.1\r\nHost: x\r\n\r\nGET /${slug} HTTP/1.1\r\nHost: x\r\n\r\n`);
  expect((await client.answer()).body).toBe('whole');
  expect(await client.untilClosed()).toMatch(/\r\n\r\nhalf a$/);
});

test.each([
  [{ kind: 'wrong-length', byBytes: -14 }, 200, 'response.fault.byBytes', 'The body has 13 bytes, so Content-Length cannot be 14 less'],
  [{ kind: 'bad-chunk' }, 204, 'response.fault', 'An answer with status 204 has no body'],
] as const)('the fault %j with status %i is refused at its field', async (fault, status, path, sentence) => {
  const { handlers } = await startCaptureWorkspace();
  const response = { status, body: status === 204 ? '' : body, fault };
  await expect(call(handlers.bins.create, { name: 'Faulty', response }, { context })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    data: { issues: [{ path, message: expect.stringContaining(sentence) as string }] },
  });
});

test('a fault is taken away by null, and stays when a change leaves it out', async () => {
  const { capture, handlers } = await startCaptureWorkspace();
  const fault = { kind: 'close' } as const;
  const bin = await capture.createBin({ name: 'Faulty', response: { fault } });
  const update = async (response: { readonly status?: number; readonly fault?: null }) =>
    (await call(handlers.bins.update, { id: bin.id, response }, { context })).response;
  expect(await update({ status: 201 })).toMatchObject({ status: 201, fault });
  expect(await update({ fault: null })).toMatchObject({ status: 201, fault: null });
});
