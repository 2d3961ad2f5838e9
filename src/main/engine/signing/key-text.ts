import { Buffer } from 'node:buffer';
import { createHash, createPrivateKey, createPublicKey, createECDH, X509Certificate, type JsonWebKey, type KeyObject } from 'node:crypto';

/** A key as a scheme uses it: always the public half, and the private half and certificate if the text has them. */
export interface PairKey {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject | null;
  readonly certificate: X509Certificate | null;
  /** Id and algorithm that a JWK names. */
  readonly keyId: string | null;
  readonly algorithm: string | null;
}

export type PairKeyResult = { readonly key: PairKey } | { readonly problem: string };

/** The longest RSA key that signs: with it a signature takes some 30 ms, and eight times as long with one of twice as many bits. */
export const longestRsaBits = 8192;

/** Kinds of key that the schemes use, in the words of `node:crypto`. */
export type KeyType = 'ed25519' | 'p256' | 'p384' | 'rsa';

/** The kind of a key, or null for one that no scheme uses. */
export function typeOf(key: KeyObject): KeyType | null {
  switch (key.asymmetricKeyType) {
    case 'ed25519':
      return 'ed25519';
    case 'rsa':
    case 'rsa-pss':
      return 'rsa';
    case 'ec': {
      const curve = key.asymmetricKeyDetails?.namedCurve;
      return curve === 'prime256v1' ? 'p256' : curve === 'secp384r1' ? 'p384' : null;
    }
    default:
      return null;
  }
}

const typeNames: Readonly<Record<KeyType, string>> = { ed25519: 'Ed25519', p256: 'ECDSA P-256', p384: 'ECDSA P-384', rsa: 'RSA' };

/** The name of a kind of key as people know it. */
export function typeName(type: KeyType): string {
  return typeNames[type];
}

/**
 * Reads a key in PEM (PKCS#8, PKCS#1, SEC1, SPKI, certificate), as JWK JSON, or as base64 of SPKI or PKCS#8. The sentence of a
 * refusal never quotes the text, which may be a private key.
 */
export function readPairKey(text: string, wanted: readonly KeyType[]): PairKeyResult {
  const trimmed = withPemLines(text).trim();
  const names = wanted.map(typeName).join(' or ');
  const read = readAny(trimmed);
  if (read === null) return { problem: `The key cannot be read: give an ${names} key as PEM, JWK or base64 of DER, whole.` };
  const type = typeOf(read.publicKey);
  const { modulusLength = 0 } = read.publicKey.asymmetricKeyDetails ?? {};
  if (read.privateKey !== null && modulusLength > longestRsaBits)
    return {
      problem: `The RSA key has ${modulusLength.toLocaleString('en')} bits, and each signature with it would hold everything else up: use one of at most ${longestRsaBits.toLocaleString('en')}.`,
    };
  if (type !== null && wanted.includes(type)) return { key: read };
  return { problem: `The key is ${type === null ? 'of another kind' : `an ${typeName(type)} key`}, but this scheme uses ${names}.` };
}

/** PEM with its line breaks restored when a form or a shell removed them or wrote them as `\n`; other text as it is. */
export function withPemLines(text: string): string {
  return text.replaceAll(/-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \1-----/g, (whole, label: string, body: string) => {
    const base64 = body.replaceAll(/\\[nr]|\s/g, '');
    // Some PEM has headers before its base64, and those are lines.
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return whole;
    return `-----BEGIN ${label}-----\n${(base64.match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${label}-----\n`;
  });
}

function readAny(text: string): PairKey | null {
  try {
    if (text.startsWith('{')) return readJwk(JSON.parse(text) as JsonWebKey & { readonly kid?: unknown; readonly alg?: unknown });
    if (text.includes('-----BEGIN CERTIFICATE-----')) {
      const certificate = new X509Certificate(text);
      return { ...bare(certificate.publicKey), certificate };
    }
    if (text.startsWith('-----BEGIN')) return fromPem(text);
    const der = Buffer.from(text.replaceAll(/\s+/g, ''), 'base64');
    if (der.toString('base64').replace(/=+$/, '') !== text.replaceAll(/\s+/g, '').replace(/=+$/, '')) return null;
    return fromDer(der);
  } catch {
    // Anything that is not a key throws an error of OpenSSL or of JSON, which does not tell anybody what to change.
    return null;
  }
}

function readJwk(jwk: JsonWebKey & { readonly kid?: unknown; readonly alg?: unknown }): PairKey {
  const names = { keyId: typeof jwk.kid === 'string' ? jwk.kid : null, algorithm: typeof jwk.alg === 'string' ? jwk.alg : null };
  if (jwk.d !== undefined) return { ...fromPrivate(createPrivateKey({ key: jwk, format: 'jwk' })), ...names };
  return { ...bare(createPublicKey({ key: jwk, format: 'jwk' })), ...names };
}

function fromPem(text: string): PairKey {
  return /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text) ? fromPrivate(createPrivateKey(text)) : bare(createPublicKey(text));
}

function fromDer(der: Uint8Array): PairKey {
  const key = Buffer.from(der);
  try {
    return bare(createPublicKey({ key, format: 'der', type: 'spki' }));
  } catch {
    return fromPrivate(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
  }
}

function fromPrivate(privateKey: KeyObject): PairKey {
  return { ...bare(createPublicKey(privateKey)), privateKey };
}

function bare(publicKey: KeyObject): PairKey {
  return { publicKey, privateKey: null, certificate: null, keyId: null, algorithm: null };
}

/** A pair of an Ed25519 seed of 32 bytes. */
export function ed25519FromSeed(seed: Uint8Array): PairKey {
  // The PKCS#8 of an Ed25519 key is this fixed head and the seed (RFC 8410).
  const head = Buffer.from('302e020100300506032b657004220420', 'hex');
  return fromPrivate(createPrivateKey({ key: Buffer.concat([head, seed]), format: 'der', type: 'pkcs8' }));
}

/** The public half of an Ed25519 pair of its 32 bytes. */
export function ed25519FromPublic(bytes: Uint8Array): PairKey {
  const x = Buffer.from(bytes).toString('base64url');
  return bare(createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }));
}

/** The 32 bytes of an Ed25519 public key. */
export function ed25519PublicBytes(key: KeyObject): Uint8Array {
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
}

/** A P-256 pair from 32 random bytes. */
export function p256FromRandom(random: Uint8Array): PairKey {
  const ecdh = createECDH('prime256v1');
  let scalar = Buffer.from(random);
  // A scalar must lie between 1 and the order of the curve; random bytes miss that once in 2^32, zero bytes always.
  for (;;) {
    try {
      ecdh.setPrivateKey(scalar);
      break;
    } catch {
      scalar = createHash('sha256').update(scalar).digest();
    }
  }
  // 4, then x and y of 32 bytes each.
  const point = ecdh.getPublicKey();
  const part = (start: number) => point.subarray(start, start + 32).toString('base64url');
  const jwk = { kty: 'EC', crv: 'P-256', x: part(1), y: part(33), d: scalar.toString('base64url') };
  return fromPrivate(createPrivateKey({ key: jwk, format: 'jwk' }));
}

/** A private key as PEM of PKCS#8, the form in which Hookyard hands out and takes private keys. */
export function privatePem(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** A public key as PEM of SPKI. */
export function publicPem(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'spki' }).toString();
}

/** A public key as one line of base64 of SPKI. */
export function publicBase64(key: KeyObject): string {
  return key.export({ format: 'der', type: 'spki' }).toString('base64');
}
