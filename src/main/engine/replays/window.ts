import type { RowRange } from '../log/replay-rows.ts';

/** Rows looked through at first at once; a window is halved or doubled to take between these times. */
const firstRows = 1000;
const shortMs = 8;
const longMs = 30;

/** A range of rows that moves up the log and whose size fits what looking through it takes. */
export interface Window {
  readonly next: (afterSeq: number, uptoSeq: number) => RowRange;
  /** Looks, and sizes the next range by how long that took. */
  readonly timed: <T>(look: () => Promise<T>) => Promise<T>;
}

/** For going through the log from its oldest row without holding up attempts and captures. */
export function createWindow(): Window {
  let rows = firstRows;
  return {
    next: (afterSeq, uptoSeq) => ({ afterSeq, uptoSeq: Math.min(uptoSeq, afterSeq + rows) }),
    timed: async (look) => {
      const startedMs = performance.now();
      const found = await look();
      const tookMs = performance.now() - startedMs;
      if (tookMs < shortMs) rows *= 2;
      if (tookMs > longMs) rows = Math.max(1, Math.floor(rows / 2));
      return found;
    },
  };
}
