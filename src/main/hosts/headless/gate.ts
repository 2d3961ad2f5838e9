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
  if (countOf(request.rawHeaders, 'host') === 0)
    return `The request has no Host header: send it once, as "Host: 127.0.0.1:${request.socket.localPort ?? ''}".`;
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
      // It is missed below, with a sentence.
      requireHostHeader: false,
    },
    (request, response) => {
      connections.begin(request, response);
      const sentence = unclear(request);
      if (sentence === null) handler(request, response);
      else answerWith(response, 400, 'BAD_REQUEST', sentence);
    },
  );
  const connections = followConnections(server, log, limit);
  server.on('checkExpectation', (request, response) => {
    connections.begin(request, response);
    answerWith(response, 417, 'EXPECTATION_FAILED', 'Of expectations, this port knows 100-continue only: leave the header Expect out.');
  });
  return server;
}

/** Whether a request offers to go on as a WebSocket. */
export function isWebSocketOffer(request: IncomingMessage): boolean {
  return request.method === 'GET' && request.headers.upgrade?.trim().toLowerCase() === 'websocket';
}

function answerWith(response: ServerResponse, status: number, code: string, sentence: string): void {
  const body = JSON.stringify(refusalBody(status, code, sentence));
  response.writeHead(status, {
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
