import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseOptions } from '#engine/signing/registry.ts';
import type { SignedString, VerifyInput } from '#engine/signing/scheme.ts';
import { judge } from '#engine/signing/verification/judge.ts';
import type { Proof } from '#engine/signing/verification/proof.ts';
import { emptyReading, findHeaders, type Candidate, type Reading } from '#engine/signing/verification/reading.ts';

const body: SignedString = { bytes: Buffer.from('body'), parts: [{ name: 'body', start: 0, end: 4 }] };
const other: SignedString = { bytes: Buffer.from('other'), parts: [{ name: 'body', start: 0, end: 5 }] };
const over = (key: string, { bytes }: SignedString) => createHash('sha256').update(key).update(bytes).digest();

/** A proof whose expected signature can be computed; secrets that begin with `bad` have no key. */
const shared: Proof<string> = {
  scheme: 'custom',
  words: { key: 'secret', signed: ['the body'], timestamp: null },
  keyOf: (secret) => (secret.startsWith('bad') ? { problem: 'It is bad.' } : { key: secret }),
  remarksOn: (secret) => (secret === 'short' ? ['It is short.'] : []),
  read: () => reading([]),
  expected: { of: over, write: (signature) => Buffer.from(signature).toString('hex') },
};
/** One that can only check. */
const { expected: _, ...bare } = shared;
const checked: Proof<string> = {
  ...bare,
  words: { ...shared.words, key: 'public key' },
  isMadeBy: (key, { signature, signed }) => over(key, signed).equals(signature),
};

const candidate = (key: string, signed: SignedString = body, more: Partial<Candidate> = {}): Candidate => ({
  text: `${key} over ${signed.bytes.byteLength}`,
  signature: over(key, signed),
  signed,
  ...more,
});

function reading(candidates: readonly Candidate[], more: Partial<Reading> = {}): Reading {
  return { ...emptyReading(findHeaders([['X-Sig', 'x']], ['X-Sig'])), candidates, ...more };
}

function judged(proof: Proof<string>, found: Reading, secrets: readonly string[]) {
  const input: VerifyInput = { options: parseOptions('custom'), secrets, nowMs: 0, method: null, url: null, headers: [], body: body.bytes };
  return judge(proof, found, input);
}

describe('what was read, judged by the secrets,', () => {
  it.each<[string, Proof<string>, Reading, readonly string[], object]>([
    ['has nothing to compare with', shared, reading([]), ['a'], { kind: 'unchecked' }],
    ['has no secret', shared, reading([candidate('a')]), [], { kind: 'unchecked' }],
    ['has no secret with a key', shared, reading([candidate('a')]), ['bad'], { kind: 'unchecked' }],
    ['matches', shared, reading([candidate('a')]), ['a'], { kind: 'matched', secret: 0, signature: 0 }],
    ['matches by a check alone', checked, reading([candidate('a')]), ['a'], { kind: 'matched', secret: 0, signature: 0 }],
    ['does not match', shared, reading([candidate('a')]), ['b'], { kind: 'mismatched' }],
    ['cannot match where no key could tell', bare, reading([candidate('a')]), ['a'], { kind: 'mismatched' }],
    [
      'counts all secrets and all signatures',
      shared,
      reading([candidate('x'), candidate('a')]),
      ['bad', 'b', 'a'],
      { kind: 'matched', secret: 2, signature: 1 },
    ],
    [
      'counts signatures that were not compared, too',
      shared,
      reading([candidate('a')], {
        received: [
          { text: 'v0', isOther: true },
          { text: 'a over 4', isOther: false },
        ],
      }),
      ['a'],
      { kind: 'matched', secret: 0, signature: 1 },
    ],
    [
      'needs every signature where each covers another part',
      { ...shared, needsAll: true },
      reading([candidate('a'), candidate('b', other)]),
      ['a'],
      { kind: 'mismatched' },
    ],
    [
      'takes them all of one secret',
      { ...shared, needsAll: true },
      reading([candidate('a'), candidate('a', other)]),
      ['b', 'a'],
      { kind: 'matched', secret: 1, signature: 0 },
    ],
    [
      'is refused where no key may check it',
      { ...shared, mismatch: () => 'Not this key.' },
      reading([candidate('a')]),
      ['a'],
      { kind: 'refused', reason: 'algorithm_refused', message: 'Not this key.' },
    ],
    [
      'is in trouble before any comparison counts',
      shared,
      reading([candidate('a')], { trouble: { kind: 'malformed', problem: 'X-Sig is odd' } }),
      ['a'],
      { kind: 'malformed', problem: 'X-Sig is odd' },
    ],
  ])('%s', (_name, proof, found, secrets, signature) => {
    expect(judged(proof, found, secrets).findings.signature).toEqual(signature);
  });

  it('shows what each usable secret gives for what the match signed, else for what is signed at all', () => {
    const hex = (key: string, signed: SignedString) => over(key, signed).toString('hex');
    const shown = (found: Reading) => judged(shared, found, ['b', 'bad', 'a']).expected.map(({ text }) => text);
    expect(shown(reading([candidate('x'), candidate('a', other)]))).toEqual([hex('b', other), hex('a', other)]);
    expect(shown(reading([candidate('x')]))).toEqual([hex('b', body), hex('a', body)]);
    expect(shown(reading([], { signed: other }))).toEqual([hex('b', other), hex('a', other)]);
    expect(shown(reading([]))).toEqual([]);
    expect(judged(checked, reading([candidate('a')]), ['a']).expected).toEqual([]);
  });

  it('computes once for each secret and signed string, however many signatures there are', () => {
    let computed = 0;
    const of: typeof over = (key, signed) => {
      computed += 1;
      return over(key, signed);
    };
    const counted: Proof<string> = { ...shared, expected: { of, write: () => '' } };
    const many = Array.from({ length: 1000 }, (__, index) => candidate(`x${index}`, index % 2 === 0 ? body : other));
    judged(counted, reading(many), ['a', 'b']);
    expect(computed).toBe(4);
  });

  it('tells of secrets what is wrong with them, what is odd, and what was copied along', () => {
    const { secrets } = judged(shared, reading([]), ['bad', 'short', '"quoted"', 'good']).findings;
    expect(secrets).toMatchObject({ count: 4, problems: [{ index: 0, problem: 'It is bad.' }], warnings: ['It is short.'] });
    expect(secrets.usable.map(({ index }) => index)).toEqual([1, 2, 3]);
    expect(secrets.doubts).toEqual([expect.stringContaining('stands in quotes')]);
    expect(judged(checked, reading([]), ['"quoted"']).findings.secrets.doubts).toEqual([]);
  });

  it('adds what is to be said of the candidate and the key that matched, and of no others', () => {
    const keyReport = (key: string) => ({
      obstacles: [{ reason: 'certificate_invalid', message: `${key} is old.` } as const],
      note: `${key} was looked at.`,
      next: [`Check ${key}.`],
    });
    const proof: Proof<string> = { ...checked, keyReport };
    const found = reading([candidate('x', body, { note: 'No.' }), candidate('a', other, { note: 'Yes.' })], { next: ['Go on.'] });
    expect(judged(proof, found, ['a'])).toMatchObject({
      notes: { match: 'Yes.', key: 'a was looked at.' },
      findings: { obstacles: [{ message: 'a is old.' }], next: ['Check a.', 'Go on.'] },
    });
    expect(judged(proof, found, ['b'])).toMatchObject({ notes: { match: null, key: null }, findings: { obstacles: [], next: ['Go on.'] } });
  });
});
