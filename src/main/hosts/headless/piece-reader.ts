import { pieceMarks } from '#shared/socket-pieces.ts';
import type { BodyLease } from './body-room.ts';

/** What becomes of a frame: a whole message, one that others follow, or one that cannot be taken. */
export type TakenFrame =
  | { readonly kind: 'whole'; readonly pieces: readonly Uint8Array<ArrayBuffer>[]; readonly bytes: number }
  | { readonly kind: 'plain' | 'more' | 'out of order' | 'too large' | 'no room' };

/** Puts the pieces of one connection together. */
export interface PieceReader {
  /** `plain` for a frame that is a message by itself. */
  readonly take: (frame: Buffer) => TakenFrame;
  /** Gives back the room of what has come so far. */
  readonly drop: () => void;
}

const [moreMark, lastMark] = [pieceMarks.more.charCodeAt(0), pieceMarks.last.charCodeAt(0)];

/** Pieces are kept as they come, each in its own memory; `begin` gives the room that all of a message take until it is whole. */
export function createPieceReader(limitBytes: number, begin: () => Pick<BodyLease, 'growTo' | 'end'>): PieceReader {
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  let lease: Pick<BodyLease, 'growTo' | 'end'> | null = null;
  const drop = () => {
    lease?.end();
    [lease, pieces, bytes] = [null, [], 0];
  };
  return {
    take: (frame) => {
      const mark = frame[0];
      if (mark !== moreMark && mark !== lastMark) return { kind: pieces.length === 0 ? 'plain' : 'out of order' };
      bytes += frame.byteLength - 1;
      if (bytes > limitBytes) return { kind: 'too large' };
      lease ??= begin();
      if (!lease.growTo(bytes)) return { kind: 'no room' };
      pieces.push(Uint8Array.from(frame.subarray(1)));
      if (mark === moreMark) return { kind: 'more' };
      const whole = { kind: 'whole', pieces, bytes } as const;
      drop();
      return whole;
    },
    drop,
  };
}
