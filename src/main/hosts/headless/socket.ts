import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocketServer } from 'ws';
import type { Router } from '#engine/index.ts';
import { actorText } from '#hosts/shared/actor.ts';
import { settings } from '#shared/contract/system.ts';
import { webSocketPath } from '#shared/host-bridge.ts';
import type { Refused } from './access.ts';
import { jsonLimitBytes } from './json-body.ts';
import { refusalBody } from './refusal-answer.ts';

/** The WebSocket door while it is open. */
export interface SocketDoor {
  /** Ends every connection; its calls are aborted. */
  readonly close: () => void;
}

/** Serves the router on upgrades of {@link webSocketPath} that `refuse` lets in. */
export function serveSocket(server: Server, router: Router, refuse: (request: IncomingMessage) => Refused | null): SocketDoor {
  const handler = new RPCHandler(router);
  const largestBodyBytes = settings.shape.bodyLimitBytes.maxValue ?? 0;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: jsonLimitBytes(largestBodyBytes) });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Without a listener, a connection that breaks during the handshake would end the process.
    socket.on('error', () => socket.destroy());
    const refused = refuse(request);
    if (refused !== null) return refuseUpgrade(socket, refused.status, refused.code, refused.message);
    if (request.url?.split('?')[0] !== webSocketPath)
      return refuseUpgrade(socket, 404, 'NOT_FOUND', `WebSockets open at ${webSocketPath} only.`);
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', () => webSocket.terminate());
      const door = request.headers['x-hookyard-door'] === 'cli' ? 'cli' : 'browser';
      void handler.upgrade(webSocket, { context: { actor: actorText(door) } });
    });
  });
  return {
    close: () => {
      for (const client of sockets.clients) client.close(1001, 'Hookyard is stopping.');
      sockets.close();
    },
  };
}

function refuseUpgrade(socket: Duplex, status: number, code: string, message: string): void {
  const body = JSON.stringify(refusalBody(status, code, message));
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
