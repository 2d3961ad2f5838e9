import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { followConnections, type Connections } from '#hosts/headless/connections.ts';
import { connectRaw, headerOf } from '../support/raw-http-client.ts';
import { createTestLog } from '../support/temp-workspace.ts';

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void, limit?: number) {
  const log = createTestLog();
  const server = createServer((request, response) => {
    connections.begin(request, response);
    answer(request, response);
  });
  const connections: Connections = followConnections(server, log, limit);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { server, log, port: (server.address() as AddressInfo).port };
}

const request = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

describe('the connections of the API port', () => {
  it('begin a bounded number of requests in each turn of the event loop, however many were sent ahead', async () => {
    const inTurn: number[] = [0];
    const count = () => {
      inTurn.push(0);
      if (server.listening) setImmediate(count);
    };
    const { server, port } = await serve((_request, response) => {
      inTurn.push((inTurn.pop() ?? 0) + 1);
      response.end();
    });
    setImmediate(count);
    const client = await connectRaw(port);
    client.write(request.repeat(1000));
    for (let index = 0; index < 1000; index += 1) expect(await client.answer()).toMatchObject({ status: 200 });
    expect(inTurn.reduce((sum, each) => sum + each, 0)).toBe(1000);
    expect(Math.max(...inTurn)).toBeLessThanOrEqual(64);
  });

  it('are not read on while a hundred requests of one have no answer', async () => {
    const open: ServerResponse[] = [];
    const hundred = Promise.withResolvers<void>();
    const { port } = await serve(({ url }, response) => {
      if (url === '/other') return void response.end();
      if (open.push(response) === 100) hundred.resolve();
      if (open.length > 100) response.end();
    });
    const client = await connectRaw(port);
    client.write(request.repeat(150));
    await hundred.promise;
    const other = await connectRaw(port);
    for (let index = 0; index < 20; index += 1) {
      other.write('GET /other HTTP/1.1\r\nHost: x\r\n\r\n');
      await other.answer();
    }
    expect(open).toHaveLength(100);
    for (const response of open.slice(0, 100)) response.end();
    for (let index = 0; index < 150; index += 1) expect(await client.answer()).toMatchObject({ status: 200 });
  });

  it('are refused with a sentence from their limit on, which the log tells once, and taken again when others have ended', async () => {
    const { port, log } = await serve((_request, response) => response.end(), 2);
    const [first] = await Promise.all([connectRaw(port), connectRaw(port)]);
    first.write(request);
    await first.answer();
    for (let index = 0; index < 2; index += 1) {
      const tooMany = await connectRaw(port);
      const answer = await tooMany.answer();
      expect([answer.status, headerOf(answer, 'retry-after')]).toEqual([503, '5']);
      expect(JSON.parse(answer.body)).toMatchObject({
        code: 'TOO_MANY_CONNECTIONS',
        message: '2 connections were open, as many as this port takes. Close some, or send several requests on one, and try again.',
      });
    }
    expect(log.lines.filter(({ message }) => message.includes('As many connections'))).toHaveLength(1);
    first.socket.end();
    await once(first.socket, 'close');
    const next = await connectRaw(port);
    next.write(request);
    expect(await next.answer()).toMatchObject({ status: 200 });
  });

  it('carry WebSockets whose frames came with the upgrade and after it, large ones too', async () => {
    const { server, port } = await serve((_request, response) => response.end());
    const sockets = new WebSocketServer({ noServer: true });
    const received: number[] = [];
    server.on('upgrade', (upgrade, socket, head) =>
      sockets.handleUpgrade(upgrade, socket, head, (webSocket) =>
        webSocket.on('message', (data: Buffer) => {
          received.push(data.length);
          webSocket.send(String(data.length));
        }),
      ),
    );
    const client = new WebSocket(`ws://127.0.0.1:${port}/`);
    onTestFinished(() => client.terminate());
    await once(client, 'open');
    for (const size of [3, 5_000_000, 70_000]) {
      client.send(Buffer.alloc(size, '\r\n\r\n'));
      const [answer] = (await once(client, 'message')) as [Buffer];
      expect(answer.toString()).toBe(String(size));
    }
    expect(received).toEqual([3, 5_000_000, 70_000]);
  });
});
