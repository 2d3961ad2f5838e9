import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock, Log } from '../base/ports.ts';
import { arrivalTlsOf } from './arrival.ts';
import { createConnection } from './connection.ts';
import type { Exchange } from './exchange.ts';
import type { RefusedRecorder } from './refused/recorder.ts';
import { createIntake, type Flow, type Intake } from '../http/intake.ts';
import { createRequestBytes, framingOf } from '../http/request-bytes.ts';
import { createHeadRoom } from './head-room.ts';
import { createPeer } from './peer.ts';
import type { SecureConnection } from './tls/tls-listener.ts';
import { headsNoRoomCode, type HeadLimits } from './refused/diagnosis.ts';
import { noteConnection, refuseConnection, refuseProxying, refuseUnreadable, type ClientError, type Refusable } from './refused/refuse.ts';
import { stackOf } from '../base/stack-of.ts';

/** All header lines of a request together. Far over what servers commonly take (8 to 16 KiB), so that odd senders are seen too. */
const headerLimitBytes = 262_144;
/** A request head arrives in one piece, or its sender hangs. */
const headTimeoutMs = 60_000;
/** How often this is checked; Node's default. */
const headCheckMs = 30_000;
/** Far more than one program keeps open, and few enough to cost little memory. */
const connectionLimit = 6144;
/** How many connections beyond the limit get an answer; the system closes further ones without one. */
const refusedConnections = 256;
/** Unfinished heads take memory; usual senders send a head in one piece. */
const openHeadsBytes = 16_777_216;
/** Unanswered requests of one connection; later ones are not read meanwhile. */
const unansweredLimit = 100;
/** Long enough that a sender pausing between retries keeps its connection. */
const keepAliveMs = 30_000;

export interface ListenerDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Handles one request; settles when its answer was passed to the socket. */
  readonly exchange: (exchange: Exchange) => Promise<void>;
  /** Called with each refused request. */
  readonly refused: Pick<RefusedRecorder, 'note'>;
  /** The id of the bin with a slug, or null. */
  readonly binAt: (slug: string) => string | null;
  /** Overrides of the limits. */
  readonly limits?: Partial<HeadLimits> | undefined;
  /** Divides the turns of the event loop among connections; the listener makes its own by default. */
  readonly intake?: Intake | undefined;
}

/** An open socket: its work and its input. */
type Line = Refusable & { readonly flow: Flow };

export interface Listener {
  readonly port: number;
  /** Takes a secure connection that another port accepted, and reads HTTP/1 from it. */
  readonly accept: (secure: SecureConnection) => void;
  /** Takes a connection that came in at an address beyond loopback. */
  readonly acceptOther: (socket: Socket) => void;
  /** Accepts no more, waits until what was received is on disk, then closes every socket. */
  readonly stop: () => Promise<void>;
}

/**
 * The raw HTTP/1.1 listener on 127.0.0.1. Rejects with Node's error (EADDRINUSE, EACCES ...).
 *
 * Any Host header is taken on purpose: senders reach a bin through tunnels and host files, and the header is part of
 * what they test. A page that points its own name here (DNS rebinding) can therefore add captures, as any local program
 * can, but it learns nothing: answers hold what the bin's owner wrote, and of the request only what the owner's templates and
 * handshakes send back, never another capture, and no Access-Control-Allow-Origin is sent unless the owner set one.
 */
