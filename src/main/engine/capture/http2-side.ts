import { Buffer } from 'node:buffer';
import { constants, createServer, type Http2ServerRequest, type Http2ServerResponse, type ServerHttp2Session } from 'node:http2';
import type { HeaderField } from '#shared/contract/common.ts';
import type { Log } from '../base/ports.ts';
import { createStreamConnection, type Connection } from './connection.ts';
import type { Exchange } from './exchange.ts';
import { createHttp2Peer } from './http2-peer.ts';
import type { SecureConnection } from './tls/tls-listener.ts';
import { arrivalTlsOf } from './arrival.ts';
import { stackOf } from '../base/stack-of.ts';

export interface Http2Side {
  /** Speaks HTTP/2 on a connection that was agreed on it. */
  readonly accept: (secure: SecureConnection) => void;
  /** Waits until what was received is on disk, then closes every connection. */
  readonly stop: () => Promise<void>;
}

interface Http2Deps {
  readonly log: Log;
  readonly exchange: (exchange: Exchange) => Promise<void>;
}

/** As many requests as one connection of HTTP/1.1 may send ahead. */
const streamsAtOnce = 100;
const headerLimitBytes = 262_144;
/** How much memory the frames of one connection may take, in MB. */
const maxSessionMemory = 4;
/**
 * Requests of one connection that its sender may break off at once, twice all that it can have open, and then in each second: each costs its sender
 * some 20 bytes, and us the beginning of an exchange.
 */
const brokenOffAtOnce = 2 * streamsAtOnce;
const brokenOffPerSecond = 33;
/** An idle connection is closed after this time. */
const idleMs = 120_000;
const keptFirstBytes = 4096;

/** The HTTP/2 part of the listener, with a limit on its connections. */
export function createHttp2Side({ log, exchange }: Http2Deps, sessionsAtOnce: number): Http2Side {
  const secured = new WeakMap<object, SecureConnection>();
  /** Open connections with the requests of each. */
  const sessions = new Map<ServerHttp2Session, Set<Connection>>();
  const running = new Set<Promise<void>>();
  let isStopping = false;
  const server = createServer({
    maxSessionMemory,
    streamResetBurst: brokenOffAtOnce,
    streamResetRate: brokenOffPerSecond,
    settings: { maxConcurrentStreams: streamsAtOnce, maxHeaderListSize: headerLimitBytes },
  });

  const handle = (request: Http2ServerRequest, response: Http2ServerResponse, awaitsContinue: boolean) => {
    const { stream } = request;
    const { session } = stream;
    const secure = session === undefined ? undefined : secured.get(session);
    const requests = session === undefined ? undefined : sessions.get(session as ServerHttp2Session);
    if (secure === undefined || requests === undefined || isStopping) return stream.close(constants.NGHTTP2_REFUSED_STREAM);
    // Both are followed by `close`, which notifies the exchange.
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    const connection = createStreamConnection(stream);
    requests.add(connection);
    stream.once('close', () => requests.delete(connection));
    const peer = createHttp2Peer(request, response, secure);
    const trail = trailOf(peer.method, peer.target, peer.firstHeaders());
    const run = exchange({ peer, connection, awaitsContinue, trail, tls: arrivalTlsOf(secure), isOther: secure.isOther })
      .catch((error: unknown) => {
        log.error({ error: stackOf(error) }, 'A request to a bin over HTTP/2 failed unexpectedly');
        stream.close(constants.NGHTTP2_INTERNAL_ERROR);
      })
      .finally(() => running.delete(run));
    running.add(run);
    return undefined;
  };
  server.on('request', (request, response) => handle(request, response, false));
  server.on('checkContinue', (request, response) => handle(request, response, true));
  server.on('session', (session) => {
    if (sessions.size >= sessionsAtOnce) return session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
    const requests = new Set<Connection>();
    sessions.set(session, requests);
    session.once('close', () => sessions.delete(session));
    // What is wrong with its frames ends the session.
    session.on('error', () => undefined);
    session.setTimeout(idleMs, () => {
      if (requests.size === 0) session.close();
    });
    return undefined;
  });
  server.on('sessionError', () => undefined);
  return {
    accept: (secure) => {
      server.once('session', (session) => secured.set(session, secure));
      server.emit('connection', secure.socket);
    },
    stop: async () => {
      isStopping = true;
      for (const requests of sessions.values()) for (const connection of requests) connection.leave('stopped');
      await Promise.all(running);
      for (const session of sessions.keys()) session.destroy();
    },
  };
}

/** HTTP/2 has no text of its own: what was asked, in the form of HTTP/1.1. */
function trailOf(method: string, target: string, headers: readonly HeaderField[]) {
  const text = () =>
    Buffer.from([`${method} ${target} HTTP/2`, ...headers.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n'), 'latin1');
  return { first: () => text().subarray(0, keptFirstBytes), receivedBytes: () => text().byteLength };
}
