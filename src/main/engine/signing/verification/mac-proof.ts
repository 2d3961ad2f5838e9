import { Buffer } from 'node:buffer';
import { createHash, createHmac, createSecretKey } from 'node:crypto';
import type { SchemeId } from '#shared/contract/signing.ts';
import { invalid } from '../../base/refusal.ts';
import { decodeSignatureText, encodeBytes } from '../encoding.ts';
import type { FindingWords } from './findings.ts';
import { problemOf, type KeyOr, type Proof, type ProofLibrary } from './proof.ts';
import type { Reading } from './reading.ts';
import { verifyBy } from './verify-by.ts';
import type { Scheme, Signed, SignedString, SignInput, VerifyInput } from '../scheme.ts';
import { encodedKey } from '../secret.ts';
import { remarksOnKey } from '../secret-wrapper.ts';
import { macBytes, type HashName } from '../signature-form.ts';

/** How a scheme with a shared secret makes one signature of a signed string. */
export interface MacForm {
  readonly hash: HashName;
  /** `hash-of-both` is the plain hash of secret and signed string, as older schemes use it. */
  readonly kind: 'hmac' | 'hash-of-both';
  readonly encoding: 'hex' | 'base64';
}

/** The definition of a scheme whose MAC covers more than headers and body, or is not in a single header. */
export interface MacProofRecipe {
  readonly scheme: SchemeId;
  readonly info: Omit<Scheme['info'], 'keyKind'>;
  readonly form: MacForm;
  readonly words: Omit<FindingWords, 'key'>;
  /** UTF-8 of the text unless a scheme says otherwise. */
  readonly keyOf?: (secret: string) => KeyOr<Uint8Array>;
  /** Lower-case hex of 32 random bytes unless a scheme says otherwise. */
  readonly makeSecret?: (random: Uint8Array) => string;
  readonly read: (input: VerifyInput, form: MacForm) => Reading;
  /** Builds the signed string and signs it, with the first secret or the one of an index. */
  readonly sign: (input: SignInput, mac: (signed: SignedString, secret?: number) => string) => Signed;
  readonly needsAll?: boolean;
  readonly library?: ProofLibrary;
}

/** A scheme with shared secrets. */
export function createMacProofScheme(recipe: MacProofRecipe): Scheme {
  const { form } = recipe;
  const keyOf = recipe.keyOf ?? ((secret: string): KeyOr<Uint8Array> => encodedKey(secret, 'utf8'));
  const remarksOn = (secret: string) => remarksOnKey(secret, keyOf(secret));
  const proof: Proof<Uint8Array> = {
    scheme: recipe.scheme,
    words: { ...recipe.words, key: 'secret' },
    keyOf,
    read: (input) => recipe.read(input, form),
    remarksOn,
    expected: { of: (key, signed) => macOf(form, key, signed), write: (mac) => encodeBytes(mac, form.encoding) },
    ...(recipe.needsAll === undefined ? {} : { needsAll: recipe.needsAll }),
    ...(recipe.library === undefined ? {} : { library: recipe.library }),
  };
  return {
    id: recipe.scheme,
    info: { ...recipe.info, keyKind: 'shared' },
    checkSecret: (secret) => problemOf(keyOf(secret)),
    remarksOn,
    makeSecret: recipe.makeSecret ?? ((random) => encodeBytes(random, 'hex')),
    sign: (input) => {
      const keys = input.secrets.map((secret, index) => {
        const result = keyOf(secret);
        if ('problem' in result) throw invalid(`secrets.${index}`, result.problem);
        return result.key;
      });
      return recipe.sign(input, (signed, secret = 0) => {
        const key = keys[secret];
        if (key === undefined) throw invalid('secrets', 'Give a secret to sign with.');
        return encodeBytes(macOf(form, key, signed), form.encoding);
      });
    },
    verify: (input) => verifyBy(proof, input),
  };
}

function macOf(form: MacForm, key: Uint8Array, signed: SignedString): Uint8Array {
  if (form.kind === 'hash-of-both') return createHash(form.hash).update(key).update(signed.bytes).digest();
  return createHmac(form.hash, createSecretKey(key)).update(signed.bytes).digest();
}

/** The bytes of one signature's text, or a clause that says why it cannot be decoded. */
export function readMac(form: MacForm, text: string): { readonly bytes: Uint8Array } | { readonly problem: string } {
  const decoded = decodeSignatureText(text, form.encoding);
  if ('problem' in decoded) return decoded;
  const wanted = macBytes[form.hash];
  const got = decoded.bytes.byteLength;
  if (got === wanted) return decoded;
  return { problem: `it is ${got} bytes long, but ${form.hash.toUpperCase()} gives ${wanted}` };
}

/** Text as bytes in UTF-8. */
export function utf8(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

/** The value of a header as bytes: one for each code point, or UTF-8 for text that no header can hold. */
export function headerBytes(text: string): Uint8Array {
  return Buffer.from(text, /[\u0100-\uffff]/.test(text) ? 'utf8' : 'latin1');
}
