import type { NearestMiss } from '#shared/contract/waits.ts';
import type { Tally } from './verdict.ts';

/** What changed since the last look: these ids, or anything. */
export type Touched = ReadonlySet<string> | 'anything';

/** Captures or deliveries that a wait looks at. */
export interface Watched {
  /** Looks at what is new; the last look of a wait looks at everything that counts. Other work gets its turns meanwhile. */
  readonly look: (touched: Touched, isLast: boolean, signal: AbortSignal) => Promise<void>;
  readonly tally: () => Tally;
  /** What came closest; after a last look only. */
  readonly nearest: () => NearestMiss | null;
  /** The ids of the first that match, oldest first. */
  readonly matchedIds: (limit: number) => readonly string[];
}
