import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import { fastify, type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { admit, createDirectClient, type CallContext, type Log, type Router, type StreamDoor } from '#engine/index.ts';
import { actorText, type Door } from '#hosts/shared/actor.ts';
import { codeOf } from '#hosts/shared/data-dir.ts';
import { DoorError } from '#hosts/shared/door-error.ts';
import { createLargeJson } from '#hosts/shared/large-json.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import {
  refuseCall,
  refuseSocket,
  refuseStranger,
  refuseStream,
  type DoorFacts,
  type RequestFacts,
  type RouteAccess,
  type SocketFacts,
} from './access.ts';
import { listenAlsoAtSix } from './also-at-six.ts';
import { createBodyRoom, type BodyRoom } from './body-room.ts';
import { createGate } from './gate.ts';
import { acceptJsonBodies } from './json-body.ts';
import { serveMcp } from './mcp.ts';
import { createPageProofs, type PageProofs } from './page-proofs.ts';
import { cookieNames, sendPage, servePages } from './pages.ts';
import { sendRefusal } from './refusal-answer.ts';
import { serveRest } from './rest.ts';
import { offeredProtocols, serveSocket } from './socket.ts';
import { serveStreams, streamKeyOf } from './streams.ts';

/** Port that is tried first when none is asked for. */
export const defaultPort = 4600;

/** How long the body of a call may take to arrive completely. */
const defaultBodyLimitMs = 60_000;

/** How long a reader may take nothing of an answer. */
const defaultReaderLimitMs = 60_000;

/** How long requests under way may take once the server stops. */
const stopGraceMs = 2000;

export interface HeadlessServerOptions {
  readonly router: Router;
  /** Streams of captures to holders of their keys; without it none are served. */
  readonly streams?: StreamDoor;
  readonly token: string;
  readonly log: Log;
  readonly version: string;
  /** Folder of the built window. */
  readonly rendererDir: string;
  /** Port on 127.0.0.1; 0 picks a free one, undefined takes {@link defaultPort} or a free one. */
  readonly port: number | undefined;
  /** How long a body may take to arrive completely; a minute by default. */
  readonly bodyLimitMs?: number;
  /** Room for the bodies of all calls together; there is a generous default. */
  readonly bodyRoom?: BodyRoom;
  /** Room for answers that have not been read, together; there is a generous default. */
  readonly answerRoom?: BodyRoom;
  /** How long a reader may take nothing of an answer that waits for it; a minute by default. */
  readonly readerLimitMs?: number;
  /** How many connections may be open; there is a generous default. */
  readonly connectionLimit?: number;
}

/** A server that listens. */
export interface HeadlessServer {
  readonly port: number;
  /** Such as `http://127.0.0.1:4600`. */
  readonly url: string;
  /** Stops accepting, lets requests under way end for a moment, then cuts what is left. */
  readonly close: () => Promise<void>;
}

/** Opens the REST, WebSocket and page doors on 127.0.0.1, and ::1 where there is one. Throws a usage error when the port that was asked for is in use. */
export async function openHeadlessServer(options: HeadlessServerOptions): Promise<HeadlessServer> {
  const server = fastify({
    logger: false,
    serverFactory: (handler) => createGate(handler, { log: options.log, limit: options.connectionLimit }),
    // The gate has answered what cannot be read.
    clientErrorHandler: () => undefined,
    forceCloseConnections: 'idle',
    frameworkErrors,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 4096 },
  });
  // Fastify sets no limit on a server that it did not make itself.
  server.server.setTimeout(options.readerLimitMs ?? defaultReaderLimitMs);
  let port = 0;
  const door = (): DoorFacts => ({ port, token: options.token });
  // The door itself asks, for the limit of bodies.
  const client = createDirectClient(options.router, admit(actorText('api')));

  await server.register(fastifyCookie);
  await registerHeaders(server);
  guard(server, door, options.streams);
  const room = options.bodyRoom ?? createBodyRoom();
  const json = createLargeJson();
  acceptJsonBodies(server, {
    read: json.read,
    room,
    limitBytes: async () => (await client.system.getSettings()).bodyLimitBytes,
    limitMs: options.bodyLimitMs ?? defaultBodyLimitMs,
  });
  answerErrors(server, options.log);
  const { open: openStreams, track } = trackStreams(server);
  if (options.streams !== undefined) serveStreams(server, options.streams, track);
  const answers = options.answerRoom ?? createBodyRoom();
  serveRest(server, { router: options.router, version: options.version, write: json.write, answers });
  await serveMcp(server, options);
  const proofs = createPageProofs(options.token);
  await servePages(server, options.rendererDir, door, proofs);
  const sockets = serveSocket({
    server: server.server,
    router: options.router,
    log: options.log,
    room,
    answers,
    json,
    refuse: (request) => refuseSocket(socketFacts(server, request, { port, proofs }), door()),
  });

  port = await listen(server, options.port);
  const closeAtSix = await listenAlsoAtSix(server.server, port, options.log);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      sockets.close();
      for (const stream of openStreams) stream.destroy();
      const cut = setTimeout(() => {
        sockets.cut();
        server.server.closeAllConnections();
      }, stopGraceMs);
      await Promise.all([closeAtSix(), server.close()]);
      clearTimeout(cut);
      await json.close();
    },
  };
}

