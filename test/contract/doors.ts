import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import { OpenAPILink } from '@orpc/openapi-client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { admit, type Router, type StreamDoor } from '#engine/index.ts';
import { serveCallPort } from '#hosts/shared/call-port.ts';
import { createLargeJson } from '#hosts/shared/large-json.ts';
import { openHeadlessServer, type HeadlessServer } from '#hosts/headless/server.ts';
import { contract, type Contract } from '#shared/contract/index.ts';
import { webSocketPath } from '#shared/host-bridge.ts';
import { sendingInPieces } from '#shared/socket-pieces.ts';
import { createTempFolder, createTestLog } from '../support/temp-workspace.ts';

export type Client = ContractRouterClient<Contract>;

/** Opens one door on a router and answers a client behind it; all is closed when the test ends. */
export type OpenDoor = (router: Router) => Promise<Client>;

export const testToken = 'token-of-the-tests';

/** The REST, WebSocket and page doors on a free port. */
export async function openTestServer(router: Router, rendererDir?: string, streams?: StreamDoor, port = 0): Promise<HeadlessServer> {
  const server = await openHeadlessServer({
    router,
    ...(streams === undefined ? {} : { streams }),
    token: testToken,
    log: createTestLog(),
    version: '0.0.0',
    rendererDir: rendererDir ?? createTempFolder(),
    port,
  });
  onTestFinished(() => server.close());
  return server;
}

export const openMessagePort: OpenDoor = async (router) => {
  const { port1, port2 } = new MessageChannel();
  const json = createLargeJson();
  onTestFinished(json.close);
  serveCallPort(port1, { router, json, context: admit('tester (window)'), log: createTestLog() });
  const client: Client = createORPCClient(new PortLink({ port: port2 }));
  port1.start();
  port2.start();
  onTestFinished(() => port2.close());
  return client;
};

export const openWebSocket: OpenDoor = async (router) => {
  const { url } = await openTestServer(router);
  const socket = new WebSocket(`${url.replace('http', 'ws')}${webSocketPath}`, { headers: { authorization: `Bearer ${testToken}` } });
  onTestFinished(() => socket.close());
  return createORPCClient(new SocketLink({ websocket: sendingInPieces(socket as unknown as globalThis.WebSocket) })) satisfies Client;
};

export const openRest: OpenDoor = async (router) => {
  const { url } = await openTestServer(router);
  return createORPCClient(
    new OpenAPILink(contract, { url: `${url}/api`, headers: { authorization: `Bearer ${testToken}` } }),
  ) satisfies Client;
};
