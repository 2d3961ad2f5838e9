import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createIntake, type Flow } from '#engine/http/intake.ts';
import { createRequestBytes, framingOf } from '#engine/http/request-bytes.ts';

/** Counts turns of the event loop until the test ends. */
function countTurns(): { readonly now: () => number } {
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  onTestFinished(() => void (isOver = true));
  return { now: () => turns };
}

/** How often something happened in the busiest turn. */
function perTurn(turns: ReturnType<typeof countTurns>): { readonly note: () => void; readonly most: () => number } {
  const counts = new Map<number, number>();
  return {
    note: () => counts.set(turns.now(), (counts.get(turns.now()) ?? 0) + 1),
    most: () => Math.max(...counts.values()),
  };
}

async function serve(onRequest: (request: IncomingMessage, flow: Flow) => void, costInTurn?: number) {
  const intake = createIntake(costInTurn);
  const server = createServer({ requireHostHeader: false });
  const flows = new Map<unknown, { readonly flow: Flow; readonly bytes: ReturnType<typeof createRequestBytes> }>();
  server.on('connection', (socket) => {
    const bytes = createRequestBytes();
    flows.set(socket, { bytes, flow: intake.follow(socket, { next: bytes.next, mayGoOn: () => true }) });
    socket.prependListener('data', bytes.arrive);
    socket.on('data', bytes.pass);
  });
  server.on('request', (request, response) => {
    const line = flows.get(request.socket);
    if (line === undefined) throw new Error('A request came on a connection that nobody followed.');
    line.bytes.accept(framingOf(request));
    onRequest(request, line.flow);
    request.on('end', () => response.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { port: (server.address() as AddressInfo).port };
}

/** Writes pieces to a port one after the other; settles once the other side has ended the connection. */
async function send(port: number, pieces: readonly Uint8Array[]): Promise<string> {
  const socket = connect(port, '127.0.0.1').setNoDelay();
  let answers = '';
  socket.on('data', (bytes) => (answers += bytes.toString('latin1')));
  for (const piece of pieces) {
    socket.write(piece);
    await nextTurn();
  }
  await once(socket, 'close');
  return answers;
}

const last = 'GET /last HTTP/1.1\r\nConnection: close\r\n\r\n';

describe('what comes in on many connections', () => {
  it('begins a bounded number of requests in each turn, and all of them in their order', async () => {
    const turns = countTurns();
    const begun = perTurn(turns);
    const paths: string[] = [];
    const { port } = await serve((request) => {
      begun.note();
      paths.push(request.url ?? '');
      request.resume();
    });
    const ahead = Array.from({ length: 1500 }, (_, index) => `GET /${index} HTTP/1.1\r\n\r\n`);
    const answers = await Promise.all([1, 2].map(() => send(port, [Buffer.from(ahead.join('') + last)])));
    expect(answers.map((text) => text.split('HTTP/1.1 200').length - 1)).toEqual([1501, 1501]);
    const order = new Map(ahead.map((_, index) => [`/${index}`, index]));
    const firsts = paths.filter((path, at) => path !== '/last' && paths.indexOf(path) === at).map((path) => order.get(path));
    expect(firsts).toEqual(Array.from({ length: 1500 }, (_, index) => index));
    expect(begun.most()).toBeLessThanOrEqual(64);
  });

  it('reads a bounded number of chunks in each turn', async () => {
    const read = perTurn(countTurns());
    let size = 0;
    const { port } = await serve((request) =>
      request.on('data', (chunk: Uint8Array) => {
        read.note();
        size += chunk.length;
      }),
    );
    const body = '1\r\na\r\n'.repeat(100_000);
    await send(port, [Buffer.from(`POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${body}0\r\n\r\n${last}`)]);
    expect(size).toBe(100_000);
    expect(read.most()).toBeLessThan(10_000);
  });

  it('reads a bounded number of bytes in each turn, of bodies whose length is known too', async () => {
    const turns = countTurns();
    const read = new Map<number, number>();
    const { port } = await serve((request) =>
      request.on('data', (chunk: Uint8Array) => void read.set(turns.now(), (read.get(turns.now()) ?? 0) + chunk.length)),
    );
    const size = 1_000_000;
    const bytes = Buffer.concat([Buffer.from(`POST / HTTP/1.1\r\nContent-Length: ${size}\r\n\r\n`), Buffer.alloc(size), Buffer.from(last)]);
    await Promise.all(Array.from({ length: 20 }, () => send(port, [bytes])));
    expect([...read.values()].reduce((sum, each) => sum + each, 0)).toBe(20 * size);
    expect(Math.max(...read.values())).toBeLessThanOrEqual(1_048_576);
  });

  it('is handed on as it came, however it is cut and however little goes through in a turn', async () => {
    const request = fc.record({
      path: fc.stringMatching(/^[a-z]{0,8}$/),
      headers: fc.array(fc.stringMatching(/^[a-z]{1,3}$/), { maxLength: 3 }),
      body: fc.uint8Array({ maxLength: 9000 }),
      chunkBytes: fc.option(fc.integer({ min: 1, max: 700 }), { nil: null }),
    });
    const cuts = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 8 }), cuts, fc.constantFrom(1, 3, 64), async (sent, sizes, cost) => {
        const received: { readonly url: string; readonly body: Promise<Buffer> }[] = [];
        const { port } = await serve((each) => received.push({ url: each.url ?? '', body: bodyOf(each) }), cost);
        const bytes = Buffer.concat([...sent.map(wireOf), Buffer.from(last)]);
        await send(port, cut(bytes, sizes));
        const bodies = await Promise.all(received.map(({ body }) => body));
        expect(received.map(({ url }) => url)).toEqual([...sent.map(({ path }) => `/${path}`), '/last']);
        expect(bodies.slice(0, -1).map((body) => body.toString('hex'))).toEqual(sent.map(({ body }) => Buffer.from(body).toString('hex')));
      }),
      { numRuns: 60 },
    );
  });

  it('is not read further while a request is not, and is not gathered where it is read bit by bit', async () => {
    const size = 4_000_000;
    let received = 0;
    let waitedBytes = 0;
    const { port } = await serve((request, flow) => {
      request.on('data', (chunk: Uint8Array) => {
        received += chunk.length;
        request.pause();
        waitedBytes = Math.max(waitedBytes, flow.waiting().length);
        setImmediate(() => request.resume());
      });
    });
    const chunk = `4\r\nabcd\r\n`;
    await send(port, [
      Buffer.from(`POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(20_000)}`),
      Buffer.from(`0\r\n\r\nPOST / HTTP/1.1\r\nContent-Length: ${size}\r\n\r\n`),
      Buffer.alloc(size),
      Buffer.from(last),
    ]);
    expect(received).toBe(80_000 + size);
    expect(waitedBytes).toBeLessThanOrEqual(131_072);
  });
});

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function wireOf({
  path,
  headers,
  body,
  chunkBytes,
}: {
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: Uint8Array;
  readonly chunkBytes: number | null;
}): Buffer {
  const framing = chunkBytes === null ? `Content-Length: ${body.length}` : 'Transfer-Encoding: chunked';
  const head = Buffer.from([`POST /${path} HTTP/1.1`, framing, ...headers.map((name) => `x-${name}: ${name}`), '', ''].join('\r\n'));
  if (chunkBytes === null) return Buffer.concat([head, body]);
  const chunks: Buffer[] = [];
  for (let at = 0; at < body.length; at += chunkBytes) {
    const chunk = body.subarray(at, at + chunkBytes);
    chunks.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), Buffer.from(chunk), Buffer.from('\r\n'));
  }
  return Buffer.concat([head, ...chunks, Buffer.from('0\r\n\r\n')]);
}

function cut(bytes: Buffer, sizes: readonly number[]): readonly Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieces.at(-1)?.length ?? 1)
    pieces.push(bytes.subarray(at, at + (sizes[pieces.length % sizes.length] ?? 1)));
  return pieces;
}
