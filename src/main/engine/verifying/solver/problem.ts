import type { HeaderField } from '#shared/contract/common.ts';
import type { Signing } from '#shared/contract/signing.ts';
import type { SolverSecret } from './secret/secret-variants.ts';

/** A request whose signature is to be explained. A plain value: it goes to another thread as it is. */
export interface SolverProblem {
  /** The scheme that was chosen with its options; null finds it by the headers. */
  readonly options: Signing | null;
  /** Options given beside no scheme: for whichever of those recognised takes them. */
  readonly autoOptions?: Readonly<Record<string, unknown>>;
  readonly request: {
    readonly method: string | null;
    readonly url: string | null;
    readonly headers: readonly HeaderField[];
    readonly body: Uint8Array;
  };
  readonly secrets: readonly SolverSecret[];
  /** The receiver's clock. */
  readonly nowMs: number;
}

/** How long a search may take. */
export interface SolverBudget {
  readonly maxMs: number;
  readonly maxCandidates: number;
  /** Milliseconds that only go forward. */
  readonly elapsedMs: () => number;
}

/** The part of a search that one of several threads does, each every so many candidates. */
export interface SearchShare {
  readonly index: number;
  readonly of: number;
  /** The fewest changes with which any thread found a proof; infinite before that. */
  readonly provenLevel: () => number;
  readonly tellProven: (level: number) => void;
}

/** The share of a search that nobody else takes part in. */
export function wholeSearch(): SearchShare {
  let proven = Number.POSITIVE_INFINITY;
  return {
    index: 0,
    of: 1,
    provenLevel: () => proven,
    tellProven: (level) => {
      proven = Math.min(proven, level);
    },
  };
}
