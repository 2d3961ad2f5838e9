import { hexText } from '#shared/text/bytes.ts';
import { asciiText, offsetText } from '../../ui/body-format.ts';

/** Bytes one after the other that all differ from the other side, or all do not. */
export interface HexRun {
  readonly differs: boolean;
  readonly hex: string;
  readonly ascii: string;
}

/** The bytes of both sides at the same offsets. */
export interface HexRow {
  /** In 8 hex digits or more. */
  readonly offset: string;
  readonly before: readonly HexRun[];
  readonly after: readonly HexRun[];
}

/** Two pieces that begin at the same offset, in rows; what one side has beyond the end of the other differs. */
export function hexRows(before: Uint8Array, after: Uint8Array, fromByte: number, rowBytes: number): readonly HexRow[] {
  const rows: HexRow[] = [];
  for (let at = 0; at < Math.max(before.length, after.length); at += rowBytes) {
    const [one, other] = [before.subarray(at, at + rowBytes), after.subarray(at, at + rowBytes)];
    rows.push({ offset: offsetText(fromByte + at), before: runsOf(one, other), after: runsOf(other, one) });
  }
  return rows;
}

function runsOf(own: Uint8Array, other: Uint8Array): readonly HexRun[] {
  const runs: HexRun[] = [];
  for (let from = 0; from < own.length;) {
    const differs = own[from] !== other[from];
    let to = from + 1;
    while (to < own.length && (own[to] !== other[to]) === differs) to += 1;
    const bytes = own.subarray(from, to);
    runs.push({ differs, hex: hexText(bytes, ' '), ascii: asciiText(bytes) });
    from = to;
  }
  return runs;
}
