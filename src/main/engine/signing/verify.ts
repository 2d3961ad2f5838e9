import type { Verification } from '#shared/contract/verifying.ts';
import { schemeOf } from './registry.ts';
import type { VerifyInput } from './scheme.ts';
import { withoutSecrets } from './unshown-secrets.ts';

/** The verdict on a request by the scheme that its options name. Pure; it never throws on what a request holds. */
export function verifyRequest(input: VerifyInput): Verification {
  const verdict = schemeOf(input.options.scheme).verify(input);
  return withoutSecrets(verdict.reason === 'signature_mismatch' ? withOtherProtocol(verdict, input) : verdict, input);
}

/** Parts of a signed string that hold the scheme of the URL. */
const urlParts: ReadonlySet<string> = new Set(['url', '@target-uri', '@scheme']);

/** Checks whether the signature would match for https instead of http, or the other way round: a proxy removed or added TLS. */
function withOtherProtocol(verdict: Verification, input: VerifyInput): Verification {
  const given = /^(https?):\/\//i.exec(input.url ?? '')?.[1]?.toLowerCase();
  if (given === undefined || !verdict.parts.some(({ name }) => urlParts.has(name))) return verdict;
  const signed = given === 'http' ? 'https' : 'http';
  const url = `${signed}${(input.url ?? '').slice(given.length)}`;
  if (schemeOf(input.options.scheme).verify({ ...input, url }).matchedSignature === null) return verdict;
  return {
    ...verdict,
    message: `The signature does not match for ${given}://, but does for ${signed}://: the sender called ${signed}, and a proxy before the receiver changed that. Body and secret are right. Put the URL together as the sender called it, with ${signed}:// (a proxy often tells it in X-Forwarded-Proto).`,
  };
}
