import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { StandardRPCHandler } from '@orpc/server/standard';
import { createServerPeerHandleRequestFn } from '@orpc/server/standard-peer';
import { WebSocketServer, type WebSocket } from 'ws';
import { admit, largeJsonBytes, type CallContext, type Log, type Router } from '#engine/index.ts';
import { actorText } from '#hosts/shared/actor.ts';
import { createCallPeer } from '#hosts/shared/call-peer.ts';
import type { LargeJson } from '#hosts/shared/large-json.ts';
import { settings } from '#shared/contract/system.ts';
import { webSocketPath, webSocketProtocol } from '#shared/host-bridge.ts';
import type { Refused } from './access.ts';
import { isWebSocketOffer, targetOf, unclear } from './gate.ts';
import type { BodyRoom } from './body-room.ts';
import { jsonLimitBytes } from './json-body.ts';
import { createPieceReader, type TakenFrame } from './piece-reader.ts';
import { refusalBody } from './refusal-answer.ts';
import { createSocketLine, type SocketLine } from './socket-line.ts';

/** What the WebSocket door opens on. */
export interface SocketDoorOptions {
  readonly server: Server;
  readonly router: Router;
  readonly log: Log;
  /** Room for all calls together. */
  readonly room: BodyRoom;
  /** Room for all answers that have not been read. */
  readonly answers: BodyRoom;
  /** Reads and writes large calls. */
  readonly json: LargeJson;
  /** Why a connection may not be opened, or null when it may. */
  readonly refuse: (request: IncomingMessage) => Refused | null;
}

/** The WebSocket door while it is open. */
export interface SocketDoor {
  /** Ends every connection; its calls are aborted. */
  readonly close: () => void;
  /** Ends those that are still there without a word, such as of readers that take nothing. */
  readonly cut: () => void;
}

/** The context of each call of a connection. */
interface SocketContext extends CallContext {
  readonly line: SocketLine;
}

/** The largest message that any setting lets in. */
const messageLimitBytes = jsonLimitBytes(settings.shape.bodyLimitBytes.maxValue ?? 0);

/** Close codes of RFC 6455 and of those registered since. */
const goingAway = 1001;
const invalidData = 1007;
const tooLarge = 1009;
const internalError = 1011;
const tryAgainLater = 1013;

/** A frame is taken whole, in one turn of the event loop; longer messages come in pieces. */
const frameLimitBytes = 1_048_576;

/** Serves the router on upgrades of {@link webSocketPath} that `refuse` lets in. */
export function serveSocket({ server, router, log, room, answers, json, refuse }: SocketDoorOptions): SocketDoor {
  const handler = new StandardRPCHandler<SocketContext>(router, {
    rootInterceptors: [({ next, context }) => context.line.during(next)],
  });
  const sockets = new WebSocketServer({
    noServer: true,
    // A frame in each turn of the event loop: hundreds of calls that came at once would otherwise all read what they answer before
    // the first of them is answered.
    allowSynchronousEvents: false,
    maxPayload: frameLimitBytes,
    // What is read as JSON is checked there, large ones in a thread.
    skipUTF8Validation: true,
    // The proof of a page, which is offered as another subprotocol, is never sent back.
    handleProtocols: (offered) => offered.has(webSocketProtocol) && webSocketProtocol,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Without a listener, a connection that breaks during the handshake would end the process.
    socket.on('error', () => socket.destroy());
    const problem = isWebSocketOffer(request) ? unclear(request) : 'Only WebSockets are opened here: send the request without Upgrade.';
    if (problem !== null) return refuseUpgrade(socket, 400, 'BAD_REQUEST', problem);
    const refused = refuse(request);
    if (refused !== null) return refuseUpgrade(socket, refused.status, refused.code, refused.message);
    if (targetOf(request).path !== webSocketPath)
      return refuseUpgrade(socket, 404, 'NOT_FOUND', `WebSockets open at ${webSocketPath} only.`);
    const context = admit(actorText(request.headers['x-hookyard-door'] === 'cli' ? 'cli' : 'browser'));
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      // Node takes it off with the upgrade, and who reads no answers is cut off here too.
      request.socket.setTimeout(server.timeout).on('timeout', () => server.emit('timeout', request.socket));
      serveCalls(webSocket, handler, context, { log, room, answers, json });
    });
  });
  return {
    close: () => {
      for (const client of sockets.clients) client.close(goingAway, 'Hookyard is stopping.');
      sockets.close();
    },
    cut: () => {
      for (const client of sockets.clients) client.terminate();
    },
  };
}

/** The subprotocols that a client offers. */
export function offeredProtocols(request: IncomingMessage): readonly string[] {
  return (request.headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
}

/** Answers the calls of one connection. An invalid frame closes it, since it is unknown which call was meant. */
function serveCalls(
  webSocket: WebSocket,
  handler: StandardRPCHandler<SocketContext>,
  admitted: CallContext,
  { log, room, answers, json }: Pick<SocketDoorOptions, 'log' | 'room' | 'answers' | 'json'>,
): void {
  const line = createSocketLine(webSocket, room);
  const context: SocketContext = { ...admitted, line };
  const peer = createCallPeer(createServerPeerHandleRequestFn(handler, { context }), json, line.send, answers.begin);
  webSocket.binaryType = 'nodebuffer';
  const pieces = createPieceReader(messageLimitBytes, room.begin);
  webSocket.on('error', () => webSocket.terminate());
  webSocket.on('close', () => {
    pieces.drop();
    peer.close();
  });
  webSocket.on('message', (data: Buffer, isBinary) => {
    const taken: TakenFrame = isBinary ? { kind: 'plain' } : pieces.take(data);
    if (taken.kind === 'more') return;
    if (taken.kind === 'too large') return webSocket.close(tooLarge, 'This call is larger than any that is taken: send less at once.');
    if (taken.kind === 'no room')
      return webSocket.close(tryAgainLater, 'More large calls come in at once than there is room for: send it again in a moment.');
    const bytes = taken.kind === 'whole' ? taken.bytes : data.byteLength;
    const answered = line.carrying(bytes, async () => peer.message(messageOf(taken, data, isBinary)));
    answered.catch((error: unknown) => {
      if (webSocket.readyState !== webSocket.OPEN) return;
      if (isUnreadable(error)) {
        webSocket.close(invalidData, 'This frame is not a call of the API: send calls as its client does.');
        return;
      }
      log.error({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }, 'A WebSocket call failed unexpectedly');
      webSocket.close(internalError, 'Hookyard failed at this call. Its log has the details.');
    });
  });
}

/** What a peer takes: text of a small message, bytes of a large one. Throws a SyntaxError for a frame that cannot stand where it does. */
function messageOf(taken: TakenFrame, data: Buffer, isBinary: boolean): string | Uint8Array | readonly Uint8Array<ArrayBuffer>[] {
  if (taken.kind === 'out of order') throw new SyntaxError('A piece of a message is followed by another message.');
  if (taken.kind === 'whole') return taken.bytes > largeJsonBytes ? taken.pieces : smallText(Buffer.concat(taken.pieces));
  return isBinary || data.byteLength > largeJsonBytes ? data : smallText(data);
}

function smallText(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new SyntaxError('The frame is not UTF-8 text.');
  return bytes.toString('utf8');
}

/** Whether a frame could not be read as a call. Such an error quotes the frame, so it is neither logged nor sent. */
function isUnreadable(error: unknown): boolean {
  return error instanceof SyntaxError || error instanceof TypeError;
}

function refuseUpgrade(socket: Duplex, status: number, code: string, message: string): void {
  const body = JSON.stringify(refusalBody(status, code, message));
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
