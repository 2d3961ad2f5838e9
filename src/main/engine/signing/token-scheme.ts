import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { TokenSchemeId } from '#shared/contract/scheme-facts.ts';
import type { TokenFacts } from '#shared/providers/shapes/provider.ts';
import { invalid } from '../base/refusal.ts';
import { encodeBytes } from './encoding.ts';
import { sharedInfo } from './scheme-info.ts';
import type { Scheme, SignedString, VerifyInput } from './scheme.ts';
import { remarksOnKey, wrapperOf } from './secret-wrapper.ts';
import { tokenRemark } from './verification/phrases.ts';
import type { Proof } from './verification/proof.ts';
import { emptyReading, findHeaders, headerText, type Reading } from './verification/reading.ts';
import { verifyBy } from './verification/verify-by.ts';

/** A provider that sends the secret itself in a header, as data. */
export interface TokenProvider extends TokenFacts {
  readonly id: TokenSchemeId;
}

const nothingSigned: SignedString = { bytes: new Uint8Array(), parts: [] };

/** A scheme whose header carries the secret itself. Tokens appear in verdicts by their fingerprints only. */
export function createTokenScheme(provider: TokenProvider): Scheme {
  const proof = proofOf(provider);
  const problemOf = (secret: string) => (provider.allowed.pattern.test(secret) ? null : provider.allowed.problem);
  return {
    id: provider.id,
    info: {
      ...sharedInfo(provider),
      description: `The secret itself in ${provider.header}; the body is not authenticated.`,
      headers: [provider.header],
      algorithm: 'plain token',
      keyKind: 'shared',
      allowsSeveralSecrets: false,
      toleranceSeconds: null,
      libraryNote: null,
    },
    checkSecret: problemOf,
    remarksOn: (secret) => [wrapperOf(secret)?.message ?? [], weaknessOf(secret)].flat(),
    makeSecret: (random) => encodeBytes(random, 'hex'),
    sign: ({ secrets: [secret] }) => {
      if (secret === undefined) throw invalid('secrets', 'Give a secret to send.');
      const problem = problemOf(secret);
      if (problem !== null) throw invalid('secrets.0', problem);
      return { headers: [[provider.header, secret]], signed: nothingSigned };
    },
    verify: (input) => verifyBy(proof, input),
  };
}

/**
 * A token as a proof: the expected value is the secret. Digests of both are compared, so that neither the place of a difference nor
 * the length of the secret shows in the time taken, and what is shown of them is a fingerprint.
 */
function proofOf(provider: TokenProvider): Proof<Uint8Array> {
  return {
    scheme: provider.id,
    words: { key: 'secret', signed: [], timestamp: null, isToken: true },
    keyOf: (secret) => ({ key: digestOf(secret) }),
    remarksOn: weaknessOf,
    read: (input) => read(provider, input),
    expected: { of: (digest) => digest, write: shown },
  };
}

function read({ header, replayKey }: TokenProvider, { headers }: VerifyInput): Reading {
  const token = headerText(headers, header);
  const reading = emptyReading(findHeaders(headers, [header]));
  if (token === null) return { ...reading, signed: nothingSigned };
  const digest = digestOf(token);
  return {
    ...reading,
    candidates: [{ text: shown(digest), signature: digest, signed: nothingSigned, note: tokenRemark }],
    signed: nothingSigned,
    next: [
      'Accept it over TLS only, since nothing but the secret proves where the request comes from.',
      `Refuse a request whose ${replayKey.name} was handled before; it is not signed, so a replay can carry another one.`,
    ],
  };
}

function weaknessOf(secret: string): readonly string[] {
  return remarksOnKey(secret, { key: Buffer.from(secret, 'utf8') });
}

function digestOf(text: string): Uint8Array {
  return createHash('sha256').update(text, 'utf8').digest();
}

/** The fingerprint of a token from its digest; `fingerprintOf` computes the same from its text. */
function shown(digest: Uint8Array): string {
  return `token with fingerprint ${encodeBytes(digest, 'hex').slice(0, 8)}`;
}
