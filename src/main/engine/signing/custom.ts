import { isSameHeader } from '#shared/text/headers.ts';
import { problemOf } from './verification/proof.ts';
import type { CustomOptions, Signing } from '#shared/contract/signing.ts';
import { encodeBytes } from './encoding.ts';
import { signByRecipe, type MacLayout, type MacRecipe } from './mac-recipe.ts';
import { verifyByRecipe } from './verification/mac-verify.ts';
import type { Scheme } from './scheme.ts';
import { signJwt, verifyJwt } from './jwt.ts';
import { encodedKey } from './secret.ts';
import { remarksOnKey } from './secret-wrapper.ts';
import type { SignatureForm } from './signature-form.ts';
import { remembered } from '../base/remembered.ts';
import { placeholdersOf } from './signed-string.ts';

/** An HMAC scheme that its options describe part by part, for providers and receivers of one's own. */
export const custom: Scheme = {
  id: 'custom',
  info: {
    title: 'Custom HMAC',
    description: 'An HMAC described by its parts: header, prefix, algorithm, encoding and what is signed. It may be that of a JWT.',
    headers: ['X-Signature'],
    algorithm: 'HMAC-SHA1, -SHA256, -SHA384 or -SHA512',
    secretHint: 'Text, base64 or hex, by the encoding of the secret that is chosen',
    keyKind: 'shared',
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
  checkSecret: (secret, options) => problemOf(encodedKey(secret, customOf(options).secretEncoding)),
  remarksOn: (secret, options) => remarksOnKey(secret, encodedKey(secret, customOf(options).secretEncoding)),
  makeSecret: (random, options) => {
    const { secretEncoding } = customOf(options);
    return encodeBytes(random, secretEncoding === 'base64' ? 'base64' : 'hex');
  },
  sign: (input) => {
    const options = customOf(input.options);
    return options.encoding === 'jwt' ? signJwt(options, input) : signByRecipe(recipeOf(options), input);
  },
  verify: (input) => {
    const options = customOf(input.options);
    return options.encoding === 'jwt' ? verifyJwt(options, input) : verifyByRecipe(recipeOf(options), input);
  },
};

/** The registry hands a scheme its own options; others are a bug of the caller. */
function customOf(options: Signing): CustomOptions {
  if (options.scheme !== 'custom') throw new TypeError(`The custom scheme was given options of ${options.scheme}.`);
  return options;
}

/** The layout of a request with these options; not for a JWT, which is not an HMAC over a pattern. */
export function layoutOf(options: CustomOptions): MacLayout {
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
