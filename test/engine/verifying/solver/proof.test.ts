import { describe, expect, it } from 'vitest';
import type { SolverEvent, SolverMatch, SolverResult } from '#shared/contract/solving.ts';
import { parseOptions, schemeOf } from '#engine/signing/registry.ts';
import type { SolverProblem } from '#engine/verifying/solver/problem.ts';
import { search } from '#engine/verifying/solver/search.ts';
import { damagedSamples, given, signedAtMs } from '../../../support/damaged-samples.ts';

function solve(problem: SolverProblem, maxCandidates = 1e6): SolverResult {
  const last = [...search(problem, { maxMs: 60_000, maxCandidates, elapsedMs: () => 0 })].at(-1);
  if (last?.kind !== 'result') throw new Error('The search gave no result.');
  return last;
}

function problemNamed(name: string): SolverProblem {
  const sample = damagedSamples.find((each) => each.name === name);
  if (sample === undefined) throw new Error(`There is no sample ${name}.`);
  return sample.problem;
}

function firstMatch(problem: SolverProblem): SolverMatch {
  const match = solve(problem).matches[0];
  if (match === undefined) throw new Error('Nothing matches.');
  return match;
}

const github = parseOptions('github-sha256');
const secret = 'It-is-a-Secret-to-Everybody';
const body = Buffer.from('{"a":1}');

function signedByGithub(change: (value: string) => string): SolverProblem {
  const signed = schemeOf('github-sha256').sign({
    options: github,
    secrets: [secret],
    id: 'm',
    nowMs: signedAtMs,
    method: 'POST',
    url: '',
    body,
  });
  const headers = signed.headers.map(([name, value]): [string, string] => [name, change(value)]);
  return { options: github, request: { method: null, url: null, headers, body }, secrets: [given(secret)], nowMs: signedAtMs };
}

describe('what a match tells', () => {
  it('is a sentence to send, with the first byte that differs and both signatures', () => {
    const match = firstMatch(problemNamed('stripe: pretty-printed by 4'));
    expect(match.sentence).toBe('Valid if the body is minified: something re-serialised the JSON before verification. Use the raw body.');
    expect(match.remedy).toBe('Use the raw body.');
    expect(match.bodyDiff).toEqual({
      offset: 1,
      beforeHex: '0a20202020226964223a20226f72645f',
      afterHex: '226964223a226f72645f31222c226e6f',
    });
    expect(match.received).toBe(`${match.expected}`);
    expect(match.unchanged).toMatch(/^v1=[0-9a-f]{64}$/);
    expect(match.unchanged).not.toBe(match.expected);
  });

  it('holds the bytes that were signed, which verify when they are sent', () => {
    const problem = problemNamed('github-sha256: keys no longer sorted');
    const { signed } = firstMatch(problem);
    const bytes = Buffer.from(signed?.base64 ?? '', 'base64');
    expect(bytes.toString()).toBe('{"a":1,"b":{"c":2,"d":3}}');
    const verdict = schemeOf('github-sha256').verify({
      ...problem.request,
      options: github,
      secrets: [secret],
      nowMs: signedAtMs,
      body: bytes,
    });
    expect(verdict.verdict).toBe('valid');
  });

  it('joins two causes in one sentence', () => {
    const match = firstMatch(problemNamed('github-sha256: secret of another endpoint, newline lost'));
    expect(match.sentence).toContain('Valid if the secret of the endpoint Billing is used and the body ends with a newline (LF): ');
    expect(match.secretLabel).toBe('the endpoint Billing');
  });
});