export async function startListener(deps: ListenerDeps, port: number): Promise<Listener> {
  const lines = new Map<Duplex, Line>();
  const limits = { ...usualLimits, ...deps.limits };
  const refuseDeps = { ...deps, limits };
  const own = { intake: deps.intake ?? createIntake(), heads: createHeadRoom(limits.openHeadsBytes) };
  // Other machines cannot use up what this one needs.
  const ofOthers = { intake: createIntake(), heads: createHeadRoom(limits.openHeadsBytes / 4) };
  const others = new WeakSet<Duplex>();
  const secured = new WeakMap<Duplex, SecureConnection>();
  const running = new Set<Promise<void>>();
  let isStopping = false;
  const server = createCaptureServer(limits);

  const handle = (request: IncomingMessage, response: ServerResponse, awaitsContinue: boolean) => {
    const line = lines.get(request.socket);
    if (line === undefined || isStopping) {
      request.socket.destroy();
      return;
    }
    const { connection, flow } = line;
    const trail = line.bytes.accept(framingOf(request));
    // Both are followed by `close`, which notifies the exchange.
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    connection.begin();
    response.once('close', () => {
      connection.finish();
      flow.wake();
    });
    const secure = secured.get(request.socket);
    const peer = createPeer(request, response, secure?.reset ?? (() => void request.socket.resetAndDestroy()));
    const run = deps
      .exchange({
        peer,
        connection,
        awaitsContinue,
        trail,
        tls: secure === undefined ? null : arrivalTlsOf(secure),
        isOther: others.has(request.socket),
      })
      .catch((error: unknown) => {
        deps.log.error({ error: stackOf(error) }, 'A request to a bin failed unexpectedly');
        request.socket.destroy();
      })
      .finally(() => running.delete(run));
    running.add(run);
  };

  server.on('connection', (socket: Socket) => {
    const { intake, heads } = others.has(socket) ? ofOthers : own;
    const bytes = createRequestBytes();
    const connection = createConnection(socket);
    const mayGoOn = () => connection.unanswered() < unansweredLimit || !bytes.isBetween();
    const line: Line = { connection, bytes, flow: intake.follow(socket, { next: bytes.next, mayGoOn }) };
    if (lines.size >= limits.connections) return refuseConnection(refuseDeps, socket, line.flow);
    lines.set(socket, line);
    const head = heads.begin();
    socket.once('close', () => {
      lines.delete(socket);
      head.hold(0);
    });
    // The parser's own listener, added before, runs between the two.
    socket.prependListener('data', bytes.arrive);
    socket.on('data', () => {
      bytes.pass();
      if (!head.hold(bytes.openHeadBytes())) refuseUnreadable(refuseDeps, noRoomError, line);
    });
    return undefined;
  });
  server.on('drop', (dropped) => noteConnection(refuseDeps, dropped?.remoteAddress, null));
  server.on('request', (request, response) => handle(request, response, false));
  server.on('checkContinue', (request, response) => handle(request, response, true));
  // An unknown expectation is captured like any other header.
  server.on('checkExpectation', (request, response) => handle(request, response, false));
  server.on('connect', (request, socket) => {
    const line = lines.get(socket);
    if (line === undefined) return void socket.destroy();
    return refuseProxying(refuseDeps, socket, request.socket.remoteAddress ?? '', line.bytes.accept(framingOf(request)));
  });
  server.on('clientError', (error: ClientError, socket) => {
    const line = lines.get(socket);
    if (line === undefined) return void socket.destroy();
    return refuseUnreadable(refuseDeps, error, line);
  });

  await listening(server, port);
  server.on('error', (error) => deps.log.error({ error: String(error) }, 'The capture listener had an error'));
  return {
    port: (server.address() as AddressInfo).port,
    accept: (secure) => {
      secured.set(secure.socket, secure);
      if (secure.isOther) others.add(secure.socket);
      server.emit('connection', secure.socket);
    },
    acceptOther: (socket) => {
      others.add(socket);
      server.emit('connection', socket);
    },
    stop: async () => {
      isStopping = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const { connection } of lines.values()) connection.leave('stopped');
      await Promise.all(running);
      for (const socket of lines.keys()) socket.destroy();
      await closed;
    },
  };
}

/** The limits of a listener unless others are given. */
export const usualLimits: HeadLimits = { headBytes: headerLimitBytes, headMs: headTimeoutMs, openHeadsBytes, connections: connectionLimit };

const noRoomError: ClientError = Object.assign(new Error('Open heads take up too much'), { code: headsNoRoomCode });

function createCaptureServer({ headBytes, headMs, connections }: HeadLimits): Server {
  const server = createServer({
    maxHeaderSize: headBytes,
    headersTimeout: headMs,
    connectionsCheckingInterval: Math.min(headMs, headCheckMs),
    // The reader limits the time for a body, and allows a slow one that makes progress.
    requestTimeout: 0,
    keepAliveTimeout: keepAliveMs,
    // Odd requests are what people want to see.
    requireHostHeader: false,
  });
  server.maxHeadersCount = 0;
  server.maxConnections = connections + refusedConnections;
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
