import { isSameMac } from '../mac-recipe.ts';
import type { SignedString, VerifyInput } from '../scheme.ts';
import { doubtsAbout, wrapperOf } from '../secret-wrapper.ts';
import type { Findings, SecretFindings, SignatureFindings } from './findings.ts';
import type { Proof } from './proof.ts';
import type { Candidate, Reading, ReceivedSignature } from './reading.ts';

/** The result of checking a reading with the secrets of the receiver. */
export interface Judged {
  readonly findings: Findings;
  readonly received: readonly ReceivedSignature[];
  /** The expected value of each usable secret, as bytes and as the scheme writes it. */
  readonly expected: readonly { readonly bytes: Uint8Array; readonly text: string }[];
  /** The signed string to show: the one that matches, otherwise the first. */
  readonly signed: SignedString | null;
  /** Sentences to add to the verdict: on the candidate that matched, and on its key when the request is valid. */
  readonly notes: { readonly match: string | null; readonly key: string | null };
}

/** Compares the reading with the expected values of the secrets. Pure; it never throws because of a request's contents. */
export function judge<K>(proof: Proof<K>, reading: Reading, input: VerifyInput): Judged {
  const { keys, secrets } = readSecrets(proof, input);
  const received = reading.received ?? [...new Set(reading.candidates.map(({ text }) => text))].map((text) => ({ text, isOther: false }));
  const found = findMatch(proof, reading.candidates, keys);
  const match = found.kind === 'match' ? found : null;
  const report = match === null ? null : (proof.keyReport?.(match.key.key, input) ?? null);
  const signed = match?.candidate.signed ?? reading.signed ?? reading.candidates[0]?.signed ?? null;
  return {
    findings: {
      words: proof.words,
      headers: reading.headers,
      secrets,
      timestamp: reading.timestamp,
      signature: reading.trouble ?? signatureFindings(found, received),
      unknown: reading.unknown,
      obstacles: [...(report?.obstacles ?? []), ...reading.obstacles],
      next: [...(report?.next ?? []), ...reading.next],
    },
    received,
    expected: signed === null ? [] : keys.flatMap(({ gives }) => written(proof, gives(signed))),
    signed,
    notes: { match: match?.candidate.note ?? null, key: report?.note ?? null },
  };
}

/** A key of the receiver that caches its signature for each signed string. */
interface ReadyKey<K> {
  readonly index: number;
  readonly key: K;
  readonly gives: (signed: SignedString) => Uint8Array | null;
}

function readSecrets<K>(
  proof: Proof<K>,
  { secrets, options }: VerifyInput,
): { readonly keys: readonly ReadyKey<K>[]; readonly secrets: SecretFindings } {
  const results = secrets.map((secret, index) => ({ index, ...proof.keyOf(secret, options) }));
  const keys = results.flatMap((result) => ('key' in result ? [readyKey(proof, result.index, result.key)] : []));
  const isShared = proof.words.key === 'secret';
  const wrapped = (index: number) => (isShared ? wrapperOf(secrets[index] ?? '')?.message : undefined);
  return {
    keys,
    secrets: {
      count: secrets.length,
      usable: keys,
      problems: results.flatMap((result) =>
        'problem' in result ? [{ index: result.index, problem: wrapped(result.index) ?? result.problem }] : [],
      ),
      warnings: proof.remarksOn === undefined ? [] : secrets.flatMap(proof.remarksOn),
      doubts: isShared ? doubtsAbout(secrets, results) : [],
    },
  };
}

function readyKey<K>({ expected }: Proof<K>, index: number, key: K): ReadyKey<K> {
  const given = new Map<SignedString, Uint8Array | null>();
  const gives = (signed: SignedString) => {
    const known = given.get(signed);
    if (known !== undefined) return known;
    const made = expected?.of(key, signed) ?? null;
    given.set(signed, made);
    return made;
  };
  return { index, key, gives };
}

function written<K>({ expected }: Proof<K>, bytes: Uint8Array | null): Judged['expected'] {
  return bytes === null || expected === undefined ? [] : [{ bytes, text: expected.write(bytes) }];
}

type Found<K> =
  | { readonly kind: 'match'; readonly key: ReadyKey<K>; readonly candidate: Candidate }
  | Extract<SignatureFindings, { kind: 'unchecked' | 'mismatched' | 'refused' }>;

/** The first secret that matches a signature, and which one; all of them when each covers a different part of the body. */
function findMatch<K>(proof: Proof<K>, candidates: readonly Candidate[], keys: readonly ReadyKey<K>[]): Found<K> {
  const [first] = candidates;
  if (first === undefined || keys.length === 0) return { kind: 'unchecked' };
  const mismatches: string[] = [];
  const isMade = (key: ReadyKey<K>, candidate: Candidate): boolean => {
    const mismatch = proof.mismatch?.(key.key, candidate) ?? null;
    if (mismatch !== null) mismatches.push(mismatch);
    return mismatch === null && (proof.isMadeBy?.(key.key, candidate) ?? isExpected(key, candidate));
  };
  for (const key of keys) {
    if (proof.needsAll === true && !candidates.every((candidate) => isMade(key, candidate))) continue;
    const candidate = proof.needsAll === true ? first : candidates.find((one) => isMade(key, one));
    if (candidate !== undefined) return { kind: 'match', key, candidate };
  }
  const isAllRefused = mismatches.length === candidates.length * keys.length;
  return isAllRefused ? { kind: 'refused', reason: 'algorithm_refused', message: mismatches[0] ?? '' } : { kind: 'mismatched' };
}

function isExpected<K>({ gives }: ReadyKey<K>, { signed, signature }: Candidate): boolean {
  const own = gives(signed);
  return own !== null && isSameMac(own, signature);
}

function signatureFindings<K>(found: Found<K>, received: readonly ReceivedSignature[]): SignatureFindings {
  if (found.kind !== 'match') return found;
  return { kind: 'matched', secret: found.key.index, signature: received.findIndex(({ text }) => text === found.candidate.text) };
}
