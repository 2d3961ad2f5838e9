import type { HeaderField } from '../contract/common.ts';

/** The values of a header, one for each of its lines, by its name in any case. */
export function headerValues(headers: readonly HeaderField[], name: string): readonly string[] {
  return headers.filter(([given]) => isSameHeader(given, name)).map(([, value]) => value);
}

/** The value of the first line of a header, or null where there is none. */
export function headerValue(headers: readonly HeaderField[], name: string): string | null {
  return headers.find(([given]) => isSameHeader(given, name))?.[1] ?? null;
}

export function hasHeader(headers: readonly HeaderField[], name: string): boolean {
  return headers.some(([given]) => isSameHeader(given, name));
}

/** Whether two names are of the same header: case does not count. Names of different lengths, which most are, are not copied. */
export function isSameHeader(one: string, other: string): boolean {
  return one.length === other.length && one.toLowerCase() === other.toLowerCase();
}

/** A test of whether a name is among these, in any case; for many names, since it goes over them once. */
export function headerNameTest(names: readonly string[]): (name: string) => boolean {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  return (name) => wanted.has(name.toLowerCase());
}

/** The value of the first line of each header, by its name in lower case; for many lookups, since it goes over the headers once. */
export function firstHeaderValues(headers: readonly HeaderField[]): ReadonlyMap<string, string> {
  const first = new Map<string, string>();
  for (const [name, value] of headers) if (!first.has(name.toLowerCase())) first.set(name.toLowerCase(), value);
  return first;
}

/** Whether a request of HTTP can have this header name (RFC 9110, section 5.1). */
export function isHeaderName(name: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9a-z]+$/i.test(name);
}

/** Whether a request of HTTP can have this header value (RFC 9110, section 5.5): bytes as Latin-1, no control characters but the tab. */
export function isHeaderValue(value: string): boolean {
  return !/[^\t\u0020-\u007e\u0080-\u00ff]/.test(value);
}

/** A text without the spaces and tabs around it. A regular expression would take quadratic time over a long run of them. */
export function withoutBlanks(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isBlank(text.charCodeAt(from))) from += 1;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
