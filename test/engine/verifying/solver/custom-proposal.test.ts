import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { search } from '#engine/verifying/solver/search.ts';
import type { SolverProblem } from '#engine/verifying/solver/problem.ts';
import { parseOptions, schemeOf } from '#engine/signing/registry.ts';
import type { SolverResult } from '#shared/contract/solving.ts';

const secret = 'a-secret-of-the-sender-0123456789';
const nowMs = 1_760_000_000_000;
const body = '{"id":42,"name":"Zoë"}';
const url = 'https://a.example.com/h?x=1';
const mac = (content: string, as: 'hex' | 'base64' | 'base64url' = 'hex', hash = 'sha256', key = secret) =>
  createHmac(hash, key).update(content).digest(as);
const sha256 = (as: 'hex' | 'base64') => createHash('sha256').update(body).digest(as);

interface Sender {
  readonly request: Partial<SolverProblem['request']>;
  readonly signedContent: string;
  readonly fields: readonly object[];
}

/** Genuine requests of senders that nobody knows, and the scheme that describes each. */
const senders: Readonly<Record<string, Sender>> = {
  'a signature in the query, over the URL and the body': {
    request: { url: `${url}&sig=${mac(`POST\n${url}\n${body}`)}` },
    signedContent: '{method}\n{url}\n{body}',
    fields: [{ place: 'query', name: 'sig', value: '{signature}' }],
  },
  'a signature in a form': {
    request: { body: Buffer.from(`type=paid&id=7&check=${encodeURIComponent(mac('type=paid&id=7', 'base64'))}`) },
    signedContent: '{body}',
    fields: [{ place: 'form', name: 'check', value: '{signature}' }],
  },
  'id, time and the digest of the body, with a version before the signature': {
    request: {
      headers: [
        ['X-Request-Id', 'req-7'],
        ['X-Sent', '1760000000'],
        ['X-Proof', `v3=${mac(`req-7:1760000000:${sha256('base64')}`, 'base64', 'sha512')}`],
      ],
    },
    signedContent: '{id}:{timestamp}:{body_sha256_base64}',
    fields: [
      { place: 'header', name: 'X-Request-Id', value: '{id}' },
      { place: 'header', name: 'X-Sent', value: '{timestamp}' },
      { place: 'header', name: 'X-Proof', value: 'v3={signature}' },
    ],
  },
  'time and signature among other entries of one header': {
    request: { headers: [['X-Acme-Auth', `key=k7,ts=1760000000,mac=${mac(`/h|1760000000|${body}`)}`]] },
    signedContent: '{path}|{timestamp}|{body}',
    fields: [{ place: 'header', name: 'X-Acme-Auth', value: 'ts={timestamp},mac={signature}' }],
  },
};

function resultOf(request: Partial<SolverProblem['request']>, text = secret): SolverResult {
  const problem: SolverProblem = {
    options: null,
    request: { method: 'POST', url, headers: [['Content-Type', 'application/json']], body: Buffer.from(body), ...request },
    secrets: [{ text, label: 'the secret given', origin: 'given', isPrevious: false, source: { kind: 'given', index: 0 } }],
    nowMs,
  };
  let result: SolverResult | null = null;
  for (const event of search(problem, { maxMs: 60_000, maxCandidates: 2_000_000, elapsedMs: () => 0 }))
    if (event.kind === 'result') result = event;
  if (result === null) throw new Error('The search ended without a result.');
  return result;
}

describe('one genuine request of an unknown sender with its secret', () => {
  it.each(Object.entries(senders))('gives the custom scheme that describes it: %s', (_, { request, signedContent, fields }) => {
    const [match] = resultOf(request).matches;
    expect(match).toMatchObject({ scheme: 'custom', weak: false, causes: [{ kind: 'scheme', id: 'scheme-custom' }] });
    expect(match?.fix).toMatchObject({ change: { scheme: 'custom', options: { signedContent, fields } } });
    if (match === undefined || !('change' in match.fix)) throw new Error('There is no fix.');
    const options = parseOptions('custom', match.fix.change.options);
    const given = { method: 'POST', url, headers: [], body: Buffer.from(body), ...request };
    expect(schemeOf('custom').verify({ options, secrets: [secret], nowMs, ...given })).toMatchObject({ verdict: 'valid' });
    expect(JSON.stringify(match)).not.toContain(secret);
  });

  it.each(Object.entries(senders))('gives none with another secret: %s', (_, { request }) => {
    expect(resultOf(request, 'another-secret-0123456789').matches).toEqual([]);
  });

  it.each(['{timestamp}=', '{signature},', '{id}.'])('gives none where braces stand beside the signature: %s', (text) => {
    expect(resultOf({ headers: [['X-Foo', `${text}${mac(body)}`]] }).matches).toEqual([]);
  });

  it.each(['', createHash('sha256').update('').digest('hex')])('gives none for an empty body that alone is signed: "%s"', (content) => {
    expect(resultOf({ headers: [['X-Foo', mac(content)]], body: Buffer.alloc(0) }).matches).toEqual([]);
  });

  it('gives the scheme of a request that is too old by now', () => {
    const headers: [string, string][] = [['X-Acme', `ts=1700000000,mac=${mac(`1700000000.${body}`)}`]];
    expect(resultOf({ headers }).matches[0]).toMatchObject({ scheme: 'custom', weak: false });
  });
});
