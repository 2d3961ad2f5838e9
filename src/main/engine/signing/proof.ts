import type { HeaderField } from '#shared/contract/common.ts';
import type { SchemeId, Signing } from '#shared/contract/signing.ts';
import type { Verification } from '#shared/contract/verifying.ts';
import { encodeBytes } from './encoding.ts';
import { quoted, readHeader } from './header-values.ts';
import type { Findings, FindingWords, HeaderFindings, Obstacle, SecretFindings, SignatureFindings } from './mac-findings.ts';
import { acceptanceNote, libraryNoteOf, type LibraryTraits } from './library-traits.ts';
import { explainFindings } from './mac-verdict.ts';
import type { SignedString, VerifyInput } from './scheme.ts';
import { doubtsAbout, weaknessOf, wrapperOf } from './secret-wrapper.ts';
import type { TimestampState } from './timestamp.ts';

/** A signature of a request that can be checked, with the bytes that it should cover. */
export interface Candidate {
  /** In the scheme's own text form, as received. */
  readonly text: string;
  readonly signature: Uint8Array;
  readonly signed: SignedString;
  /** Algorithm that the request names beside it. */
  readonly algorithm?: string;
  /** A sentence to add where this form of the signed string is the one that matched, because it is not the plain one. */
  readonly note?: string;
}

/** All that a request says about its signature before a key is used. */
export interface Reading {
  readonly headers: HeaderFindings;
  /** What the signed string needs and the request was given without, such as `URL`. */
  readonly unknown: readonly string[];
  readonly timestamp: TimestampState | null;
  /** The timestamp as received, where the provider's library signs the number that it reads instead. */
  readonly timestampText?: string | null;
  readonly candidates: readonly Candidate[];
  /** Why there is no candidate, where the request carries something that should be one. */
  readonly trouble: { readonly kind: 'malformed'; readonly problem: string } | ({ readonly kind: 'refused' } & Obstacle) | null;
  readonly obstacles: readonly Obstacle[];
  readonly next: readonly string[];
}

/** A key behind a secret's text, or a sentence why there is none. */
export type KeyOr<K> = { readonly key: K } | { readonly problem: string };

/** What was found out about a key, such as where the chain of its certificate leads. */
export interface KeyReport {
  readonly obstacles: readonly Obstacle[];
  /** Sentences for the verdict when it is valid. */
  readonly note: string;
  /** What the receiver must still check. */
  readonly next: readonly string[];
}

/** What a scheme is made of that signs more than headers and body, or with a key pair. */
export interface ProofRecipe<K> {
  readonly scheme: SchemeId;
  readonly words: FindingWords;
  readonly keyOf: (secret: string, options: Signing) => KeyOr<K>;
  /** The bytes of a key that is shared, to tell whether it can be guessed; without this, a key of bytes is one. */
  readonly sharedKey?: (key: K) => Uint8Array | null;
  readonly read: (input: VerifyInput) => Reading;
  /** Whether this key's owner made this signature over its signed string. Compares in constant time. */
  readonly isMadeBy: (key: K, candidate: Candidate) => boolean;
  /** What the key would have given, or null where only the private half could tell. */
  readonly expected: (key: K, signed: SignedString) => string | null;
  /** A sentence why this key must not check this signature, or null. */
  readonly mismatch?: (key: K, candidate: Candidate) => string | null;
  /** What speaks against a key whose signature matches, such as a certificate out of its dates. */
  readonly keyObstacles?: (key: K, input: VerifyInput) => readonly Obstacle[];
  /** What is to be said of a key whose signature matches, beside what speaks against it. */
  readonly keyReport?: (key: K, input: VerifyInput) => KeyReport;
  /** Whether every candidate must match, because each covers another part of the body. */
  readonly needsAll?: boolean;
  /** How the provider's own library judges; absent where there is none, or where it judges by the bytes. */
  readonly library?: ProofLibrary;
}

