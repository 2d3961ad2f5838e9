import type { SignatureEvidence } from '#shared/contract/evidence.ts';
import { encodeBytes } from '../signing/encoding.ts';
import type { Signed } from '../signing/scheme.ts';

/**
 * A signature as the log keeps it. The signed bytes hold the body, which the log has already, so only what stands
 * before and after it is kept; `whole` is for schemes that sign something else.
 */
export interface SignatureRecord extends Omit<SignatureEvidence, 'signedBase64'> {
  readonly framing: { readonly beforeBase64: string; readonly afterBase64: string } | { readonly wholeBase64: string };
}

/** What the log keeps of a signature: all but the body, and never the secret. */
export function packSignature(
  scheme: string,
  { headers, signed: { bytes, parts } }: Signed,
  fingerprints: readonly string[],
): SignatureRecord {
  const evidence = { scheme, parts: [...parts], headers: [...headers], secretFingerprints: [...fingerprints] };
  const [body, ...others] = parts.filter((part) => part.name === 'body');
  if (body === undefined || others.length > 0) return { ...evidence, framing: { wholeBase64: encodeBytes(bytes, 'base64') } };
  const beforeBase64 = encodeBytes(bytes.subarray(0, body.start), 'base64');
  const afterBase64 = encodeBytes(bytes.subarray(body.end), 'base64');
  return { ...evidence, framing: { beforeBase64, afterBase64 } };
}

/** Puts the body back. */
export function unpackSignature(record: SignatureRecord, body: Uint8Array): SignatureEvidence {
  const { framing, ...rest } = record;
  if ('wholeBase64' in framing) return { ...rest, signedBase64: framing.wholeBase64 };
  const signed = Buffer.concat([Buffer.from(framing.beforeBase64, 'base64'), body, Buffer.from(framing.afterBase64, 'base64')]);
  return { ...rest, signedBase64: signed.toString('base64') };
}
