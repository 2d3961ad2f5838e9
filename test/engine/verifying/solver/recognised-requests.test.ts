import { Buffer } from 'node:buffer';
import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { HeaderField } from '#shared/contract/common.ts';
import type { SolverResult } from '#shared/contract/solving.ts';
import { search } from '#engine/verifying/solver/search.ts';

const secret = 's3cret-key-0123-long-enough';
const body = '{"id":1,"name":"Zoë","amount":10.50}';
const nowMs = 1_760_000_000_000;
const url = 'https://shop.example.com/hook';

const mac = (signed: string) => createHmac('sha256', secret).update(signed).digest('hex');

/** The result of a search under `auto`. */
function solve(headers: readonly HeaderField[], change: { readonly body?: string; readonly url?: string } = {}): SolverResult {
  const request = { method: 'POST', url: change.url ?? url, headers, body: Buffer.from(change.body ?? body) };
  const secrets = [
    { text: secret, label: 'the secret given', origin: 'given', isPrevious: false, source: { kind: 'given', index: 0 } },
  ] as const;
  const problem = { options: null, request, secrets, nowMs };
  const last = [...search(problem, { maxMs: 1, maxCandidates: 20_000, elapsedMs: () => 0 })].at(-1);
  if (last?.kind !== 'result') throw new Error('The search gave no result.');
  return last;
}

describe('a sender that signs in a way that cannot be computed here', () => {
  it('is named, and nothing is tried', () => {
    const credentials = `AWS4-HMAC-SHA256 Credential=AKIA/20251009/us-east-1/events/aws4_request, SignedHeaders=host, Signature=${mac('q')}`;
    const { tried, advice } = solve([['Authorization', credentials]]);
    expect(tried.total).toBe(0);
    expect(advice.join(' ')).toContain('AWS Signature Version 4');
  });
});

describe('a signature that does not make the request valid', () => {
  it('is not what the search calls valid, beside a newer one that fails', () => {
    const v1 = createHash('sha256').update(`${secret}${body}`).digest('hex');
    const v3 = createHmac('sha256', secret).update(`POST${url}${body}${nowMs}`).digest('base64');
    const headers: readonly HeaderField[] = [
      ['X-HubSpot-Signature', v1],
      ['X-HubSpot-Signature-Version', 'v1'],
      ['X-HubSpot-Signature-v3', v3],
      ['X-HubSpot-Request-Timestamp', String(nowMs)],
    ];
    const [match] = solve(headers, { url: 'http://shop.example.com/hook' }).matches;
    expect(match).toMatchObject({ scheme: 'hubspot-v3' });
    expect(match?.causes).not.toEqual([]);
    // What the older one is over explains nothing of the newer.
    expect(solve(headers, { url: 'http://10.0.0.5:3000/elsewhere' }).matches).toEqual([]);
  });

  it('is not called valid in a form that its sender does not write', () => {
    const sha512 = createHmac('sha512', secret).update(body).digest('hex');
    const { matches } = solve([
      ['X-GitHub-Event', 'push'],
      ['X-Hub-Signature-256', `sha256=${sha512}`],
    ]);
    expect(matches.map(({ sentence }) => sentence).join(' ')).not.toContain('this request is valid');
    expect(matches[0]?.causes).not.toEqual([]);
  });
});

describe('advice where nothing is found', () => {
  const adviceOn = (headers: readonly HeaderField[], given: string = body) => solve(headers, { body: given }).advice.join(' ');
  const aboutSecret = 'fingerprint of the secret';
  const aboutBody = 'Ask for the body';

  it('leaves the secret alone where the token that names another body is signed with it', () => {
    const parts = [{ alg: 'HS256' }, { iss: 'netlify', sha256: createHash('sha256').update('other').digest('hex') }];
    const token = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const signature = createHmac('sha256', secret).update(token).digest('base64url');
    const advice = adviceOn([['X-Webhook-Signature', `${token}.${signature}`]]);
    expect(advice).toContain(aboutBody);
    expect(advice).not.toContain(aboutSecret);
  });

  it('asks for no body where none is covered', () => {
    for (const header of ['X-Telegram-Bot-Api-Secret-Token', 'X-Gitlab-Token']) {
      const advice = adviceOn([[header, 'zzz_0123456789']]);
      expect(advice).not.toContain(aboutBody);
      expect(advice).toContain('the sender may send another secret');
    }
    const signature = { timestamp: '1760000000', token: 'a'.repeat(50), signature: mac('other') };
    const advice = adviceOn([], JSON.stringify({ signature, 'event-data': {} }));
    expect(advice).not.toContain(aboutBody);
    expect(advice).toContain('timestamp, token and signature');
  });

  it('speaks of no secret where none could be compared', () => {
    const sns = { Type: 'Notification', Signature: 'abcd', SignatureVersion: '1', SigningCertURL: 'https://sns.amazonaws.com/x.pem' };
    expect(adviceOn([], JSON.stringify(sns))).not.toMatch(/fingerprint|Ask for the body/);
    const advice = adviceOn([['Stripe-Signature', 't=1760000000']]);
    expect(advice).not.toMatch(/fingerprint|signing secret/);
    expect(advice).toContain('too short to compare, or none');
  });

  it('says of whole signatures in another form that they are there', () => {
    const one = `v1,${createHmac('sha256', secret).update('one').digest('base64')}`;
    const advice = adviceOn([
      ['webhook-id', 'm1'],
      ['webhook-timestamp', '1760000000'],
      ['webhook-signature', `${one},${one}`],
    ]);
    expect(advice).toContain('A whole signature is there, but not in the form of the scheme');
    expect(advice).not.toContain('too short');
  });
});
