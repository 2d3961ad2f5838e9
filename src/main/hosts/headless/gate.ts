import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Log } from '#engine/index.ts';
import { followConnections } from './connections.ts';
import { refusalBody } from './refusal-answer.ts';
import { readTarget, type RequestTarget } from './request-target.ts';

/** Headers that decide about access; if one occurred twice, two readers could use different values. */
const singleHeaders: readonly string[] = ['host', 'origin', 'authorization', 'sec-websocket-key', 'sec-websocket-protocol'];

const targets = new WeakMap<IncomingMessage, RequestTarget>();

/** The target of a request that came through the gate. */
export function targetOf(request: IncomingMessage): RequestTarget {
  const target = targets.get(request);
  if (target === undefined) throw new Error('This request did not come through the gate.');
  return target;
}

/** A sentence on why a request is ambiguous, with what to change; null when it is not. */
export function unclear(request: IncomingMessage): string | null {
  const repeated = singleHeaders.find((name) => countOf(request.rawHeaders, name) > 1);
  if (repeated !== undefined) return `The request has the header ${repeated} more than once: send it once.`;
  const target = readTarget(request.url ?? '');
  if ('problem' in target) return `The request names a path that can be read in more than one way: ${target.problem}.`;
  targets.set(request, target);
  return null;
}

export interface GateOptions {
  readonly log: Pick<Log, 'warn'>;
  /** How many connections may be open; there is a generous default. */
  readonly limit?: number | undefined;
}

/** An HTTP server that passes on only unambiguous requests; all others are answered with 400. */
export function createGate(handler: (request: IncomingMessage, response: ServerResponse) => void, { log, limit }: GateOptions): Server {
  const server = createServer(
    {
      // What is offered and not taken, such as HTTP/2 by curl and Java, is a request like any other.
      shouldUpgradeCallback: (request) => isWebSocketOffer(request),
    },
    (request, response) => {
      connections.begin(request, response);
      const sentence = unclear(request);
      if (sentence === null) handler(request, response);
      else answerUnclear(response, sentence);
    },
  );
  const connections = followConnections(server, log, limit);
  return server;
}

/** Whether a request offers to go on as a WebSocket. */
export function isWebSocketOffer(request: IncomingMessage): boolean {
  return request.method === 'GET' && request.headers.upgrade?.trim().toLowerCase() === 'websocket';
}

function answerUnclear(response: ServerResponse, sentence: string): void {
  const body = JSON.stringify(refusalBody(400, 'BAD_REQUEST', sentence));
  response.writeHead(400, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  });
  response.end(body);
}

function countOf(rawHeaders: readonly string[], name: string): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) if (rawHeaders[at]?.toLowerCase() === name) count += 1;
  return count;
}
