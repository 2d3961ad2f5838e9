import { headerValues, withoutBlanks } from '#shared/text/headers.ts';
import type { HeaderField } from '#shared/contract/common.ts';

/** A header as a scheme reads it. */
export interface HeaderValue {
  /** Without the spaces around it, which are not part of a value. */
  readonly text: string;
  /** How often the name occurs; the first one counts. */
  readonly count: number;
}

/** Finds a header by its name, without regard to case; null when the request has none. */
export function readHeader(headers: readonly HeaderField[], name: string): HeaderValue | null {
  const found = headerValues(headers, name);
  const [first] = found;
  return first === undefined ? null : { text: withoutBlanks(first), count: found.length };
}

/** A value from a request as a message may quote it: escaped and cut short. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[], joint = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${joint} ${words.at(-1) ?? ''}`;
}

/** An entry such as `v1,abc,` without the comma that joining two header lines leaves behind it. */
export function withoutJoinedComma(entry: string): string {
  return entry.endsWith(',') && entry.indexOf(',') < entry.length - 2 ? entry.slice(0, -1) : entry;
}
