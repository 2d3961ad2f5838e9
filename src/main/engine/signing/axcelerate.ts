import { createHash, createHmac } from 'node:crypto';
import type { Verification } from '#shared/contract/verifying.ts';
import { listed, readHeader } from './header-values.ts';
import { isSameMac } from './mac-recipe.ts';
import type { Scheme, VerifyInput } from './scheme.ts';

const signatureHeader = 'Ax-Signature';
const versionHeader = 'Ax-Signature-Version';

/**
 * aXcelerate on top of its recipe: version 0 with an empty signature is how it sends without a key, and since the recipe is
 * not confirmed, a mismatch says which of the other documented recipes fits.
 */
export function withAxcelerateRules(scheme: Scheme): Scheme {
  return {
    ...scheme,
    verify: (input) => {
      const signature = readHeader(input.headers, signatureHeader)?.text ?? '';
      const version = readHeader(input.headers, versionHeader)?.text ?? '';
      const verification = scheme.verify(input);
      if (version === '0' && signature === '') return asUnsigned(verification);
      if (verification.verdict !== 'invalid') return verification;
      const fitting = fittingRecipes(signature, input);
      if (fitting.length === 0) return verification;
      return {
        ...verification,
        message: `${verification.message} It does match ${listed(fitting, 'and')}: tell the sender which one it uses.`,
      };
    },
  };
}

function asUnsigned(verification: Verification): Verification {
  return {
    ...verification,
    verdict: 'unsigned',
    reason: 'header_missing',
    message: `The request is not signed: ${versionHeader} is 0 and ${signatureHeader} is empty, as aXcelerate sends it where no private key is set. Set one there.`,
    next: [],
  };
}

/** All recipes, including the scheme's own, by their descriptions; each computes the bytes of a signature. */
const otherRecipes: readonly {
  readonly name: string;
  readonly encoding: 'hex' | 'base64';
  readonly mac: (key: string, body: Uint8Array) => Uint8Array;
}[] = [
  { name: 'the base64 of the HMAC-SHA256', encoding: 'base64', mac: (key, body) => createHmac('sha256', key).update(body).digest() },
  {
    name: 'the hex of SHA-256 over body and key',
    encoding: 'hex',
    mac: (key, body) => createHash('sha256').update(body).update(key).digest(),
  },
  {
    name: 'the hex of SHA-256 over key and body',
    encoding: 'hex',
    mac: (key, body) => createHash('sha256').update(key).update(body).digest(),
  },
  {
    name: 'the base64 of SHA-256 over body and key',
    encoding: 'base64',
    mac: (key, body) => createHash('sha256').update(body).update(key).digest(),
  },
  {
    name: 'the base64 of SHA-256 over key and body',
    encoding: 'base64',
    mac: (key, body) => createHash('sha256').update(key).update(body).digest(),
  },
];

function fittingRecipes(signature: string, { secrets, body }: VerifyInput): readonly string[] {
  return otherRecipes
    .filter(({ encoding, mac }) => secrets.some((secret) => isSameMac(Buffer.from(signature, encoding), mac(secret, body))))
    .map(({ name }) => name);
}
