import { Buffer } from 'node:buffer';
import type { SignedPart, SignedString } from './scheme.ts';

/** A named run of bytes to be joined. */
export interface Run {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Joins runs to the string that is signed and notes where each one lies; an empty run keeps its place with no length. */
export function joinRuns(runs: readonly Run[]): SignedString {
  const parts: SignedPart[] = [];
  let length = 0;
  for (const { name, bytes } of runs) {
    parts.push({ name, start: length, end: length + bytes.byteLength });
    length += bytes.byteLength;
  }
  return {
    bytes: Buffer.concat(
      runs.map((run) => run.bytes),
      length,
    ),
    parts,
  };
}

/** Values that may stand in a content pattern; null where the request does not tell. */
export interface SignedValues {
  readonly id: string | null;
  readonly timestamp: string | null;
  readonly method: string | null;
  readonly url: string | null;
  readonly body: Uint8Array;
}
export type Placeholder = keyof SignedValues;

const placeholderPattern = /\{(id|timestamp|method|url|body)\}/;

/** The placeholders that a content pattern such as `{id}.{timestamp}.{body}` uses. */
export function placeholdersOf(pattern: string): ReadonlySet<Placeholder> {
  return new Set(pieces(pattern).flatMap((piece) => (piece.placeholder === null ? [] : [piece.placeholder])));
}

/** Fills a content pattern with values; null where one of those it uses is missing. */
export function fillPattern(pattern: string, values: SignedValues): SignedString | null {
  const runs: Run[] = [];
  for (const { placeholder, text } of pieces(pattern)) {
    if (placeholder === null) {
      runs.push({ name: /[A-Za-z0-9]/.test(text) ? 'literal' : 'separator', bytes: Buffer.from(text, 'utf8') });
      continue;
    }
    const value = values[placeholder];
    if (value === null) return null;
    runs.push({ name: placeholder, bytes: typeof value === 'string' ? textBytes(value) : value });
  }
  return joinRuns(runs);
}

/** Header values carry one byte per code point; other text, which no header can hold, is UTF-8. */
function textBytes(text: string): Uint8Array {
  return Buffer.from(text, /[\u0100-\uffff]/.test(text) ? 'utf8' : 'latin1');
}

interface Piece {
  readonly placeholder: Placeholder | null;
  readonly text: string;
}

/** Splitting by a pattern with one group puts literals at even and placeholder names at odd places. */
function pieces(pattern: string): readonly Piece[] {
  return pattern
    .split(placeholderPattern)
    .map((text, index): Piece => ({ placeholder: index % 2 === 1 ? (text as Placeholder) : null, text }))
    .filter((piece) => piece.placeholder !== null || piece.text !== '');
}
