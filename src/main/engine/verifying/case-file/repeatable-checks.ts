import { customHeaders } from '#shared/custom-headers.ts';
import { headerValue } from '#shared/text/headers.ts';
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { Signing } from '#shared/contract/signing.ts';
import type { Verification } from '#shared/contract/verifying.ts';
import type { Scheme, VerifyInput } from '../../signing/scheme.ts';
import type { CaseDocument, RepeatableCheck } from './case-document.ts';
import type { PublicKeyProof } from './public-key-proof.ts';

type Facts = CaseDocument['facts'];

/** Digest of bytes in lower-case hex. */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What a page needs to run the checks again, from a verification. */
export function factsOf(scheme: Scheme, input: VerifyInput, verification: Verification, proofs: readonly PublicKeyProof[]): Facts {
  const { timestampAgeSeconds } = verification;
  return {
    neededHeaders: neededHeaders(scheme, input, verification),
    timestamp:
      timestampAgeSeconds === null
        ? null
        : { atMs: signedAtMs(input.nowMs, timestampAgeSeconds), toleranceSeconds: toleranceOf(scheme, input.options) },
    proofs,
  };
}

/** Ages in whole seconds are those of timestamps in seconds, which are compared with the whole seconds of the clock. */
function signedAtMs(nowMs: number, ageSeconds: number): number {
  const clockMs = Number.isInteger(ageSeconds) ? Math.floor(nowMs / 1000) * 1000 : nowMs;
  return Math.round(clockMs - ageSeconds * 1000);
}

/** When the check of headers passed, absent headers of the scheme are not needed. */
function neededHeaders(scheme: Scheme, { options, headers }: VerifyInput, { checks }: Verification): readonly string[] {
  const names = options.scheme === 'custom' ? customHeaders(options).all : scheme.info.headers;
  const passed = checks.some(({ name, result }) => name === 'headers' && result === 'passed');
  return passed ? names.filter((name) => headerValue(headers, name) !== null) : names;
}

function toleranceOf(scheme: Scheme, options: Signing): number | null {
  return ('toleranceSeconds' in options ? options.toleranceSeconds : undefined) ?? scheme.info.toleranceSeconds;
}

/** Every check that needs no secret, with its result. `page-script.ts` runs the same checks again. */
export function repeatableChecks(input: VerifyInput, verification: Verification, facts: Facts): readonly RepeatableCheck[] {
  return [
    headersCheck(input, facts),
    ...timestampChecks(facts, verification),
    bodyCheck(input),
    ...contentLengthCheck(input),
    ...jsonCheck(input),
    ...contentDigestCheck(input),
    ...signedChecks(input, verification),
    ...publicKeyCheck(facts),
  ];
}

function headersCheck({ headers }: VerifyInput, { neededHeaders: needed }: Facts): RepeatableCheck {
  const missing = needed.filter((name) => headerValue(headers, name) === null);
  const detail = missing.length === 0 ? `All there: ${needed.join(', ') || 'none needed'}` : `Missing: ${missing.join(', ')}`;
  return { id: 'headers', title: 'Headers of the scheme', result: missing.length === 0 ? 'passed' : 'failed', detail };
}

function timestampChecks({ timestamp }: Facts, { timestampAgeSeconds: age }: Verification): readonly RepeatableCheck[] {
  if (timestamp === null || age === null) return [];
  const { toleranceSeconds } = timestamp;
  const isWithin = toleranceSeconds === null ? null : Math.abs(age) <= toleranceSeconds;
  const rounded = Math.floor(age);
  const spoken = rounded < 0 ? `${-rounded} s in the future` : `${rounded} s old`;
  return [
    {
      id: 'timestamp',
      title: 'Age by the stored clock',
      result: isWithin === null ? 'skipped' : isWithin ? 'passed' : 'failed',
      detail: toleranceSeconds === null ? `${spoken}; the scheme sets no limit` : `${spoken}; up to ${toleranceSeconds} s allowed`,
    },
    { id: 'timestamp-now', title: 'Age by the clock of now', result: 'skipped', detail: 'Differs each time' },
  ];
}

