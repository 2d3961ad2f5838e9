import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createBodyRoom, type BodyRoom } from '#hosts/headless/body-room.ts';
import { createSocketLine, type SocketLine } from '#hosts/headless/socket-line.ts';

const callLimit = 256;
const waitingLimitBytes = 8_388_608;
/** Frames that lie in what was read at once, 64 KiB, may still come after reading has been paused. */
const readAtOnceBytes = 65_536;

/** A real connection: `serve` works on each frame that comes to the near end; the far end is the client. */
async function connectLine(serve: (line: SocketLine) => Promise<void>, room: BodyRoom = createBodyRoom()) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const far = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => far.terminate());
  const [near] = (await once(server, 'connection')) as [WebSocket];
  await once(far, 'open');
  const line = createSocketLine(near, room);
  const calls: Promise<void>[] = [];
  const seen = { taken: 0, underWay: 0, mostUnderWay: 0, mostWaitingBytes: 0 };
  near.on('message', () => {
    seen.taken += 1;
    seen.underWay += 1;
    seen.mostUnderWay = Math.max(seen.mostUnderWay, seen.underWay);
    const served = line
      .during(() => serve(line))
      .finally(() => {
        seen.underWay -= 1;
      });
    calls.push(served);
    seen.mostWaitingBytes = Math.max(seen.mostWaitingBytes, near.bufferedAmount);
  });
  return { near, far, seen, allServed: () => Promise.allSettled(calls) };
}

/** Settles once the server has stopped reading from a client. */
const untilPaused = async (near: WebSocket) => {
  if (near.isPaused) return;
  const paused = Promise.withResolvers<void>();
  const pause = near.pause.bind(near);
  near.pause = () => {
    pause();
    paused.resolve();
  };
  await paused.promise;
};

it('takes no more calls while many are under way, and all of them in the end', async () => {
  const gate = Promise.withResolvers<void>();
  const { near, far, seen } = await connectLine(() => gate.promise);
  const frame = 'x'.repeat(1000);
  // More than the buffers of the operating system hold, so that the sender is held back.
  const calls = 20_000;
  for (let call = 0; call < calls; call += 1) far.send(frame);
  await untilPaused(near);
  // Nothing but the end of a call makes it read on, so what waits with the sender stays there.
  for (let turn = 0; turn < 1000; turn += 1) await nextTurn();

  expect(near.isPaused).toBe(true);
  expect(seen.taken).toBeLessThanOrEqual(callLimit + readAtOnceBytes / frame.length);
  expect(far.bufferedAmount).toBeGreaterThan(0);

  const all = new Promise<void>((resolve) => near.on('message', () => seen.taken === calls && resolve()));
  gate.resolve();
  await all;
  expect(seen.mostUnderWay).toBeLessThanOrEqual(callLimit + readAtOnceBytes / frame.length);
});

it('takes no more calls of a client that does not read its answers, and answers all once it does', async () => {
  const answer = Buffer.alloc(1_048_576, 'a');
  const { near, far, seen } = await connectLine((line) => line.send(answer));
  const calls = 200;
  let answers = 0;
  const all = new Promise<void>((resolve) => far.on('message', () => (answers += 1) === calls && resolve()));
  far.pause();
  // One by one, as a client does, so that each is a frame of its own on the wire.
  const frame = 'x'.repeat(32_000);
  for (let call = 0; call < calls; call += 1) far.send(frame);
  await untilPaused(near);
  for (let turn = 0; turn < 1000; turn += 1) await nextTurn();

  expect(near.isPaused).toBe(true);
  expect(seen.taken).toBeLessThan(calls / 2);
  // What is beyond the limit is the answer that crossed it, and those to frames that had been read with its call.
  expect(seen.mostWaitingBytes).toBeLessThan(waitingLimitBytes + 4 * answer.length);

  far.resume();
  await all;
  expect(seen.taken).toBe(calls);
});

it('lets go of a client that leaves without having read', async () => {
  const { near, far, seen, allServed } = await connectLine((line) => line.send(Buffer.alloc(1_048_576)));
  far.pause();
  for (let call = 0; call < 100; call += 1) far.send('x'.repeat(32_000));
  await untilPaused(near);
  const closed = once(near, 'close');
  far.terminate();
  await closed;
  await allServed();
  expect(seen.underWay).toBe(0);
  expect(seen.taken).toBeLessThan(100);
});

it('takes no more calls while those of other connections take up the room for bodies', async () => {
  const room = createBodyRoom({ bytes: 1_000_000, smallBytes: 0 });
  const other = room.begin();
  const { near, far, seen } = await connectLine(() => Promise.resolve(), room);
  other.holdTo(1_000_000);
  far.send('one that was on its way');
  await untilPaused(near);
  far.send('x'.repeat(1_000_000));
  for (let turn = 0; turn < 1000; turn += 1) await nextTurn();
  expect(seen.taken).toBe(1);

  const next = once(near, 'message');
  other.end();
  await next;
  expect(seen.taken).toBe(2);
});

it('holds the room of a large frame until its work is done', async () => {
  const room = createBodyRoom({ bytes: 1_000_000, smallBytes: 0 });
  const { near } = await connectLine(() => Promise.resolve());
  const line = createSocketLine(near, room);
  const gate = Promise.withResolvers<void>();
  const working = line.carrying(1_000_000, () => gate.promise);
  expect([room.takenBytes(), near.isPaused]).toEqual([1_000_000, true]);
  gate.resolve();
  await working;
  expect([room.takenBytes(), near.isPaused]).toEqual([0, false]);
});
