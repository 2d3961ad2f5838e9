import type { HeaderField } from '#shared/contract/common.ts';
import type { SchemeId, Signing } from '#shared/contract/signing.ts';
import type { SchemeInfo, Verification } from '#shared/contract/verifying.ts';

/** What a sender signs. */
export interface SignInput {
  readonly options: Signing;
  /** Newest first; schemes that carry several signatures use all, the others the first. */
  readonly secrets: readonly string[];
  /** Message id, the same over retries. */
  readonly id: string;
  /** Clock of this attempt. */
  readonly nowMs: number;
  readonly method: string;
  readonly url: string;
  readonly body: Uint8Array;
}

/** A range of bytes in the signed string and what it is. */
export interface SignedPart {
  readonly name: string;
  /** Byte offsets, end exclusive. */
  readonly start: number;
  readonly end: number;
}

export interface SignedString {
  readonly bytes: Uint8Array;
  readonly parts: readonly SignedPart[];
}

export interface Signed {
  /** Headers to add, in the order and case the provider uses. */
  readonly headers: readonly HeaderField[];
  readonly signed: SignedString;
  /** The body to send when the signature or its time is in the body; absent when the body does not change. */
  readonly body?: Uint8Array;
  /** The URL to send to when it contains a digest of the body; absent when the URL does not change. */
  readonly url?: string;
}

/** What a receiver checks. Header names compare without case; the first of equal names counts unless the scheme says otherwise. */
export interface VerifyInput {
  readonly options: Signing;
  readonly secrets: readonly string[];
  readonly nowMs: number;
  readonly method: string | null;
  readonly url: string | null;
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
}

/**
 * How one provider signs. Both directions are pure: same input, same answer, no clock, no I/O.
 * `sign` throws a Refusal INPUT_INVALID for a secret it cannot use; `verify` never throws on what a request holds.
 */
export interface Scheme {
  readonly id: SchemeId;
  readonly info: Omit<SchemeInfo, 'id' | 'options'>;
  /** A sentence on why this secret cannot be used, or null when it can. */
  readonly checkSecret: (secret: string, options: Signing) => string | null;
  /** What is unusual about a usable secret, or makes it easy to guess, each in a sentence. Absent in schemes that use only key pairs. */
  readonly remarksOn?: (secret: string, options: Signing) => readonly string[];
  /** A fresh secret in the scheme's own form, from 32 random bytes. */
  readonly makeSecret: (random: Uint8Array, options: Signing) => string;
  /**
   * In schemes that sign with a private key: the public half of a secret, in the form that the scheme's receivers take, or
   * null for a secret without one. Absent in schemes with shared secrets.
   */
  readonly publicKeyOf?: (secret: string, options: Signing) => string | null;
  readonly sign: (input: SignInput) => Signed;
  readonly verify: (input: VerifyInput) => Verification;
}
