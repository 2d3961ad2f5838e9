import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import type { Signing } from '#shared/contract/signing.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import type { KeyForm } from '#shared/contract/solver-fix.ts';
import { keyIn } from '#shared/secret-edits.ts';
import { Refusal } from '../../base/refusal.ts';
import { encodeBytes } from '../../signing/encoding.ts';
import type { HashName } from '../../signing/mac-recipe.ts';
import type { Scheme, Signed, SignInput } from '../../signing/scheme.ts';
import { keyForms } from './secret/secret-variants.ts';
import type { SignatureForm } from './signature/signature-tokens.ts';

/**
 * How a scheme makes its MAC, learnt by letting it sign a sample with a generated secret. So the search does not need to
 * know how schemes are implemented, and computes MACs without calling them.
 */
export interface LearntScheme {
  readonly hash: HashName;
  readonly keyForm: KeyForm;
  readonly signature: SignatureForm;
  /** The headers of the sample, in place of those that a request lacks. */
  readonly sampleHeaders: readonly HeaderField[];
}

const hashes: readonly HashName[] = ['sha256', 'sha1', 'sha512', 'sha384'];
const encodings = ['hex', 'base64', 'base64url'] as const;
const sampleKey = Uint8Array.from({ length: 32 }, (_, index) => (index * 37 + 11) % 256);

const sample: Omit<SignInput, 'options' | 'secrets'> = {
  id: 'msg_0sample0',
  nowMs: 1_700_000_000_000,
  method: 'POST',
  url: 'https://sample.invalid/hook?a=1',
  body: Buffer.from('{"sample":1}'),
};

/** Null for schemes that do not put a single HMAC over the signed string into a header, or that check more of the body than the HMAC covers. */
export function learnScheme(scheme: Scheme, options: Signing): LearntScheme | null {
  try {
    const secret = scheme.makeSecret(sampleKey, options);
    const signed = scheme.sign({ ...sample, options, secrets: [secret] });
    const learnt = learnFrom(secret, signed);
    return learnt !== null && isAllThatCounts(scheme, options, secret, signed) ? learnt : null;
  } catch (error) {
    // The scheme needs more than one secret to sign, such as two secrets or a key pair.
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** Whether another body fails by the signature alone, and not by a digest of the body beside it. */
function isAllThatCounts(scheme: Scheme, options: Signing, secret: string, { headers, url }: Signed): boolean {
  const body = Buffer.from('{"sample":2}');
  const { reason } = scheme.verify({ ...sample, options, secrets: [secret], headers, url: url ?? sample.url, body });
  return reason !== 'digest_mismatch';
}

function learnFrom(secret: string, { headers, signed }: Signed): LearntScheme | null {
  for (const keyForm of keyForms) {
    const key = keyIn(secret, keyForm);
    if (key === null) continue;
    for (const hash of hashes) {
      const mac = createHmac(hash, key).update(signed.bytes).digest();
      const signature = findMac(headers, mac);
      if (signature !== null) return { hash, keyForm, signature, sampleHeaders: headers };
    }
  }
  return null;
}

function findMac(headers: readonly HeaderField[], mac: Uint8Array): SignatureForm | null {
  for (const [name, value] of headers)
    for (const encoding of encodings) {
      const at = value.indexOf(encodeBytes(mac, encoding));
      if (at === -1) continue;
      const prefix = /(?:[A-Za-z][A-Za-z0-9_-]*[=:,])?$/.exec(value.slice(0, at))?.[0] ?? '';
      return { header: name.toLowerCase(), prefix, encoding };
    }
  return null;
}
