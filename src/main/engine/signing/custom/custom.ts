import { isSameHeader } from '#shared/text/headers.ts';
import { problemOf } from '../verification/proof.ts';
import type { CustomOptions, Signing } from '#shared/contract/signing.ts';
import { encodeBytes } from '../encoding.ts';
import { signByRecipe, type MacLayout, type MacRecipe } from '../mac-recipe.ts';
import { verifyByRecipe } from '../verification/mac-verify.ts';
import type { Scheme } from '../scheme.ts';
import { invalid } from '../../base/refusal.ts';
import { makeToken, tokenInHeader, verifyJwt } from '../jwt.ts';
import { p256FromRandom, privatePem, publicPem } from '../key-text.ts';
import { isPairAlgorithm, readTokenKey } from '../token-key.ts';
import { lacking, requestParts } from '../verification/reading.ts';
import { signByFields, verifyByFields } from './custom-fields.ts';
import { encodedKey } from '../secret.ts';
import { remarksOnKey } from '../secret-wrapper.ts';
import type { SignatureForm } from '../signature-form.ts';
import { remembered } from '../../base/remembered.ts';
import { placeholdersOf } from '../signed-string.ts';

/** A scheme that its options describe part by part, for providers and receivers of one's own. */
export const custom: Scheme = {
  id: 'custom',
  info: {
    title: 'Custom HMAC',
    description:
      'An HMAC or a JWT described by its parts: what is signed, the hash, and which headers, parameters of the URL or fields of a form carry it.',
    headers: ['X-Signature'],
    algorithm: 'HMAC-SHA1, -SHA256, -SHA384 or -SHA512; for a JWT also ES256 or RS256',
    secretHint: 'Text, base64 or hex, by the encoding of the secret that is chosen; a private key as PEM for ES256 and RS256',
    keyKind: 'either',
    allowsSeveralSecrets: false,
    toleranceSeconds: 300,
    source: null,
    asOf: null,
    checked: null,
    documentation: null,
    libraryNote: null,
    pitfall:
      'With the body alone signed, an old request can be replayed unchanged: sign a timestamp and an id too where the receiver can check them.',
  },
  checkSecret: (secret, options) => problemOf(keyOf(customOf(options), secret)),
  remarksOn: (secret, options) => {
    const result = keyOf(customOf(options), secret);
    return 'key' in result && result.key.kind === 'shared' ? remarksOnKey(secret, result.key) : [];
  },
  makeSecret: (random, options) => freshSecret(customOf(options), random),
  publicKeyOf: (secret, options) => {
    const result = keyOf(customOf(options), secret);
    return 'key' in result && result.key.kind === 'pair' ? publicPem(result.key.pair.publicKey) : null;
  },
  sign: (input) => {
    const options = customOf(input.options);
    if (options.fields.length > 0) return signByFields(options, input);
    if (options.encoding !== 'jwt') return signByRecipe(recipeOf(options), input);
    const { token, signed } = makeToken(options, input);
    return { headers: [[options.header, `${options.prefix}${token}`]], signed };
  },
  verify: (input) => {
    const options = customOf(input.options);
    if (options.fields.length > 0) return verifyByFields(options, input);
    if (options.encoding !== 'jwt') return verifyByRecipe(recipeOf(options), input);
    const place = tokenInHeader(options.header, options.prefix, input);
    return verifyJwt(options, input, { ...place, unknown: lacking(input, requestParts(placeholdersOf(options.claims ?? ''))) });
  },
};

function keyOf({ encoding, algorithm, secretEncoding }: CustomOptions, secret: string): ReturnType<typeof readTokenKey> {
  return readTokenKey(encoding === 'jwt' ? algorithm : 'sha256', secretEncoding, secret);
}

function freshSecret({ algorithm, secretEncoding }: CustomOptions, random: Uint8Array): string {
  if (algorithm === 'rs256')
    throw invalid('secret', 'Give an RSA private key as PEM, such as one of openssl genrsa 2048: none is made here for RS256.');
  const { privateKey } = p256FromRandom(random);
  if (algorithm === 'es256' && privateKey !== null) return privatePem(privateKey);
  return encodeBytes(random, secretEncoding === 'base64' ? 'base64' : 'hex');
}

/** The registry hands a scheme its own options; others are a bug of the caller. */
function customOf(options: Signing): CustomOptions {
  if (options.scheme !== 'custom') throw new TypeError(`The custom scheme was given options of ${options.scheme}.`);
  return options;
}

/** The layout of a request with these options; not for a JWT, which is not an HMAC over a pattern. */
export function layoutOf(options: CustomOptions): MacLayout {
  if (isPairAlgorithm(options.algorithm)) throw new TypeError('A signature of a key pair has no layout of an HMAC.');
  const { header, timestampHeader, timestampPrefix, timestampUnit, toleranceSeconds } = options;
  return {
    hash: options.algorithm,
    signatureHeader: header,
    form: formOf(options),
    idHeader: options.idHeader,
    timestamp:
      timestampHeader === null ? null : { header: timestampHeader, prefix: timestampPrefix, unit: timestampUnit, toleranceSeconds },
    pattern: options.signedContent,
  };
}

function formOf({ header, prefix, encoding, separator, timestampHeader, timestampPrefix }: CustomOptions): SignatureForm {
  if (encoding === 'jwt') throw new TypeError('A JWT has no form of an HMAC.');
  const isTimeInside = timestampHeader !== null && isSameHeader(timestampHeader, header);
  if (separator === null && !isTimeInside) return { kind: 'single', prefix, encoding };
  return { kind: 'list', separator: separator ?? ',', prefix, timestampPrefix: isTimeInside ? timestampPrefix : null, encoding };
}

/** Cached: the options of an endpoint are the same object from one attempt to the next. */
const recipeOf = remembered((options: CustomOptions): MacRecipe => ({
  ...layoutOf(options),
  scheme: options.scheme,
  keyOf: (secret) => encodedKey(secret, options.secretEncoding),
  secretWarning: () => null,
  next: nextSteps(options),
  library: null,
}));

function nextSteps(options: CustomOptions): readonly string[] {
  const signed = placeholdersOf(options.signedContent);
  const steps: string[] = [];
  if (signed.has('id') && options.idHeader !== null)
    steps.push(`Refuse an ${options.idHeader} that was handled before: a retry carries the same id, and so does a replay.`);
  if (options.timestampHeader !== null && !signed.has('timestamp')) {
    steps.push(`Do not rely on ${options.timestampHeader}: it is not part of what is signed, so anyone can change it.`);
  }
  if (!signed.has('timestamp'))
    steps.push('Nothing that is signed says when the request was made, so an old one can be replayed: refuse what was handled before.');
  return steps;
}
