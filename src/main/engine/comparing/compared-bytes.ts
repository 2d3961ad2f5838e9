import { Buffer } from 'node:buffer';
import type { DecodedBody } from '#shared/contract/bodies.ts';
import { decodeBody } from '../bodies/decode-body.ts';
import type { Reader } from '../store/database.ts';
import { search } from '../store/searcher.ts';
import { firstDifferent } from './body-comparison.ts';
import type { ComparedBody } from './compared-body.types.ts';
import { bothOf, type ComparedPair, type Missing } from './compare.ts';
import type { ComparedThing } from './compared-thing.types.ts';
import { comparedThing, isMissing, type ComparedAsked, type WhyMissing } from './compared-things.ts';
import { longPairs, longWhere } from './long-comparisons.ts';

/** Which piece of two bodies is asked for. */
export interface BytesOrder extends ComparedPair {
  readonly of: 'request' | 'response';
  readonly fromByte: number;
  readonly bytes: number;
}

/** A piece of one body; null where there is none, or it is not kept. */
type Piece = { readonly keptBytes: number; readonly base64: string } | null;

/** A piece of two bodies from one offset on, and where they differ next. */
export interface ComparedBytes {
  readonly before: Piece;
  readonly after: Piece;
  /** Offset of the first byte behind the piece in which they differ; null where none does, or one is not there. */
  readonly nextDifferenceAt: number | null;
}

/** Reads a piece of two bodies. In a thread, since the bodies may be large and are read whole to find where they differ next. */
export const bytesSearch = search('comparedBytes', readPieces);

/** The same of a text, which may take longer to be read. */
export const bytesOfTextSearch = search('comparedBytesOfText', readPieces, 'comparisons', longPairs);

function readPieces(reader: Reader, { of, fromByte, bytes, ...pair }: BytesOrder): ComparedBytes | Missing {
  const both = bothOf(reader, pair);
  if ('missing' in both) return both;
  const [one, other] = [bytesOf(both.before, of), bytesOf(both.after, of)];
  const end = fromByte + bytes;
  const next = one === null || other === null ? -1 : firstDifferent(one.subarray(end), other.subarray(end));
  return {
    before: pieceOf(one, fromByte, end),
    after: pieceOf(other, fromByte, end),
    nextDifferenceAt: next === -1 ? null : end + next,
  };
}

/** Reads a body of one thing, unpacked and as text; null where there is none, or it is not known. */
export const decodedSideSearch = search(
  'decodedSide',
  async (
    reader: Reader,
    { asked, of }: { readonly asked: ComparedAsked; readonly of: BytesOrder['of'] },
  ): Promise<{ readonly decoded: DecodedBody | null } | { readonly why: WhyMissing }> => {
    const thing = comparedThing(reader, asked);
    if (isMissing(thing)) return { why: thing };
    const body = bodyOf(thing, of);
    if (body === null || body.bytes === null) return { decoded: null };
    return { decoded: await decodeBody({ bytes: body.bytes, headers: body.headers, isTruncated: body.isCut }) };
  },
  'comparisons',
  longWhere(({ asked }) => [asked]),
);

function bytesOf(thing: ComparedThing, of: BytesOrder['of']): Uint8Array | null {
  return bodyOf(thing, of)?.bytes ?? null;
}

function bodyOf({ request, response }: ComparedThing, of: BytesOrder['of']): ComparedBody | null {
  if (of === 'request') return request;
  return response.kind === 'answer' ? response.body : null;
}

function pieceOf(bytes: Uint8Array | null, from: number, to: number): Piece {
  return bytes === null ? null : { keptBytes: bytes.byteLength, base64: Buffer.from(bytes.subarray(from, to)).toString('base64') };
}
