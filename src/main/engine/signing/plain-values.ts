import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { schemeMarks } from '#shared/recognise/scheme-marks.ts';
import { guessMac } from '#shared/recognise/signature-value.ts';
import { headerNameTest } from '#shared/text/headers.ts';
import type { HashName } from './mac-recipe.ts';
import type { VerifyInput } from './scheme.ts';

/** A header that looks like a signature and is none. */
export interface PlainValue {
  readonly header: string;
  readonly kind: 'secret' | 'digest';
  /** A sentence that says what it is. */
  readonly message: string;
}

/** Most headers that are looked at, since anybody can send many. */
const readLimit = 200;

/** Headers of one sender alone, whose scheme says what their values are. */
const isOfAScheme = headerNameTest(
  schemeMarks.filter(({ isShared, isCommonName }) => isShared !== true && isCommonName !== true).map(({ header }) => header),
);

/** Headers of no known scheme that hold a secret itself, or a digest of the body, which anybody can compute. */
export function plainValuesIn({ headers, body, secrets }: Pick<VerifyInput, 'headers' | 'body' | 'secrets'>): readonly PlainValue[] {
  const digests = new Map<HashName, Buffer>();
  const digestOf = (hash: HashName) => {
    const digest = digests.get(hash) ?? createHash(hash).update(body).digest();
    digests.set(hash, digest);
    return digest;
  };
  return headers
    .slice(0, readLimit)
    .filter(([name]) => !isOfAScheme(name))
    .flatMap(([header, value]) => {
      if (secrets.includes(value.trim()) || secrets.includes(value.trim().replace(/^[\w-]{1,20} /, ''))) return [tokenIn(header)];
      const hash = hashIn(value, digestOf);
      return hash === null ? [] : [digestIn(header, hash)];
    });
}

function tokenIn(header: string): PlainValue {
  const message = `${header} holds the secret itself: a token, and the one given. Nothing is signed, so it does not cover the body.`;
  return { header, kind: 'secret', message };
}

function digestIn(header: string, hash: HashName): PlainValue {
  const message = `${header} is the ${hash.replace('sha', 'SHA-')} of the body, which anybody can compute: a digest, and no signature.`;
  return { header, kind: 'digest', message };
}

/** The hash that a value is of the body; null where it is none. */
function hashIn(value: string, digestOf: (hash: HashName) => Buffer): HashName | null {
  const guess = guessMac(value);
  if (guess === null || guess.algorithm === 'es256' || guess.algorithm === 'rs256') return null;
  const given = Buffer.from(value.trim().slice(guess.prefix.length), guess.encoding);
  return given.equals(digestOf(guess.algorithm)) ? guess.algorithm : null;
}
