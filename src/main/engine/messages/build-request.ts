import type { HeaderField } from '#shared/contract/common.ts';
import type { SignatureEvidence } from '#shared/contract/evidence.ts';
import { extraHeaders, type EndpointConfig } from '../endpoints/config.ts';
import type { WireRequest } from '../dispatch/sender.types.ts';
import { schemeOf } from '../signing/registry.ts';
import { fingerprintOf } from '../signing/secret.ts';
import type { Signed } from '../signing/scheme.ts';

/** Sent with every request unless the endpoint's own headers say otherwise. */
const userAgent = 'Hookyard/0.1';

type Target = Pick<EndpointConfig, 'method' | 'url' | 'contentType' | 'headers' | 'secretHeaders' | 'signing'>;

export interface BuiltRequest {
  readonly request: WireRequest;
  readonly signed: Signed | null;
  readonly fingerprints: readonly string[];
}

/**
 * The request of one attempt: body as rendered, content type and user agent, the endpoint's headers in their order,
 * then the signature over exactly these bytes. The same function serves preview and sending, so they cannot differ.
 */
export function buildRequest(
  target: Target,
  message: { readonly id: string; readonly body: Uint8Array; readonly nowMs: number; readonly secrets: readonly string[] },
): BuiltRequest {
  // A GET carries no body, so that is also what gets signed.
  const body = target.method === 'GET' ? new Uint8Array() : message.body;
  const signed = sign(target, { ...message, body });
  const own = extraHeaders(target);
  const standing: readonly HeaderField[] = [
    ...(body.byteLength > 0 ? [['Content-Type', target.contentType] as const] : []),
    ['User-Agent', userAgent],
  ].map(([name, value]) => [name, value]);
  const signature = signed?.headers ?? [];
  const headers = [...without(standing, own, signature), ...without(own, signature), ...signature];
  return {
    // Some schemes put the signature into the body, or a digest of the body into the URL.
    request: { method: target.method, url: signed?.url ?? target.url, headers, body: signed?.body ?? body },
    signed,
    fingerprints: signed === null ? [] : message.secrets.map(fingerprintOf),
  };
}

function sign(
  target: Target,
  message: { readonly id: string; readonly body: Uint8Array; readonly nowMs: number; readonly secrets: readonly string[] },
): Signed | null {
  if (target.signing === null) return null;
  return schemeOf(target.signing.scheme).sign({
    options: target.signing,
    secrets: message.secrets,
    id: message.id,
    nowMs: message.nowMs,
    method: target.method,
    url: target.url,
    body: message.body,
  });
}

/** Fields that none of the later lists sets again. */
function without(fields: readonly HeaderField[], ...later: readonly (readonly HeaderField[])[]): readonly HeaderField[] {
  const taken = new Set(later.flat().map(([name]) => name.toLowerCase()));
  return fields.filter(([name]) => !taken.has(name.toLowerCase()));
}

/** What to keep or show of a signature: the signed bytes with their parts, and never the secret. */
export function toEvidence(scheme: string, signed: Signed, fingerprints: readonly string[]): SignatureEvidence {
  return {
    scheme,
    signedBase64: Buffer.from(signed.signed.bytes).toString('base64'),
    parts: signed.signed.parts.map((part) => ({ ...part })),
    headers: signed.headers.map(([name, value]) => [name, value]),
    secretFingerprints: [...fingerprints],
  };
}
