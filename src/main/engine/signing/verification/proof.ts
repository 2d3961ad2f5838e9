import type { SchemeId, Signing } from '#shared/contract/signing.ts';
import type { Verification } from '#shared/contract/verifying.ts';
import type { LibraryTraits } from '../library-traits.ts';
import type { SignedString, VerifyInput } from '../scheme.ts';
import type { FindingWords, Obstacle } from './findings.ts';
import type { Candidate, Reading } from './reading.ts';

/** A key behind a secret's text, or a sentence why there is none. */
export type KeyOr<K> = { readonly key: K } | { readonly problem: string };

/** Why there is no key behind a secret's text, or null. */
export function problemOf(result: KeyOr<unknown>): string | null {
  return 'problem' in result ? result.problem : null;
}

/** What was found out about a key, such as where the chain of its certificate leads. */
export interface KeyReport {
  readonly obstacles: readonly Obstacle[];
  /** Sentences for the verdict when it is valid. */
  readonly note: string;
  /** What the receiver must still check. */
  readonly next: readonly string[];
}

/**
 * How a scheme proves who sent a request: where it reads the signature, and how a key answers for it. With a shared secret, the
 * expected signature can be computed and shown; with a public key a signature can only be checked; a token is the secret itself.
 */
export interface Proof<K> {
  readonly scheme: SchemeId;
  readonly words: FindingWords;
  readonly keyOf: (secret: string, options: Signing) => KeyOr<K>;
  /** Sentences on what is odd about a secret, or makes it easy to guess. */
  readonly remarksOn?: (secret: string) => readonly string[];
  readonly read: (input: VerifyInput) => Reading;
  /** What a key gives for a signed string; absent where no key at hand could tell. */
  readonly expected?: ExpectedSignature<K>;
  /** Whether this key's owner made this signature over its signed string; by default, whether it is the expected one. */
  readonly isMadeBy?: (key: K, candidate: Candidate) => boolean;
  /** A sentence why this key must not check this signature, or null. */
  readonly mismatch?: (key: K, candidate: Candidate) => string | null;
  /** What is to be said of a key whose signature matches. */
  readonly keyReport?: (key: K, input: VerifyInput) => KeyReport;
  /** Whether every candidate must match, because each covers another part of the body. */
  readonly needsAll?: boolean;
  /** How the provider's own library judges; none where there is none, or where it judges by the bytes. */
  readonly library?: ProofLibrary | null;
}

/** The signature that a key gives, and how the scheme writes it. */
export interface ExpectedSignature<K> {
  /** Null where only the private half could tell. */
  readonly of: (key: K, signed: SignedString) => Uint8Array | null;
  readonly write: (signature: Uint8Array) => string;
}

/** How a provider's own library judges. */
export interface ProofLibrary extends LibraryTraits {
  /** Clauses for what it refuses a request for that no trait says. */
  readonly alsoRefuses?: (verdict: Verification, input: VerifyInput) => readonly string[];
  /** Where it is laxer: the request by the book that it takes this one for, and a clause that says why it does. */
  readonly laxer?: { readonly as: (input: VerifyInput) => VerifyInput; readonly why: string };
}