describe('a signature that was cut', () => {
  it.each([
    [40, false],
    [32, false],
    [31, true],
    [14, true],
  ])('to %i digits is weak evidence: %s', (digits, weak) => {
    const match = firstMatch(signedByGithub((value) => value.slice(0, 7 + digits)));
    expect(match.weak).toBe(weak);
    expect(match.comparedBytes).toBe(Math.floor(digits / 2));
    expect(match.sentence.includes('hint and no proof')).toBe(weak);
  });

  it('to less than 6 bytes proves nothing, and the whole of it is asked for', () => {
    const { matches, advice } = solve(signedByGithub((value) => value.slice(0, 17)));
    expect(matches).toEqual([]);
    expect(advice[0]).toContain('Ask for the signature header, whole');
  });
});

describe('a search without a match', () => {
  it('counts what it tried by kind, and asks for what it lacks', () => {
    const problem = signedByGithub(() => `sha256=${'ab'.repeat(32)}`);
    const { matches, tried, exhausted, advice } = solve(problem);
    expect(matches).toEqual([]);
    expect(exhausted).toBe(true);
    expect(Object.keys(tried.byKind).toSorted()).toEqual(['algorithm', 'body', 'none', 'scheme', 'secret']);
    expect(tried.byKind['none']).toBe(1);
    expect(advice.some((sentence) => sentence.startsWith('Give the URL'))).toBe(true);
  });

  it('says when the body was cut, and when letters were lost', () => {
    const problem = signedByGithub(() => `sha256=${'ab'.repeat(32)}`);
    const cut = {
      ...problem,
      request: {
        ...problem.request,
        headers: [...problem.request.headers, ['Content-Length', '900'] as const].map(([name, value]): [string, string] => [name, value]),
      },
    };
    expect(solve(cut).advice).toContain('Ask for the whole body: it has 7 bytes here, but Content-Length says 900.');
    const lost = { ...problem, request: { ...problem.request, body: Buffer.from('{"a":"Zo\ufffd"}') } };
    expect(solve(lost).advice.join(' ')).toContain('replacement characters');
  });

  it('asks for the body first of all where there is none, and not how it was read', () => {
    const problem = signedByGithub(() => `sha256=${'ab'.repeat(32)}`);
    const { advice } = solve({ ...problem, request: { ...problem.request, body: Buffer.alloc(0) } });
    expect(advice[0]).toContain('There is no body here: ask for it as the receiver got it');
    expect(advice.join(' ')).not.toContain('how it is read');
  });

  it('asks for a secret when none was given', () => {
    const problem = signedByGithub((value) => value);
    expect(solve({ ...problem, secrets: [] }).advice[0]).toContain('Give the secret');
  });

  it('asks for headers when there is no signature among them', () => {
    const problem = signedByGithub((value) => value);
    const bare = { ...problem, options: null, request: { ...problem.request, headers: [['accept', '*/*']] as [string, string][] } };
    expect(solve(bare)).toMatchObject({
      matches: [],
      advice: [
        expect.stringContaining('signature header'),
        expect.stringContaining('Ask for the body'),
        expect.stringContaining('Give the URL'),
      ],
    });
  });

  it('says so when it had to end early, and what it did not come to', () => {
    const problem = signedByGithub(() => `sha256=${'ab'.repeat(32)}`);
    const { exhausted, untried, advice, tried } = solve(problem, 20);
    expect(exhausted).toBe(false);
    expect(tried.total).toBeLessThan(60);
    expect(advice.at(-1)).toContain('ended before everything was tried');
    expect(untried).toEqual([
      {
        phase: 'one change',
        why: 'count',
        pairs: [],
        sentence:
          'The most signatures that one search computes were computed while single changes were tried: some of them, and most or all pairs of changes, were not.',
      },
    ]);
  });

  it('looks whether to end after every signature over a large body', () => {
    const problem = signedByGithub(() => `sha256=${'ab'.repeat(32)}`);
    const large = Buffer.alloc(70_000, '[1] ');
    const { tried } = solve({ ...problem, request: { ...problem.request, body: large } }, 20);
    expect(tried.total).toBe(20);
  });

  it('gives far-fetched pairs up after three tenths of its time, and names them', () => {
    const problem = signedByGithub(() => `sha256=${'ab'.repeat(32)}`);
    // The time passes while the far-fetched pairs are tried.
    let atMs = 0;
    let last: SolverEvent | undefined;
    for (const event of search(problem, { maxMs: 1000, maxCandidates: 1e6, elapsedMs: () => atMs })) {
      if (event.kind === 'progress' && event.phase === 'far-fetched pairs') atMs = 300;
      last = event;
    }
    if (last?.kind !== 'result') throw new Error('The search gave no result.');
    expect(last.exhausted).toBe(false);
    expect(last.untried).toMatchObject([{ phase: 'far-fetched pairs', why: 'time' }]);
    expect(last.untried[0]?.pairs.length).toBeGreaterThan(1);
    expect(last.untried[0]?.sentence).toMatch(/^The time ran out before every far-fetched pair .* body with secret, two of the body\.$/);
    expect(last.advice.at(-1)).toContain('Only far-fetched pairs');
  });

  it('says that two changes of a large body are not tried', () => {
    const problem = signedByGithub(() => `sha256=${'ab'.repeat(32)}`);
    const { exhausted, untried } = solve({ ...problem, request: { ...problem.request, body: Buffer.alloc(300_000, 'x') } });
    expect(exhausted).toBe(false);
    expect(untried).toMatchObject([
      { phase: 'two changes', why: 'size', pairs: [['body', 'body']] },
      { phase: 'two changes', why: 'size', sentence: expect.stringContaining('readings of characters that look alike') as string },
    ]);
    expect(untried[0]?.sentence).toContain('the body has 300,000');
  });

  it('names what a match made needless', () => {
    const { exhausted, untried } = solve(problemNamed('stripe: pretty-printed by 4'));
    expect(exhausted).toBe(false);
    expect(untried).toMatchObject([{ phase: 'one change', why: 'match' }]);
  });
});

