import type { HeaderField } from '#shared/contract/common.ts';
import type { WireRequest } from './sender.types.ts';

/** Methods whose requests carry `content-length: 0` when they have no body (RFC 9110, section 8.6). */
const methodsWithBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

const keepAlive: HeaderField = ['connection', 'keep-alive'];

/** The header list of a request as the sender writes it to the socket: host and connection, the given ones in order, the length of the body. */
export function wireHeaders(request: WireRequest): readonly HeaderField[] {
  return writtenHeaders(['host', new URL(request.url).host], request);
}

/** {@link wireHeaders} for a host that is known already. */
export function writtenHeaders(host: HeaderField, request: Pick<WireRequest, 'method' | 'headers' | 'body'>): readonly HeaderField[] {
  const fields = [host, keepAlive, ...request.headers];
  const bodyBytes = request.body.byteLength;
  if (bodyBytes > 0 || methodsWithBody.has(request.method)) fields.push(['content-length', String(bodyBytes)]);
  return fields;
}
