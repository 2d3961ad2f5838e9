import type { HeaderField } from '#shared/contract/common.ts';

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Headers that the HTTP layer writes; a second one from elsewhere would make the message ambiguous. */
const ownHeader = /^(host|connection|content-length|transfer-encoding|keep-alive|upgrade|expect)$/i;

/** A sentence why a text is no URL to send to. */
export function notSendableUrl(url: string): string {
  return `${JSON.stringify(url)} is not an address that can be sent to: use a whole URL that begins with http:// or https://.`;
}

/** A sentence why a method and headers cannot be written as HTTP/1.1, or null when they can. */
export function whyUnsendable(request: { readonly method: string; readonly headers: readonly HeaderField[] }): string | null {
  if (!token.test(request.method)) return `${JSON.stringify(request.method)} is not an HTTP method: use POST, PUT, PATCH, DELETE or GET.`;
  for (const [name, value] of request.headers) {
    if (!token.test(name)) return `${JSON.stringify(name)} is not a header name: remove spaces, colons and line breaks.`;
    if (ownHeader.test(name)) return `Remove the header ${name}: Hookyard writes it itself from the request.`;
    if (!fieldValue.test(value))
      return `The value of the header ${name} must be one line of Latin-1 text: remove the line break or character that does not fit.`;
  }
  return null;
}
