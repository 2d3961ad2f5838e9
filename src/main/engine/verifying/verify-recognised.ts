import type { Signing } from '#shared/contract/signing.ts';
import type { Verification, VerifyAnswer } from '#shared/contract/verifying.ts';
import { recogniseScheme, type RecognisedScheme } from '#shared/recognise/recognise-scheme.ts';
import { Refusal } from '../refusal.ts';
import { findScheme, parseOptions } from '../signing/registry.ts';
import type { VerifyInput } from '../signing/scheme.ts';
import { verifyRequest } from './verify.ts';

/** What is judged, before it is known by which scheme. */
export type UnnamedInput = Omit<VerifyInput, 'options'>;

/**
 * The verdict by the scheme that the request shows, surest first: the first that is valid, else that of the surest. `options`
 * are for whichever scheme takes them; throws INPUT_INVALID where none does. Without any sign of a signature the verdict is
 * `unsigned` by the scheme `unknown`.
 */
export function verifyRecognised(input: UnnamedInput, options: Readonly<Record<string, unknown>> = {}): VerifyAnswer {
  const recognised = recogniseScheme(input);
  const named = recognised.map(({ scheme, confidence, because }) => ({ scheme, confidence, because }));
  const [surest] = recognised;
  if (surest === undefined) return { ...unknownVerdict, recognised: [] };
  const checkable = recognised.filter(({ scheme }) => findScheme(scheme) !== undefined);
  const signings = signingsOf(checkable, options);
  const verdicts = signings.map((signing) => verifyRequest({ ...input, options: signing }));
  const valid = verdicts.find(({ verdict }) => verdict === 'valid');
  const own = verdicts.find(({ scheme }) => scheme === surest.scheme);
  const verdict = valid ?? own ?? (findScheme(surest.scheme) === undefined ? uncheckable(surest) : verdicts[0]) ?? uncheckable(surest);
  return { ...verdict, recognised: named };
}

/** Options for each of the schemes that takes them; throws the refusal of the surest where none does. */
function signingsOf(recognised: readonly RecognisedScheme[], options: Readonly<Record<string, unknown>>): readonly Signing[] {
  const refusals: Refusal[] = [];
  const signings = recognised.flatMap(({ scheme, options: guessed }) => {
    try {
      return [parseOptions(scheme, { ...guessed, ...options })];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusals.push(error);
      return [];
    }
  });
  const [first] = refusals;
  if (signings.length === 0 && first !== undefined) throw first;
  return signings;
}

const noProof = {
  timestampAgeSeconds: null,
  matchedSecret: null,
  matchedSignature: null,
  receivedSignatures: [],
  expectedSignatures: [],
  signedBase64: null,
  parts: [],
  next: [],
  libraryNote: null,
} satisfies Partial<Verification>;

const unknownVerdict: Verification = {
  ...noProof,
  verdict: 'unsigned',
  reason: 'unknown',
  message:
    'The scheme is unknown: nothing in the request looks like a signature. Turn signing on at the sender, look for a proxy that takes its headers away, or name the scheme.',
  scheme: 'unknown',
  checks: [{ name: 'headers', result: 'failed', message: 'No header, and nothing in the body, looks like a signature.' }],
};

function uncheckable({ scheme, because }: RecognisedScheme): Verification {
  return {
    ...noProof,
    verdict: 'invalid',
    reason: 'scheme_unsupported',
    message: `The request seems to be signed by ${scheme}, which cannot be checked here: ${because} Nothing is said about whether the signature is right.`,
    scheme,
    checks: [{ name: 'headers', result: 'skipped', message: because }],
  };
}