describe('hostile requests', () => {
  const wrong = () => `sha256=${'ab'.repeat(32)}`;
  const withBody = (hostile: Uint8Array): SolverProblem => {
    const problem = signedByGithub(wrong);
    return { ...problem, request: { ...problem.request, body: hostile } };
  };

  it.each([
    ['JSON nested 100,000 deep', Buffer.from('['.repeat(100_000))],
    ['JSON nested 100,000 deep and closed', Buffer.from('['.repeat(100_000) + ']'.repeat(100_000))],
    ['bytes that are not UTF-8', Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28])],
    ['a quote without an end', Buffer.from(`{"a":"${'\\'.repeat(50_001)}`)],
    ['half a surrogate pair', Buffer.from('{"a":"\\ud83d"}')],
    ['only percent signs', Buffer.from('%'.repeat(20_000))],
    ['no body at all', Buffer.alloc(0)],
    ['300,000 spaces before a letter', Buffer.from(`${' '.repeat(300_000)}x`)],
    ['300,000 line breaks before a mark', Buffer.from(`${'\n'.repeat(300_000)}!`)],
    ['300,000 quotes', Buffer.from('"'.repeat(300_000))],
    ['3 MB of one JSON list', Buffer.from(`[${'1,'.repeat(1_500_000)}1]`)],
  ])('are searched to the end: %s', (_, hostile) => {
    const { matches, untried } = solve(withBody(hostile));
    expect(matches).toEqual([]);
    expect(untried.filter(({ why }) => why !== 'size')).toEqual([]);
  });

  it('with 10,000 headers are searched to the end', () => {
    const problem = signedByGithub(wrong);
    const many = Array.from({ length: 10_000 }, (_, index): [string, string] => [
      `x-signature-${index}`,
      'c3VjaCBhIGxvbmcgc2lnbmF0dXJlIHRoYXQgaXMgbm9uZQ==',
    ]);
    const { matches, exhausted } = solve({ ...problem, request: { ...problem.request, headers: [...many, ...problem.request.headers] } });
    expect(matches).toEqual([]);
    expect(exhausted).toBe(true);
  });
});
