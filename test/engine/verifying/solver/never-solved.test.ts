import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SolverResult } from '#shared/contract/solving.ts';
import { parseOptions, schemeOf } from '#engine/signing/registry.ts';
import type { SolverProblem } from '#engine/verifying/solver/problem.ts';
import { search } from '#engine/verifying/solver/search.ts';
import { damagedSamples, given, signedAtMs } from '../../../support/damaged-samples.ts';

function solve(problem: SolverProblem): SolverResult {
  const last = [...search(problem, { maxMs: 60_000, maxCandidates: 1e6, elapsedMs: () => 0 })].at(-1);
  if (last?.kind !== 'result') throw new Error('The search gave no result.');
  return last;
}

const schemeIds = ['standard-webhooks', 'stripe', 'github-sha256', 'slack', 'shopify', 'square', 'custom'] as const;

describe('a request that is intact but signed with an unknown secret', () => {
  it('is never solved, whatever its body', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...schemeIds),
        fc.oneof(fc.json(), fc.string({ unit: 'grapheme' }), fc.uint8Array({ maxLength: 200 })),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (schemeId, content, signKey, otherKey) => {
          fc.pre(Buffer.compare(signKey, otherKey) !== 0);
          const scheme = schemeOf(schemeId);
          const options = parseOptions(schemeId);
          const url = 'https://a.example/hook?x=1';
          const body = typeof content === 'string' ? Buffer.from(content) : content;
          const secrets = [scheme.makeSecret(signKey, options)];
          const { headers } = scheme.sign({ options, secrets, id: 'msg_1', nowMs: signedAtMs, method: 'POST', url, body });
          const result = solve({
            options,
            request: { method: 'POST', url, headers, body },
            secrets: [given(scheme.makeSecret(otherKey, options))],
            nowMs: signedAtMs,
          });
          expect(result.matches).toEqual([]);
          // Objects with many keys are not tried in every order, and the result says so.
          expect(result.untried.filter(({ why }) => why !== 'size')).toEqual([]);
          expect(result.exhausted).toBe(result.untried.length === 0);
          expect(result.advice.join(' ')).toContain('fingerprint of the secret');
        },
      ),
      { numRuns: 7 },
    );
  });

  // One sample was signed without a secret, so any secret that is not set explains it.
  const withSecret = damagedSamples.filter(({ causes }) => !causes.includes('secret-empty'));

  it.each(withSecret.filter((_, index) => index % 4 === 0))('is not solved by undoing other damage: $name', ({ problem }) => {
    const strangers = problem.secrets.map((secret, index) => ({
      ...secret,
      text: `whsec_${Buffer.alloc(32, index + 91).toString('base64')}`,
    }));
    const { matches, tried, advice } = solve({ ...problem, secrets: strangers });
    expect(matches).toEqual([]);
    expect(tried.total).toBeGreaterThan(30);
    expect(advice.length).toBeGreaterThan(0);
  });
});

describe('an intact request with the right secret', () => {
  it.each(schemeIds)('matches as it is, without a cause: %s', (schemeId) => {
    const scheme = schemeOf(schemeId);
    const options = parseOptions(schemeId);
    const body = Buffer.from('{"a":1}');
    const url = 'https://a.example/hook';
    const secrets = [scheme.makeSecret(Buffer.alloc(32, 3), options)];
    const { headers } = scheme.sign({ options, secrets, id: 'msg_1', nowMs: signedAtMs, method: 'POST', url, body });
    // A year later: the search is about the signature, and leaves the clock to the verification.
    const nowMs = signedAtMs + 31_536_000_000;
    const { matches } = solve({ options, request: { method: 'POST', url, headers, body }, secrets: secrets.map(given), nowMs });
    expect(matches).toMatchObject([{ cost: 0, causes: [], bodyDiff: null, weak: false }]);
    expect(matches[0]?.sentence).toContain('matches as it is');
  });
});
