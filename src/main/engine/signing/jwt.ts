import { createHash, timingSafeEqual } from 'node:crypto';
import type { CustomOptions, SchemeId } from '#shared/contract/signing.ts';
import type { Verification } from '#shared/contract/verifying.ts';
import { invalid } from '../base/refusal.ts';
import { claimObstacles, doClaimsCoverBody, shown } from './claim-check.ts';
import { claimsOf, type ClaimValues } from './claims.ts';
import { decodeSignatureText, encodeBytes } from './encoding.ts';
import { quoted, readHeader } from './header-values.ts';
import type { JsonObject } from './json-body.ts';
import type { HeaderFindings, Obstacle, Trouble } from './verification/findings.ts';
import type { KeyReport } from './verification/proof.ts';
import { type Reading, emptyReading, findHeaders, malformed } from './verification/reading.ts';
import { verifyBy } from './verification/verify-by.ts';
import type { SignedString, SignInput, VerifyInput } from './scheme.ts';
import { remarksOnKey } from './secret-wrapper.ts';
import { aroundNow, judgeTime } from './verification/time-window.ts';
import { durationInWords, timestampText } from './timestamp.ts';
import {
  isPairAlgorithm,
  isTokenSignature,
  readTokenKey,
  signatureSizeProblem,
  signTokenBytes,
  tokenAlgorithmName,
  tokenMac,
} from './token-key.ts';
import { readTokenPart, signedToken, writeTokenPart } from './token-parts.ts';

/** How such a token is signed and what it contains; the options of a custom scheme fit this too. */
export interface JwtRules extends Pick<
  CustomOptions,
  'algorithm' | 'secretEncoding' | 'digestClaim' | 'claims' | 'keyId' | 'timestampUnit'
> {
  readonly scheme: SchemeId;
  /** Null where the sender sets no limit. */
  readonly toleranceSeconds: number | null;
  /** The required value of the claim `iss`; absent when any is allowed. */
  readonly issuer?: string;
}

/** Where a request carries a token, and the token. */
export interface TokenPlace {
  /** What sentences call it, such as the name of a header. */
  readonly name: string;
  /** Whether it is one of several places that are not all headers. */
  readonly isInRequest: boolean;
  readonly findings: HeaderFindings;
  /** Null where there is none, or where `trouble` says why it cannot be read. */
  readonly text: string | null;
  readonly trouble: Trouble | null;
  readonly obstacles: readonly Obstacle[];
  readonly unknown: readonly string[];
}

/** A token as the value of a header, after a prefix. */
export function tokenInHeader(header: string, prefix: string, { headers }: Pick<VerifyInput, 'headers'>): TokenPlace {
  const value = readHeader(headers, header)?.text ?? '';
  const isReadable = value.startsWith(prefix);
  return {
    name: header,
    isInRequest: false,
    findings: findHeaders(headers, [header]),
    text: value === '' || !isReadable ? null : value.slice(prefix.length),
    trouble: value === '' || isReadable ? null : malformed(header, value, `it does not begin with ${quoted(prefix)}`),
    obstacles: [],
    unknown: [],
  };
}

/** Verifies a JWT, and what its claims say of the request where the options name them. */
export function verifyJwt(rules: JwtRules, input: VerifyInput, place: TokenPlace): Verification {
  const { algorithm, secretEncoding } = rules;
  const keyOf = (secret: string) => readTokenKey(algorithm, secretEncoding, secret);
  const isPair = isPairAlgorithm(algorithm);
  return verifyBy(
    {
      scheme: rules.scheme,
      words: {
        key: isPair ? 'public key' : 'secret',
        signed: ['the token'],
        timestamp: 'iat in the token',
        ...(place.isInRequest ? { place: 'request' as const } : {}),
      },
      keyOf,
      read: () => read(rules, input, place),
      ...(isPair
        ? {}
        : {
            remarksOn: (secret: string) => {
              const result = keyOf(secret);
              return remarksOnKey(secret, 'key' in result && result.key.kind === 'shared' ? { key: result.key.key } : { problem: '' });
            },
          }),
      isMadeBy: (key, { signature, signed }) => isTokenSignature(algorithm, key, signed.bytes, signature),
      expected: { of: (key, signed) => tokenMac(algorithm, key, signed.bytes), write: (mac) => encodeBytes(mac, 'base64url') },
      ...(coversBody(rules) ? {} : { keyReport: () => bodylessReport }),
    },
    input,
  );
}

function coversBody({ digestClaim, claims }: JwtRules): boolean {
  return digestClaim !== null || (claims !== null && doClaimsCoverBody(claims));
}

const bodylessReport: KeyReport = {
  obstacles: [],
  note: 'The token does not cover the body: whoever changes the body on the way is not noticed.',
  next: [],
};

