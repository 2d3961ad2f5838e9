import type { HeaderField } from '#shared/contract/common.ts';
import type { SignatureEvidence } from '#shared/contract/evidence.ts';
import { maskSecretHeaders } from '../endpoints/config.ts';
import { base64ForAnswer } from '../base/deferred-text.ts';
import { encodeBytes } from '../signing/encoding.ts';
import type { SignedPart, SignedString } from '../signing/scheme.ts';
import type { AuthenticatedTarget } from './authenticator.ts';
import type { BuiltRequest } from './build-request.ts';
import { withoutUrlSecrets } from './url-secrets.ts';

/**
 * A signature as the log keeps it: without what stands in the log already, and without names. Every attempt has one, and
 * whole it would be the largest thing about it.
 */
export type SignatureRecord = readonly [
  scheme: string,
  /** Alternating names and lengths when each part begins where the one before ends; otherwise the parts themselves. */
  parts: readonly (string | number)[] | readonly SignedPart[],
  /** Each as its index among the sent headers, or itself when it is not among them. */
  headers: readonly (number | HeaderField)[],
  secretFingerprints: readonly string[],
  /** Base64 of the signed bytes before the body and after it; or of all of them, when they do not contain the body exactly once. */
  ...framing: readonly [before: string, after: string] | readonly [whole: string],
];

/** The form in logs that were begun before the compact form existed. */
interface OlderRecord extends Omit<SignatureEvidence, 'signedBase64'> {
  readonly framing: { readonly beforeBase64: string; readonly afterBase64: string } | { readonly wholeBase64: string };
}

type Target = Pick<AuthenticatedTarget, 'signing' | 'secretHeaders' | 'secrets' | 'urlSecrets'>;

/** What to show of a request's signature: the signed bytes with their parts, and never the secret; null for one that is not signed. */
export function toEvidence(target: Target, { signed, fingerprints }: BuiltRequest): SignatureEvidence | null {
  if (signed === null || target.signing === null) return null;
  const { bytes, parts } = withoutUrlSecrets(signed.signed, target.urlSecrets);
  return {
    scheme: target.signing.scheme,
    parts: [...parts],
    headers: maskSecretHeaders(signed.headers, target).map(([name, value]): HeaderField => [name, value]),
    secretFingerprints: [...fingerprints],
    signedBase64: base64ForAnswer(bytes),
  };
}

/** What the log keeps of a request's signature besides the sent header fields, which usually contain the signature. */
export function packSignature(
  target: Target,
  { signed, fingerprints }: BuiltRequest,
  sent: readonly HeaderField[],
): SignatureRecord | null {
  if (signed === null || target.signing === null) return null;
  const headers = maskSecretHeaders(signed.headers, target).map((field) => placeOf(field, sent) ?? field);
  return [
    target.signing.scheme,
    packParts(signed.signed.parts),
    headers,
    fingerprints,
    ...framingOf(withoutUrlSecrets(signed.signed, target.urlSecrets)),
  ];
}

/** The header fields of a signature over the content of a request, by which it is known again; none for a token, and where there is no signature. */
export function signatureFields(record: SignatureRecord | OlderRecord | null, sent: readonly HeaderField[]): readonly HeaderField[] {
  if (record === null) return [];
  const [parts, headers] = 'framing' in record ? [record.parts, record.headers] : [record[1], record[2]];
  // A token is the same in every request.
  return parts.length === 0 ? [] : fieldsOf(headers, sent);
}

/** What {@link toEvidence} shows, from the log's record. */
export function unpackSignature(record: SignatureRecord | OlderRecord, sent: readonly HeaderField[], body: Uint8Array): SignatureEvidence {
  if ('framing' in record) {
    const { framing, ...rest } = record;
    const [before, after] = 'wholeBase64' in framing ? [framing.wholeBase64] : [framing.beforeBase64, framing.afterBase64];
    return { ...rest, signedBase64: signedBase64(before, after, body) };
  }
  const [scheme, parts, headers, secretFingerprints, before, after] = record;
  return {
    scheme,
    parts: unpackParts(parts),
    headers: fieldsOf(headers, sent),
    secretFingerprints: [...secretFingerprints],
    signedBase64: signedBase64(before, after, body),
  };
}

/** Fields of which some are given by their place among those sent. */
function fieldsOf(headers: readonly (number | HeaderField)[], sent: readonly HeaderField[]): HeaderField[] {
  return headers.flatMap((field) => (typeof field === 'number' ? (sent[field] === undefined ? [] : [sent[field]]) : [field]));
}

function placeOf([name, value]: HeaderField, sent: readonly HeaderField[]): number | null {
  const place = sent.findIndex(([otherName, otherValue]) => otherValue === value && otherName === name);
  return place < 0 ? null : place;
}

function packParts(parts: readonly SignedPart[]): SignatureRecord[1] {
  const packed: (string | number)[] = [];
  let at = 0;
  for (const { name, start, end } of parts) {
    if (start !== at) return parts;
    packed.push(name, end - start);
    at = end;
  }
  return packed;
}

function unpackParts(kept: SignatureRecord[1]): SignedPart[] {
  const parts: SignedPart[] = [];
  let name = '';
  let at = 0;
  for (const item of kept) {
    if (typeof item === 'object') parts.push(item);
    else if (typeof item === 'string') name = item;
    else parts.push({ name, start: at, end: (at += item) });
  }
  return parts;
}

function framingOf({ bytes, parts }: SignedString): readonly [before: string, after: string] | readonly [whole: string] {
  const [body, ...others] = parts.filter((part) => part.name === 'body');
  if (body === undefined || others.length > 0) return [encodeBytes(bytes, 'base64')];
  return [encodeBytes(bytes.subarray(0, body.start), 'base64'), encodeBytes(bytes.subarray(body.end), 'base64')];
}

/** Puts the body back; without an `after`, the first part is everything. */
function signedBase64(before: string, after: string | undefined, body: Uint8Array): string {
  if (after === undefined) return before;
  return base64ForAnswer(Buffer.from(before, 'base64'), body, Buffer.from(after, 'base64'));
}
