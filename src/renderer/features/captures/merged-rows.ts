import type { RefusedSummary } from '#shared/contract/refused-requests.ts';
import type { ListedCapture } from './captures-store.ts';

/** A row of a bin's list: a capture, or a refused request that named the bin. */
export type BinRow = ListedCapture | RefusedSummary;

/** Whether a row is of a refused request. */
export function isRefused(row: BinRow): row is RefusedSummary {
  return 'reason' in row;
}

/** What one list has read so far, newest first. */
interface Read<Row> {
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
}

/** Both lists merged, newest first, as far down as both have been read; `next` names the lists to read on for more. */
export function mergeRows(
  captures: Read<ListedCapture>,
  refused: Read<RefusedSummary>,
  binId: string,
): { readonly rows: readonly BinRow[]; readonly next: readonly ('captures' | 'refused')[] } {
  const [captureEnd, refusedEnd] = [endOf(captures), endOf(refused)];
  const end = Math.max(captureEnd, refusedEnd);
  const rows = [...captures.rows, ...refused.rows.filter((row) => row.binId === binId)]
    .filter(({ receivedAtMs }) => receivedAtMs >= end)
    .toSorted((a, b) => b.receivedAtMs - a.receivedAtMs);
  const next =
    end === Number.NEGATIVE_INFINITY
      ? []
      : ([...(captureEnd === end ? ['captures'] : []), ...(refusedEnd === end ? ['refused'] : [])] as const);
  return { rows, next: next as readonly ('captures' | 'refused')[] };
}

/** The time down to which a list is complete. */
function endOf<Row extends { readonly receivedAtMs: number }>({ rows, hasMore }: Read<Row>): number {
  return hasMore ? (rows.at(-1)?.receivedAtMs ?? Number.POSITIVE_INFINITY) : Number.NEGATIVE_INFINITY;
}

/** The time from each capture to the one before it, of those that were read. */
export function gapsOf(rows: readonly BinRow[]): ReadonlyMap<string, number> {
  const captures = rows.filter((row) => !isRefused(row));
  return new Map(
    captures.slice(0, -1).map(({ id, receivedAtMs }, index) => [id, receivedAtMs - (captures[index + 1]?.receivedAtMs ?? receivedAtMs)]),
  );
}