/** How a library judges requests whose signature covers more than headers and body. */
export interface ProofLibrary extends LibraryTraits {
  /** Clauses for what it refuses a request for that no trait says. */
  readonly alsoRefuses?: (verdict: Verification, input: VerifyInput) => readonly string[];
  /** Where it is laxer: the request by the book that it takes this one for, and a clause that says why it does. */
  readonly laxer?: { readonly as: (input: VerifyInput) => VerifyInput; readonly why: string };
}

/** Verifies by a recipe. Never throws on what a request holds. */
export function verifyByProof<K>(recipe: ProofRecipe<K>, input: VerifyInput): Verification {
  const judged = judge(recipe, input);
  return { ...judged.verdict, libraryNote: noteOn(recipe, input, judged) };
}

interface Judged {
  readonly verdict: Verification;
  readonly timestampText: string | null;
}

function noteOn<K>(recipe: ProofRecipe<K>, input: VerifyInput, judged: Judged): string | null {
  const { library } = recipe;
  if (library === undefined) return null;
  const note = strictNote(library, input, judged);
  if (note !== null || judged.verdict.verdict === 'valid' || library.laxer === undefined) return note;
  const lax = library.laxer.as(input);
  const laxJudged = judge(recipe, lax);
  // The library accepts what is valid by the book, but for what it is noted for.
  const isAccepted = (laxJudged.verdict.verdict === 'valid') === (strictNote(library, lax, laxJudged) === null);
  return isAccepted ? acceptanceNote(library, library.laxer.why) : null;
}

function strictNote(library: ProofLibrary, input: VerifyInput, { verdict, timestampText }: Judged): string | null {
  return libraryNoteOf(library, {
    verdict,
    body: input.body,
    timestampText,
    ownSignatures: verdict.receivedSignatures.map((_, index) => index),
    expected: [],
    alsoRefuses: library.alsoRefuses?.(verdict, input) ?? [],
  });
}

function judge<K>(recipe: ProofRecipe<K>, input: VerifyInput): Judged {
  const reading = recipe.read(input);
  const results = input.secrets.map((secret, index) => ({ index, ...recipe.keyOf(secret, input.options) }));
  const usable = results.filter((result) => 'key' in result);
  const isShared = recipe.words.key === 'secret';
  const secrets: SecretFindings = {
    count: input.secrets.length,
    usable,
    problems: results.flatMap((result) =>
      'problem' in result
        ? [{ ...result, problem: (isShared ? wrapperOf(input.secrets[result.index] ?? '')?.message : undefined) ?? result.problem }]
        : [],
    ),
    warnings: usable.flatMap(({ index, key }) => {
      const shared = recipe.sharedKey?.(key) ?? (key instanceof Uint8Array ? key : null);
      return shared === null ? [] : (weaknessOf(input.secrets[index] ?? '', shared) ?? []);
    }),
    doubts: isShared ? doubtsAbout(input.secrets, results) : [],
  };
  const found = findMatch(recipe, reading.candidates, usable);
  const matched = found.kind === 'match' ? found.candidate : undefined;
  const keyObstacles = found.kind === 'match' ? (recipe.keyObstacles?.(found.key, input) ?? []) : [];
  const report = found.kind === 'match' ? (recipe.keyReport?.(found.key, input) ?? null) : null;
  const receivedSignatures = [...new Set(reading.candidates.map(({ text }) => text))];
  const signature: SignatureFindings =
    found.kind === 'match' ? { kind: 'matched', secret: found.secret, signature: receivedSignatures.indexOf(found.candidate.text) } : found;
  const findings: Findings = {
    words: recipe.words,
    headers: reading.headers,
    secrets,
    timestamp: reading.timestamp,
    signature: reading.trouble ?? signature,
    unknown: reading.unknown,
    obstacles: [...keyObstacles, ...(report?.obstacles ?? []), ...reading.obstacles],
    next: [...(report?.next ?? []), ...reading.next],
  };
  const shownSigned = matched?.signed ?? reading.candidates[0]?.signed ?? null;
  const explained = explainFindings(findings);
  const notes = [matched?.note, explained.verdict === 'valid' ? report?.note : undefined].filter((note) => note !== undefined);
  const verdict: Verification = {
    ...explained,
    message: [explained.message, ...notes].join(' '),
    scheme: recipe.scheme,
    timestampAgeSeconds: reading.timestamp === null || reading.timestamp.kind === 'malformed' ? null : reading.timestamp.ageSeconds,
    matchedSecret: signature.kind === 'matched' ? signature.secret : null,
    matchedSignature: signature.kind === 'matched' ? signature.signature : null,
    receivedSignatures,
    expectedSignatures:
      shownSigned === null ? [] : usable.map(({ key }) => recipe.expected(key, shownSigned)).filter((text) => text !== null),
    signedBase64: shownSigned === null ? null : encodeBytes(shownSigned.bytes, 'base64'),
    parts: shownSigned === null ? [] : [...shownSigned.parts],
    libraryNote: null,
  };
  return { verdict, timestampText: reading.timestampText ?? null };
}

