import { encodeBytes, decodeSignatureText } from './encoding.ts';
import { macBytes, signByRecipe, type MacRecipe } from './mac-recipe.ts';
import { verifyByRecipe } from './mac-verify.ts';
import type { Scheme } from './scheme.ts';
import { encodedKey } from './secret.ts';

const prefix = 'sha256=';

const recipe: MacRecipe = {
  scheme: 'github-sha256',
  hash: 'sha256',
  signatureHeader: 'X-Hub-Signature-256',
  idHeader: null,
  timestamp: null,
  pattern: '{body}',
  keyOf: (secret) => encodedKey(secret, 'utf8'),
  secretWarning: () => null,
  readSignatures: (text) => {
    if (!text.startsWith(prefix)) return [{ kind: 'malformed', text, why: `it does not begin with ${prefix}` }];
    const decoded = decodeSignatureText(text.slice(prefix.length), 'hex');
    if ('problem' in decoded) return [{ kind: 'malformed', text, why: decoded.problem }];
    const bytes = decoded.bytes.byteLength;
    if (bytes !== macBytes.sha256)
      return [{ kind: 'malformed', text, why: `it is ${bytes} bytes long, but HMAC-SHA256 gives ${macBytes.sha256}` }];
    return [{ kind: 'usable', text, mac: decoded.bytes }];
  },
  writeSignature: (mac) => `${prefix}${encodeBytes(mac, 'hex')}`,
  separator: null,
  next: ['Refuse an X-GitHub-Delivery that was handled before: nothing that is signed says when the request was made.'],
};

/** GitHub's `X-Hub-Signature-256`: HMAC-SHA256 over the body. */
export const githubSha256: Scheme = {
  id: recipe.scheme,
  info: {
    title: 'GitHub',
    description: 'HMAC-SHA256 over the body, in hex.',
    headers: ['X-Hub-Signature-256'],
    algorithm: 'HMAC-SHA256',
    secretHint: 'Any text',
    allowsSeveralSecrets: false,
    toleranceSeconds: null,
    source: 'https://github.com/github/docs/blob/main/content/webhooks/using-webhooks/validating-webhook-deliveries.md',
    asOf: '2026-11-20',
    checked: 'vendor library',
    documentation: 'https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries',
    pitfall: 'With the content type of forms, the whole form is signed as it was sent (payload=…), not the JSON in it.',
    libraryNote: '@octokit/webhooks-methods takes text only and refuses an empty body.',
  },
  checkSecret: (secret) => (secret === '' ? 'The secret is empty.' : null),
  makeSecret: (random) => encodeBytes(random, 'hex'),
  sign: (input) => signByRecipe(recipe, input),
  verify: (input) => verifyByRecipe(recipe, input),
};
