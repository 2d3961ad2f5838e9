import { createHash, sign as signBytes, timingSafeEqual, verify as verifyBytes, type KeyObject } from 'node:crypto';
import { plaid as provider } from '#shared/providers/plaid.ts';
import { invalid } from '../base/refusal.ts';
import { decodeSignatureText } from './encoding.ts';
import { readHeader } from './header-values.ts';
import type { JsonObject } from './json-body.ts';
import { p256FromRandom, privatePem, readPairKey, type PairKey } from './key-text.ts';
import type { Obstacle } from './verification/findings.ts';
import { utf8 } from './verification/mac-proof.ts';
import { toleranceOf } from './options.ts';
import { problemOf, type Proof } from './verification/proof.ts';
import { type Reading, emptyReading, findHeaders, malformed } from './verification/reading.ts';
import { verifyBy } from './verification/verify-by.ts';
import { codeInfo } from './scheme-info.ts';
import type { Scheme, VerifyInput } from './scheme.ts';
import { aroundNow, judgeTime } from './verification/time-window.ts';
import { readTokenPart, signedToken, writeTokenPart } from './token-parts.ts';

const header = 'Plaid-Verification';
const { toleranceSeconds } = provider.schemes.plaid;
const p1363 = 'ieee-p1363';

const proof: Proof<PairKey> = {
  scheme: 'plaid',
  words: { key: 'public key', signed: ['the token'], timestamp: 'iat in the token' },
  keyOf: (text) => readPairKey(text, ['p256']),
  read,
  isMadeBy: (key, { signature, signed }) => verifyBytes('sha256', signed.bytes, { key: key.publicKey, dsaEncoding: p1363 }, signature),
};

/** Plaid: a JWT signed with ES256 that carries the SHA-256 of the body. */
export const plaid: Scheme = {
  id: 'plaid',
  info: codeInfo('plaid'),
  checkSecret: (secret) => problemOf(readPairKey(secret, ['p256'])),
  makeSecret: (random) => privatePem(privateOf(p256FromRandom(random))),
  publicKeyOf: (secret) => {
    const result = readPairKey(secret, ['p256']);
    return 'key' in result ? JSON.stringify(jwkOf(result.key)) : null;
  },
  sign: ({ secrets, nowMs, body }) => {
    const [secret] = secrets;
    if (secret === undefined) throw invalid('secrets', 'Give a private key to sign with.');
    const result = readPairKey(secret, ['p256']);
    if ('problem' in result) throw invalid('secrets.0', result.problem);
    const { privateKey } = result.key;
    if (privateKey === null)
      throw invalid('secrets.0', 'This is a public key, which can only verify. Give the private key of the pair to sign with.');
    const head = writeTokenPart({ alg: 'ES256', kid: jwkOf(result.key).kid, typ: 'JWT' });
    const claims = writeTokenPart({ iat: Math.floor(nowMs / 1000), request_body_sha256: hexSha256(body) });
    const signed = signedToken(head, claims);
    const signature = signBytes('sha256', signed.bytes, { key: privateKey, dsaEncoding: p1363 });
    return { headers: [[header, `${head}.${claims}.${signature.toString('base64url')}`]], signed };
  },
  verify: (input) => verifyBy(proof, input),
};

function read(input: VerifyInput): Reading {
  const text = readHeader(input.headers, header)?.text ?? '';
  const reading = emptyReading(findHeaders(input.headers, [header]));
  if (text === '') return reading;
  const [head = '', claims = '', signature = '', ...more] = text.split('.');
  const headObject = readTokenPart(head);
  const claimsObject = readTokenPart(claims);
  const bytes = decodeSignatureText(signature, 'base64url');
  if (headObject === null || claimsObject === null || more.length > 0) {
    return { ...reading, trouble: malformed(header, text, 'it is not a JWT, three parts of base64url with points between them') };
  }
  // Before any key is used: a token may not choose how it is checked.
  if (headObject['alg'] !== 'ES256') {
    const message = `The token says alg ${JSON.stringify(headObject['alg'] ?? null)}, but Plaid signs with ES256 only, so it is refused without a look at the key.`;
    return { ...reading, trouble: { kind: 'refused', reason: 'algorithm_refused', message } };
  }
  if (Object.hasOwn(headObject, 'crit')) {
    const message = 'The header of the token has crit: it names rules that must be understood, and Plaid writes none, so it is refused.';
    return { ...reading, trouble: { kind: 'refused', reason: 'algorithm_refused', message } };
  }
  if ('problem' in bytes || bytes.bytes.byteLength !== 64) {
    return { ...reading, trouble: malformed(header, text, 'its signature is not 64 bytes of base64url') };
  }
  return {
    ...reading,
    timestamp: timeOf(input, claimsObject),
    candidates: [{ text, signature: bytes.bytes, signed: signedToken(head, claims) }],
    obstacles: bodyObstacles(input.body, claimsObject),
    next: [
      'Fetch the key by the kid of the token from Plaid, keep it, and stop using it once it has an expired_at.',
      'Refuse a token that was seen before: it can be replayed with the same body within the 5 minutes.',
    ],
  };
}

function timeOf(input: VerifyInput, claims: JsonObject): Reading['timestamp'] {
  const value = claims['iat'];
  if (typeof value !== 'number')
    return {
      kind: 'malformed',
      message: `iat in the token is ${JSON.stringify(value ?? null)}, but must be a number of seconds since 1970`,
    };
  return judgeTime(
    { name: 'iat in the token', text: String(value), unit: 's' },
    aroundNow(toleranceOf(input.options, toleranceSeconds)),
    input.nowMs,
  );
}

function bodyObstacles(body: Uint8Array, claims: JsonObject): readonly Obstacle[] {
  const given = claims['request_body_sha256'];
  const expected = hexSha256(body);
  const isSame = typeof given === 'string' && /^[0-9a-f]{64}$/.test(given) && timingSafeEqual(utf8(given), utf8(expected));
  if (isSame) return [];
  const what =
    typeof given === 'string'
      ? 'is not the SHA-256 of the body, so the body is not the one that was signed'
      : 'is missing in the token, so nothing says which body was signed';
  return [{ reason: 'digest_mismatch', message: `request_body_sha256 ${what}.` }];
}

function hexSha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The public half as Plaid hands it out; a key that names no id gets its thumbprint (RFC 7638) for one. */
function jwkOf(key: PairKey) {
  const { crv, kty, x, y } = key.publicKey.export({ format: 'jwk' });
  const thumbprint = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  return { alg: 'ES256', crv, kid: key.keyId ?? thumbprint, kty, use: 'sig', x, y };
}

function privateOf(key: PairKey): KeyObject {
  if (key.privateKey === null) throw new TypeError('A key that was just made has no private half.');
  return key.privateKey;
}
