import { providerSchemeIds, schemeFacts } from '../contract/scheme-facts.ts';
import type { BodyMark, HeaderMark } from '../providers/shapes/mark.ts';

/** How to recognise a scheme in a request. */
export interface SchemeMark extends HeaderMark {
  readonly id: string;
}

/** What each scheme looks for, in the order in which they are named where confidence is equal. */
export const schemeMarks: readonly SchemeMark[] = providerSchemeIds.flatMap((id) => schemeFacts[id].marks.map((mark) => ({ id, ...mark })));

/** How to recognise a scheme in the body of a request. */
export interface SchemeBodyMark extends BodyMark {
  readonly id: string;
}

/** Schemes whose signature is in the body. */
export const bodyMarks: readonly SchemeBodyMark[] = providerSchemeIds.flatMap((id) => {
  const { bodyMark } = schemeFacts[id];
  return bodyMark === undefined ? [] : [{ id, ...bodyMark }];
});

/** Senders that sign in the body, and whose signature cannot be checked here. */
export const uncheckedBodyMarks: readonly SchemeBodyMark[] = [
  {
    id: 'aws-sns',
    hint: /"SigningCertURL"/i,
    holds: (body) => ['Signature', 'SignatureVersion'].every((name) => typeof body[name] === 'string'),
    because:
      'The body holds Signature, SignatureVersion and SigningCertURL, as Amazon SNS sends them: an RSA signature over fields of the body, to be checked with the certificate at that URL, which must be one of amazonaws.com.',
  },
  {
    id: 'paddle-classic',
    hint: /p_signature/,
    holds: (body) => typeof body['p_signature'] === 'string' && typeof body['alert_name'] === 'string',
    because:
      'The body holds p_signature, as Paddle Classic sends it: an RSA signature with SHA-1 over the other fields as PHP serializes them, to be checked with the public key of the account.',
  },
];

/** Senders that sign in a header or the URL, and whose signature cannot be checked here. */
export const uncheckedHeaderMarks: readonly {
  readonly id: string;
  readonly header: string;
  readonly value: RegExp;
  /** What the URL holds where the signature stands there. */
  readonly inUrl: RegExp;
  readonly because: string;
}[] = [
  {
    id: 'aws-sigv4',
    header: 'Authorization',
    value: /^AWS4-(?:HMAC|ECDSA-P256)-SHA256\s/i,
    inUrl: /[?&]X-Amz-Algorithm=AWS4-/i,
    because:
      'It is signed by AWS Signature Version 4: over a canonical form of the request, with a key that is made from the secret access key, the date, the region and the service.',
  },
];
