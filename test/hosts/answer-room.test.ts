import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createRouterClient } from '@orpc/server';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { admit } from '#engine/index.ts';
import { createBodyRoom } from '#hosts/headless/body-room.ts';
import { openHeadlessServer } from '#hosts/headless/server.ts';
import { startTestEngine } from '../support/engine.ts';
import { connectRaw, headerOf } from '../support/raw-http-client.ts';
import { createTempFolder, createTestLog } from '../support/temp-workspace.ts';

const token = 'token-of-the-tests';
const mib = 1_048_576;
const longerThanAnyTest = 3_600_000;

/** A host whose unread answers may take 16 MiB, with a capture whose answer takes more than half of that, and more than a connection buffers. */
async function start(readerLimitMs = longerThanAnyTest) {
  const { engine, captureUrl } = await startTestEngine();
  const room = createBodyRoom({ bytes: 16 * mib, smallBytes: mib });
  const log = createTestLog();
  const server = await openHeadlessServer({
    router: engine.router,
    token,
    log,
    version: '0.0.0',
    rendererDir: createTempFolder(),
    port: 0,
    answerRoom: room,
    readerLimitMs,
  });
  onTestFinished(() => server.close());
  const client = createRouterClient(engine.router, { context: admit('test') });
  const bin = await client.bins.create({ name: 'Large', slug: 'large' });
  await fetch(`${captureUrl.replace(/\/$/, '')}/large`, { method: 'POST', body: Buffer.alloc(10 * mib, 'x') });
  const id = (await client.captures.list({ binId: bin.id })).items[0]?.id ?? '';
  const call = (path: string) => `GET /api${path} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  const large = call(`/captures/${id}`);
  const socket = async () => {
    const opened = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, { headers: { authorization: `Bearer ${token}` } });
    onTestFinished(() => opened.terminate());
    await once(opened, 'open');
    return opened;
  };
  const frame = (i: string, path: string, json: object) => JSON.stringify({ i, p: { u: path, b: { json } } });
  return {
    server,
    logLines: log.lines,
    room,
    large,
    small: call('/settings'),
    socket,
    largeFrame: (i: string) => frame(i, '/captures/get', { id }),
    frame,
  };
}

/** Until answers that are not read take up most of the room. */
async function untilTaken(room: { readonly takenBytes: () => number }) {
  while (room.takenBytes() < 10 * mib) await nextTurn();
}

/** A reader that asks for the large answer and takes nothing of it. */
async function connectIdle({ server, large, room }: Awaited<ReturnType<typeof start>>) {
  const idle = await connectRaw(server.port);
  idle.socket.pause();
  idle.write(large);
  await untilTaken(room);
  return idle;
}

it('a large answer is refused while another one is unread, with when to come again, and small ones go on', async () => {
  const host = await start();
  const { server, room, large, small } = host;
  const idle = await connectIdle(host);
  const other = await connectRaw(server.port);
  other.write(large);
  const refused = await other.answer();
  expect([refused.status, headerOf(refused, 'retry-after')]).toEqual([503, '1']);
  expect(JSON.parse(refused.body)).toMatchObject({
    code: 'TOO_MANY_ANSWERS',
    message: expect.stringContaining('read the answers to earlier calls'),
  });
  other.write(small);
  expect((await other.answer()).status).toBe(200);
  // Once it is read, there is room again.
  idle.socket.resume();
  expect((await idle.answer()).status).toBe(200);
  while (room.takenBytes() > 0) await nextTurn();
  other.write(large);
  expect((await other.answer()).status).toBe(200);
});

it('a reader that leaves gives the room of its answer back', async () => {
  const host = await start();
  const idle = await connectIdle(host);
  idle.socket.destroy();
  while (host.room.takenBytes() > 0) await nextTurn();
});

it('a reader that takes nothing is cut off after a while, which the log tells, and its room is free again', async () => {
  const host = await start(300);
  const { room, logLines } = host;
  await connectIdle(host);
  while (room.takenBytes() > 0) await nextTurn();
  const told = () =>
    logLines.filter(({ message }) => message === 'A caller read nothing of its answers for too long; its connection was ended');
  expect(told()).toMatchObject([{ level: 'warn', fields: { unreadBytes: expect.any(Number), seconds: 0.3 } }]);
});

it('answers over a WebSocket have the same room, and its calls are refused as those of REST', async () => {
  const host = await start();
  const { room, largeFrame, frame, server, large } = host;
  const idle = await host.socket();
  idle.pause();
  idle.send(largeFrame('1'));
  await untilTaken(room);
  const other = await host.socket();
  other.send(largeFrame('2'));
  const [refused] = (await once(other, 'message')) as [Buffer];
  expect(JSON.parse(refused.toString())).toMatchObject({ i: '2', p: { s: 503, b: { json: { code: 'TOO_MANY_ANSWERS' } } } });
  other.send(frame('3', '/system/getSettings', {}));
  const [settings] = (await once(other, 'message')) as [Buffer];
  expect(JSON.parse(settings.toString())).toMatchObject({ i: '3', p: { b: { json: { timeScale: 1 } } } });
  const rest = await connectRaw(server.port);
  rest.write(large);
  expect((await rest.answer()).status).toBe(503);
  idle.resume();
  await once(idle, 'message');
  while (room.takenBytes() > 0) await nextTurn();
});
