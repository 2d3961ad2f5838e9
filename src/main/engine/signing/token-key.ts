import { createHmac, createSecretKey, sign as signBytes, verify as verifyBytes } from 'node:crypto';
import type { CustomOptions } from '#shared/contract/signing.ts';
import { readPairKey, type PairKey } from './key-text.ts';
import { isSameMac } from './mac-recipe.ts';
import { encodedKey } from './secret.ts';
import type { KeyOr } from './verification/proof.ts';

/** What a token is signed with: the hash of an HMAC, or one of two kinds of key pairs. */
export type TokenAlgorithm = CustomOptions['algorithm'];

/** The key of a token: a shared one, or one of a pair. */
export type TokenKey = { readonly kind: 'shared'; readonly key: Uint8Array } | { readonly kind: 'pair'; readonly pair: PairKey };

/** Whether tokens are signed with a private key. */
export function isPairAlgorithm(algorithm: TokenAlgorithm): algorithm is 'es256' | 'rs256' {
  return algorithm === 'es256' || algorithm === 'rs256';
}

/** The name of an algorithm as `alg` of a token has it. */
export function tokenAlgorithmName(algorithm: TokenAlgorithm): string {
  return isPairAlgorithm(algorithm) ? algorithm.toUpperCase() : `HS${algorithm.slice('sha'.length)}`;
}

/** The key of a secret's text. */
export function readTokenKey(algorithm: TokenAlgorithm, secretEncoding: CustomOptions['secretEncoding'], secret: string): KeyOr<TokenKey> {
  if (!isPairAlgorithm(algorithm)) {
    const result = encodedKey(secret, secretEncoding);
    return 'problem' in result ? result : { key: { kind: 'shared', key: result.key } };
  }
  const result = readPairKey(secret, [algorithm === 'es256' ? 'p256' : 'rsa']);
  if ('problem' in result) return result;
  // Such a key may not sign in the older way, which RS256 is.
  if (result.key.publicKey.asymmetricKeyType === 'rsa-pss')
    return { problem: 'The key is an RSA-PSS key, but RS256 signs with a plain RSA key: make one with openssl genrsa.' };
  return { key: { kind: 'pair', pair: result.key } };
}

/** The MAC of a shared key; null for a pair, whose signatures differ each time or need the private half. */
export function tokenMac(algorithm: TokenAlgorithm, key: TokenKey, bytes: Uint8Array): Uint8Array | null {
  if (key.kind === 'pair') return null;
  return createHmac(isPairAlgorithm(algorithm) ? 'sha256' : algorithm, createSecretKey(key.key))
    .update(bytes)
    .digest();
}

/** The signature over a token; null for a key that is only public. */
export function signTokenBytes(algorithm: TokenAlgorithm, key: TokenKey, bytes: Uint8Array): Uint8Array | null {
  if (key.kind === 'shared') return tokenMac(algorithm, key, bytes);
  const { privateKey } = key.pair;
  return privateKey === null ? null : signBytes('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' });
}

/** Whether a signature over a token is the key's. */
export function isTokenSignature(algorithm: TokenAlgorithm, key: TokenKey, bytes: Uint8Array, signature: Uint8Array): boolean {
  if (key.kind === 'pair') return verifyBytes('sha256', bytes, { key: key.pair.publicKey, dsaEncoding: 'ieee-p1363' }, signature);
  const own = tokenMac(algorithm, key, bytes);
  return own !== null && isSameMac(own, signature);
}

/** A clause on why bytes cannot be a signature of this algorithm, or null. */
export function signatureSizeProblem(algorithm: TokenAlgorithm, bytes: number): string | null {
  if (algorithm === 'rs256') return bytes >= 128 && bytes <= 1024 ? null : 'its signature is not one of RSA in base64url';
  const wanted = { sha1: 20, sha256: 32, sha384: 48, sha512: 64, es256: 64 }[algorithm];
  return bytes === wanted ? null : `its signature is not ${wanted} bytes of base64url`;
}
