import { constants, createHmac, createSecretKey, sign as signBytes, verify as verifyBytes, type KeyObject } from 'node:crypto';
import { decodeKeyBase64 } from '../encoding.ts';
import { readPairKey, typeOf, type PairKey } from '../key-text.ts';
import { isSameMac } from '../mac-recipe.ts';
import type { KeyOr } from '../verification/proof.ts';

/** A key of HTTP Message Signatures: a shared one, or one of a pair. */
export type MessageKey = { readonly kind: 'shared'; readonly key: Uint8Array } | { readonly kind: 'pair'; readonly pair: PairKey };

/** Reads a key: PEM or JWK for a pair, and base64 for a shared secret. */
export function readMessageKey(text: string): KeyOr<MessageKey> {
  if (/^\s*(\{|-----BEGIN)/.test(text)) {
    const result = readPairKey(text, ['ed25519', 'p256', 'p384', 'rsa']);
    return 'problem' in result ? result : { key: { kind: 'pair', pair: result.key } };
  }
  const decoded = decodeKeyBase64(text.trim());
  if ('bytes' in decoded) return { key: { kind: 'shared', key: decoded.bytes } };
  return { problem: `The secret is neither base64 of a shared key nor a key as PEM or JWK: ${decoded.problem}. Copy it again, whole.` };
}

/** The algorithms that a key may be used with, the usual one first. */
export function algorithmsOf(key: MessageKey): readonly string[] {
  if (key.kind === 'shared') return ['hmac-sha256'];
  switch (typeOf(key.pair.publicKey)) {
    case 'ed25519':
      return ['ed25519'];
    case 'p256':
      return ['ecdsa-p256-sha256'];
    case 'p384':
      return ['ecdsa-p384-sha384'];
    case 'rsa':
      return ['rsa-pss-sha512', 'rsa-v1_5-sha256'];
    case null:
      return [];
  }
}

/** Signs with the key's usual algorithm; null for a public key. */
export function signMessage(key: MessageKey, bytes: Uint8Array): Uint8Array | null {
  if (key.kind === 'shared') return hmac(key.key, bytes);
  const [algorithm = ''] = algorithmsOf(key);
  if (key.pair.privateKey === null) return null;
  return signBytes(hashOf(algorithm), bytes, optionsOf(algorithm, key.pair.privateKey));
}

/** Whether a signature is the key's over these bytes, by an algorithm that the key allows. */
export function isMessageSignature(key: MessageKey, algorithm: string, bytes: Uint8Array, signature: Uint8Array): boolean {
  if (key.kind === 'shared') return isSameMac(hmac(key.key, bytes), signature);
  return verifyBytes(hashOf(algorithm), bytes, optionsOf(algorithm, key.pair.publicKey), signature);
}

function hmac(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return createHmac('sha256', createSecretKey(key)).update(bytes).digest();
}

function hashOf(algorithm: string): string | null {
  return algorithm === 'ed25519' ? null : algorithm.replace(/^.*-/, '');
}

function optionsOf(algorithm: string, key: KeyObject) {
  if (algorithm.startsWith('ecdsa-')) return { key, dsaEncoding: 'ieee-p1363' as const };
  if (algorithm === 'rsa-pss-sha512') return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 };
  return { key };
}
