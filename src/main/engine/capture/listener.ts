import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock, Log } from '../base/ports.ts';
import { createConnection, type Connection } from './connection.ts';
import type { Exchange } from './exchange.ts';
import type { RefusedRecorder } from './refused/recorder.ts';
import { framingOf, refuseProxying, refuseUnreadable, type ClientError } from './refused/refuse.ts';
import { createRequestBytes, type RequestBytes } from './refused/request-bytes.ts';

/** All header lines of a request together. Far over what servers commonly take (8 to 16 KiB), so that odd senders are seen too. */
const headerLimitBytes = 262_144;
/** A request head comes in one piece or from a program that hangs. */
const headTimeoutMs = 60_000;
/** How often it is looked at, as Node does by default. */
const headCheckMs = 30_000;
/** Long enough that a sender pausing between retries keeps its connection. */
const keepAliveMs = 30_000;

export interface ListenerDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Handles one request; settles when its answer was handed over. */
  readonly exchange: (exchange: Exchange) => Promise<void>;
  /** Is told what was refused. */
  readonly refused: Pick<RefusedRecorder, 'note'>;
  /** The id of the bin with a slug, or null. */
  readonly binAt: (slug: string) => string | null;
  /** How long the head of a request may take; a minute by default. */
  readonly headMs?: number | undefined;
}

/** An open socket: what it is busy with, and the bytes of the request that comes in. */
interface Line {
  readonly connection: Connection;
  readonly bytes: RequestBytes;
}

export interface Listener {
  readonly port: number;
  /** Takes no more, lets what has come in reach the disk, then ends every socket. */
  readonly stop: () => Promise<void>;
}

/**
 * The raw HTTP/1.1 listener on 127.0.0.1. Rejects with Node's error (EADDRINUSE, EACCES ...).
 *
 * Any Host header is taken on purpose: senders reach a bin through tunnels and host files, and the header is part of
 * what they test. A page that points its own name here (DNS rebinding) can therefore add captures, as any local program
 * can, but it learns nothing: answers hold only what the bin's owner wrote, never the request or another capture, and no
 * Access-Control-Allow-Origin is sent unless the owner set one.
 */
export async function startListener(deps: ListenerDeps, port: number): Promise<Listener> {
  const lines = new Map<Duplex, Line>();
  const headMs = deps.headMs ?? headTimeoutMs;
  const refuseDeps = { ...deps, limits: { headBytes: headerLimitBytes, headMs } };
  const running = new Set<Promise<void>>();
  let isStopping = false;
  const server = createCaptureServer(headMs);

  const handle = (request: IncomingMessage, response: ServerResponse, awaitsContinue: boolean) => {
    const line = lines.get(request.socket);
    if (line === undefined || isStopping) {
      request.socket.destroy();
      return;
    }
    const { connection } = line;
    const trail = line.bytes.accept(framingOf(request));
    // Both are followed by `close`, which is what tells the exchange.
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    connection.begin();
    response.once('close', connection.finish);
    const run = deps
      .exchange({ request, response, connection, awaitsContinue, trail })
      .catch((error: unknown) => {
        deps.log.error(
          { error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
          'A request to a bin failed unexpectedly',
        );
        request.socket.destroy();
      })
      .finally(() => running.delete(run));
    running.add(run);
  };

  server.on('connection', (socket: Socket) => {
    const bytes = createRequestBytes();
    lines.set(socket, { connection: createConnection(socket), bytes });
    socket.once('close', () => lines.delete(socket));
    // The parser, which listens already, stands between the two.
    socket.prependListener('data', bytes.arrive);
    socket.on('data', bytes.pass);
  });
  server.on('request', (request, response) => handle(request, response, false));
  server.on('checkContinue', (request, response) => handle(request, response, true));
  // An expectation nobody knows is captured like any other header.
  server.on('checkExpectation', (request, response) => handle(request, response, false));
  server.on('connect', (request, socket) => {
    const line = lines.get(socket);
    if (line === undefined) return void socket.destroy();
    return refuseProxying(refuseDeps, socket, request.socket.remoteAddress ?? '', line.bytes.accept(framingOf(request)));
  });
  server.on('clientError', (error: ClientError, socket) => {
    const line = lines.get(socket);
    if (line === undefined) return void socket.destroy();
    return refuseUnreadable(refuseDeps, error, line.connection, line.bytes);
  });

  await listening(server, port);
  server.on('error', (error) => deps.log.error({ error: String(error) }, 'The capture listener had an error'));
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      isStopping = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const { connection } of lines.values()) connection.stop();
      await Promise.all(running);
      for (const socket of lines.keys()) socket.destroy();
      await closed;
    },
  };
}

function createCaptureServer(headMs: number): Server {
  const server = createServer({
    maxHeaderSize: headerLimitBytes,
    headersTimeout: headMs,
    connectionsCheckingInterval: Math.min(headMs, headCheckMs),
    // The time for a body is watched by its reader, which allows a slow one that goes on.
    requestTimeout: 0,
    keepAliveTimeout: keepAliveMs,
    // What is odd is what people come to look at.
    requireHostHeader: false,
  });
  server.maxHeadersCount = 0;
  // Known to Node's server, though not to its types: without it, a sender that ends its side after the request (as
  // `nc -N` does) would be cut off before its answer, which waits for the disk.
  return Object.assign(server, { httpAllowHalfOpen: true });
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}
