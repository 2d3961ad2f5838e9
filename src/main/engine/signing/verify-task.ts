import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Verification, VerifyAnswer } from '#shared/contract/verifying.ts';
import { task } from '../background/background.ts';
import { ownBytes } from '../base/own-bytes.ts';
import { base64ForAnswer } from '../base/deferred-text.ts';
import { foldVerification } from './folded-verification.ts';
import type { VerifyInput } from './scheme.ts';
import { verifyRecognised, type UnnamedInput } from './verify-recognised.ts';
import { verifyRequest } from './verify.ts';

/** An incoming request, whose body may be in a file. */
export type CapturedInput = Omit<VerifyInput, 'body'> & { readonly body: Uint8Array | { readonly path: string } };

/** A verdict as it is stored with a capture. */
export interface CapturedVerdict {
  readonly verdict: Verification['verdict'];
  /** The verification folded, as JSON. */
  readonly json: string;
  /** Equal for requests with the same valid signature; null without one, and for a token, which is the same in every request. */
  readonly replayKey: Uint8Array | null;
}

/** The verdict on an incoming request. */
export function verifyCaptured({ body: given, ...input }: CapturedInput): CapturedVerdict {
  const body = given instanceof Uint8Array ? given : readFileSync(given.path);
  const verification = verifyRequest({ ...input, body });
  return {
    verdict: verification.verdict,
    json: JSON.stringify(foldVerification(verification, body)),
    replayKey: replayKeyOf(verification),
  };
}

const replayKeyBytes = 16;

function replayKeyOf({ verdict, scheme, parts, matchedSignature, receivedSignatures }: Verification): Uint8Array | null {
  const signature = matchedSignature === null ? undefined : receivedSignatures[matchedSignature];
  if (verdict !== 'valid' || signature === undefined || parts.length === 0) return null;
  return ownBytes(createHash('sha256').update(`${scheme}\n${signature}`).digest().subarray(0, replayKeyBytes));
}

export const verifyCapturedTask = task('verifyCaptured', verifyCaptured);

/** A verdict on its way out of a thread, with the signed bytes as bytes: their base64 would be copied several times on the way. */
type CrossingVerdict = Omit<VerifyAnswer, 'signedBase64'> & { readonly signed: Uint8Array | null };

function crossing({ signedBase64, ...rest }: VerifyAnswer): CrossingVerdict {
  return { ...rest, signed: signedBase64 === null ? null : ownBytes(Buffer.from(signedBase64, 'base64')) };
}

/** A verdict out of a thread, as it is returned to the caller. */
export function arrived({ signed, ...rest }: CrossingVerdict): VerifyAnswer {
  return { ...rest, signedBase64: signed === null ? null : base64ForAnswer(signed) };
}

/** The verdict by the scheme that the options name. */
export const verifyNamedTask = task('verifyNamed', (input: VerifyInput) => crossing(verifyRequest(input)));

interface UnnamedOrder {
  readonly input: UnnamedInput;
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

/** The verdict by the scheme that the request shows. Throws INPUT_INVALID where no such scheme takes the options. */
export const verifyUnnamedTask = task('verifyUnnamed', ({ input, options }: UnnamedOrder) => crossing(verifyRecognised(input, options)));
