import type { HeaderField } from '#shared/contract/common.ts';
import type { Signing } from '#shared/contract/signing.ts';
import type { SolverSecret } from './secret/secret-variants.ts';

/** A request whose signature is to be explained. Plain data, so that it can be passed to another thread. */
export interface SolverProblem {
  /** The chosen scheme with its options; null to find it by the headers. */
  readonly options: Signing | null;
  /** Options that were given without a scheme: for whichever recognised scheme takes them. */
  readonly autoOptions?: Readonly<Record<string, unknown>>;
  readonly request: {
    readonly method: string | null;
    readonly url: string | null;
    readonly headers: readonly HeaderField[];
    readonly body: Uint8Array;
  };
  readonly secrets: readonly SolverSecret[];
  /** The body as one of our attempts sent it, where that is not the one that was received. */
  readonly sent?: SentBody;
  /** The receiver's clock. */
  readonly nowMs: number;
}

/** A body before it was changed on its way. */
export interface SentBody {
  readonly body: Uint8Array;
  /** What was changed, as a clause: `the JSON was laid out anew`. */
  readonly changed: string;
}

/** How long a search may take. */
export interface SolverBudget {
  readonly maxMs: number;
  readonly maxCandidates: number;
  /** Milliseconds that only go forward. */
  readonly elapsedMs: () => number;
}

/** The part of a search that one of several threads does: every n-th candidate. */
export interface SearchShare {
  readonly index: number;
  readonly of: number;
  /** The fewest changes with which any thread found a proof; infinite before that. */
  readonly provenLevel: () => number;
  readonly tellProven: (level: number) => void;
}

/** The share of a search with a single thread. */
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
