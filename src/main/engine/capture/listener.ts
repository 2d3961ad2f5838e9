import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock, Log } from '../ports.ts';
import { createConnection, type Connection } from './connection.ts';
import type { Exchange } from './exchange.ts';

/** All header lines of a request together. Far over what servers commonly take (8 to 16 KiB), so that odd senders are seen too. */
const headerLimitBytes = 262_144;
/** A request head comes in one piece or from a program that hangs. */
const headTimeoutMs = 60_000;
/** Long enough that a sender pausing between retries keeps its connection. */
const keepAliveMs = 30_000;
/** How long a connection that was refused as a whole stays open for the sender to read why. */
const lingerMs = 5_000;

export interface ListenerDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Handles one request; settles when its answer was handed over. */
  readonly exchange: (exchange: Exchange) => Promise<void>;
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
  const connections = new Map<Duplex, Connection>();
  const running = new Set<Promise<void>>();
  let isStopping = false;
  const server = createCaptureServer();

  const handle = (request: IncomingMessage, response: ServerResponse, awaitsContinue: boolean) => {
    const connection = connections.get(request.socket);
    if (connection === undefined || isStopping) {
      request.socket.destroy();
      return;
    }
    // Both are followed by `close`, which is what tells the exchange.
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    connection.begin();
    response.once('close', connection.finish);
    const run = deps
      .exchange({ request, response, connection, awaitsContinue })
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
    connections.set(socket, createConnection(socket));
    socket.once('close', () => connections.delete(socket));
  });
  server.on('request', (request, response) => handle(request, response, false));
  server.on('checkContinue', (request, response) => handle(request, response, true));
  // An expectation nobody knows is captured like any other header.
  server.on('checkExpectation', (request, response) => handle(request, response, false));
  server.on('connect', (_request, socket) =>
    endWith(deps.clock, socket, 405, 'This is not a proxy. Send the request itself to the URL of a bin.'),
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(deps.clock, error, socket, connections.get(socket)));

  await listening(server, port);
  server.on('error', (error) => deps.log.error({ error: String(error) }, 'The capture listener had an error'));
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      isStopping = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const connection of connections.values()) connection.stop();
      await Promise.all(running);
      for (const socket of connections.keys()) socket.destroy();
      await closed;
    },
  };
}

function createCaptureServer(): Server {
  const server = createServer({
    maxHeaderSize: headerLimitBytes,
    headersTimeout: headTimeoutMs,
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

/** What came in is not HTTP, or has ended within a request. */
function refuse(clock: Clock, error: NodeJS.ErrnoException, socket: Duplex, connection: Connection | undefined): void {
  if (connection === undefined || !socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  if (!connection.setUnreadable()) return;
  // Within a body, the request that it belongs to is kept and answered.
  if (connection.interruptReading(error.code === 'HPE_INVALID_EOF_STATE' ? 'disconnected' : 'malformed')) return;
  const [status, sentence] = sentenceFor(error);
  // Requests before the broken one come first: the sender takes answers in the order of its requests.
  connection.whenIdle(() => endWith(clock, socket, status, sentence));
}

function sentenceFor(error: NodeJS.ErrnoException): readonly [status: number, sentence: string] {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return [431, `The headers are over ${headerLimitBytes} bytes together. Send fewer or shorter ones.`];
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return [413, 'The chunk extensions are too long. Send the chunks without them.'];
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return [408, `The headers did not end within ${headTimeoutMs / 1000} seconds. Send an empty line after them.`];
    case 'HPE_INVALID_EOF_STATE':
      return [400, 'The connection ended before the headers did. Send an empty line after them.'];
    default:
      return [
        400,
        `This is not a request in HTTP/1.1${reasonOf(error)}. Use http:// and not https://, and check the request line and the headers.`,
      ];
  }
}

/** The parser's own words, which never quote the request. */
function reasonOf(error: Error): string {
  return 'reason' in error && typeof error.reason === 'string' && error.reason !== '' ? ` (${error.reason})` : '';
}

/** Answers on the bare socket and ends it. */
function endWith(clock: Clock, socket: Duplex, status: number, sentence: string): void {
  const body = `${sentence}\n`;
  socket.on('error', () => undefined);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  const cancel = clock.at(clock.now() + lingerMs, () => socket.destroy());
  socket.once('close', cancel);
}
