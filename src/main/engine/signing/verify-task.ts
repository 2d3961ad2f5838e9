import { task } from '../background/background.ts';
import { readFileSync } from 'node:fs';
import type { Verification } from '#shared/contract/verifying.ts';
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
}

/** The verdict on an incoming request. */
export function verifyCaptured({ body: given, ...input }: CapturedInput): CapturedVerdict {
  const body = given instanceof Uint8Array ? given : readFileSync(given.path);
  const verification = verifyRequest({ ...input, body });
  return { verdict: verification.verdict, json: JSON.stringify(foldVerification(verification, body)) };
}

export const verifyCapturedTask = task('verifyCaptured', verifyCaptured);

/** The verdict by the scheme that the options name. */
export const verifyNamedTask = task('verifyNamed', verifyRequest);

interface UnnamedOrder {
  readonly input: UnnamedInput;
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

/** The verdict by the scheme that the request shows. Throws INPUT_INVALID where no such scheme takes the options. */
export const verifyUnnamedTask = task('verifyUnnamed', ({ input, options }: UnnamedOrder) => verifyRecognised(input, options));
