import { when, type Lines } from '../code-text.ts';
import { comparesText, type SnippetRecipe } from '../recipe.ts';

/** Text in single quotes. */
export function quote(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** Lines that check whether a candidate is the MAC of `signed` by the key `secret`. */
export function compareMac(recipe: SnippetRecipe, lead: string): Lines {
  return [
    `const expected = ${lead === '' ? '' : `${quote(lead)} + `}${macExpression(recipe)};`,
    'return signatures.some((candidate) => isSame(candidate, expected));',
  ];
}

/** Lines that check whether a candidate verifies over `signed` with the public key `secret`. */
export function compareKey(recipe: SnippetRecipe, lead: string): Lines {
  const { proof } = recipe;
  if (proof.kind === 'mac' || proof.kind === 'token') return [];
  const digits = lead === '' ? 'candidate' : `candidate.slice(${lead.length})`;
  const isPair = proof.kind === 'ecdsa-p256' && proof.form === 'pair';
  const key = isPair ? `{ key, dsaEncoding: 'ieee-p1363' }` : 'key';
  const hash = proof.kind === 'ed25519' ? 'null' : `'sha256'`;
  return [
    `const key = ${keyExpression(recipe)};`,
    `return signatures.some((candidate) => verify(${hash}, signed, ${key}, Buffer.from(${digits}, ${quote(proof.encoding)})));`,
  ];
}

/** The MAC of `signed` by `secret`, as text in the encoding of the scheme. */
export function macExpression({ proof }: SnippetRecipe): string {
  if (proof.kind !== 'mac') return '';
  const key = {
    text: 'secret',
    whsec: `Buffer.from(secret.replace(/^whsec_/, ''), 'base64')`,
    base64: `Buffer.from(secret, 'base64')`,
    hex: `Buffer.from(secret, 'hex')`,
  }[proof.secret];
  const start = proof.isKeyed ? `createHmac(${quote(proof.hash)}, ${key})` : `createHash(${quote(proof.hash)}).update(${key})`;
  return `${start}.update(signed).digest(${quote(proof.encoding)})`;
}

function keyExpression({ proof }: SnippetRecipe): string {
  switch (proof.kind) {
    case 'ed25519': {
      if (proof.key === 'pem') return 'createPublicKey(secret)';
      const bytes = {
        hex: `Buffer.from(secret, 'hex')`,
        base64: `Buffer.from(secret, 'base64')`,
        whpk: `Buffer.from(secret.replace(/^whpk_/, ''), 'base64')`,
      }[proof.key];
      return `createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: ${bytes}.toString('base64url') }, format: 'jwk' })`;
    }
    case 'ecdsa-p256':
      return {
        spki: `createPublicKey({ key: Buffer.from(secret, 'base64'), format: 'der', type: 'spki' })`,
        pem: 'createPublicKey(secret)',
        jwk: `createPublicKey({ key: JSON.parse(secret), format: 'jwk' })`,
      }[proof.key];
    case 'rsa-certificate':
      return `new X509Certificate(secret).publicKey`;
    case 'mac':
    case 'token':
      return 'secret';
  }
}

/** Functions that the steps call. */
export function nodeHelpers(recipe: SnippetRecipe, isReadingFields: boolean, isReadingJson: boolean): Lines {
  return [
    when(
      comparesText(recipe),
      '',
      `/** Compares without telling by its duration where two texts differ. */`,
      `function isSame(left, right) {`,
      `  const [one, other] = [Buffer.from(left), Buffer.from(right)];`,
      `  return one.length === other.length && timingSafeEqual(one, other);`,
      `}`,
    ),
    when(
      isReadingFields,
      '',
      `/** Each name of the form with each of its values, names and values sorted and each once. */`,
      `function sortedFields(body) {`,
      `  const fields = new URLSearchParams(body.toString());`,
      `  const names = [...new Set(fields.keys())].sort();`,
      `  return names.flatMap((name) => [...new Set(fields.getAll(name))].sort().map((value) => name + value)).join('');`,
      `}`,
    ),
    when(
      isReadingJson,
      '',
      `/** The object in these bytes, or an empty one. */`,
      `function objectIn(bytes) {`,
      `  try {`,
      `    return JSON.parse(bytes.toString()) ?? {};`,
      `  } catch {`,
      `    return {};`,
      `  }`,
      `}`,
    ),
  ];
}
