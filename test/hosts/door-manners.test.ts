import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { startTestEngine } from '../support/engine.ts';
import { connectRaw, headerOf } from '../support/raw-http-client.ts';
import { createTempFolder, createTestLog } from '../support/temp-workspace.ts';
import { createRouterClient } from '@orpc/server';
import { admit } from '#engine/index.ts';
import { openHeadlessServer } from '#hosts/headless/server.ts';
import { pieceMarks, sendingInPieces } from '#shared/socket-pieces.ts';

const token = 'token-of-the-tests';
const bearer = `Authorization: Bearer ${token}\r\n`;

async function start(bodyLimitMs?: number) {
  const { engine, captureUrl } = await startTestEngine();
  const log = createTestLog();
  const server = await openHeadlessServer({
    router: engine.router,
    token,
    log,
    version: '0.0.0',
    rendererDir: createTempFolder(),
    port: 0,
    ...(bodyLimitMs === undefined ? {} : { bodyLimitMs }),
  });
  onTestFinished(() => server.close());
  return { ...server, engine, log, captureUrl, host: `Host: 127.0.0.1:${server.port}\r\n` };
}

async function ask(port: number, request: string) {
  const client = await connectRaw(port);
  client.write(request);
  return { client, answer: await client.answer() };
}

async function openSocket(url: string) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/rpc`, { headers: { authorization: `Bearer ${token}` } });
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  return socket;
}

describe('a request that two readers could read in two ways', () => {
  it.each([
    ['two Host headers, the first ours', 'Host: evil.example\r\n'],
    ['two Authorization headers', `${bearer}${bearer}`],
    ['two Origin headers', 'Origin: http://a.example\r\nOrigin: http://b.example\r\n'],
  ])('is refused for %s', async (_name, headers) => {
    const { port, host } = await start();
    const { answer } = await ask(port, `GET /api/health HTTP/1.1\r\n${host}${headers}\r\n`);
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('more than once: send it once');
  });
});

describe('an offer to go on in another protocol than WebSocket', () => {
  const offer = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n';

  it('is a request like any other, with its body', async () => {
    const { port, host } = await start();
    const { answer } = await ask(port, `GET /api/health HTTP/1.1\r\n${host}${bearer}${offer}\r\n`);
    expect(answer.status).toBe(200);
    const body = '{"name":"a.b"}';
    const head = `POST /api/event-types HTTP/1.1\r\n${host}${bearer}${offer}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    expect((await ask(port, head + body)).answer.status).toBe(201);
  });

  it('is captured like any other, with its body', async () => {
    const { engine, captureUrl } = await start();
    const client = createRouterClient(engine.router, { context: admit('test') });
    const bin = await client.bins.create({ name: 'Java' });
    const { port } = new URL(captureUrl);
    const { answer } = await ask(Number(port), `POST /${bin.slug} HTTP/1.1\r\nHost: x\r\n${offer}Content-Length: 5\r\n\r\nhello`);
    expect(answer.status).toBe(200);
    const { items } = await client.captures.list({ binId: bin.id });
    expect(items).toMatchObject([{ bodyBytes: 5 }]);
  });
});

