import { headerValues } from './text/headers.ts';
import type { HeaderField } from './contract/common.ts';

/** How to decode a body to text: from its headers, or from its first bytes if they say nothing. */
export interface BodyCoding {
  /** Content codings in the order they were applied, in lower case and without `identity`. */
  readonly contentCodings: readonly string[];
  /** Whether the coding is known from the first bytes and not from a header. */
  readonly isByFirstBytes: boolean;
  /** The charset as Content-Type names it, or null. */
  readonly charset: string | null;
  /** The media type is one of text, so that bytes that are not UTF-8 are text too. */
  readonly isTextType: boolean;
}

/** What the headers and the first bytes say about a body. */
export function codingOf(headers: readonly HeaderField[], bytes: Uint8Array): BodyCoding {
  const named = headerValues(headers, 'content-encoding')
    .flatMap((value) => value.split(','))
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
  const type = headerValues(headers, 'content-type')[0] ?? '';
  const magic = named.length === 0 ? codingByMagic(bytes) : null;
  return {
    contentCodings: magic === null ? named : [magic],
    isByFirstBytes: magic !== null,
    charset: /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(type)?.[1] ?? null,
    isTextType: /^\s*(?:text\/|application\/(?:json|xml|javascript|x-www-form-urlencoded)\b|[^;]*\+(?:json|xml)\b)/i.test(type),
  };
}

/** Whether a body has a decoded form that differs from its bytes and from UTF-8 text. `text` is the body as UTF-8, or null if it is not. */
export function hasDecodedForm(headers: readonly HeaderField[], bytes: Uint8Array, text: string | null): boolean {
  if (bytes.length === 0) return false;
  const { contentCodings, charset, isTextType } = codingOf(headers, bytes);
  if (contentCodings.length > 0 || hasUtf16Mark(bytes)) return true;
  const isAscii = text !== null && text.length === bytes.length;
  if (charset !== null && !/^(?:utf-?8|us-ascii|ascii)$/i.test(charset)) return !isAscii || /^(?:utf-?16|iso-2022)/i.test(charset);
  return isTextType && text === null;
}

/** Whether a body begins with the byte order mark of UTF-16. */
export function hasUtf16Mark(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

function codingByMagic(bytes: Uint8Array): string | null {
  const begins = (...marks: readonly number[]) => marks.every((mark, at) => bytes[at] === mark);
  if (begins(0x1f, 0x8b, 0x08)) return 'gzip';
  return begins(0x28, 0xb5, 0x2f, 0xfd) ? 'zstd' : null;
}