/** Answers requests that fastify refuses before any hook runs, such as a path with broken escapes. */
function frameworkErrors(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  void sendRefusal(reply, 400, 'BAD_REQUEST', `The request cannot be read: ${error.message}.`);
}

async function registerHeaders(server: FastifyInstance): Promise<void> {
  await server.register(fastifyHelmet, {
    // There is no https on loopback to insist on.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // The editor starts its workers from blob URLs, and the widgets set style attributes.
        workerSrc: ["'self'", 'blob:'],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'", 'data:'],
        // Named because older browsers do not count ws: under 'self'; Host has been checked by then.
        connectSrc: ["'self'", (request: IncomingMessage) => `ws://${request.headers.host ?? ''}`],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
  });
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may use the route; by default only holders of the token. */
    readonly access?: RouteAccess;
    /** The door that it is, where that is another than the API's. */
    readonly door?: Door;
  }
  interface FastifyRequest {
    /** For calls to the engine, once the guard has let the request in with the token. */
    callContext: CallContext | null;
  }
}

/**
 * Turns strangers away before a body is read. It judges the route that was matched, not the path: what is not declared
 * as a page's, unknown paths included, is for the token.
 */
function guard(server: FastifyInstance, door: () => DoorFacts, streams: Pick<StreamDoor, 'judge'> | undefined): void {
  const judge = (access: RouteAccess, facts: RequestFacts, request: FastifyRequest) => {
    switch (access) {
      case 'page':
        return refuseStranger(facts, door());
      case 'stream':
        return refuseStream(facts, door(), streams !== undefined && streams.judge(streamKeyOf(request))?.kind !== 'unknown');
      case 'token':
        return refuseCall(facts, door());
    }
  };
  server.decorateRequest('callContext', null);
  server.addHook('onRequest', async (request, reply) => {
    const facts = factsOf(request.raw);
    const { access = 'token', door: ownDoor } = request.routeOptions.config;
    const refused = judge(access, facts, request);
    if (refused !== null) return sendRefusal(reply, refused.status, refused.code, refused.message);
    if (access === 'token') request.callContext = admit(actorText(ownDoor ?? toldDoor(request.headers['x-hookyard-door'])));
    return undefined;
  });
}

/** The door that a program of ours says it is. */
function toldDoor(told: unknown): Door {
  return told === 'cli' || told === 'agent' ? told : 'api';
}

/** Answers that never end by themselves, such as the stream of changes; the server would wait for them. */
function trackStreams(server: FastifyInstance): {
  readonly open: ReadonlySet<ServerResponse>;
  /** Notes one that no hook sees. */
  readonly track: (response: ServerResponse) => void;
} {
  const open = new Set<ServerResponse>();
  const track = (response: ServerResponse) => {
    open.add(response);
    response.once('close', () => open.delete(response));
  };
  server.addHook('onSend', async (_request, reply) => {
    if (!String(reply.getHeader('content-type')).startsWith('text/event-stream')) return;
    track(reply.raw);
  });
  return { open, track };
}

function answerErrors(server: FastifyInstance, log: Log): void {
  server.setErrorHandler((error: Error & { readonly statusCode?: number }, _request, reply) => {
    if (error instanceof DoorError) {
      if (error.retryAfterSeconds !== null) void reply.header('retry-after', error.retryAfterSeconds);
      return sendRefusal(reply, error.statusCode, error.code, error.message, error.data);
    }
    const status = error.statusCode ?? 500;
    if (status < 500) return sendRefusal(reply, status, 'BAD_REQUEST', `The request cannot be read: ${error.message}.`);
    log.error({ error: error.stack ?? error.message }, 'A request failed unexpectedly');
    return sendRefusal(reply, 500, 'INTERNAL_SERVER_ERROR', 'Hookyard failed at this request. Its log has the details.');
  });
  server.setNotFoundHandler((request, reply) => {
    if (request.headers.accept?.includes('text/html') === true)
      return sendPage(reply, 404, 'Nothing is here', 'Hookyard has one page, at /.');
    return sendRefusal(reply, 404, 'NOT_FOUND', 'Nothing is at this path: the API is under /api, described by /api/openapi.json.');
  });
}

function factsOf({ headers }: IncomingMessage): RequestFacts {
  return { host: headers.host, origin: headers.origin, authorization: headers.authorization };
}

function socketFacts(
  server: FastifyInstance,
  request: IncomingMessage,
  { port, proofs }: { readonly port: number; readonly proofs: PageProofs },
): SocketFacts {
  const facts = factsOf(request);
  return {
    ...facts,
    session: server.parseCookie(request.headers.cookie ?? '')[cookieNames(port).session],
    isPageProven: facts.origin !== undefined && proofs.isProven(facts.origin, offeredProtocols(request)),
  };
}

/** Listens and returns the port; if none was asked for and the default is taken, it uses a free one. */
async function listen(server: FastifyInstance, asked: number | undefined): Promise<number> {
  try {
    await server.listen({ host: '127.0.0.1', port: asked ?? defaultPort });
  } catch (error) {
    if (asked !== undefined) {
      await server.close();
      const why = codeOf(error) === 'EADDRINUSE' ? 'is in use' : `cannot be used (${codeOf(error)})`;
      throw usageError(`Port ${asked} ${why}: choose another with --port, or 0 for a free one.`, { cause: error });
    }
    await server.listen({ host: '127.0.0.1', port: 0 });
  }
  const address: AddressInfo | string | null = server.server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
