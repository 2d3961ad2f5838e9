import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

/** How much of an unread body is dropped, and for how long, so that the sender sees the answer instead of a reset. */
const lingerBytes = 4_194_304;
const lingerMs = 1000;

/** The body of every refusal at this door, in the same form as the engine's refusals. */
export function refusalBody(status: number, code: string, message: string, data?: unknown) {
  return { defined: data !== undefined, code, status, message, ...(data === undefined ? {} : { data }) };
}

/** Answers with a refusal as JSON. A body that has not been read by then stays unread, and the connection ends. */
export function sendRefusal(reply: FastifyReply, status: number, code: string, message: string, data?: unknown): FastifyReply {
  if (status === 401) void reply.header('www-authenticate', 'Bearer realm="Hookyard"');
  void reply.status(status).header('cache-control', 'no-store').type('application/json');
  const body = refusalBody(status, code, message, data);
  if (!hasUnreadBody(reply.request.raw)) return reply.send(body);
  const text = JSON.stringify(body);
  const headers = Object.entries(reply.getHeaders());
  reply.hijack();
  for (const [name, value] of headers) if (value !== undefined) reply.raw.setHeader(name, value);
  reply.raw.writeHead(status, { 'content-length': Buffer.byteLength(text), connection: 'close' });
  reply.raw.write(text);
  hangUp(reply.request.raw, reply.raw);
  return reply;
}

function hasUnreadBody({ complete, headers }: IncomingMessage): boolean {
  return !complete && (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0);
}

/** Closes a connection whose answer is complete while its request is still arriving. */
function hangUp(request: IncomingMessage, response: ServerResponse): void {
  let bytes = 0;
  const take = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > lingerBytes) end();
  };
  const end = () => {
    clearTimeout(timer);
    request.off('data', take).off('end', end).off('close', end);
    response.end();
    request.socket.destroySoon();
  };
  const timer = setTimeout(end, lingerMs);
  request.on('error', () => undefined);
  request.on('data', take);
  request.once('end', end);
  request.once('close', end);
}
