import { Buffer } from 'node:buffer';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { TokenSchemeId } from '#shared/contract/mac-signing.ts';
import type { Verification } from '#shared/contract/verifying.ts';
import { invalid } from '../base/refusal.ts';
import { encodeBytes } from './encoding.ts';
import { readHeader } from './header-values.ts';
import type { Scheme, VerifyInput } from './scheme.ts';
import { fingerprintOf } from './secret.ts';
import { weaknessOf, wrapperOf } from './secret-wrapper.ts';

/** A provider that sends the secret itself in a header, as data. */
export interface TokenProvider {
  readonly id: TokenSchemeId;
  readonly header: string;
  /** What a secret may be, and a sentence that says so. */
  readonly allowed: { readonly pattern: RegExp; readonly problem: string };
  readonly replayKey: string;
  readonly info: Pick<Scheme['info'], 'title' | 'secretHint' | 'source' | 'documentation' | 'checked' | 'pitfall'>;
}

const bodyRemark = 'It does not cover the body: whoever knows the secret, or changes the body on the way, is not noticed.';

/** A scheme whose header carries the secret itself. Tokens appear in verdicts by their fingerprints only. */
export function createTokenScheme(provider: TokenProvider): Scheme {
  const problemOf = (secret: string) => (provider.allowed.pattern.test(secret) ? null : provider.allowed.problem);
  return {
    id: provider.id,
    info: {
      ...provider.info,
      description: `The secret itself in ${provider.header}; the body is not authenticated.`,
      headers: [provider.header],
      algorithm: 'plain token',
      keyKind: 'shared',
      allowsSeveralSecrets: false,
      toleranceSeconds: null,
      asOf: '2026-11-20',
      libraryNote: null,
    },
    checkSecret: problemOf,
    remarksOn: (secret) => remarksOn([secret]),
    makeSecret: (random) => encodeBytes(random, 'hex'),
    sign: ({ secrets: [secret] }) => {
      if (secret === undefined) throw invalid('secrets', 'Give a secret to send.');
      const problem = problemOf(secret);
      if (problem !== null) throw invalid('secrets.0', problem);
      return { headers: [[provider.header, secret]], signed: { bytes: new Uint8Array(), parts: [] } };
    },
    verify: (input) => verifyToken(provider, input),
  };
}

function verifyToken(provider: TokenProvider, { headers, secrets }: VerifyInput): Verification {
  const received = readHeader(headers, provider.header);
  const isSent = received !== null && received.text !== '';
  // Every secret is compared, so that the time taken does not tell which one fits.
  const matches = isSent ? secrets.map((secret) => isSameToken(secret, received.text)) : [];
  const matchedSecret = matches.indexOf(true);
  const judgement = judge(provider, {
    isSent,
    secretCount: secrets.length,
    matchedSecret,
    doubts: secrets.flatMap((secret) => wrapperOf(secret)?.message ?? []),
  });
  const isValid = judgement.verdict === 'valid';
  return {
    ...judgement,
    scheme: provider.id,
    checks: [
      {
        name: 'headers',
        result: isSent ? 'passed' : 'failed',
        message: isSent
          ? `${provider.header} is there.${received.count > 1 ? ' It occurs more than once; the first one counts.' : ''}`
          : `${provider.header} is ${received === null ? 'missing' : 'empty'}.`,
      },
      {
        name: 'secret',
        result: secrets.length > 0 ? 'passed' : 'failed',
        message: secrets.length > 0 ? ['The secret can be used.', ...remarksOn(secrets)].join(' ') : 'No secret was given.',
      },
      { name: 'timestamp', result: 'skipped', message: 'This scheme carries no timestamp.' },
      isSent && secrets.length > 0
        ? {
            name: 'signature',
            result: isValid ? 'passed' : 'failed',
            message: `The token is ${isValid ? 'the secret' : 'not the secret'}. ${bodyRemark}`,
          }
        : { name: 'signature', result: 'skipped', message: 'The token was not compared, because something is missing.' },
    ],
    timestampAgeSeconds: null,
    matchedSecret: isValid ? matchedSecret : null,
    matchedSignature: isValid ? 0 : null,
    receivedSignatures: isSent ? [shown(received.text)] : [],
    expectedSignatures: secrets.map(shown),
    signedBase64: null,
    parts: [],
    next: isValid
      ? [
          'Accept it over TLS only, since nothing but the secret proves where the request comes from.',
          `Refuse a request whose ${provider.replayKey} was handled before; it is not signed, so a replay can carry another one.`,
        ]
      : [],
    libraryNote: null,
  };
}

/** What seems to have been copied along with a secret, and which can be guessed. */
function remarksOn(secrets: readonly string[]): readonly string[] {
  return secrets.flatMap((secret) => [wrapperOf(secret)?.message ?? [], weaknessOf(secret, Buffer.from(secret, 'utf8')) ?? []].flat());
}

interface TokenFindings {
  readonly isSent: boolean;
  readonly secretCount: number;
  /** What seems to have been copied along with the secrets, each in a sentence. */
  readonly doubts: readonly string[];
  /** Index of the secret that was sent, or -1. */
  readonly matchedSecret: number;
}

function judge({ header }: TokenProvider, found: TokenFindings): Pick<Verification, 'verdict' | 'reason' | 'message'> {
  if (!found.isSent) {
    return {
      verdict: 'unsigned',
      reason: 'header_missing',
      message: `The request carries no token: it has no ${header} header with a value. Set the secret at the sender, or look for a proxy that takes the header away.`,
    };
  }
  if (found.secretCount === 0) {
    return {
      verdict: 'invalid',
      reason: 'secret_missing',
      message: 'There is no secret to check with. Enter the secret that the sender sends.',
    };
  }
  if (found.matchedSecret === -1) {
    return {
      verdict: 'invalid',
      reason: 'signature_mismatch',
      message: `The token in ${header} is not ${found.secretCount === 1 ? 'the secret' : `any of the ${found.secretCount} secrets`}. Compare the fingerprints, and look for a space or a secret of another webhook.${found.doubts.map((text) => ` ${text}`).join('')}`,
    };
  }
  const which = found.secretCount === 1 ? 'the secret' : `secret ${found.matchedSecret + 1} of ${found.secretCount}`;
  return { verdict: 'valid', reason: 'ok', message: `Valid: the token is ${which}. ${bodyRemark}` };
}

/** Compares digests, so that neither the place of a difference nor the length of the secret shows in the time taken. */
function isSameToken(secret: string, received: string): boolean {
  return timingSafeEqual(digestOf(secret), digestOf(received));
}

function digestOf(text: string): Uint8Array {
  return createHash('sha256').update(text, 'utf8').digest();
}

function shown(token: string): string {
  return `token with fingerprint ${fingerprintOf(token)}`;
}
