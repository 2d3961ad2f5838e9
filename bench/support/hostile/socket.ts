import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import type { Contract } from '#shared/contract/index.ts';
import { webSocketPath } from '#shared/host-bridge.ts';
import { pieceMarks, sendingInPieces } from '#shared/socket-pieces.ts';
import type { BenchHost } from '../host.ts';
import { bodyBytes, run, type HostileAct } from './act.ts';
import { largeBase64, largeText, manyNames } from './data.ts';

type Client = ContractRouterClient<Contract>;

async function open(host: BenchHost): Promise<WebSocket> {
  const socket = new WebSocket(`${host.url.replace('http', 'ws')}${webSocketPath}`, {
    headers: { authorization: `Bearer ${host.token}` },
    maxPayload: 0,
  });
  await once(socket, 'open');
  return socket;
}

/** A call over the WebSocket, whose frames the window sends. */
function callAct(name: string, call: (client: Client) => Promise<unknown>): HostileAct {
  return {
    name,
    group: 'socket',
    act: async (host) => {
      const socket = await open(host);
      const client: Client = createORPCClient(new RPCLink({ websocket: sendingInPieces(socket as unknown as globalThis.WebSocket) }));
      try {
        await call(client);
        return 'answered';
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      } finally {
        socket.terminate();
      }
    },
  };
}

/** Bytes on a WebSocket that are no call; returns what the host closes it with. */
function frameAct(name: string, send: (socket: WebSocket) => void): HostileAct {
  return {
    name,
    group: 'socket',
    act: async (host) => {
      const socket = await open(host);
      socket.on('error', () => undefined);
      send(socket);
      const [code] = (await once(socket, 'close')) as [number];
      return `closed with ${code}`;
    },
  };
}

const message = (content: object) => ({ type: 'none.listens', ...content });

/** Large calls and frames on the WebSocket of the window. */
export const socketActs: readonly HostileAct[] = [
  callAct('a message with 15 MiB in base64', (client) => client.messages.send(message({ bodyBase64: largeBase64() }))),
  callAct('a message with one text of 15 MB', (client) => client.messages.send(message({ data: largeText() }))),
  callAct('a message with 500,000 names', (client) => client.messages.send(message({ data: manyNames() }))),
  callAct('15 MiB to verify', (client) =>
    client.verifying.verify({ scheme: 'twilio-form', secrets: ['secret'], request: { headers: [], bodyBase64: largeBase64() } }),
  ),
  callAct('a preview of 15 MiB', (client) =>
    client.preview.render({ draft: { url: 'http://127.0.0.1:9/' }, event: message({ bodyBase64: largeBase64() }) }),
  ),
  frameAct('a text of 15 MiB that is no call', (socket) => socket.send(run('x', bodyBytes))),
  frameAct('a text of 15 MiB in pieces that is no call', (socket) => {
    const piece = run('x', 60_000);
    for (let sent = 0; sent < bodyBytes; sent += piece.length) socket.send(`${pieceMarks.more}${piece}`);
    socket.send(`${pieceMarks.last}x`);
  }),
  frameAct('15 MiB that are no call', (socket) => socket.send(Buffer.alloc(bodyBytes, 0xff))),
  frameAct('1,000,000 fragments of one byte', (socket) => {
    for (let sent = 1; sent < 1_000_000; sent += 1) socket.send('x', { fin: false });
    socket.send('x');
  }),
  frameAct('100,000 calls that are none, at once', (socket) => {
    for (let sent = 0; sent < 100_000; sent += 1) socket.send('{}');
  }),
];
