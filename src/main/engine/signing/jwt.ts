import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { CustomOptions, SchemeId } from '#shared/contract/signing.ts';
import type { Verification } from '#shared/contract/verifying.ts';
import { invalid } from '../base/refusal.ts';
import { decodeSignatureText, encodeBytes } from './encoding.ts';
import { quoted, readHeader } from './header-values.ts';
import type { JsonObject } from './json-body.ts';
import type { Obstacle } from './verification/findings.ts';
import type { KeyReport } from './verification/proof.ts';
import { type Reading, emptyReading, findHeaders, malformed } from './verification/reading.ts';
import { verifyBy } from './verification/verify-by.ts';
import type { Signed, SignedString, SignInput, VerifyInput } from './scheme.ts';
import { encodedKey } from './secret.ts';
import { remarksOnKey } from './secret-wrapper.ts';
import { macBytes } from './signature-form.ts';
import { aroundNow, judgeTime } from './verification/time-window.ts';
import { durationInWords } from './timestamp.ts';
import { readTokenPart, signedToken, writeTokenPart } from './token-parts.ts';

/** How such a token is signed and what it contains; the options of a custom scheme fit this too. */
export interface JwtRules extends Pick<CustomOptions, 'header' | 'prefix' | 'algorithm' | 'secretEncoding' | 'digestClaim'> {
  readonly scheme: SchemeId;
  /** Null where the sender sets no limit. */
  readonly toleranceSeconds: number | null;
  /** The required value of the claim `iss`; absent when any is allowed. */
  readonly issuer?: string;
}

/** Verifies a JWT that is signed with a shared secret, and the hash of the body in it where the options name its claim. */
export function verifyJwt(options: JwtRules, input: VerifyInput): Verification {
  const keyOf = (secret: string) => encodedKey(secret, options.secretEncoding);
  return verifyBy(
    {
      scheme: options.scheme,
      words: { key: 'secret', signed: ['the token'], timestamp: 'iat in the token' },
      keyOf,
      read: () => read(options, input),
      remarksOn: (secret) => remarksOnKey(secret, keyOf(secret)),
      expected: { of: (key, signed) => macOf(options, key, signed), write: (mac) => encodeBytes(mac, 'base64url') },
      ...(options.digestClaim === null ? { keyReport: () => bodylessReport } : {}),
    },
    input,
  );
}

const bodylessReport: KeyReport = {
  obstacles: [],
  note: 'The token does not cover the body: whoever changes the body on the way is not noticed.',
  next: [],
};

/** Signs as such a sender does: a token with its time, and the hash of the body in the claim that the options name. */
export function signJwt(options: JwtRules, { secrets: [secret], nowMs, body }: SignInput): Signed {
  if (secret === undefined) throw invalid('secrets', 'Give a secret to sign with.');
  const result = encodedKey(secret, options.secretEncoding);
  if ('problem' in result) throw invalid('secrets.0', result.problem);
  const digest = options.digestClaim === null ? {} : { [options.digestClaim]: createHash('sha256').update(body).digest('hex') };
  const head = writeTokenPart({ alg: algorithmOf(options), typ: 'JWT' });
  const claims = writeTokenPart(
    options.issuer === undefined ? { iat: Math.floor(nowMs / 1000), ...digest } : { iss: options.issuer, ...digest },
  );
  const signed = signedToken(head, claims);
  const signature = encodeBytes(macOf(options, result.key, signed), 'base64url');
  return { headers: [[options.header, `${options.prefix}${head}.${claims}.${signature}`]], signed };
}

function algorithmOf({ algorithm }: JwtRules): string {
  return `HS${algorithm.slice('sha'.length)}`;
}

function macOf({ algorithm }: JwtRules, key: Uint8Array, signed: SignedString): Uint8Array {
  return createHmac(algorithm, key).update(signed.bytes).digest();
}

