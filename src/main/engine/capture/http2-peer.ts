import { constants, type Http2ServerRequest, type Http2ServerResponse, type OutgoingHttpHeaders } from 'node:http2';
import type { HeaderField } from '#shared/contract/common.ts';
import type { Reply } from './answer.ts';
import type { Peer } from './peer.ts';
import { fieldsOf } from './request-target.ts';
import type { SecureConnection } from './tls/tls-listener.ts';
import type { Outlet } from './wire/carry-out.ts';
import { streamPlanOf } from './wire/stream-plan.ts';

/** Headers of one connection, which HTTP/2 forbids. */
const connectionHeaders: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

/** Headers of answers that Node's HTTP/2 takes once only. */
const singleHeaders: ReadonlySet<string> = new Set([
  'access-control-allow-credentials',
  'access-control-max-age',
  'age',
  'content-encoding',
  'content-language',
  'content-length',
  'content-location',
  'content-md5',
  'content-range',
  'content-type',
  'date',
  'dnt',
  'etag',
  'expires',
  'last-modified',
  'location',
  'retry-after',
  'tk',
  'x-content-type-options',
]);

/** A request of HTTP/2. Its headers are in lower case, in the order of the wire; the host is that of `:authority`. */
export function createHttp2Peer(request: Http2ServerRequest, response: Http2ServerResponse, { socket }: SecureConnection): Peer {
  const { stream } = request;
  let sentBytes = 0;
  let isLastOfSession = false;
  let isEnded = false;
  /** Of a stream that is over: Node closes some before it says that they are finished. */
  const isSent = () => isEnded && stream.rstCode === constants.NGHTTP2_NO_ERROR;
  const { session } = stream;
  const endSession = () => {
    if (isLastOfSession) session?.close();
  };
  return {
    method: request.method,
    target: request.url,
    httpVersion: request.httpVersion,
    // The header list has a limit, so that one turn is enough.
    firstHeaders: () => headersOf(request.rawHeaders, request.authority),
    headers: (first) => first,
    trailers: () => fieldsOf(request.rawTrailers),
    declaredBytes: () => Number(request.headers['content-length'] ?? 0),
    body: request,
    remoteAddress: socket.remoteAddress ?? '',
    remotePort: socket.remotePort ?? null,
    writeContinue: () => void response.writeContinue(),
    answer: ({ status, headers, body, isLast }) => {
      if (stream.destroyed || stream.headersSent) return;
      stream.respond(headOf(status, headers), { endStream: false });
      sentBytes = body.byteLength;
      isLastOfSession = isLast;
      if (body.byteLength > 0) stream.write(body);
    },
    end: () => {
      isEnded = true;
      if (!stream.destroyed) stream.end();
      endSession();
    },
    onSent: (callback) =>
      void stream.once('close', () => {
        if (isSent()) callback(sentBytes);
      }),
    onUnsent: (callback) =>
      void stream.once('close', () => {
        if (!isSent()) callback(0);
      }),
    cut: () => stream.close(constants.NGHTTP2_INTERNAL_ERROR),
    // The answer is complete; what is left of the request is not wanted (RFC 9113, section 8.1).
    cutSoon: () => stream.close(constants.NGHTTP2_NO_ERROR),
    planOf: streamPlanOf,
    outlet: (reply, fault) => Promise.resolve(stream.destroyed ? null : outletOf(response, reply, fault.kind)),
  };
}

/** The fields as they came, without those that begin with a colon; the authority is the host, where none was sent. */
function headersOf(raw: readonly string[], authority: string): readonly HeaderField[] {
  const fields = fieldsOf(raw).filter(([name]) => !name.startsWith(':'));
  const hasHost = authority === '' || fields.some(([name]) => name === 'host');
  return hasHost ? fields : [['host', authority], ...fields];
}

function headOf(status: number, headers: readonly HeaderField[]): OutgoingHttpHeaders {
  const head: Record<string, number | string | string[]> = { ':status': status };
  for (const [given, value] of headers) {
    const name = given.toLowerCase();
    if (connectionHeaders.has(name)) continue;
    const before = head[name];
    // Node refuses a second one of these, which the answer of a target may have.
    if (before !== undefined && singleHeaders.has(name)) continue;
    head[name] = before === undefined ? value : [before, value].flat().map(String);
  }
  return head;
}

/** The frames of one stream. Its head goes out before the first byte. */
function outletOf({ stream }: Http2ServerResponse, reply: Reply, kind: string): Outlet {
  const respond = () => {
    if (!stream.headersSent && !stream.destroyed) stream.respond(headOf(reply.status, reply.headers), { endStream: false });
  };
  // `close` would end the answer first, as if it were whole.
  const breakOff = () => void stream.destroy(new Error('The fault of a bin breaks this answer off.'));
  return {
    write: (bytes, done) => {
      respond();
      if (stream.destroyed) return done(new Error('The stream is gone.'));
      return void stream.write(bytes, done);
    },
    close: () => {
      if (stream.destroyed) return;
      if (kind === 'slow-answer') {
        respond();
        stream.end();
      } else breakOff();
    },
    reset: breakOff,
  };
}
