import type { WireRequest } from './sender.types.ts';

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Headers that the HTTP layer writes; a second one from elsewhere would make the message ambiguous. */
const ownHeaders: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'upgrade',
  'expect',
]);

/** A sentence why a request cannot be written as HTTP/1.1, or null when it can. */
export function whyUnsendable(request: WireRequest): string | null {
  const url = URL.parse(request.url);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    return `${JSON.stringify(request.url)} is not an address that can be sent to: use a whole URL that begins with http:// or https://.`;
  if (!token.test(request.method)) return `${JSON.stringify(request.method)} is not an HTTP method: use POST, PUT, PATCH, DELETE or GET.`;
  for (const [name, value] of request.headers) {
    if (!token.test(name)) return `${JSON.stringify(name)} is not a header name: remove spaces, colons and line breaks.`;
    if (ownHeaders.has(name.toLowerCase())) return `Remove the header ${name}: Hookyard writes it itself from the request.`;
    if (!fieldValue.test(value))
      return `The value of the header ${name} must be one line of Latin-1 text: remove the line break or character that does not fit.`;
  }
  return null;
}
