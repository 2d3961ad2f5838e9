import type { HeaderField } from '#shared/contract/common.ts';

/** A whole answer as a target gave it. */
export interface TargetResponse {
  readonly status: number;
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
}

/** What came of waiting for the answer of a target. */
export type TargetResult =
  | { readonly kind: 'answered'; readonly response: TargetResponse; readonly tookMs: number }
  /** The clause follows the name of the target: `gave no answer within 5 s`; the detail is a sentence. */
  | { readonly kind: 'none'; readonly label: string; readonly clause: string; readonly detail: string | null }
  /** The request does not go to this target, for a reason as a clause, so the bin answers as it would without it. */
  | { readonly kind: 'not-asked'; readonly why: string }
  /** Nobody waits for it any more. */
  | { readonly kind: 'given-up' };

/** An answer that one request waits for. */
export interface ExpectedAnswer {
  /** The id that the capture has to get: its delivery is known by it. */
  readonly captureId: string;
  /** What the target and its relay are called. */
  readonly target: string;
  readonly relay: string;
  /** What is answered where there is none: the answer of the bin, or a status. */
  readonly otherwise: 'bin' | number;
  /** Never rejects, and settles within the time limit. */
  readonly result: Promise<TargetResult>;
  readonly giveUp: () => void;
}

/** Answers that bins get from targets of relays. */
export interface TargetAnswers {
  /** Begins to wait for what a target answers to a request that is about to be captured; null where the bin itself answers. */
  readonly expect: (binId: string, captureId: string | null) => ExpectedAnswer | null;
}
