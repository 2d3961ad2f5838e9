import { givenOptions, type CustomOptions, type Signing } from '#shared/contract/signing.ts';
import type { Verification, VerifyAnswer } from '#shared/contract/verifying.ts';
import { describeCustom } from '#shared/recognise/describe-custom.ts';
import { recogniseScheme, unreadSignature, type RecognisedScheme } from '#shared/recognise/recognise-scheme.ts';
import { headerNameTest } from '#shared/text/headers.ts';
import { Refusal } from '../base/refusal.ts';
import { plainValuesIn, type PlainValue } from './plain-values.ts';
import { findScheme, parseOptions } from './registry.ts';
import type { VerifyInput } from './scheme.ts';
import { decide, type SchemeVerdict } from './side-by-side.ts';
import { verifyRequest } from './verify.ts';

/** What is verified, before its scheme is known. */
export type UnnamedInput = Omit<VerifyInput, 'options'>;

/** A verdict with the scheme that was used and its options; `signing` is null when nothing that can be checked was recognised. */
export interface RecognisedVerdict {
  readonly verdict: Verification;
  readonly signing: Signing | null;
  readonly recognised: readonly RecognisedScheme[];
  /** Schemes that match without counting, since a surer or newer one fails. */
  readonly outvoted: readonly Signing['scheme'][];
}

/** How much is hashed to find the description of an unknown sender, so that a large body blocks nothing else. */
const guessedBytes = 8_388_608;

/**
 * The verdict by the schemes that the request shows: valid where one matches and none fails that is as sure, else that of the surest
 * or of one that stands against it. Of a sender that nobody knows, each description that would read its signature is tried. `options` are
 * for whichever scheme takes them; throws INPUT_INVALID where none does. Without any sign of a signature the verdict is `unsigned` by the
 * scheme `unknown`.
 */
export function judgeRecognised(input: UnnamedInput, options: Readonly<Record<string, unknown>> = {}): RecognisedVerdict {
  const plain = plainValuesIn(input);
  const isPlain = headerNameTest(plain.map(({ header }) => header));
  const recognised = recogniseScheme({ ...input, headers: input.headers.filter(([name]) => !isPlain(name)) });
  const [surest] = recognised;
  if (surest === undefined)
    return { verdict: plain.length === 0 ? unknownVerdict : plainVerdict(plain), signing: null, recognised, outvoted: [] };
  const { signings, refusal } = signingsOf(recognised, options);
  const judged = signings.map((one) => ({ ...judgeOne(input, one.signing, recognised, options), recognised: one.recognised }));
  const best = decide(judged, input.headers);
  if (findScheme(surest.scheme) === undefined && best?.verdict.verdict !== 'valid')
    return { verdict: uncheckable(surest), signing: null, recognised, outvoted: [] };
  if (best !== null) return { ...best, recognised };
  throw refusal ?? new Error('A scheme that can be checked was judged or refused.');
}

/** The verdict as it is returned, with what was recognised. */
export function verifyRecognised(input: UnnamedInput, options: Readonly<Record<string, unknown>> = {}): VerifyAnswer {
  const { verdict, signing, recognised } = judgeRecognised(input, options);
  const named = recognised.map(({ scheme, confidence, because }) => ({ scheme, confidence, because }));
  return { ...verdict, recognised: named, ...(signing === null ? {} : { options: givenOptions(signing) }) };
}

/** Options for each of the schemes that takes them, and why the surest of the others does not. */
function signingsOf(
  recognised: readonly RecognisedScheme[],
  options: Readonly<Record<string, unknown>>,
): { readonly signings: readonly Pick<SchemeVerdict, 'signing' | 'recognised'>[]; readonly refusal: Refusal | null } {
  let refusal: Refusal | null = null;
  const signings = recognised
    .filter(({ scheme }) => findScheme(scheme) !== undefined)
    .flatMap((one) => {
      try {
        return [{ signing: parseOptions(one.scheme, withGuess(one.options, options)), recognised: one }];
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refusal ??= error;
        return [];
      }
    });
  return { signings, refusal };
}

/** The caller's options, filled up with those that the request suggests; where the caller lists all fields, nothing is left to fill up. */
function withGuess(guess: RecognisedScheme['options'], options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return options['fields'] === undefined ? { ...guess, ...options } : options;
}

type Judged = Pick<SchemeVerdict, 'verdict' | 'signing'>;

