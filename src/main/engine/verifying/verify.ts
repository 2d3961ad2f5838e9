import type { Verification } from '#shared/contract/verifying.ts';
import { schemeOf } from '../signing/registry.ts';
import type { VerifyInput } from '../signing/scheme.ts';

/** The verdict on a request by the scheme that its options name. Pure; it never throws on what a request holds. */
export function verifyRequest(input: VerifyInput): Verification {
  return schemeOf(input.options.scheme).verify(input);
}
