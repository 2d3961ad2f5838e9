import type { HeaderField } from '#shared/contract/common.ts';
import type { WireRequest } from './sender.types.ts';

/** Methods whose requests carry `content-length: 0` when they have no body (RFC 9110, section 8.6). */
const methodsWithBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** The header list of a request as the sender writes it to the socket: host and connection, the given ones in order, the length of the body. */
export function wireHeaders(request: WireRequest): readonly HeaderField[] {
  return [['host', new URL(request.url).host], ['connection', 'keep-alive'], ...request.headers, ...contentLengthHeader(request)];
}

/** The header that tells the size of a request's body: none for a method without a body that has none. */
export function contentLengthHeader(request: Pick<WireRequest, 'method' | 'body'>): readonly HeaderField[] {
  const bodyBytes = request.body.byteLength;
  return bodyBytes > 0 || methodsWithBody.has(request.method) ? [['content-length', String(bodyBytes)]] : [];
}

/** Reads the header text that went to the socket, its request line left out. Names keep their case, values are Latin-1. */
export function parseHeaderText(text: string): readonly HeaderField[] {
  return text
    .split('\r\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)];
    });
}