interface UsableKey<K> {
  readonly index: number;
  readonly key: K;
}

type Found<K> =
  | { readonly kind: 'match'; readonly secret: number; readonly key: K; readonly candidate: Candidate }
  | Extract<SignatureFindings, { kind: 'unchecked' | 'mismatched' | 'refused' }>;

function findMatch<K>(recipe: ProofRecipe<K>, candidates: readonly Candidate[], keys: readonly UsableKey<K>[]): Found<K> {
  if (candidates.length === 0 || keys.length === 0) return { kind: 'unchecked' };
  const mismatches: string[] = [];
  const isMade = (key: K, candidate: Candidate): boolean => {
    const mismatch = recipe.mismatch?.(key, candidate) ?? null;
    if (mismatch !== null) mismatches.push(mismatch);
    return mismatch === null && recipe.isMadeBy(key, candidate);
  };
  for (const { index, key } of keys) {
    const first = candidates[0];
    if (recipe.needsAll === true && !candidates.every((candidate) => isMade(key, candidate))) continue;
    const candidate = recipe.needsAll === true ? first : candidates.find((one) => isMade(key, one));
    if (candidate !== undefined) return { kind: 'match', secret: index, key, candidate };
  }
  const isAllRefused = mismatches.length === candidates.length * keys.length;
  return isAllRefused ? { kind: 'refused', reason: 'algorithm_refused', message: mismatches[0] ?? '' } : { kind: 'mismatched' };
}

/** Which of a scheme's headers a request has. */
export function findHeaders(headers: readonly HeaderField[], wanted: readonly string[]): HeaderFindings {
  const found = wanted.map((name) => ({ name, value: readHeader(headers, name) }));
  return {
    wanted,
    missing: found.filter(({ value }) => value === null || value.text === '').map(({ name, value }) => ({ name, isEmpty: value !== null })),
    repeated: found.filter(({ value }) => value !== null && value.count > 1).map(({ name }) => name),
  };
}

/** A header's value, or null where there is none or it is empty. */
export function headerText(headers: readonly HeaderField[], name: string): string | null {
  return readHeader(headers, name)?.text || null;
}

/** A reading with nothing in it but its headers, to be filled up. */
export function emptyReading(headers: HeaderFindings): Reading {
  return { headers, unknown: [], timestamp: null, candidates: [], trouble: null, obstacles: [], next: [] };
}

/** Why a signature's text cannot be read, in the form that a reading takes. */
export function malformed(place: string, text: string, why: string): Reading['trouble'] {
  return { kind: 'malformed', problem: `${place} holds ${quoted(text)}: ${why}` };
}

/** The names of what a request lacks, of those that a scheme signs. */
export function lacking(input: VerifyInput, names: readonly ('method' | 'url')[]): readonly string[] {
  return names.filter((name) => !input[name]).map((name) => (name === 'url' ? 'URL' : name));
}
