import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { remembered } from '../base/remembered.ts';
import type { SignedPart, SignedString } from './scheme.ts';

/** A named piece of bytes to be joined. */
export interface Run {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Joins pieces to the signed string and notes where each one is; an empty piece keeps its place with length 0. */
export function joinRuns(runs: readonly Run[]): SignedString {
  const parts: SignedPart[] = [];
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (const { name, bytes } of runs) {
    pieces.push(bytes);
    parts.push({ name, start: length, end: length + bytes.byteLength });
    length += bytes.byteLength;
  }
  return { bytes: Buffer.concat(pieces, length), parts };
}

/** Values for a content pattern; null when the request does not have them. */
export interface SignedValues {
  readonly id: string | null;
  readonly timestamp: string | null;
  readonly method: string | null;
  readonly url: string | null;
  readonly body: Uint8Array;
}
export type Placeholder = keyof SignedValues | 'bodySha256';

const placeholderPattern = /\{(id|timestamp|method|url|body|bodySha256)\}/;

/** The placeholders that a content pattern such as `{id}.{timestamp}.{body}` uses. */
export function placeholdersOf(pattern: string): ReadonlySet<Placeholder> {
  return new Set(splitPattern(pattern).flatMap(({ kind }) => (kind === 'literal' ? [] : [kind])));
}

/** An owner of a content pattern, used as the key of a cache. */
export interface Patterned {
  readonly pattern: string;
}

/** Fills a content pattern with values; null when one that it uses is missing. */
export function fillPattern(patterned: Patterned, values: SignedValues): SignedString | null {
  const runs: Run[] = [];
  for (const piece of piecesOf(patterned)) {
    if (typeof piece !== 'string') {
      runs.push(piece);
      continue;
    }
    const value = piece === 'bodySha256' ? createHash('sha256').update(values.body).digest('hex') : values[piece];
    if (value === null) return null;
    runs.push({ name: piece, bytes: typeof value === 'string' ? textBytes(value) : value });
  }
  return joinRuns(runs);
}

/** Header values carry one byte per code point; other text, which no header can hold, is UTF-8. */
function textBytes(text: string): Uint8Array {
  return Buffer.from(text, /[\u0100-\uffff]/.test(text) ? 'utf8' : 'latin1');
}

/** A placeholder of a content pattern, or the text between two. */
export type PatternPiece = PlaceholderPiece | { readonly kind: 'literal'; readonly text: string };
type PlaceholderPiece = { readonly [name in Placeholder]: { readonly kind: name } }[Placeholder];

/** The pieces of a content pattern in order. Splitting by a pattern with one group puts literals at even and placeholder names at odd places. */
export function splitPattern(pattern: string): readonly PatternPiece[] {
  return pattern
    .split(placeholderPattern)
    .map((text, index): PatternPiece => (index % 2 === 0 ? { kind: 'literal', text } : ({ kind: text } as PlaceholderPiece)))
    .filter((piece) => piece.kind !== 'literal' || piece.text !== '');
}

/** Placeholders, and the fixed text between them. */
const piecesOf = remembered(({ pattern }: Patterned): readonly (Placeholder | Run)[] =>
  splitPattern(pattern).map((piece) =>
    piece.kind === 'literal'
      ? { name: /[A-Za-z0-9]/.test(piece.text) ? 'literal' : 'separator', bytes: Buffer.from(piece.text, 'utf8') }
      : piece.kind,
  ),
);
