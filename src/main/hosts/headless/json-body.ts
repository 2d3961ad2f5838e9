import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { BodyLease, BodyRoom } from './body-room.ts';
import type { ReadJson } from '#hosts/shared/large-json.ts';
import { DoorError } from '#hosts/shared/door-error.ts';

/** Room for the rest of a request's JSON around the body it carries in base64. */
const slackBytes = 1_048_576;

/** Largest JSON text that can carry a body of this many bytes in base64. */
export function jsonLimitBytes(bodyLimitBytes: number): number {
  return Math.ceil(bodyLimitBytes / 3) * 4 + slackBytes;
}

/** The limits for request bodies. */
export interface BodyTerms {
  /** Called for each request. */
  readonly limitBytes: () => Promise<number>;
  /** How long a body may take to arrive completely. */
  readonly limitMs: number;
  /** Parses the JSON of a complete body. */
  readonly read: ReadJson;
  /** Room for all bodies together. */
  readonly room: BodyRoom;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The room of its body until it is answered. */
    bodyLease: BodyLease | null;
  }
}

/**
 * Takes JSON bodies, and only those, within the terms that hold when they come. An empty body counts as none.
 * Fastify's own parser would refuse keys such as `__proto__`, which are data like any other here.
 */
export function acceptJsonBodies(server: FastifyInstance, terms: BodyTerms): void {
  server.removeAllContentTypeParsers();
  server.decorateRequest('bodyLease', null);
  server.addHook('preParsing', async (request, reply) => {
    const lease = terms.room.begin();
    request.bodyLease = lease;
    reply.raw.once('close', lease.end);
  });
  server.addContentTypeParser('application/json', async (request: FastifyRequest) => {
    return terms.read(await readBytes(request, await terms.limitBytes(), terms.limitMs));
  });
  server.addContentTypeParser('*', async (request: FastifyRequest) => {
    const type = request.headers['content-type'] ?? '';
    throw new DoorError(
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      `Send JSON with the header "Content-Type: application/json"; this request says "${type}".`,
    );
  });
}

/** The whole body, or a DoorError as soon as it is known to be too large or too slow, or to have no room; what is left of it then is not read. */
function readBytes({ raw: request, bodyLease }: FastifyRequest, limitBytes: number, limitMs: number): Promise<Buffer> {
  const maxBytes = jsonLimitBytes(limitBytes);
  const announcedBytes = Number(request.headers['content-length'] ?? 0);
  if (announcedBytes > maxBytes) return Promise.reject(tooLarge(announcedBytes, limitBytes));
  const hasRoom = (neededBytes: number) => bodyLease?.growTo(Math.max(neededBytes, announcedBytes)) ?? true;
  if (!hasRoom(0)) return Promise.reject(noRoom());
  return new Promise((resolve, reject) => {
    const gathered = createGathered(announcedBytes);
    let bytes = 0;
    const settle = (done: () => void) => {
      clearTimeout(timer);
      request.off('data', take).off('end', finish).off('close', lose).off('error', lose).pause();
      done();
    };
    const take = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) settle(() => reject(tooLarge(bytes, limitBytes)));
      else if (!hasRoom(bytes)) settle(() => reject(noRoom()));
      else gathered.add(chunk);
    };
    const finish = () => settle(() => resolve(gathered.whole()));
    const lose = () => settle(() => reject(new DoorError(400, 'BAD_REQUEST', 'The connection ended before the whole body came.')));
    const timer = setTimeout(() => settle(() => reject(tooSlow(limitMs))), limitMs);
    request.on('data', take).on('end', finish).on('close', lose).on('error', lose);
  });
}

/** Without a Content-Length, memory is allocated in this size, doubling. */
const firstBytes = 16_384;

/** Joins chunks as they arrive: keeping them would let a sender of one-byte chunks cost a hundred times the body's size. */
function createGathered(announcedBytes: number) {
  let buffer = Buffer.alloc(0);
  let size = 0;
  return {
    add: (chunk: Buffer) => {
      if (size + chunk.length > buffer.length) {
        const grown = Buffer.allocUnsafeSlow(Math.max(size + chunk.length, announcedBytes, buffer.length * 2, firstBytes));
        buffer.copy(grown, 0, 0, size);
        buffer = grown;
      }
      chunk.copy(buffer, size);
      size += chunk.length;
    },
    /** In its own memory, so that it can be transferred to a thread. */
    whole: () => {
      if (size === buffer.length) return buffer;
      const whole = Buffer.allocUnsafeSlow(size);
      buffer.copy(whole, 0, 0, size);
      return whole;
    },
  };
}

function tooLarge(bodyBytes: number, limitBytes: number): DoorError {
  return new DoorError(
    413,
    'BODY_TOO_LARGE',
    `The request has ${bodyBytes} bytes or more, but bodies may have ${limitBytes}: send less, or raise the body limit in the settings.`,
    { bodyBytes, limitBytes },
  );
}

function noRoom(): DoorError {
  return new DoorError(
    503,
    'TOO_MANY_BODIES',
    'More large bodies are coming in at once than there is room for: send this one again in a moment, or send fewer at a time.',
    undefined,
    { retryAfterSeconds: 1 },
  );
}

function tooSlow(limitMs: number): DoorError {
  return new DoorError(408, 'BODY_TOO_SLOW', `The body did not come whole within ${limitMs / 1000} seconds: send it without a pause.`);
}
