import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { HeaderField } from '#shared/contract/common.ts';
import { bareAnswer, createIntake, createRequestBytes, framingOf, type Flow, type Log, type RequestBytes } from '#engine/index.ts';
import { refusalBody } from './refusal-answer.ts';

/** Far more than windows and scripts keep open, and few enough to cost little memory. */
const usualLimit = 1024;
/** How many connections beyond the limit get an answer; the system closes further ones without one. */
const toldConnections = 128;
/** Unanswered requests of one connection; later ones are not read meanwhile. */
const unansweredLimit = 100;
/** How long a refused connection stays open for the answer to be read. */
const lingerMs = 1000;

/** A connection: its input, and how many requests have no answer yet. */
interface Line {
  readonly bytes: RequestBytes;
  readonly flow: Flow;
  unanswered: number;
  isUpgraded: boolean;
}

/** The connections of the API port. */
export interface Connections {
  /** Notes that a request begins, before anything is done with it. */
  readonly begin: (request: IncomingMessage, response: ServerResponse) => void;
}

/**
 * Keeps the connections of a server to their number, and what comes in on them to a bounded part of each turn of the event loop:
 * whoever has no token is turned away, and that too takes time where ten thousand ask at once.
 */
export function followConnections(server: Server, log: Pick<Log, 'warn'>, limit = usualLimit): Connections {
  const lines = new Map<unknown, Line>();
  const intake = createIntake();
  let isTold = false;

  const follow = (socket: Socket): Line => {
    const bytes = createRequestBytes();
    const line: Line = {
      bytes,
      flow: intake.follow(socket, {
        next: (waiting) => (line.isUpgraded ? { bytes: waiting.length, cost: 1 + waiting.length / 8192 } : bytes.next(waiting)),
        mayGoOn: () => line.unanswered < unansweredLimit || !bytes.isBetween(),
      }),
      unanswered: 0,
      isUpgraded: false,
    };
    return line;
  };
  const tell = () => {
    if (!isTold) log.warn({ limit }, 'As many connections are open as the API port takes; more are refused until some have ended');
    isTold = true;
  };

  server.maxConnections = limit + toldConnections;
  server.on('connection', (socket: Socket) => {
    const line = follow(socket);
    if (lines.size >= limit) {
      line.flow.drop();
      tell();
      return answerTooMany(socket, limit);
    }
    lines.set(socket, line);
    socket.once('close', () => {
      lines.delete(socket);
      if (lines.size < limit / 2) isTold = false;
    });
    // The parser's own listener, added before, runs between the two.
    socket.prependListener('data', line.bytes.arrive);
    socket.on('data', line.bytes.pass);
    return undefined;
  });
  server.on('drop', tell);
  server.on('upgrade', ({ socket }: IncomingMessage) => {
    const line = lines.get(socket);
    if (line === undefined) return;
    line.isUpgraded = true;
    socket.off('data', line.bytes.arrive).off('data', line.bytes.pass);
  });
  return {
    begin: (request, response) => {
      const line = lines.get(request.socket);
      if (line === undefined) return;
      line.bytes.accept(framingOf(request));
      line.unanswered += 1;
      response.once('close', () => {
        line.unanswered -= 1;
        line.flow.wake();
      });
    },
  };
}

function answerTooMany(socket: Socket, limit: number): void {
  const message = `${limit} connections were open, as many as this port takes. Close some, or send several requests on one, and try again.`;
  const headers: readonly HeaderField[] = [
    ['Content-Type', 'application/json'],
    ['Cache-Control', 'no-store'],
    ['X-Content-Type-Options', 'nosniff'],
    ['Retry-After', '5'],
  ];
  socket.on('error', () => undefined);
  socket.end(bareAnswer(503, headers, JSON.stringify(refusalBody(503, 'TOO_MANY_CONNECTIONS', message))));
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(timer));
}