/** A token as such a sender makes it: its time, and the hash of the body in the claim that the options name, or the claims that they describe. */
export function makeToken(
  rules: JwtRules,
  { secrets: [secret], nowMs, id, method, url, body }: Omit<SignInput, 'options'>,
): { readonly token: string; readonly signed: SignedString } {
  const isPair = isPairAlgorithm(rules.algorithm);
  if (secret === undefined) throw invalid('secrets', isPair ? 'Give a private key to sign with.' : 'Give a secret to sign with.');
  const result = readTokenKey(rules.algorithm, rules.secretEncoding, secret);
  if ('problem' in result) throw invalid('secrets.0', result.problem);
  const timestamp = timestampText(nowMs, rules.timestampUnit);
  const values = { id, timestamp, method: method || null, url: url || null, body, key_id: rules.keyId };
  const head = writeTokenPart({
    alg: tokenAlgorithmName(rules.algorithm),
    typ: 'JWT',
    ...(rules.keyId === null ? {} : { kid: rules.keyId }),
  });
  const claims = writeTokenPart(rules.claims === null ? usualClaims(rules, nowMs, body) : ownClaims(rules.claims, values));
  const signed = signedToken(head, claims);
  const signature = signTokenBytes(rules.algorithm, result.key, signed.bytes);
  if (signature === null)
    throw invalid('secrets.0', 'This is a public key, which can only verify. Give the private key of the pair to sign with.');
  return { token: `${head}.${claims}.${encodeBytes(signature, 'base64url')}`, signed };
}

function usualClaims({ digestClaim, issuer }: JwtRules, nowMs: number, body: Uint8Array): JsonObject {
  const digest = digestClaim === null ? {} : { [digestClaim]: createHash('sha256').update(body).digest('hex') };
  return issuer === undefined ? { iat: Math.floor(nowMs / 1000), ...digest } : { iss: issuer, ...digest };
}

function ownClaims(claims: string, values: ClaimValues): JsonObject {
  const made = claimsOf(claims, values);
  if (made === null) throw invalid('request', 'Give the method and the URL of the request, because the claims name them.');
  return made;
}

function read(rules: JwtRules, input: VerifyInput, place: TokenPlace): Reading {
  const { name, text } = place;
  const reading: Reading = { ...emptyReading(place.findings), trouble: place.trouble, unknown: place.unknown };
  if (text === null || text === '') return reading;
  const [head = '', claims = '', signature = '', ...more] = text.split('.', 4);
  const headObject = readTokenPart(head);
  const claimsObject = readTokenPart(claims);
  if (headObject === null || claimsObject === null || more.length > 0)
    return { ...reading, trouble: malformed(name, text, 'it is not a JWT, three parts of base64url with points between them') };
  // Before the secret is used: a token may not choose how it is checked.
  const algorithm = tokenAlgorithmName(rules.algorithm);
  if (headObject['alg'] !== algorithm) {
    const key = isPairAlgorithm(rules.algorithm) ? 'key' : 'secret';
    const message = `The token says alg ${quoted(String(headObject['alg'] ?? 'nothing'))}, but ${algorithm} is what is checked here, so it is refused without a look at the ${key}.`;
    return { ...reading, trouble: { kind: 'refused', reason: 'algorithm_refused', message } };
  }
  if (Object.hasOwn(headObject, 'crit')) {
    const message = 'The header of the token has crit: it names rules that must be understood, and none is known here, so it is refused.';
    return { ...reading, trouble: { kind: 'refused', reason: 'algorithm_refused', message } };
  }
  const bytes = decodeSignatureText(signature, 'base64url');
  const size = 'problem' in bytes ? bytes.problem : signatureSizeProblem(rules.algorithm, bytes.bytes.byteLength);
  if ('problem' in bytes || size !== null) return { ...reading, trouble: malformed(name, text, wrongSize(rules)) };
  return {
    ...reading,
    timestamp: timeOf(rules, claimsObject, input.nowMs),
    candidates: [{ text, signature: bytes.bytes, signed: signedToken(head, claims) }],
    obstacles: [
      ...issuerObstacles(rules, claimsObject),
      ...validityObstacles(claimsObject, input.nowMs),
      ...(rules.digestClaim === null ? [] : digestObstacles(rules.digestClaim, claimsObject, input.body)),
      ...(rules.claims === null || place.unknown.length > 0 ? [] : claimObstacles({ ...rules, claims: rules.claims }, claimsObject, input)),
      ...place.obstacles,
    ],
    next: ['Refuse a token that was seen before: it can be replayed until it expires, or for ever where it has no exp.'],
  };
}

function wrongSize({ algorithm }: JwtRules): string {
  return signatureSizeProblem(algorithm, 0) ?? 'its signature is not base64url';
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

function validityObstacles(claims: JsonObject, nowMs: number): readonly Obstacle[] {
  const { exp, nbf } = claims;
  const now = nowMs / 1000;
  return [
    ...(['exp', 'nbf'] as const).flatMap((name): readonly Obstacle[] => {
      if (!Object.hasOwn(claims, name) || Number.isFinite(claims[name])) return [];
      const message = `${name} in the token is ${shown(claims[name])}, but must be a number of seconds since 1970, so nothing says when the token counts.`;
      return [{ reason: 'timestamp_malformed', message }];
    }),
    ...(typeof exp === 'number' && exp <= now
      ? [{ reason: 'expired', message: `The token counted until ${durationInWords(now - exp)} ago, by its claim exp.` } as const]
      : []),
    ...(typeof nbf === 'number' && Number.isFinite(nbf) && nbf > now
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
