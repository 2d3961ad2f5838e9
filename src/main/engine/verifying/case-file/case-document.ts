import type { SolverResult } from '#shared/contract/solving.ts';
import type { SchemeInfo, Verification } from '#shared/contract/verifying.ts';
import type { PublicKeyProof } from './public-key-proof.ts';

/** A header in the file. */
export interface CaseHeader {
  readonly name: string;
  readonly value: string;
  readonly isRedacted: boolean;
}

/** A secret or public key that was tried. */
export interface CaseSecret {
  readonly label: string;
  /** First 8 hex digits of SHA-256 over its text. */
  readonly fingerprint: string;
  /** The public key in full, because it is not secret; null for shared secrets and for keys that cannot be read. */
  readonly publicKey: string | null;
}

/** Bytes, with what was recorded about them. */
export interface CaseBytes {
  readonly base64: string;
  /** Size and digest of the bytes as they were verified. */
  readonly bytes: number;
  readonly sha256Hex: string;
  /** More than 0 when a secret in them was overwritten, so that their digest cannot be computed from this file. */
  readonly maskedBytes: number;
}

/** A check that needs no secret, with its result when the file was made; the page runs it again when it is opened. */
export interface RepeatableCheck {
  readonly id:
    | 'headers'
    | 'timestamp'
    | 'timestamp-now'
    | 'body'
    | 'content-length'
    | 'json'
    | 'content-digest'
    | 'signed'
    | 'signed-body'
    | 'public-key';
  readonly title: string;
  readonly result: 'passed' | 'failed' | 'skipped';
  readonly detail: string;
}

/** A cause that the search found, without its fix, which may hold a body that is masked here; `expected` and `unchanged` only begin where they would let their reader sign. */
export type CaseMatch = Omit<SolverResult['matches'][number], 'signed' | 'fix'>;

/** A case file as JSON: everything about one verification except the secrets. */
export interface CaseDocument {
  readonly format: 'hookyard-case';
  readonly formatVersion: 1;
  readonly tool: { readonly name: 'Hookyard'; readonly version: string };
  readonly madeAt: string;
  /** The receiver's clock that the request was checked with. */
  readonly checkedAt: string;
  readonly checkedAtMs: number;
  readonly scheme: Omit<SchemeInfo, 'options'>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly request: {
    readonly method: string | null;
    readonly url: string | null;
    readonly headers: readonly CaseHeader[];
    readonly body: CaseBytes;
  };
  readonly verdict: Omit<Verification, 'expectedSignatures' | 'signedBase64' | 'parts'>;
  /** The beginning of the expected value of each secret. */
  readonly expectedSignatureBeginnings: readonly string[];
  readonly secrets: readonly CaseSecret[];
  readonly signed: (CaseBytes & { readonly parts: Verification['parts'] }) | null;
  readonly search: (Omit<SolverResult, 'kind' | 'matches'> & { readonly matches: readonly CaseMatch[] }) | null;
  readonly repeatable: readonly RepeatableCheck[];
  /** What a page needs to run the checks again. */
  readonly facts: {
    readonly neededHeaders: readonly string[];
    readonly timestamp: { readonly atMs: number; readonly toleranceSeconds: number | null } | null;
    readonly proofs: readonly PublicKeyProof[];
  };
  /** Sentences on what was left out, and why. */
  readonly leftOut: readonly string[];
}
