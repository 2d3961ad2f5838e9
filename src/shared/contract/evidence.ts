import { z } from 'zod';
import { headerFields } from './common.ts';
import { deferrableText } from './deferred-text.ts';

/** A run of bytes in the signed string and what it is: `id`, `timestamp`, `body`, `separator` ... */
export const signedPart = z.strictObject({ name: z.string(), start: z.number().int(), end: z.number().int() });

/** The signature of a request: the exact bytes that were signed, and which run came from where. */
export const signatureEvidence = z.strictObject({
  scheme: z.string(),
  signedBase64: deferrableText,
  parts: z.array(signedPart),
  /** Headers that carry the signature, as sent. */
  headers: headerFields,
  secretFingerprints: z.array(z.string()),
});
export type SignatureEvidence = z.infer<typeof signatureEvidence>;