function bodyCheck({ body }: VerifyInput): RepeatableCheck {
  return { id: 'body', title: 'Body', result: 'passed', detail: `${body.byteLength} B, SHA-256 ${sha256Hex(body)}` };
}

function contentLengthCheck({ headers, body }: VerifyInput): readonly RepeatableCheck[] {
  const stated = headerValue(headers, 'content-length');
  if (stated === null) return [];
  const isSame = stated.trim() === String(body.byteLength);
  return [
    {
      id: 'content-length',
      title: 'Content-Length',
      result: isSame ? 'passed' : 'failed',
      detail: isSame ? `${body.byteLength}, as the body has` : `${stated.trim()}, but the body has ${body.byteLength}`,
    },
  ];
}

function jsonCheck({ headers, body }: VerifyInput): readonly RepeatableCheck[] {
  const isDeclared = /json/i.test(headerValue(headers, 'content-type') ?? '');
  const first = Buffer.from(body.subarray(0, 200)).toString('latin1').trimStart()[0] ?? '';
  if (!isDeclared && first !== '{' && first !== '[') return [];
  const isJson = parsesAsJson(body);
  return [{ id: 'json', title: 'Body is JSON', result: isJson ? 'passed' : 'failed', detail: isJson ? 'Yes' : 'No' }];
}

function parsesAsJson(body: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
    return true;
  } catch {
    // Not UTF-8, or not JSON: either way the answer is no.
    return false;
  }
}

function contentDigestCheck({ headers, body }: VerifyInput): readonly RepeatableCheck[] {
  const stated = headerValue(headers, 'content-digest');
  const entries = [...(stated ?? '').matchAll(/(sha-256|sha-512)=:([A-Za-z0-9+/=]+):/gi)];
  if (stated === null) return [];
  const wrong = entries.filter(([, name, value]) => {
    const hash = name?.toLowerCase() === 'sha-512' ? 'sha512' : 'sha256';
    return createHash(hash).update(body).digest('base64') !== value;
  });
  const isRight = entries.length > 0 && wrong.length === 0;
  const detail = entries.length === 0 ? 'No digest in it that can be read' : isRight ? 'That of the body' : 'Not that of the body';
  return [{ id: 'content-digest', title: 'Content-Digest', result: isRight ? 'passed' : 'failed', detail }];
}

function signedChecks({ body }: VerifyInput, { signedBase64, parts }: Verification): readonly RepeatableCheck[] {
  if (signedBase64 === null) return [];
  const signed = Buffer.from(signedBase64, 'base64');
  const bodyParts = parts.filter(({ name }) => name === 'body');
  const digest: RepeatableCheck = {
    id: 'signed',
    title: 'Signed string',
    result: 'passed',
    detail: `${signed.byteLength} B, SHA-256 ${sha256Hex(signed)}`,
  };
  if (bodyParts.length !== 1) return [digest];
  const isSame = bodyParts.every(({ start, end }) => signed.subarray(start, end).equals(body));
  const detail = isSame ? 'Byte for byte' : 'Not byte for byte';
  return [digest, { id: 'signed-body', title: 'Body in the signed string', result: isSame ? 'passed' : 'failed', detail }];
}

function publicKeyCheck({ proofs }: Facts): readonly RepeatableCheck[] {
  if (proofs.length === 0) return [];
  const passed = proofs.filter(({ result }) => result === 'passed').length;
  return [
    {
      id: 'public-key',
      title: 'Signature with the public key',
      result: passed > 0 ? 'passed' : 'failed',
      detail: `${passed} of ${proofs.length} ${proofs.length === 1 ? 'check' : 'checks'} passed`,
    },
  ];
}
