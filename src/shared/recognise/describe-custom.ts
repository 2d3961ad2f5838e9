import { isSameHeader } from '../text/headers.ts';
import type { CustomOptions } from '../contract/signing.ts';

/** A custom scheme in one line: `X-Signature: t=<timestamp>,v1=<hex of HMAC-SHA256 over {timestamp}.{body}>`. */
export function describeCustom(options: CustomOptions): string {
  const { header, prefix, algorithm, encoding, signedContent, separator, timestampHeader, timestampPrefix, digestClaim } = options;
  if (encoding === 'jwt') {
    const claim = digestClaim === null ? '' : ` with the SHA-256 of the body in ${digestClaim}`;
    return `${header}: ${prefix}<JWT signed with HS${algorithm.slice('sha'.length)}${claim}>`;
  }
  const isTimeInside = timestampHeader !== null && isSameHeader(timestampHeader, header);
  const time = isTimeInside ? `${timestampPrefix}<timestamp>${separator ?? ','}` : '';
  return `${header}: ${time}${prefix}<${encoding} of HMAC-${algorithm.toUpperCase()} over ${signedContent}>`;
}
