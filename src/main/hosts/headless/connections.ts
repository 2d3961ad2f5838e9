import { maxHeaderSize, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { HeaderField } from '#shared/contract/common.ts';
import {
  bareAnswer,
  createIntake,
  createRequestBytes,
  explainUnreadable,
  framingOf,
  type ClientError,
  type Flow,
  type Log,
  type RequestBytes,
} from '#engine/index.ts';
import { refusalBody } from './refusal-answer.ts';

/** Far more than windows and scripts keep open, and few enough to cost little memory. */
const usualLimit = 1024;
/** How many connections beyond the limit get an answer; the system closes further ones without one. */
const refusedConnections = 128;
/** Unanswered requests of one connection; later ones are not read meanwhile. */
const unansweredLimit = 100;
/** How long a refused connection stays open for the answer to be read. */
const lingerMs = 1000;

/** A connection: its input, and how many requests have no answer yet. */
interface Line {
  readonly bytes: RequestBytes;
  readonly flow: Flow;
  unanswered: number;
  /** The answer to the request that came last, while it is not out. */
  newest: ServerResponse | null;
  isUpgraded: boolean;
  /** Ends it once no more than so many requests have no answer, as soon as it cannot be read any further. */
  ending: { readonly atUnanswered: number; readonly end: () => void } | null;
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
      newest: null,
      isUpgraded: false,
      ending: null,
    };
    return line;
  };
  const tell = () => {
    if (!isTold) log.warn({ limit }, 'As many connections are open as the API port takes; more are refused until some have ended');
    isTold = true;
  };

  server.maxConnections = limit + refusedConnections;
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
  server.on('clientError', (error: ClientError, socket: Socket) => {
    const line = lines.get(socket);
    if (line === undefined || !socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
    if (line.ending !== null) return undefined;
    const open = line.bytes.openHead(line.flow.waiting());
    const { status, sentence } =
      open === null
        ? unreadableBody(error)
        : explainUnreadable(error, open, {
            headBytes: maxHeaderSize,
            headMs: server.headersTimeout,
            openHeadsBytes: maxHeaderSize,
            connections: limit,
          });
    line.flow.drop();
    line.ending = {
      // Requests before it come first: the sender takes answers in the order of its requests. One whose body broke gets this answer.
      atUnanswered: open === null ? 1 : 0,
      end: () => {
        if (open === null && line.newest?.headersSent === true) socket.destroySoon();
        else if (!socket.writableEnded) endWith(socket, status, unreadableCodes[status] ?? 'BAD_REQUEST', sentence);
      },
    };
    return endIfDue(line);
  });
  server.on('timeout', (socket: Socket) => {
    const line = lines.get(socket);
    const isAtWork = line !== undefined && (line.isUpgraded || line.unanswered > 0);
    // A call may take its time, and a connection may have nothing to tell; an answer that nobody reads takes memory.
    const unreadBytes = socket.writableLength;
    if (isAtWork && unreadBytes > 0)
      log.warn(
        { unreadBytes, seconds: server.timeout / 1000 },
        'A caller read nothing of its answers for too long; its connection was ended',
      );
    if (!isAtWork || unreadBytes > 0) socket.destroy();
  });
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
      line.newest = response;
      response.once('close', () => {
        line.unanswered -= 1;
        if (line.newest === response) line.newest = null;
        endIfDue(line);
        line.flow.wake();
      });
    },
  };
}

function endIfDue({ ending, unanswered }: Line): void {
  if (ending !== null && unanswered <= ending.atUnanswered) ending.end();
}

/** Codes of what cannot be read, where they are not BAD_REQUEST. */
const unreadableCodes: Readonly<Record<number, string | undefined>> = { 408: 'REQUEST_TOO_SLOW', 431: 'HEAD_TOO_LARGE' };

/** Why a body cannot be read on whose head was right. */
function unreadableBody({ code }: ClientError): { readonly status: number; readonly sentence: string } {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return { status: 408, sentence: 'The request did not come whole in time: send it without a pause.' };
  if (code === 'HPE_INVALID_EOF_STATE')
    return { status: 400, sentence: 'The connection ended before the whole body came: keep it open until the answer has come.' };
  return {
    status: 400,
    sentence:
      'The chunks of the body cannot be read: begin each with its size in hex digits and CR LF, end it with CR LF, and send "0" and an empty line after the last one.',
  };
}

function answerTooMany(socket: Socket, limit: number): void {
  const message = `${limit} connections were open, as many as this port takes. Close some, or send several requests on one, and try again.`;
  endWith(socket, 503, 'TOO_MANY_CONNECTIONS', message);
}

/** Answers on the bare socket and ends it. */
function endWith(socket: Socket, status: number, code: string, message: string): void {
  const headers: readonly HeaderField[] = [
    ['Content-Type', 'application/json'],
    ['Cache-Control', 'no-store'],
    ['X-Content-Type-Options', 'nosniff'],
    ...(status === 503 ? [['Retry-After', '5'] satisfies HeaderField] : []),
  ];
  socket.on('error', () => undefined);
  socket.end(bareAnswer(status, headers, JSON.stringify(refusalBody(status, code, message))));
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(timer));
}
