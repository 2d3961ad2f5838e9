import { request as httpRequest, type IncomingMessage } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createEventReader, type ServerEvent } from '#engine/http/event-stream.ts';
import { openTestServer, testToken } from '../contract/doors.ts';
import { startClockedEngine } from '../support/clocked-engine.ts';
import { createTempFolder } from '../support/temp-workspace.ts';

async function start() {
  const engine = await startClockedEngine({ capturePort: 0 });
  const server = await openTestServer(engine.router, createTempFolder(), engine.streams);
  const bin = await engine.client.bins.create({ name: 'Shop' });
  const { path, id } = await engine.client.streamKeys.create({ binId: bin.id });
  return { engine, server, bin, path, id };
}

interface Opened {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** The next event; null when the answer ends. */
  readonly next: () => Promise<ServerEvent | null>;
  readonly text: () => Promise<string>;
  readonly close: () => void;
}

function open(port: number, path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<Opened> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, path, method, headers: { host: `127.0.0.1:${port}`, ...headers } },
      (response) => {
        const reader = createEventReader(1_000_000, null);
        const queue: ServerEvent[] = [];
        const chunks = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          next: async () => {
            while (queue.length === 0) {
              const step = await chunks.next().catch(() => ({ done: true, value: undefined }) as const);
              if (step.done === true) return null;
              queue.push(...reader.read(step.value));
            }
            return queue.shift() ?? null;
          },
          text: async () => {
            let text = '';
            for (let step = await chunks.next(); step.done !== true; step = await chunks.next()) text += step.value.toString();
            return text;
          },
          close: () => request.destroy(),
        });
      },
    );
    request.on('error', reject);
    request.end();
    onTestFinished(() => void request.destroy());
  });
}

describe('the stream door', () => {
  it('opens by the key alone, under any host name, and resumes from Last-Event-ID', async () => {
    const { server, bin, path } = await start();
    const stream = await open(server.port, path, { host: 'hooks.example.com', 'hookyard-stream': 'exact' });
    expect(stream.status).toBe(200);
    expect(stream.headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store, no-transform' });
    expect(stream.headers).not.toHaveProperty('access-control-allow-origin');
    expect(await stream.next()).toMatchObject({ type: 'ready' });
    await fetch(bin.url, { method: 'POST', body: 'one' });
    const event = await stream.next();
    expect(event).toMatchObject({ type: 'capture' });
    stream.close();
    await fetch(bin.url, { method: 'POST', body: 'two' });
    const again = await open(server.port, path, { 'last-event-id': event?.lastId ?? '', 'hookyard-stream': 'exact' });
    await again.next();
    expect(Buffer.from(String((await again.next())?.lines[1]), 'base64').toString()).toBe('two');
  });

  it('tells apart neither a wrong key, nor a revoked one, nor one whose bin is gone', async () => {
    const { engine, server, bin, path, id } = await start();
    const other = await engine.client.streamKeys.create({ binId: bin.id });
    await engine.client.streamKeys.revoke({ id });
    await engine.client.bins.remove({ id: bin.id });
    const answers = await Promise.all(
      [path, other.path, '/stream/hsk_never', `${path}x`, '/stream/shop'].map(async (each) => {
        const answer = await open(server.port, each);
        return [answer.status, await answer.text()];
      }),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toEqual([404, expect.stringContaining('STREAM_UNKNOWN')]);
  });

  it('gives a key no other right, and the token none here', async () => {
    const { server, path } = await start();
    const key = path.slice('/stream/'.length);
    expect((await open(server.port, '/api/bins', { authorization: `Bearer ${key}` })).status).toBe(401);
    expect((await open(server.port, '/stream/hsk_never', { authorization: `Bearer ${testToken}` })).status).toBe(404);
    expect((await open(server.port, path, {}, 'POST')).status).toBe(401);
    expect((await open(server.port, path, {}, 'HEAD')).status).toBe(404);
  });

  it('is closed to pages of other sites, which cannot read it either', async () => {
    const { server, path } = await start();
    expect((await open(server.port, path, { origin: 'https://evil.example' })).status).toBe(403);
  });

  it('ends with the key, and when the host stops', async () => {
    const { engine, server, bin, path, id } = await start();
    const other = await engine.client.streamKeys.create({ binId: bin.id });
    const [first, second] = [await open(server.port, path), await open(server.port, other.path)];
    await Promise.all([first.next(), second.next()]);
    await engine.client.streamKeys.revoke({ id });
    expect(await first.next()).toBeNull();
    await server.close();
    expect(await second.next()).toBeNull();
  });

  it('is not there on a host that serves no streams', async () => {
    const { engine, path } = await start();
    const plain = await openTestServer(engine.router);
    expect((await open(plain.port, path)).status).toBe(404);
  });
});
