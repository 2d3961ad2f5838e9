import type { HeaderField } from '#shared/contract/common.ts';
import type { SignatureEvidence } from '#shared/contract/evidence.ts';
import { maskSecretHeaders, type EndpointConfig } from '../endpoints/config.ts';
import { encodeBytes } from '../signing/encoding.ts';
import type { Signed } from '../signing/scheme.ts';
import type { BuiltRequest } from './build-request.ts';

/**
 * A signature as the log keeps it. The signed bytes hold the body, which the log has already, so only what stands
 * before and after it is kept; `whole` is for schemes that sign something else.
 */
export interface SignatureRecord extends Omit<SignatureEvidence, 'signedBase64'> {
  readonly framing: { readonly beforeBase64: string; readonly afterBase64: string } | { readonly wholeBase64: string };
}

type Target = Pick<EndpointConfig, 'signing' | 'secretHeaders' | 'secrets'>;

/** What to show of a request's signature: the signed bytes with their parts, and never the secret; null for one that is not signed. */
export function toEvidence(target: Target, { signed, fingerprints }: BuiltRequest): SignatureEvidence | null {
  if (signed === null || target.signing === null) return null;
  return { ...withoutBytes(target.signing.scheme, target, signed, fingerprints), signedBase64: encodeBytes(signed.signed.bytes, 'base64') };
}

/** What the log keeps of a request's signature: what {@link toEvidence} shows, without the body. */
export function packSignature(target: Target, { signed, fingerprints }: BuiltRequest): SignatureRecord | null {
  if (signed === null || target.signing === null) return null;
  const record = withoutBytes(target.signing.scheme, target, signed, fingerprints);
  const { bytes, parts } = signed.signed;
  const [body, ...others] = parts.filter((part) => part.name === 'body');
  if (body === undefined || others.length > 0) return { ...record, framing: { wholeBase64: encodeBytes(bytes, 'base64') } };
  const beforeBase64 = encodeBytes(bytes.subarray(0, body.start), 'base64');
  const afterBase64 = encodeBytes(bytes.subarray(body.end), 'base64');
  return { ...record, framing: { beforeBase64, afterBase64 } };
}

/** What is told of a signature beside the bytes that were signed. */
function withoutBytes(scheme: string, target: Target, { headers, signed: { parts } }: Signed, fingerprints: readonly string[]) {
  return {
    scheme,
    parts: [...parts],
    headers: maskSecretHeaders(headers, target).map(([name, value]): HeaderField => [name, value]),
    secretFingerprints: [...fingerprints],
  };
}

/** Puts the body back. */
export function unpackSignature(record: SignatureRecord, body: Uint8Array): SignatureEvidence {
  const { framing, ...rest } = record;
  if ('wholeBase64' in framing) return { ...rest, signedBase64: framing.wholeBase64 };
  const signed = Buffer.concat([Buffer.from(framing.beforeBase64, 'base64'), body, Buffer.from(framing.afterBase64, 'base64')]);
  return { ...rest, signedBase64: signed.toString('base64') };
}
