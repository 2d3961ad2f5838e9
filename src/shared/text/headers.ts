import type { HeaderField } from '../contract/common.ts';

/** The values of a header, one for each of its lines, by its name in any case. */
export function headerValues(headers: readonly HeaderField[], name: string): readonly string[] {
  return headers.filter(([given]) => isSameName(given, name)).map(([, value]) => value);
}

/** The value of the first line of a header, or null where there is none. */
export function headerValue(headers: readonly HeaderField[], name: string): string | null {
  return headers.find(([given]) => isSameName(given, name))?.[1] ?? null;
}

export function hasHeader(headers: readonly HeaderField[], name: string): boolean {
  return headers.some(([given]) => isSameName(given, name));
}

/** Names of headers differ in case only when they are the same. Those of another length, which are most, need no copy. */
function isSameName(one: string, other: string): boolean {
  return one.length === other.length && one.toLowerCase() === other.toLowerCase();
}
