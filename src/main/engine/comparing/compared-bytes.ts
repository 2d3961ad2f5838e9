import { Buffer } from 'node:buffer';
import type { Reader } from '../store/database.ts';
import { search } from '../store/searcher.ts';
import { firstDifferent } from './body-comparison.ts';
import { bothOf, type ComparedPair, type Missing } from './compare.ts';
import type { ComparedThing } from './compared-things.ts';

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
export const bytesSearch = search(
  'comparedBytes',
  (reader: Reader, { of, fromByte, bytes, ...pair }: BytesOrder): ComparedBytes | Missing => {
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
  },
);

function bytesOf({ request, response }: ComparedThing, of: BytesOrder['of']): Uint8Array | null {
  if (of === 'request') return request.bytes;
  return response.kind === 'answer' ? (response.body?.bytes ?? null) : null;
}

function pieceOf(bytes: Uint8Array | null, from: number, to: number): Piece {
  return bytes === null ? null : { keptBytes: bytes.byteLength, base64: Buffer.from(bytes.subarray(from, to)).toString('base64') };
}
