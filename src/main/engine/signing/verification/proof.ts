import type { SchemeId, Signing } from '#shared/contract/signing.ts';
import type { Verification } from '#shared/contract/verifying.ts';
import type { LibraryTraits } from './library-traits.ts';
import type { SignedString, VerifyInput } from '../scheme.ts';
import type { FindingWords, Obstacle } from './findings.ts';
import type { Candidate, Reading } from './reading.ts';

/** The key of a secret's text, or a sentence on why there is none. */
export type KeyOr<K> = { readonly key: K } | { readonly problem: string };

/** Why a secret's text has no key, or null. */
export function problemOf(result: KeyOr<unknown>): string | null {
  return 'problem' in result ? result.problem : null;
}

/** What was found about a key, such as where the chain of its certificate leads. */
export interface KeyReport {
  readonly obstacles: readonly Obstacle[];
  /** Sentences for the verdict when it is valid. */
  readonly note: string;
  /** What the receiver still has to check. */
  readonly next: readonly string[];
}

/**
 * How a scheme proves who sent a request: where it reads the signature, and how a key checks it. With a shared secret, the
 * expected signature can be computed and shown; with a public key a signature can only be checked; a token is the secret itself.
 */
export interface Proof<K> {
  readonly scheme: SchemeId;
  readonly words: FindingWords;
  readonly keyOf: (secret: string, options: Signing) => KeyOr<K>;
  /** Sentences on what is unusual about a secret, or makes it easy to guess. */
  readonly remarksOn?: (secret: string) => readonly string[];
  readonly read: (input: VerifyInput) => Reading;
  /** The expected value of a key for a signed string; absent when it cannot be computed. */
  readonly expected?: ExpectedSignature<K>;
  /** Whether this key's owner made this signature over its signed string; by default, whether it equals the expected value. */
  readonly isMadeBy?: (key: K, candidate: Candidate) => boolean;
  /** A sentence on why this key must not check this signature, or null. */
  readonly mismatch?: (key: K, candidate: Candidate) => string | null;
  /** A report on a key whose signature matches. */
  readonly keyReport?: (key: K, input: VerifyInput) => KeyReport;
  /** Whether every candidate must match, because each covers a different part of the body. */
  readonly needsAll?: boolean;
  /** How the provider's own library judges; absent when there is none, or when it judges exactly by the bytes. */
  readonly library?: ProofLibrary | null;
}

/** The expected signature of a key, and how the scheme writes it. */
export interface ExpectedSignature<K> {
  /** Null when only the private half could compute it. */
  readonly of: (key: K, signed: SignedString) => Uint8Array | null;
  readonly write: (signature: Uint8Array) => string;
}

/** How a provider's own library judges. */
export interface ProofLibrary extends LibraryTraits {
  /** Clauses for reasons to refuse that the traits do not cover. */
  readonly alsoRefuses?: (verdict: Verification, input: VerifyInput) => readonly string[];
  /** Where it is laxer: the request by the book that it takes this one for, and a clause that says why it does. */
  readonly laxer?: { readonly as: (input: VerifyInput) => VerifyInput; readonly why: string };
}
