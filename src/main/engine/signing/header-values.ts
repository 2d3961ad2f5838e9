import type { HeaderField } from '#shared/contract/common.ts';

/** A header as a scheme reads it. */
export interface HeaderValue {
  /** Without the spaces around it, which are no part of a value. */
  readonly text: string;
  /** How often the name occurs; the first one counts. */
  readonly count: number;
}

/** Finds a header by its name, without regard to case; null when the request has none. */
export function readHeader(headers: readonly HeaderField[], name: string): HeaderValue | null {
  const wanted = name.toLowerCase();
  const found = headers.filter(([given]) => given.toLowerCase() === wanted);
  const first = found[0];
  return first === undefined ? null : { text: first[1].replace(/^[ \t]+|[ \t]+$/g, ''), count: found.length };
}

/** A value from a request as a message may quote it: escaped and cut short. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[], joint = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${joint} ${words.at(-1) ?? ''}`;
}
