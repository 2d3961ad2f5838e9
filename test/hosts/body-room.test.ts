import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createBodyRoom, smallBodyBytes } from '#hosts/headless/body-room.ts';
import { openHeadlessServer } from '#hosts/headless/server.ts';
import { startTestEngine } from '../support/engine.ts';
import { connectRaw, headerOf } from '../support/raw-http-client.ts';
import { createTempFolder, createTestLog } from '../support/temp-workspace.ts';

const token = 'token-of-the-tests';
const mib = 1_048_576;

async function start(bytes: number) {
  const { engine } = await startTestEngine();
  const room = createBodyRoom({ bytes, smallBytes: mib });
  const server = await openHeadlessServer({
    router: engine.router,
    token,
    log: createTestLog(),
    version: '0.0.0',
    rendererDir: createTempFolder(),
    port: 0,
    bodyRoom: room,
  });
  onTestFinished(() => server.close());
  const head = (headers: string) =>
    `POST /api/event-types HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nContent-Type: application/json\r\n${headers}\r\n`;
  const bearer = `Authorization: Bearer ${token}\r\n`;
  /** A connection on which a body of this length was announced and has begun. */
  const open = async (length: number) => {
    const client = await connectRaw(server.port);
    client.write(`${head(`${bearer}Content-Length: ${length}\r\n`)}{`);
    return client;
  };
  return { server, room, head, bearer, open };
}

describe('the room for bodies of calls', () => {
  it('is never passed by large bodies beside each other, whatever they ask for, and is whole again once they end', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(900_000), fc.boolean()), { maxLength: 40 }), (steps) => {
        const room = createBodyRoom({ bytes: mib, smallBytes: 2 * smallBodyBytes });
        const leases = Array.from({ length: 6 }, () => room.begin());
        for (const [index, bytes, isEnd] of steps) {
          if (isEnd) leases[index]?.end();
          else leases[index]?.growTo(bytes);
          expect(room.takenBytes()).toBeLessThanOrEqual(mib + 2 * smallBodyBytes);
        }
        for (const lease of leases) lease.end();
        expect(room.takenBytes()).toBe(0);
      }),
    );
  });

  it('lets one body in alone, however large, and small ones beside it', () => {
    const room = createBodyRoom({ bytes: 1000, smallBytes: 2 * smallBodyBytes });
    const [large, second, small] = [room.begin(), room.begin(), room.begin()];
    expect(large.growTo(5 * mib)).toBe(true);
    expect(second.growTo(smallBodyBytes + 1)).toBe(false);
    expect(room.isFull()).toBe(true);
    large.end();
    expect(second.growTo(smallBodyBytes + 1)).toBe(true);
    expect(small.growTo(100)).toBe(true);
  });

  it('is taken by what is announced: the next large body is refused before it comes, with when to come again, and small calls go on', async () => {
    const { server, room, bearer, head, open } = await start(4 * mib);
    const first = await open(3 * mib);
    await open(mib);
    while (room.takenBytes() < 4 * mib) await nextTurn();

    const refused = await connectRaw(server.port);
    refused.write(head(`${bearer}Content-Length: ${2 * mib}\r\n`));
    const answer = await refused.answer();
    expect([answer.status, headerOf(answer, 'retry-after'), headerOf(answer, 'connection')]).toEqual([503, '1', 'close']);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'TOO_MANY_BODIES', message: expect.stringContaining('send fewer at a time') });

    const small = await fetch(`${server.url}/api/event-types`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{"name":"a.small"}',
    });
    expect(small.status).toBe(201);

    // One that leaves gives its room back.
    first.socket.destroy();
    while (room.takenBytes() > mib) await nextTurn();
    const name = '"a.large"';
    const again = await connectRaw(server.port);
    again.write(`${head(`${bearer}Content-Length: ${2 * mib}\r\n`)}{"name":${name}${' '.repeat(2 * mib - 9 - name.length)}}`);
    expect((await again.answer()).status).toBe(201);
  });

  it('is asked for as they come by bodies that announce no length', async () => {
    const { server, room, bearer, head, open } = await start(3 * mib);
    await open(2 * mib);
    while (room.takenBytes() < 2 * mib) await nextTurn();
    const client = await connectRaw(server.port);
    client.write(`${head(`${bearer}Transfer-Encoding: chunked\r\n`)}${(1.5 * mib).toString(16)}\r\n{${' '.repeat(1.5 * mib - 1)}`);
    expect((await client.answer()).status).toBe(503);
  });

  it('is not touched without a token: nothing of the body is read', async () => {
    const { server, room, head } = await start(4 * mib);
    const client = await connectRaw(server.port);
    client.write(`${head(`Content-Length: ${3 * mib}\r\n`)}{`);
    expect((await client.answer()).status).toBe(401);
    expect(room.takenBytes()).toBe(0);
  });

  it('stays within its bounds beside 100 open bodies of 15 MiB', async () => {
    const { room, open } = await start(128 * mib);
    const clients = await Promise.all(Array.from({ length: 100 }, () => open(15 * mib)));
    let refused = 0;
    const count = ({ status }: { readonly status: number }) => void (refused += Number(status === 503));
    // Those that are let in are still open when the test ends.
    for (const client of clients) client.answer().then(count, () => undefined);
    while (refused < 92) await nextTurn();
    expect(room.takenBytes()).toBe(8 * 15 * mib);
  });
});
