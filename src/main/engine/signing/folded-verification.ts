import { Buffer } from 'node:buffer';
import type { Verification } from '#shared/contract/verifying.ts';
import { base64ForAnswer } from '../base/deferred-text.ts';

/**
 * A verification as it is stored: the signed bytes as runs of base64 with null in place of the body, so that a large body
 * is on disk once. `pieces` is null when the signed bytes are not known.
 */
export interface FoldedVerification {
  /** Rows of version 0.1.0 have no `libraryNote`. */
  readonly verification: Omit<Verification, 'signedBase64' | 'libraryNote'> & Partial<Pick<Verification, 'libraryNote'>>;
  readonly pieces: readonly (string | null)[] | null;
}

/** Signed bytes beside the body that are kept, at most. More of them, as of a large form, are made again when the capture is verified. */
const keptBytes = 1_048_576;

/** Removes the body from the signed bytes wherever a part is exactly the body. */
export function foldVerification(full: Verification, body: Uint8Array): FoldedVerification {
  const { signedBase64, ...verification } = full;
  if (signedBase64 === null) return { verification, pieces: null };
  const signed = Buffer.from(signedBase64, 'base64');
  const pieces: (string | null)[] = [];
  let from = 0;
  let kept = 0;
  const keepUpTo = (end: number) => {
    kept += end - from;
    if (end > from && kept <= keptBytes) pieces.push(signed.subarray(from, end).toString('base64'));
  };
  for (const part of full.parts.toSorted((left, right) => left.start - right.start)) {
    const isBody = body.byteLength > 0 && part.start >= from && signed.subarray(part.start, part.end).equals(body);
    if (!isBody) continue;
    keepUpTo(part.start);
    pieces.push(null);
    from = part.end;
  }
  keepUpTo(signed.byteLength);
  return kept > keptBytes ? { verification: { ...verification, parts: [] }, pieces: null } : { verification, pieces };
}

/** Puts the body back. */
export function unfoldVerification(folded: FoldedVerification, body: Uint8Array): Verification {
  const signedBase64 =
    folded.pieces === null
      ? null
      : base64ForAnswer(...folded.pieces.map((piece) => (piece === null ? body : Buffer.from(piece, 'base64'))));
  return { ...folded.verification, libraryNote: folded.verification.libraryNote ?? null, signedBase64 };
}
