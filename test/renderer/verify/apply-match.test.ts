import { describe, expect, it } from 'vitest';
import type { SolvedCause, SolverMatch } from '#shared/contract/solving.ts';
import { formatHeaderText } from '#shared/header-text.ts';
import { bytesOf } from '#engine/base/given-bytes.ts';
import { parseOptions, schemes } from '#engine/signing/registry.ts';
import { optionsSchemaOf } from '#shared/contract/signing.ts';
import { search } from '#engine/verifying/solver/search.ts';
import { verifyRequest } from '#engine/signing/verify.ts';
import { z } from 'zod';
import { appliedMatch, type Applied } from '../../../src/renderer/features/verify/apply-match.ts';
import { emptyInput, readInput, type VerifyInput } from '../../../src/renderer/features/verify/verify-input.ts';
import { base64OfBytes } from '../../../src/renderer/ui/body-format.ts';
import { damagedSamples, type DamagedSample } from '../../support/damaged-samples.ts';

const infos = schemes.map(({ id, info }) => ({ id, ...info, options: z.toJSONSchema(optionsSchemaOf(id), { io: 'input' }) }));

/** The page as it stands after the damaged request was pasted, with the secrets of others in the workspace. */
function formOf({ problem }: DamagedSample): VerifyInput {
  const { options, request, secrets } = problem;
  const line = request.method === null ? '' : `${request.method} /in HTTP/1.1\n`;
  return {
    ...emptyInput,
    head: line + formatHeaderText(request.headers),
    body: base64OfBytes(request.body),
    encoding: 'base64',
    url: request.url ?? '',
    scheme: options?.scheme ?? null,
    custom: options?.scheme === 'custom' ? options : null,
    options: options?.scheme === 'custom' ? null : options,
    secrets: secrets.filter(({ origin, isPrevious }) => origin === 'given' && !isPrevious).map(({ text }) => text),
    clock: String(problem.nowMs),
  };
}

function checked(input: VerifyInput, ownersSecrets: readonly string[]) {
  const { question } = readInput(input, infos);
  if (question === null) return null;
  const { scheme, options, request } = question;
  return verifyRequest({
    options: parseOptions(scheme, options),
    secrets: [...(question.secrets ?? []), ...(question.secretsOf === undefined ? [] : ownersSecrets)],
    nowMs: question.nowMs ?? 0,
    method: request.method ?? null,
    url: request.url ?? null,
    headers: request.headers ?? [],
    body: bytesOf(request.bodyBase64 ?? ''),
  });
}

function firstMatch({ problem }: DamagedSample): SolverMatch {
  for (const event of search(problem, { maxMs: 60_000, maxCandidates: 1_000_000, elapsedMs: () => 0 })) {
    const [match] = event.kind === 'result' ? event.matches : [];
    if (match !== undefined) return match;
  }
  throw new Error('The search found no cause.');
}

function apply(sample: DamagedSample): {
  readonly input: VerifyInput;
  readonly match: SolverMatch;
  readonly applied: Applied;
  readonly stored: readonly string[];
} {
  const input = formOf(sample);
  const reading = readInput(input, infos);
  const match = firstMatch(sample);
  const others = sample.problem.secrets.filter(({ origin, isPrevious }) => origin !== 'given' || isPrevious);
  const applied = appliedMatch(match, {
    input,
    reading,
    owners: others.length === 0 ? [] : [{ id: 'ep_1', label: 'Other (endpoint)', fingerprints: [match.secretFingerprint] }],
    expectedSignatures: checked(input, [])?.expectedSignatures ?? [],
    schemeHeaders: infos.find(({ id }) => id === reading.scheme)?.headers ?? [],
  });
  return { input, match, applied, stored: others.map(({ text }) => text) };
}

/** What no form can hold, and what its sentence must say. */
const notForForms: readonly (readonly [cause: RegExp, why: string])[] = [
  [/signature-cut/, 'can come from the sender alone'],
  [/signature-(?:altered|lookalikes)/, 'would prove nothing'],
  [/secret-(?:html-escaped|base64-encoded|sha256|latin-1|lookalikes|one-of-several)/, 'in a form that is not typed here'],
  [/algorithm-swapped/, 'takes what is signed for the key'],
  [/secret-empty/, 'set the secret at the sender'],
  [/string-timestamp-/, 'the sender has to send what it signs'],
  [/^twilio-json:.*body-minified/, 'signs a digest of the body'],
];

describe('a change that the search found', () => {
  it.each(damagedSamples.map((sample) => [sample.name, sample] as const))(
    'makes the signature match once it is applied: %s',
    (name, sample) => {
      const { input, match, applied, stored } = apply(sample);
      const [, expectedWhy] = notForForms.find(([cause]) => cause.test(`${name} ${match.causes.map(({ id }) => id).join()}`)) ?? [];
      if (expectedWhy !== undefined) {
        expect(applied).toEqual({ kind: 'none', why: expect.stringContaining(expectedWhy) });
        return;
      }
      const changes = applied.kind === 'changes' ? applied.changes : [];
      const verdicts = changes.map((change) => checked({ ...input, ...change }, stored));
      const matching = verdicts.filter((verdict) =>
        verdict?.checks.some((check) => check.name === 'signature' && check.result === 'passed'),
      );
      expect(matching).not.toEqual([]);
      // A single change is made unseen, so it must be the right one; of several the engine chooses.
      expect(changes.length === 1 ? matching.length : 1).toBe(1);
    },
  );

  it('tells why where the form cannot hold it', () => {
    const why = (change: Partial<SolverMatch>, secrets = ['typed']) => {
      const input = { ...emptyInput, head: 'X-Signature: sha256=ab', secrets };
      const reading = readInput(input, infos);
      const applied = appliedMatch({ ...anyMatch, ...change }, { input, reading, owners: [], expectedSignatures: [], schemeHeaders: [] });
      return applied.kind === 'none' ? applied.why : null;
    };
    const cause = (kind: SolvedCause['kind'], id: string): SolvedCause => ({ kind, id, sentence: '' });
    expect(why({ causes: [] })).toContain('Nothing needs to change');
    expect(why({ causes: [cause('algorithm', 'algorithm-key-first-sha256')] })).toContain('A plain hash is no HMAC');
    expect(why({ causes: [cause('secret', 'secret-newline')] })).toContain('holds no line break');
    expect(why({ causes: [cause('secret', 'secret-of-another')], secretLabel: 'the endpoint Billing' })).toContain(
      'is not in use any more',
    );
    expect(why({ causes: [cause('secret', 'secret-unquoted')], secretLabel: 'the bin billing' })).toContain('is kept and never shown');
    expect(why({ causes: [cause('encoding', 'signature-prefix')], received: 'elsewhere' })).toContain('more than once in the request');
    expect(why({ causes: [cause('body', 'body-minified')] })).toContain('too large to be handed over');
    expect(why({ causes: [cause('encoding', 'signature-in-other-header')] })).toContain('no one header');
  });
});

const anyMatch: SolverMatch = {
  cost: 1,
  scheme: 'github-sha256',
  causes: [],
  sentence: '',
  remedy: '',
  weak: false,
  comparedBytes: 32,
  secretFingerprint: '00000000',
  secretLabel: 'the secret given',
  signed: null,
  unchanged: null,
  expected: 'sha256=ab',
  received: 'ab',
  bodyDiff: null,
};
