import type { SignatureEvidence } from '#shared/contract/evidence.ts';

/**
 * A signature as the log keeps it. The signed bytes hold the body, which the log has already, so only what stands
 * before and after it is kept; `whole` is for schemes that sign something else.
 */
export interface SignatureRecord extends Omit<SignatureEvidence, 'signedBase64'> {
  readonly framing: { readonly beforeBase64: string; readonly afterBase64: string } | { readonly wholeBase64: string };
}

/** Takes the body out of the evidence. */
export function packSignature(evidence: SignatureEvidence): SignatureRecord {
  const { signedBase64, ...rest } = evidence;
  const bodies = rest.parts.filter((part) => part.name === 'body');
  const body = bodies[0];
  if (body === undefined || bodies.length > 1) return { ...rest, framing: { wholeBase64: signedBase64 } };
  const signed = Buffer.from(signedBase64, 'base64');
  const before = signed.subarray(0, body.start).toString('base64');
  const after = signed.subarray(body.end).toString('base64');
  return { ...rest, framing: { beforeBase64: before, afterBase64: after } };
}

/** Puts the body back. */
export function unpackSignature(record: SignatureRecord, body: Uint8Array): SignatureEvidence {
  const { framing, ...rest } = record;
  if ('wholeBase64' in framing) return { ...rest, signedBase64: framing.wholeBase64 };
  const signed = Buffer.concat([Buffer.from(framing.beforeBase64, 'base64'), body, Buffer.from(framing.afterBase64, 'base64')]);
  return { ...rest, signedBase64: signed.toString('base64') };
}