function read(options: JwtRules, input: VerifyInput): Reading {
  const { header, prefix, digestClaim } = options;
  const value = readHeader(input.headers, header)?.text ?? '';
  const reading = emptyReading(findHeaders(input.headers, [header]));
  if (value === '') return reading;
  if (!value.startsWith(prefix)) return { ...reading, trouble: malformed(header, value, `it does not begin with ${quoted(prefix)}`) };
  const text = value.slice(prefix.length);
  const [head = '', claims = '', signature = '', ...more] = text.split('.');
  const headObject = readTokenPart(head);
  const claimsObject = readTokenPart(claims);
  if (headObject === null || claimsObject === null || more.length > 0)
    return { ...reading, trouble: malformed(header, text, 'it is not a JWT, three parts of base64url with points between them') };
  // Before the secret is used: a token may not choose how it is checked.
  if (headObject['alg'] !== algorithmOf(options)) {
    const message = `The token says alg ${quoted(String(headObject['alg'] ?? 'nothing'))}, but ${algorithmOf(options)} is what is checked here, so it is refused without a look at the secret.`;
    return { ...reading, trouble: { kind: 'refused', reason: 'algorithm_refused', message } };
  }
  const mac = decodeSignatureText(signature, 'base64url');
  if ('problem' in mac || mac.bytes.byteLength !== macBytes[options.algorithm])
    return { ...reading, trouble: malformed(header, text, `its signature is not ${macBytes[options.algorithm]} bytes of base64url`) };
  return {
    ...reading,
    timestamp: timeOf(options, claimsObject, input.nowMs),
    candidates: [{ text, signature: mac.bytes, signed: signedToken(head, claims) }],
    obstacles: [
      ...issuerObstacles(options, claimsObject),
      ...validityObstacles(claimsObject, input.nowMs),
      ...(digestClaim === null ? [] : digestObstacles(digestClaim, claimsObject, input.body)),
    ],
    next: ['Refuse a token that was seen before: it can be replayed until it expires, or for ever where it has no exp.'],
  };
}

/** A token with an expiry may be of any age. */
function timeOf({ toleranceSeconds }: JwtRules, { iat, exp }: JsonObject, nowMs: number): Reading['timestamp'] {
  if (iat === undefined) return null;
  if (typeof iat !== 'number')
    return { kind: 'malformed', message: `iat in the token is ${quoted(JSON.stringify(iat))}, but must be a number of seconds since 1970` };
  const window = aroundNow(toleranceSeconds);
  return judgeTime(
    { name: 'iat in the token', text: String(Math.floor(iat)), unit: 's' },
    exp === undefined ? window : { ...window, pastSeconds: null },
    nowMs,
  );
}

function issuerObstacles({ issuer }: JwtRules, { iss }: JsonObject): readonly Obstacle[] {
  if (issuer === undefined || iss === issuer) return [];
  const message = `iss in the token is ${iss === undefined ? 'missing' : quoted(String(iss))}, and this sender writes ${issuer}, so somebody else's token came with this secret.`;
  return [{ reason: 'algorithm_refused', message }];
}

function validityObstacles({ exp, nbf }: JsonObject, nowMs: number): readonly Obstacle[] {
  const now = nowMs / 1000;
  return [
    ...(typeof exp === 'number' && exp <= now
      ? [{ reason: 'expired', message: `The token counted until ${durationInWords(now - exp)} ago, by its claim exp.` } as const]
      : []),
    ...(typeof nbf === 'number' && nbf > now
      ? [
          {
            reason: 'timestamp_future',
            message: `The token counts from ${durationInWords(nbf - now)} from now on, by its claim nbf.`,
          } as const,
        ]
      : []),
  ];
}

function digestObstacles(claim: string, claims: JsonObject, body: Uint8Array): readonly Obstacle[] {
  const given = claims[claim];
  if (typeof given !== 'string')
    return [{ reason: 'digest_mismatch', message: `${claim} is missing in the token, so nothing says which body was signed.` }];
  const digest = createHash('sha256').update(body).digest();
  const isSame = (['hex', 'base64', 'base64url'] as const).some((encoding) => {
    const decoded = decodeSignatureText(given, encoding);
    return 'bytes' in decoded && decoded.bytes.byteLength === digest.byteLength && timingSafeEqual(decoded.bytes, digest);
  });
  return isSame
    ? []
    : [
        {
          reason: 'digest_mismatch',
          message: `${claim} in the token is not the SHA-256 of the body, so the body is not the one that was signed.`,
        },
      ];
}
