import type { PreparedRequest } from '#shared/contract/preview.ts';

/** The request line of HTTP/1.1: method, path with query, version. */
export function requestLine(request: Pick<PreparedRequest, 'method' | 'url'>): string {
  return `${request.method} ${requestTarget(request.url)} HTTP/1.1`;
}

/** Path and query of a URL as they stand in a request line; the fragment is never sent. */
export function requestTarget(url: string): string {
  const match = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*([^#]*)/i.exec(url);
  const target = match?.[1] ?? url;
  return target.startsWith('/') ? target : `/${target}`;
}

/** Request line and headers as text, ended by the empty line. */
export function requestHead(request: Pick<PreparedRequest, 'method' | 'url' | 'headers'>): string {
  return [requestLine(request), ...request.headers.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');
}
