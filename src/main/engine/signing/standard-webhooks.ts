import type { Signing } from '#shared/contract/signing.ts';
import { decodeSignatureText, encodeBytes } from './encoding.ts';
import { macBytes, signByRecipe, type MacRecipe, type ReadSignature } from './mac-recipe.ts';
import { verifyByRecipe } from './mac-verify.ts';
import type { Scheme } from './scheme.ts';
import { whsecKey, whsecSizeWarning, whsecText } from './secret.ts';

const toleranceSeconds = 300;

const recipe: MacRecipe = {
  scheme: 'standard-webhooks',
  hash: 'sha256',
  signatureHeader: 'webhook-signature',
  idHeader: 'webhook-id',
  timestamp: { header: 'webhook-timestamp', unit: 's', toleranceSeconds },
  pattern: '{id}.{timestamp}.{body}',
  keyOf: whsecKey,
  secretWarning: whsecSizeWarning,
  readSignatures: (value) =>
    value
      .split(' ')
      .filter((entry) => entry !== '')
      .map(readEntry),
  writeSignature: (mac) => `v1,${encodeBytes(mac, 'base64')}`,
  separator: ' ',
  next: ['Refuse a webhook-id that was handled before: a retry carries the same id, and so does a replay within the 5 minutes.'],
};

/** Reads one `v1,<base64>`. A comma at its end is what joining two header lines leaves behind. */
function readEntry(entry: string): ReadSignature {
  const text = entry.replace(/(,.+),$/, '$1');
  const comma = text.indexOf(',');
  if (comma === -1) return { kind: 'malformed', text, why: 'it is not a version, a comma and the signature, such as v1,<base64>' };
  const version = text.slice(0, comma);
  if (version !== 'v1') return { kind: 'other', text, why: otherVersion(version) };
  const decoded = decodeSignatureText(text.slice(comma + 1), 'base64');
  if ('problem' in decoded) return { kind: 'malformed', text, why: decoded.problem };
  const bytes = decoded.bytes.byteLength;
  if (bytes !== macBytes.sha256)
    return { kind: 'malformed', text, why: `it is ${bytes} bytes long, but HMAC-SHA256 gives ${macBytes.sha256}` };
  return { kind: 'usable', text, mac: decoded.bytes };
}

function otherVersion(version: string): string {
  if (version === 'v1a') return 'v1a signatures are checked with a public key, and this scheme checks v1';
  return 'this scheme checks v1 signatures only';
}

/** Standard Webhooks v1: HMAC-SHA256 over id, timestamp and body, with one signature for each secret. */
export const standardWebhooks: Scheme = {
  id: recipe.scheme,
  info: {
    title: 'Standard Webhooks',
    description: 'HMAC-SHA256 over the message id, the timestamp and the body, with several signatures while a secret is being rotated.',
    headers: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
    algorithm: 'HMAC-SHA256',
    secretHint: 'whsec_ and base64 of 24 to 64 bytes',
    allowsSeveralSecrets: true,
    toleranceSeconds,
    source: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
    asOf: '2026-11-20',
    checked: 'vendor library',
    documentation: 'https://www.standardwebhooks.com/',
    libraryNote: 'The library standardwebhooks refuses a body that is not valid UTF-8, though the signature over its bytes is right.',
    pitfall:
      'Verify the bytes as received: a body that was parsed and written again no longer matches. The secret is base64 after whsec_, not text.',
  },
  checkSecret: (secret) => problemOf(whsecKey(secret)),
  makeSecret: whsecText,
  sign: (input) => signByRecipe(recipe, input),
  verify: (input) => verifyByRecipe(recipeOf(input.options), input),
};

/** The recipe with the tolerance that the options ask for. */
function recipeOf(options: Signing): MacRecipe {
  const asked = 'toleranceSeconds' in options ? options.toleranceSeconds : undefined;
  if (asked === undefined || recipe.timestamp === null) return recipe;
  return { ...recipe, timestamp: { ...recipe.timestamp, toleranceSeconds: asked } };
}

function problemOf(result: ReturnType<typeof whsecKey>): string | null {
  return 'problem' in result ? result.problem : null;
}
