import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DoorError } from './refusal-answer.ts';

/** Room for the rest of a request's JSON around the body it carries in base64. */
const slackBytes = 1_048_576;

/** How much of a body that is over the limit is read before the connection is cut. */
const drainedBytes = 1_073_741_824;

/** Largest JSON text that can carry a body of this many bytes in base64. */
export function jsonLimitBytes(bodyLimitBytes: number): number {
  return Math.ceil(bodyLimitBytes / 3) * 4 + slackBytes;
}

/**
 * Takes JSON bodies, and only those, up to the limit that holds when they come. An empty body counts as none.
 * Fastify's own parser would refuse keys such as `__proto__`, which are data like any other here.
 */
export function acceptJsonBodies(server: FastifyInstance, bodyLimitBytes: () => Promise<number>): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', async (request: FastifyRequest, payload: AsyncIterable<Buffer>) => {
    const limitBytes = await bodyLimitBytes();
    const text = await readText(payload, Number(request.headers['content-length'] ?? 0), jsonLimitBytes(limitBytes), limitBytes);
    return text.trim() === '' ? null : parseJson(text);
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

async function readText(payload: AsyncIterable<Buffer>, announcedBytes: number, maxBytes: number, limitBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of payload) {
    bytes += chunk.length;
    // What is over the limit is read and dropped: a client that is cut off while it sends would not see the answer.
    if (Math.max(bytes, announcedBytes) <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
    if (bytes > drainedBytes) break;
  }
  if (bytes > maxBytes) {
    throw new DoorError(
      413,
      'BODY_TOO_LARGE',
      `The request has ${bytes} bytes, but bodies may have ${limitBytes}: send less, or raise the body limit in the settings.`,
      { bodyBytes: bytes, limitBytes },
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new DoorError(400, 'JSON_INVALID', 'The body is not UTF-8 text: send JSON in UTF-8, and other bytes as base64 inside it.');
  }
}

/** How deep objects and lists may stand in each other; what reads them on would run out of stack at some thousands. */
const depthLimit = 500;

/** Whether JSON is nested deeper than a limit, told without parsing it. */
export function isNestedDeeper(text: string, limit: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isInString) {
      if (code === 0x5c) at += 1;
      else if (code === 0x22) isInString = false;
    } else if (code === 0x22) isInString = true;
    else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > limit) return true;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return false;
}

function parseJson(text: string): unknown {
  if (isNestedDeeper(text, depthLimit))
    throw new DoorError(
      400,
      'JSON_INVALID',
      `The JSON is nested more than ${depthLimit} levels deep: send it flatter, or as a body in base64.`,
    );
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DoorError(400, 'JSON_INVALID', `The body is not JSON: ${why}.`);
  }
}