describe('a request that cannot be read at the API port', () => {
  const json = 'Content-Type: application/json\r\n';
  it.each([
    [
      'Content-Length beside chunks',
      `${json}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n`,
      400,
      /has both Content-Length and Transfer-Encoding.* Send one of the two/,
    ],
    [
      'two lengths',
      `${json}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`,
      400,
      /Content-Length more than once\. Send Content-Length once/,
    ],
    [
      'a bad chunk',
      `${json}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
      400,
      /chunks of the body cannot be read: begin each with its size in hex/,
    ],
    ['an expectation', 'Expect: the-impossible\r\n\r\n', 417, /knows 100-continue only: leave the header Expect out/],
    ['a line that ends with LF', 'X-Own: 1\n\r\n', 400, /ends with LF alone.* End each line of the head/],
    ['a head that is too long', `X-Own: ${'x'.repeat(20_000)}\r\n\r\n`, 431, /over 16384 bytes together\. Send fewer or shorter headers/],
    ['a header without a name', ': 1\r\n\r\n', 400, /no name before its colon\. Write each header as/],
  ])('is answered with what to change (%s), and the connection ends', async (_name, rest, status, sentence) => {
    const { port, host } = await start();
    const { client, answer } = await ask(port, `POST /api/event-types HTTP/1.1\r\n${host}${bearer}${rest}`);
    expect(answer.status).toBe(status);
    expect(headerOf(answer, 'content-type')).toBe('application/json');
    expect(JSON.parse(answer.body)).toMatchObject({ status, code: expect.any(String), message: expect.stringMatching(sentence) });
    await client.untilClosed();
  });

  it('has no Host header', async () => {
    const { port } = await start();
    const { answer } = await ask(port, `GET /api/health HTTP/1.1\r\n${bearer}\r\n`);
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining(`send it once, as \\"Host: 127.0.0.1:${port}\\"`)]);
  });

  it('comes after the answers to those before it', async () => {
    const { port, host } = await start();
    const good = `GET /api/health HTTP/1.1\r\n${host}${bearer}\r\n`;
    const { client, answer } = await ask(port, `${good}${good}POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n`);
    expect([answer.status, (await client.answer()).status]).toEqual([200, 200]);
    expect(await client.answer()).toMatchObject({ status: 400, body: expect.stringContaining('no plain number of bytes') });
  });
});

describe('requests sent ahead behind one that offers an upgrade', () => {
  const upgrade = 'Connection: Upgrade\r\nUpgrade: h2c\r\n';
  const chunked = `${upgrade}Transfer-Encoding: chunked\r\n\r\n5\r\n"abc"\r\n0\r\n`;
  const first = [
    ['chunked', `${chunked}\r\n`],
    ['chunked, with a trailer', `${chunked}X-Sum: 1\r\n\r\n`],
    ['with a length', `${upgrade}Content-Length: 5\r\n\r\n"abc"`],
    ['without a body', `${upgrade}\r\n`],
  ] as const;
  const cut = [0, 20, 60];

  it.each(first)('are captured and answered, whole or in part with it in one piece (%s)', async (_name, rest) => {
    const { engine, captureUrl } = await start();
    const client = createRouterClient(engine.router, { context: admit('test') });
    const bin = await client.bins.create({ name: 'Ahead' });
    const target = (name: string) => `/${bin.slug}/${name} HTTP/1.1\r\nHost: x\r\n`;
    const ahead = `GET ${target('a')}\r\nPOST ${target('b')}${rest}GET ${target('c')}\r\n`;
    for (const bytes of cut) {
      const socket = await connectRaw(Number(new URL(captureUrl).port));
      const whole = `POST ${target('first')}${rest}${ahead}`;
      socket.write(whole.slice(0, whole.length - bytes));
      expect((await socket.answer()).status).toBe(200);
      socket.write(whole.slice(whole.length - bytes));
      for (let more = 0; more < 3; more += 1) expect((await socket.answer()).status).toBe(200);
    }
    const { items } = await client.captures.list({ binId: bin.id });
    expect(items.map((item) => item.target.split('/').at(-1))).toEqual(cut.flatMap(() => ['c', 'b', 'a', 'first']));
  });

  it.each(first.filter(([name]) => name !== 'without a body'))('are answered at the API port (%s)', async (_name, rest) => {
    const { port, host } = await start();
    const client = await connectRaw(port);
    const head = (call: string) => `${call} HTTP/1.1\r\n${host}${bearer}`;
    client.write(`${head('POST /api/event-types')}Content-Type: application/json\r\n${rest}${`${head('GET /api/health')}\r\n`.repeat(3)}`);
    // A text is no event type.
    expect((await client.answer()).status).toBe(422);
    for (let more = 0; more < 3; more += 1) expect((await client.answer()).status).toBe(200);
  });
});

describe('a body that is refused', () => {
  it('is not read on without a token, and the answer comes before its end', async () => {
    const { port, host } = await start();
    const { client, answer } = await ask(
      port,
      `POST /api/messages HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n{`,
    );
    expect(answer.status).toBe(401);
    expect(headerOf(answer, 'connection')).toBe('close');
    await client.untilClosed();
  });

  it('is refused by the length it announces, before any of it is read', async () => {
    const { port, host } = await start();
    const { client, answer } = await ask(
      port,
      `POST /api/messages HTTP/1.1\r\n${host}${bearer}Content-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n`,
    );
    expect(answer.status).toBe(413);
    await client.untilClosed();
  });

  it('has a time to come whole', async () => {
    const { port, host } = await start(50);
    const { answer } = await ask(
      port,
      `POST /api/messages HTTP/1.1\r\n${host}${bearer}Content-Type: application/json\r\nContent-Length: 20\r\n\r\n{`,
    );
    expect(answer).toMatchObject({ status: 408, body: expect.stringContaining('did not come whole within 0.05 seconds') });
  });
});

describe('a WebSocket', () => {
  it.each([
    'secret-piece {',
    '"secret-piece"',
    'null',
    '[]',
    '{"i":"1"}',
    '{"i":"1","p":{}}',
    '{"i":"1","p":{"u":"secret-piece"}}',
    Buffer.from([0xff, 0xfe, 0x00]),
  ])('is closed on a frame that is no call (%s), and nothing of it is logged or told', async (frame) => {
    const { url, log } = await start();
    const socket = await openSocket(url);
    const closed = once(socket, 'close') as Promise<[number, Buffer]>;
    socket.send(frame);
    const [code, reason] = await closed;
    expect({ code, reason: reason.toString() }).toEqual({ code: 1007, reason: expect.stringContaining('not a call of the API') });
    expect(JSON.stringify(log.lines)).not.toContain('secret-piece');
  });

  it.each([
    ['a frame that would have to be taken whole', ['x'.repeat(1_100_000)], 1009],
    ['a piece among which another message comes', [`${pieceMarks.more}{"i":`, '{}'], 1007],
    ['pieces that are no call together', [`${pieceMarks.more}${'x'.repeat(200_000)}`, `${pieceMarks.last}x`], 1007],
  ] as const)('is closed on %s', async (_what, frames, expected) => {
    const { url } = await start();
    const socket = await openSocket(url);
    const closed = once(socket, 'close') as Promise<[number]>;
    for (const frame of frames) socket.send(frame);
    expect((await closed)[0]).toBe(expected);
  });

  it('takes a call in pieces, and others of the same connection beside it', async () => {
    const { url } = await start();
    const socket = sendingInPieces(await openSocket(url));
    const answers: { readonly i: string; readonly p: { readonly b: { readonly json: object } } }[] = [];
    const both = new Promise<void>((resolve) =>
      socket.on('message', (data: Buffer) => answers.push(JSON.parse(data.toString()) as (typeof answers)[number]) === 2 && resolve()),
    );
    const message = { type: 'a.b', data: { text: 'é'.repeat(400_000) } };
    socket.send(JSON.stringify({ i: '1', p: { u: '/messages/send', b: { json: message } } }));
    socket.send(JSON.stringify({ i: '2', p: { u: '/system/health', m: 'GET', b: {} } }));
    await both;
    expect(Object.fromEntries(answers.map(({ i, p }) => [i, p.b.json]))).toMatchObject({
      1: { id: expect.stringMatching(/^msg_/) },
      2: { captureUrl: expect.stringContaining('http://127.0.0.1:') },
    });
  });

  it('refuses what is nested too deep as REST does', async () => {
    const { url } = await start();
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const rest = await fetch(`${url}/api/event-types`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: `{"name":"a.b","sample":${deep}}`,
    });
    const refusal = (await rest.json()) as object;
    expect(refusal).toMatchObject({ code: 'JSON_INVALID', status: 400 });
    const socket = await openSocket(url);
    const answered = once(socket, 'message') as Promise<[Buffer]>;
    socket.send(`{"i":"1","p":{"u":"/eventTypes/create","b":{"json":{"name":"a.b","sample":${deep}}}}}`);
    const [answer] = await answered;
    expect(JSON.parse(answer.toString())).toEqual({ i: '1', p: { s: 400, b: { json: refusal } } });
  });
});

describe('the engine', () => {
  it.each([{ actor: 'x' }, { actor: 'x', admission: {} }, { actor: 'x', admission: { isMade: true } }])(
    'refuses a call that no door has let in (%j)',
    async (forged) => {
      const { engine } = await startTestEngine();
      const client = createRouterClient(engine.router, { context: forged as unknown as ReturnType<typeof admit> });
      await expect(client.system.health()).rejects.toMatchObject({ code: 'UNAUTHORIZED', status: 401 });
      await expect(client.endpoints.list({})).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    },
  );
});
