import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import type { HeaderField } from '#shared/contract/common.ts';
import { schemeIds, type SchemeId } from '#shared/contract/signing.ts';
import type { SolverResult } from '#shared/contract/solving.ts';
import { whyNoSearch } from '#shared/worth-a-search.ts';
import { schemeOf } from '#engine/signing/registry.ts';
import { verifyRequest } from '#engine/signing/verify.ts';
import type { SolverProblem } from '#engine/verifying/solver/problem.ts';
import { search } from '#engine/verifying/solver/search.ts';
import { bodyless, judgedOptions } from '../snippets/judged-requests.ts';
import { adyenBody } from '../snippets/special-requests.ts';

const nowMs = Date.parse('2026-11-28T12:00:00Z');
const url = 'https://receiver.example/hooks?n=1';
const random = Uint8Array.from({ length: 32 }, (_, at) => (at * 37 + 11) % 256);

/** The original of a request by a scheme, and the body and secret that somebody got of it. */
function problemOf(scheme: SchemeId, damage: 'body' | 'secret' | 'time'): SolverProblem {
  const options = judgedOptions(scheme);
  const { sign, makeSecret, publicKeyOf } = schemeOf(scheme);
  const secret = makeSecret(random, options);
  const body =
    scheme === 'twilio-form'
      ? Buffer.from('From=%2B1415&Body=+hi')
      : scheme === 'adyen-payments'
        ? adyenBody
        : Buffer.from('{"id":1,"name":"Zoë"}');
  const atMs = damage === 'time' ? nowMs - 86_400_000 : nowMs;
  const made = sign({ options, secrets: [secret], id: 'msg_1', nowMs: atMs, method: 'POST', url, body });
  const known = publicKeyOf?.(secret, options) ?? secret;
  const sent = made.body ?? body;
  return {
    options,
    request: {
      method: 'POST',
      url: made.url ?? url,
      headers: made.headers,
      body: damage === 'body' ? Buffer.concat([sent, Buffer.from('\n')]) : sent,
    },
    secrets: [
      {
        text: damage === 'secret' ? `"${known}"` : known,
        label: 'the secret given',
        origin: 'given',
        isPrevious: false,
        source: { kind: 'given', index: 0 },
      },
    ],
    nowMs,
  };
}

function verdictOn({ options, request, secrets, nowMs: now }: SolverProblem) {
  if (options === null) throw new Error('The scheme is not given.');
  return verifyRequest({ ...request, options, secrets: secrets.map(({ text }) => text), nowMs: now });
}

function causesOf(problem: SolverProblem): SolverResult['matches'][number]['causes'] {
  return resultOf(problem).matches[0]?.causes ?? [];
}

function resultOf(problem: SolverProblem): SolverResult {
  const [last] = [...search(problem, { maxMs: 1, maxCandidates: 20_000, elapsedMs: () => 0 })].slice(-1);
  if (last?.kind !== 'result') throw new Error('The search gave no result.');
  return last;
}

describe('a search', () => {
  const damages = schemeIds.flatMap((scheme) => (['body', 'secret'] as const).map((damage) => [scheme, damage] as const));
  it.each(damages)('is made where it finds a cause: %s with another %s', (scheme, damage) => {
    const problem = problemOf(scheme, damage);
    const causes = causesOf(problem);
    const why = whyNoSearch(verdictOn(problem));
    expect(causes.length > 0 && why !== null ? why : null).toBeNull();
    // What the signature covers is found in every scheme that says so at all.
    if (damage === 'body' && !bodyless.has(scheme) && verdictOn(problem).verdict === 'invalid') expect(why).toBeNull();
  });

  it.each(['netlify', 'plaid', 'twilio-json', 'rfc9421'] as const)(
    'finds which body the digest in a signature of %s that matches is of',
    (scheme) => {
      const problem = problemOf(scheme, 'body');
      expect(verdictOn(problem)).toMatchObject({
        reason: 'digest_mismatch',
        checks: expect.arrayContaining([{ name: 'signature', result: 'passed', message: expect.any(String) }]),
      });
      expect(causesOf(problem)).not.toEqual([]);
    },
  );

  it('tries nothing on a token that was cut, and asks for the whole of it', () => {
    const whole = problemOf('netlify', 'body');
    const headers = whole.request.headers.map(([name, value]): HeaderField => [name, value.slice(0, -3)]);
    const result = resultOf({ ...whole, request: { ...whole.request, headers } });
    expect(result).toMatchObject({ matches: [], tried: { total: 0 }, untried: [{ why: 'signature' }] });
    expect(result.advice).toContainEqual(expect.stringContaining('Ask for the signature header, whole'));
  });

  it('is not made where only time is against a request, or nothing', () => {
    expect(whyNoSearch(verdictOn(problemOf('standard-webhooks', 'time')))).toMatch(/matches as it is/);
    const valid = { ...problemOf('standard-webhooks', 'time'), nowMs: nowMs - 86_400_000 };
    expect(whyNoSearch(verdictOn(valid))).toMatch(/is valid/);
  });
});
