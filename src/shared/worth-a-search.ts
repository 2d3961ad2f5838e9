import type { Verification, VerificationReason } from './contract/verifying.ts';

/** Reasons that another body can fix although the signature matches. */
const ofTheBody: ReadonlySet<VerificationReason> = new Set(['digest_mismatch', 'body_malformed']);

/**
 * Why a verdict needs no search for a cause, in a sentence; null if a search could find something. The window and the
 * command line both ask here, so that they search in the same cases.
 */
export function whyNoSearch({ verdict, reason, checks }: Verification, isAsked = false): string | null {
  if (verdict === 'valid') return 'The request is valid, so there is no cause to search for.';
  // A signature that nothing shows, such as one in the URL, may be that of a custom scheme.
  if ((reason === 'unknown' && !isAsked) || reason === 'scheme_unsupported')
    return 'No signature was found that can be computed here, so there is nothing to search for.';
  // A token can match and carry the digest of another body: then the search is for the body.
  const isMatched = checks.some(({ name, result }) => name === 'signature' && result === 'passed');
  return isMatched && !ofTheBody.has(reason)
    ? 'The signature matches as it is, so there is no cause to search for: the verdict says why the request is refused.'
    : null;
}
