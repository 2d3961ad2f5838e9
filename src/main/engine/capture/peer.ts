import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HeaderField } from '#shared/contract/common.ts';
import type { Reply } from './answer.ts';
import type { BodySource } from './body-source.ts';
import { fieldsOf } from './request-target.ts';
import type { Outlet } from './wire/carry-out.ts';
import { planOf, type PlannedFault, type WirePlan } from './wire/wire-plan.ts';

/** One request and its answer on the wire, in whichever version of HTTP. */
export interface Peer {
  readonly method: string;
  readonly target: string;
  readonly httpVersion: string;
  /** As many as are made into fields in one turn; a head can have sixty thousand. */
  readonly firstHeaders: () => readonly HeaderField[];
  /** All of them, with other work in between where there are more than the first. */
  readonly headers: (first: readonly HeaderField[]) => Promise<readonly HeaderField[]> | readonly HeaderField[];
  /** Those behind the body; there once it is complete. */
  readonly trailers: () => readonly HeaderField[];
  readonly declaredBytes: () => number;
  readonly body: BodySource;
  readonly remoteAddress: string;
  readonly remotePort: number | null;
  readonly writeContinue: () => void;
  /** Writes an answer, whole by its length, which {@link Peer.end} ends. */
  readonly answer: (reply: Reply) => void;
  readonly end: () => void;
  /** Calls back when the answer was passed to the system, with its bytes. */
  readonly onSent: (callback: (bytes: number) => void) => void;
  /** Calls back when the connection ended before that. */
  readonly onUnsent: (callback: (bytes: number) => void) => void;
  /** Breaks the connection off, at once or behind what is being sent. */
  readonly cut: () => void;
  readonly cutSoon: () => void;
  /** How a fault is sent here; null where this protocol has no such fault. */
  readonly planOf: (reply: Reply, fault: PlannedFault) => WirePlan | null;
  /** The outlet for an answer with a fault, once those before it on the connection are out; null when the connection ends first. */
  readonly outlet: (reply: Reply, fault: PlannedFault) => Promise<Outlet | null>;
}

/** Names and values that are made into fields in one turn. */
const partsAtOnce = 4000;

/** The fields of a long head, with other work in between. */
async function manyFieldsOf(raw: readonly string[]): Promise<HeaderField[]> {
  const fields: HeaderField[] = [];
  for (let from = 0; from < raw.length; from += partsAtOnce) {
    await nextTurn();
    for (const field of fieldsOf(raw, { from, to: from + partsAtOnce })) fields.push(field);
  }
  await nextTurn();
  return fields;
}

/** A request of Node's HTTP/1 server. `reset` ends its connection with a reset, also below TLS. */
export function createPeer(request: IncomingMessage, response: ServerResponse, reset: () => void): Peer {
  const { socket } = request;
  let writtenBefore = socket.bytesWritten;
  const sentBytes = () => Math.max(0, socket.bytesWritten - writtenBefore);
  return {
    method: request.method ?? '',
    target: request.url ?? '',
    httpVersion: request.httpVersion,
    firstHeaders: () => fieldsOf(request.rawHeaders, { from: 0, to: partsAtOnce }),
    headers: (first) => (request.rawHeaders.length <= partsAtOnce ? first : manyFieldsOf(request.rawHeaders)),
    trailers: () => fieldsOf(request.rawTrailers),
    declaredBytes: () => Number(request.headers['content-length'] ?? 0),
    body: request,
    remoteAddress: socket.remoteAddress ?? '',
    remotePort: socket.remotePort ?? null,
    writeContinue: () => response.writeContinue(),
    answer: ({ status, headers, body, isLast }) => {
      // Those to earlier requests of the connection go out first.
      if (response.socket === null) response.once('socket', () => (writtenBefore = socket.bytesWritten));
      else writtenBefore = socket.bytesWritten;
      const all = isLast ? [...headers, ['Connection', 'close']] : headers;
      response.writeHead(status, all.flat());
      if (body.byteLength > 0) response.write(body);
      else response.flushHeaders();
    },
    end: () => response.end(),
    onSent: (callback) => void response.once('finish', () => callback(sentBytes())),
    onUnsent: (callback) =>
      void response.once('close', () => {
        if (!response.writableFinished) callback(sentBytes());
      }),
    cut: () => socket.destroy(),
    cutSoon: () => socket.destroySoon(),
    planOf,
    outlet: () => outletOf(response, reset),
  };
}

/** The socket itself, past Node's server. */
async function outletOf(response: ServerResponse, reset: () => void): Promise<Outlet | null> {
  const socket = await socketOf(response);
  if (socket === null) return null;
  return { write: (bytes, done) => socket.write(bytes, done), close: () => socket.destroySoon(), reset };
}

/** The socket of an answer, which has none until those to earlier requests of the connection are out. */
function socketOf(response: ServerResponse): Promise<Socket | null> {
  if (response.socket !== null) return Promise.resolve(response.socket);
  const { promise, resolve } = Promise.withResolvers<Socket | null>();
  response.once('socket', resolve);
  response.once('close', () => resolve(null));
  return promise;
}
