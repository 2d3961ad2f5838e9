import { Buffer } from 'node:buffer';
import { bodyDigests, signedPlaceholders, type SignedPlaceholder } from '#shared/contract/custom-placeholders.ts';
import { remembered } from '../base/remembered.ts';
import { bodyDigest } from './body-digest.ts';
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
  /** Absent where no scheme names its key. */
  readonly key_id?: string | null;
}
export type Placeholder = SignedPlaceholder;

const placeholderPattern = new RegExp(`\\{(${signedPlaceholders.join('|')})\\}`);

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
    const value = signedValue(piece, values);
    if (value === null) return null;
    runs.push({ name: piece, bytes: typeof value === 'string' ? textBytes(value) : value });
  }
  return joinRuns(runs);
}

/** What a placeholder stands for; null when the request does not have it. */
export function signedValue(name: Placeholder, values: SignedValues): string | Uint8Array | null {
  switch (name) {
    case 'host':
    case 'path':
    case 'query':
      return values.url === null ? null : partOfUrl(values.url, name);
    case 'key_id':
      return values.key_id ?? null;
    case 'bodySha256':
      return bodyDigest('body_sha256', values.body);
    case 'id':
    case 'timestamp':
    case 'method':
    case 'url':
    case 'body':
      return values[name];
    default:
      return bodyDigest(name, values.body);
  }
}

/** A part of a URL as it is sent, or null for a text that is no URL. */
function partOfUrl(url: string, part: 'host' | 'path' | 'query'): string | null {
  if (!URL.canParse(url)) return null;
  const { host, pathname, search } = new URL(url);
  return { host, path: pathname, query: search.slice(1) }[part];
}

const digestWords = (name: keyof typeof bodyDigests) => {
  const { hash, encoding } = bodyDigests[name];
  const shown = hash === 'md5' ? 'MD5' : hash.toUpperCase().replace('SHA', 'SHA-');
  return `the ${shown} of the body${encoding === 'base64' ? ' in base64' : ''}`;
};

/** What sentences call the parts of a signed string. */
export const partNames: Readonly<Record<Placeholder, string>> = {
  id: 'the message id',
  timestamp: 'the timestamp',
  key_id: 'the id of the key',
  method: 'the method',
  url: 'the URL',
  host: 'the host of the URL',
  path: 'the path of the URL',
  query: 'the query of the URL',
  body: 'the body',
  bodySha256: digestWords('body_sha256'),
  body_sha256: digestWords('body_sha256'),
  body_sha256_base64: digestWords('body_sha256_base64'),
  body_sha512: digestWords('body_sha512'),
  body_sha512_base64: digestWords('body_sha512_base64'),
  body_md5: digestWords('body_md5'),
  body_md5_base64: digestWords('body_md5_base64'),
};

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
