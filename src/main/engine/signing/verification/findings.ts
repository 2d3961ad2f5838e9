import type { VerificationReason } from '#shared/contract/verifying.ts';
import type { TimestampState } from '../timestamp.ts';

/** Everything that was found about a request, before it is explained. */
export interface Findings {
  readonly words: FindingWords;
  readonly headers: HeaderFindings;
  readonly secrets: SecretFindings;
  readonly timestamp: TimestampState | null;
  readonly signature: SignatureFindings;
  /** What else the scheme signs but is missing in the request, such as `URL`. */
  readonly unknown: readonly string[];
  /** Why a request is refused although its signature matches, the most important reason first. */
  readonly obstacles: readonly Obstacle[];
  /** What a receiver still has to do once the request is valid. */
  readonly next: readonly string[];
}

/** The words that a verdict uses for a scheme. */
export interface FindingWords {
  readonly key: 'secret' | 'public key' | 'certificate';
  /** What the signature covers, such as `webhook-id` and `the body`. */
  readonly signed: readonly string[];
  /** Where the timestamp is, or null in a scheme without one. */
  readonly timestamp: string | null;
  /** Where the signature is; in headers by default. In a `request`, the names of what is missing say where each stands. */
  readonly place?: 'body' | 'request';
  /** Whether the secret itself is sent and nothing is signed. */
  readonly isToken?: true;
}

/** A problem other than the signature and its time; the message is a sentence. */
export interface Obstacle {
  readonly reason: VerificationReason;
  readonly message: string;
}

/** The scheme's headers in a request. */
export interface HeaderFindings {
  /** Names the scheme reads, in its order. */
  readonly wanted: readonly string[];
  /** Those without a value; an empty one is as good as none. */
  readonly missing: readonly { readonly name: string; readonly isEmpty: boolean }[];
  /** Names that occur more than once. */
  readonly repeated: readonly string[];
  /** Those of them whose values differ, so that another receiver may judge by another one. */
  readonly differing?: readonly string[];
}

/** Which secrets have a key; indexes count all that were given. */
export interface SecretFindings {
  readonly count: number;
  readonly usable: readonly { readonly index: number }[];
  readonly problems: readonly { readonly index: number; readonly problem: string }[];
  /** Sentences about secrets that can be used but should not be. */
  readonly warnings: readonly string[];
  /** Sentences about what seems to have been copied together with secrets that can still be used. */
  readonly doubts: readonly string[];
}

/** How the received signatures compare; indexes count all secrets and all signatures. */
export type SignatureFindings =
  | { readonly kind: 'matched'; readonly secret: number; readonly signature: number }
  | { readonly kind: 'mismatched' }
  | Trouble
  | { readonly kind: 'unchecked' };

/** Why no signature of a request can be compared. */
export type Trouble =
  /** A clause that says what is wrong with the header. */
  | { readonly kind: 'malformed'; readonly problem: string }
  /** Refused before any key is used. */
  | ({ readonly kind: 'refused' } & Obstacle);
