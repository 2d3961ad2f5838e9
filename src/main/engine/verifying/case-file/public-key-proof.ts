import { Buffer } from 'node:buffer';
import { webcrypto } from 'node:crypto';
import { ed25519FromPublic, publicBase64, readPairKey, typeOf, type KeyType, type PairKey } from '../../signing/key-text.ts';
import { hexBytes } from '../../signing/public-key.ts';

/** What `crypto.subtle.verify` takes, in a browser as in Node. */
export interface SubtleAlgorithm {
  readonly name: 'Ed25519' | 'ECDSA' | 'RSASSA-PKCS1-v1_5' | 'RSA-PSS';
  readonly namedCurve?: 'P-256' | 'P-384';
  readonly hash?: 'SHA-256' | 'SHA-384' | 'SHA-512';
  readonly saltLength?: number;
}

/** A signature that anyone can check again with the public key. */
export interface PublicKeyProof {
  readonly algorithm: SubtleAlgorithm;
  readonly spkiBase64: string;
  /** As in the request. */
  readonly signature: string;
  /** As `crypto.subtle` takes it: ECDSA as r and s side by side. */
  readonly signatureBase64: string;
  readonly result: 'passed' | 'failed';
}

const algorithms: Readonly<Record<KeyType, readonly SubtleAlgorithm[]>> = {
  ed25519: [{ name: 'Ed25519' }],
  p256: [{ name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }],
  p384: [{ name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' }],
  rsa: [
    { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512' },
    { name: 'RSA-PSS', hash: 'SHA-512', saltLength: 64 },
    { name: 'RSA-PSS', hash: 'SHA-256', saltLength: 32 },
  ],
};

/** Checks each signature with each public key in a way that a page can repeat; texts that are not a key are left out. */
export async function proveByPublicKeys(
  publicKeys: readonly string[],
  signatures: readonly string[],
  signed: Uint8Array,
): Promise<readonly PublicKeyProof[]> {
  const proofs: PublicKeyProof[] = [];
  for (const text of publicKeys) {
    const key = readPublicKey(text);
    const type = key === null ? null : typeOf(key.publicKey);
    // `crypto.subtle` does not import keys that are bound to PSS by their own algorithm id.
    if (key === null || type === null || key.publicKey.asymmetricKeyType === 'rsa-pss') continue;
    for (const signature of signatures) {
      const bytes = signatureBytes(signature, type);
      if (bytes === null) continue;
      const spki = publicBase64(key.publicKey);
      const passing = await firstPassing(algorithms[type], { spki, bytes, signed });
      const algorithm = passing ?? algorithms[type][0];
      if (algorithm === undefined) continue;
      proofs.push({
        algorithm,
        spkiBase64: spki,
        signature,
        signatureBase64: Buffer.from(bytes).toString('base64'),
        result: passing === null ? 'failed' : 'passed',
      });
    }
  }
  return proofs;
}

interface ProofInput {
  readonly spki: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly signed: Uint8Array;
}

async function firstPassing(candidates: readonly SubtleAlgorithm[], { spki, bytes, signed }: ProofInput): Promise<SubtleAlgorithm | null> {
  for (const algorithm of candidates) {
    const key = await webcrypto.subtle.importKey('spki', Buffer.from(spki, 'base64'), algorithm, false, ['verify']);
    if (await webcrypto.subtle.verify(algorithm, key, bytes, Buffer.from(signed))) return algorithm;
  }
  return null;
}

function readPublicKey(text: string): PairKey | null {
  const raw = text.startsWith('whpk_') ? Buffer.from(text.slice(5), 'base64') : hexBytes(text, 32);
  if (raw !== null) return raw.byteLength === 32 ? ed25519FromPublic(raw) : null;
  const read = readPairKey(text, ['ed25519', 'p256', 'p384', 'rsa']);
  return 'key' in read ? read.key : null;
}

/** The bytes of a signature: the last long run of hex or base64 in its text. */
function signatureBytes(text: string, type: KeyType): Uint8Array<ArrayBuffer> | null {
  const run = text.match(/[A-Za-z0-9+/_-]{40,}={0,2}/g)?.at(-1);
  if (run === undefined) return null;
  const bytes = Buffer.from(run, /^(?:[0-9a-f]{2})+$/i.test(run) ? 'hex' : 'base64');
  const isEc = type === 'p256' || type === 'p384';
  const size = type === 'p384' ? 48 : 32;
  return Uint8Array.from(isEc && bytes.byteLength !== size * 2 ? (sideBySide(bytes, size) ?? bytes) : bytes);
}

/** ECDSA in DER (a sequence of two integers) as r and s of a fixed size, or null for anything else. */
function sideBySide(der: Uint8Array, size: number): Uint8Array | null {
  // Neither curve's signature is long enough for a length of more than one byte.
  if (der[0] !== 0x30 || der[1] !== der.byteLength - 2) return null;
  const r = integerAt(der, 2);
  const s = r === null ? null : integerAt(der, r.end);
  if (r === null || s === null || s.end !== der.byteLength || r.digits.byteLength > size || s.digits.byteLength > size) return null;
  const bytes = new Uint8Array(size * 2);
  bytes.set(r.digits, size - r.digits.byteLength);
  bytes.set(s.digits, size * 2 - s.digits.byteLength);
  return bytes;
}

function integerAt(der: Uint8Array, at: number): { readonly digits: Uint8Array; readonly end: number } | null {
  const length = der[at + 1];
  if (der[at] !== 0x02 || length === undefined || at + 2 + length > der.byteLength) return null;
  const end = at + 2 + length;
  let start = at + 2;
  while (start < end - 1 && der[start] === 0) start += 1;
  return { digits: der.subarray(start, end), end };
}