function judgeOne(
  input: UnnamedInput,
  signing: Signing,
  recognised: readonly RecognisedScheme[],
  options: Readonly<Record<string, unknown>>,
): Judged {
  const verdict = verifyRequest({ ...input, options: signing });
  if (signing.scheme !== 'custom' || verdict.reason !== 'signature_mismatch') return { verdict, signing };
  const guessed = recognised.find(({ scheme }) => scheme === 'custom');
  const others = otherDescriptions(signing, guessed?.others ?? [], options);
  const count = Math.min(others.length, Math.floor(guessedBytes / (input.body.byteLength + 1024) / Math.max(1, input.secrets.length)));
  for (const other of others.slice(0, count)) {
    const found = verifyRequest({ ...input, options: other });
    if (found.matchedSignature !== null) return { verdict: found, signing: other };
  }
  return { verdict: withDoubt(verdict, signing, count), signing };
}

/** The same signature described otherwise, in the order in which it is likely; a secret may also be text for other bytes. */
function otherDescriptions(
  first: CustomOptions,
  guesses: NonNullable<RecognisedScheme['others']>,
  options: Readonly<Record<string, unknown>>,
): readonly CustomOptions[] {
  const described = [
    first,
    ...guesses.flatMap((guess) => {
      try {
        const signing = parseOptions('custom', withGuess(guess, options));
        return signing.scheme === 'custom' ? [signing] : [];
      } catch (error) {
        // The caller's options do not fit every guess.
        if (error instanceof Refusal) return [];
        throw error;
      }
    }),
  ];
  const encodings = options['secretEncoding'] === undefined ? (['utf8', 'base64', 'hex'] as const) : [first.secretEncoding];
  const all = encodings.flatMap((secretEncoding) => described.map((one) => ({ ...one, secretEncoding })));
  const seen = new Set([JSON.stringify(first)]);
  return all.filter((one) => {
    const name = JSON.stringify(one);
    return seen.has(name) ? false : seen.add(name) !== null;
  });
}

/** The verdict on a signature whose description is a guess itself: the guess may be wrong as well as the request. */
function withDoubt(verdict: Verification, signing: CustomOptions, triedOthers: number): Verification {
  const tried = triedOthers === 0 ? '' : ` and in ${triedOthers} other way${triedOthers === 1 ? '' : 's'}`;
  return {
    ...verdict,
    message: `The signature does not match, read as ${describeCustom(signing)}${tried}. How this sender signs is not known here: its documentation says it, and the options of a custom scheme take it. Otherwise the body or the secret is not what the sender signed with.`,
  };
}

/** What a verification holds that found nothing to prove. */
export const noProof = {
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
    'No header, parameter or field of the request was recognised as a signature. If the sender does sign, name the scheme, or the header with --scheme custom; if not, turn signing on there, or look for a proxy that takes its headers away.',
  scheme: 'unknown',
  checks: [
    { name: 'headers', result: 'failed', message: 'No header, parameter of the URL or field of the body was recognised as a signature.' },
  ],
};

/** The result for a request that carries a token or a digest in a header of its own, and nothing that is signed. */
function plainVerdict(plain: readonly PlainValue[]): Verification {
  const token = plain.find(({ kind }) => kind === 'secret');
  const found = token ?? plain[0];
  const rest =
    token === undefined
      ? 'Nothing else was recognised as a signature: if the sender does sign, name the scheme, or the header with --scheme custom.'
      : 'No scheme here is for it; a receiver should compare it in constant time.';
  return {
    ...unknownVerdict,
    ...(token === undefined ? {} : { verdict: 'unchecked', reason: 'scheme_unsupported' }),
    message: `${found?.message ?? ''} ${rest}`,
    checks: plain.slice(0, 5).map(({ message }) => ({ name: 'headers', result: 'skipped', message })),
  };
}

/** The result for a signature that was seen but cannot be checked here; it is not a verdict. */
function uncheckable({ scheme, because }: RecognisedScheme): Verification {
  const what =
    scheme === unreadSignature
      ? 'The request seems to be signed in a way that cannot be checked here.'
      : `The request seems to be signed by ${scheme}, which cannot be checked here.`;
  return {
    ...noProof,
    verdict: 'unchecked',
    reason: 'scheme_unsupported',
    message: `${what} ${because} Nothing is said about whether the signature is right.`,
    scheme,
    checks: [{ name: 'headers', result: 'skipped', message: because }],
  };
}
