import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schemeIds, type SchemeId } from '#shared/contract/signing.ts';
import type { SolverMatch, SolverResult } from '#shared/contract/solving.ts';
import { parseOptions, schemeOf } from '#engine/signing/registry.ts';
import type { VerifyInput } from '#engine/signing/scheme.ts';
import type { CaseDocument } from '#engine/verifying/case-file/case-document.ts';
import { makeCaseFile } from '#engine/verifying/case-file/case-file.ts';
import type { CaseInput } from '#engine/verifying/case-file/make-case.ts';

const madeAtMs = Date.UTC(2026, 10, 21, 9, 0, 0);
const random = Uint8Array.from({ length: 32 }, (_, index) => (index * 37 + 11) % 256);

/** Schemes that sign bodies of one shape only. */
const bodies: Readonly<Partial<Record<SchemeId, string>>> = {
  'adyen-payments': JSON.stringify({
    live: 'false',
    notificationItems: [{ NotificationRequestItem: { pspReference: 'P1', eventCode: 'CAPTURE' } }],
  }),
};

interface Signed {
  readonly scheme?: SchemeId;
  readonly body?: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** A request that a scheme signed, with what verifies it. */
function signedRequest({
  scheme = 'standard-webhooks',
  body = bodies[scheme] ?? '{"type":"invoice.paid"}',
  options = {},
}: Signed = {}): VerifyInput {
  const parsed = parseOptions(scheme, scheme === 'paypal' ? { webhookId: 'WH-1', ...options } : options);
  const { sign, makeSecret } = schemeOf(scheme);
  const secret = makeSecret(random, parsed);
  const request = { method: 'POST', url: 'https://shop.example/hook', body: Buffer.from(body) };
  const signed = sign({ options: parsed, secrets: [secret], id: 'msg_1', nowMs: madeAtMs, ...request });
  return {
    options: parsed,
    secrets: [secret],
    nowMs: madeAtMs,
    method: request.method,
    url: signed.url ?? request.url,
    headers: [['Content-Type', 'application/json'], ...signed.headers],
    body: signed.body ?? request.body,
  };
}

async function fileOf(request: VerifyInput, format: 'html' | 'json', rest: Partial<CaseInput> = {}): Promise<string> {
  const file = await makeCaseFile({ request, includeHeaders: 'redacted', search: null, madeAtMs, ...rest }, format);
  return Buffer.from(file.content).toString('utf8');
}

async function caseOf(request: VerifyInput, rest: Partial<CaseInput> = {}): Promise<CaseDocument> {
  return JSON.parse(await fileOf(request, 'json', rest)) as CaseDocument;
}

describe('a case file', () => {
  it('is named after scheme, verdict and time, and says what it is', async () => {
    const file = await makeCaseFile({ request: signedRequest(), includeHeaders: 'redacted', search: null, madeAtMs }, 'html');
    expect(file.filename).toBe('hookyard-case-standard-webhooks-valid-20261121-090000.html');
    expect(file.contentType).toBe('text/html; charset=utf-8');
  });

  it.each(schemeIds)('of %s records its verdict and holds the secret nowhere, in no usual form', async (scheme) => {
    const request = signedRequest({ scheme });
    const [secret = ''] = request.secrets;
    const forms = [
      secret,
      secret.replace(/^whs[ek]c?_/, ''),
      Buffer.from(secret).toString('base64').replace(/=+$/, ''),
      encodeURIComponent(secret),
    ];
    const document = await caseOf(request);
    expect(document.verdict).toMatchObject({ verdict: 'valid', scheme });
    expect(document.repeatable.filter(({ result }) => result === 'failed')).toEqual([]);
    for (const format of ['html', 'json'] as const) {
      const text = await fileOf(request, format, { includeHeaders: 'all' });
      for (const form of forms) expect(text).not.toContain(form);
    }
  });

  it('shows of a signature that was expected, and not received, too little to send it', async () => {
    const genuine = signedRequest();
    const request = { ...genuine, body: Buffer.from('{"type":"invoice.paid","total":1}') };
    const key = Buffer.from((request.secrets[0] ?? '').slice('whsec_'.length), 'base64');
    const forged = createHmac('sha256', key)
      .update(`msg_1.${madeAtMs / 1000}.`)
      .update(request.body)
      .digest('base64');
    const document = await caseOf(request);
    expect(document.expectedSignatureBeginnings).toEqual([`v1,${forged.slice(0, 8)}… (36 characters left out)`]);
    expect(await fileOf(request, 'html')).not.toContain(forged.slice(0, 12));
    expect(document.leftOut.join(' ')).toContain('can send this one message in the name of the sender');
  });

  it('leaves out what private headers and the URL carry, wherever else it stands, unless asked', async () => {
    const genuine = signedRequest({ body: '{"echo":"Bearer open-sesame-1"}' });
    const request: VerifyInput = {
      ...genuine,
      url: 'https://bob:hunter2-pass@shop.example/hook?api_key=sesame-street&page=2',
      headers: [
        ['Authorization', 'Bearer open-sesame-1'],
        ['Cookie', 'id=monster-cookie'],
        ['X-Api-Key', 'sesame-street'],
        ['X-Trace', 'a'],
        ...genuine.headers,
      ],
    };
    const document = await caseOf(request);
    expect(document.request.url).toBe('https://[redacted]@shop.example/hook?api_key=[redacted]&page=2');
    expect(document.request.headers.filter(({ isRedacted }) => isRedacted).map(({ name }) => name)).toEqual([
      'Authorization',
      'Cookie',
      'X-Api-Key',
    ]);
    expect(document.request.body.maskedBytes).toBe('Bearer open-sesame-1'.length);
    const text = `${await fileOf(request, 'html')}${Buffer.from(document.request.body.base64, 'base64').toString()}`;
    for (const value of ['sesame', 'monster', 'hunter2']) expect(text).not.toContain(value);
    const whole = await caseOf(request, { includeHeaders: 'all' });
    expect(whole.request.headers.filter(({ isRedacted }) => isRedacted)).toEqual([]);
    expect(whole.request.url).toBe(request.url);
  });

  it('leaves the secret out of a Basic header even when all headers are asked for', async () => {
    const genuine = signedRequest();
    const basic = Buffer.from(`user:${genuine.secrets[0] ?? ''}`).toString('base64');
    const text = await fileOf({ ...genuine, headers: [['Authorization', `Basic ${basic}`], ...genuine.headers] }, 'json', {
      includeHeaders: 'all',
    });
    expect(text).not.toContain(basic);
  });

  it.each([
    'x-functions-key',
    'Ocp-Apim-Subscription-Key',
    'X-Forwarded-Authorization',
    'X-Parse-Master-Key',
    'X-Amz-Security-Token',
    'CF-Access-Client-Secret',
    'X-Goog-Signature',
    'X-Hub-Pin',
    'x-auth-user',
    'Set-Cookie',
  ])('leaves out the header %s, which is named like a credential', async (name) => {
    const genuine = signedRequest();
    const text = await fileOf({ ...genuine, headers: [[name, 'open-sesame-1'], ...genuine.headers] }, 'json');
    expect(text).not.toContain('open-sesame-1');
    expect(text).toContain(`"name": "${name}"`);
  });

  it.each([
    'x-request-id',
    'Content-Type',
    'Idempotency-Key',
    'X-Partition-Key',
    'X-Monkey',
    'Author',
    'User-Agent',
    'X-Country-Code-Hint',
    'traceparent',
  ])('leaves the header %s readable', async (name) => {
    const genuine = signedRequest();
    expect(await fileOf({ ...genuine, headers: [[name, 'plain-to-see'], ...genuine.headers] }, 'json')).toContain('plain-to-see');
  });

  it('shows the header that the case is about, whatever its name, and still proves it', async () => {
    const document = await caseOf(signedRequest({ scheme: 'github-sha256' }));
    expect(document.request.headers.find(({ name }) => name.toLowerCase() === 'x-hub-signature-256')).toMatchObject({ isRedacted: false });
    expect(document.verdict.verdict).toBe('valid');
  });

  it.each([
    [
      'https://s3.example/b?X-Amz-Signature=open-sesame-1&X-Amz-Date=20261121',
      'https://s3.example/b?X-Amz-Signature=[redacted]&X-Amz-Date=20261121',
    ],
    ['https://a.example/cb#access_token=open-sesame-1&state=x', 'https://a.example/cb#access_token=[redacted]&state=x'],
    ['https://a.example/cb#/route?token=open-sesame-1', 'https://a.example/cb#/route?token=[redacted]'],
    ['https://a.example/hook;token=open-sesame-1/next?page=2', 'https://a.example/hook;token=[redacted]/next?page=2'],
    ['https://a.example/?api%5Fkey=open-sesame-1&q=1', 'https://a.example/?api%5Fkey=[redacted]&q=1'],
    ['https://a.example/?subscription-key=open-sesame-1&monkey=banana', 'https://a.example/?subscription-key=[redacted]&monkey=banana'],
    ['https://a.example/?id_token=open-sesame-1==&x=%zz', 'https://a.example/?id_token=[redacted]&x=%zz'],
  ])('leaves credentials out of the URL %s', async (url, shown) => {
    const document = await caseOf({ ...signedRequest(), url });
    expect(document.request.url).toBe(shown);
    expect(await fileOf({ ...signedRequest(), url }, 'html')).not.toContain('open-sesame');
  });

  it('leaves out a header that holds the secret inside base64, whatever the header is', async () => {
    const genuine = signedRequest();
    for (const prefix of ['', 'a', 'ab', 'user:']) {
      const wrapped = Buffer.from(`${prefix}${genuine.secrets[0] ?? ''}`).toString('base64');
      const text = await fileOf({ ...genuine, headers: [['X-Context', `v=1 ${wrapped}`], ...genuine.headers] }, 'json', {
        includeHeaders: 'all',
      });
      expect(text).not.toContain(wrapped);
    }
  });

  it('is made of texts that hold half a character, in any place', async () => {
    const lone = 'half-\ud800-secret';
    const request: VerifyInput = {
      ...signedRequest(),
      options: parseOptions('github-sha256', {}),
      secrets: [lone],
      url: `https://shop.example/hook?token=${lone}`,
      headers: [
        ['Authorization', lone],
        ['X-Note', lone],
      ],
    };
    const text = await fileOf(request, 'html');
    expect(text).not.toContain('half-');
    expect((await caseOf(request)).verdict.verdict).not.toBe('valid');
  });

  it('overwrites a secret that stands in the body, and says so', async () => {
    const secret = 'a-secret-in-clear';
    const request: VerifyInput = {
      ...signedRequest(),
      options: parseOptions('github-sha256', {}),
      secrets: [secret],
      body: Buffer.from(`{"secret":"${secret}"}`),
    };
    const document = await caseOf(request);
    expect(Buffer.from(document.request.body.base64, 'base64').toString()).toBe(`{"secret":"${'*'.repeat(secret.length)}"}`);
    expect(document.leftOut.join(' ')).toContain('overwritten');
  });

  it('carries a public key and what a browser needs to check the signature again', async () => {
    for (const scheme of ['standard-webhooks-v1a', 'discord', 'sendgrid'] as const) {
      const genuine = signedRequest({ scheme });
      const valid = await caseOf(genuine);
      expect(valid.secrets[0]?.publicKey).toBe(schemeOf(scheme).publicKeyOf?.(genuine.secrets[0] ?? '', genuine.options));
      expect(valid.facts.proofs).toMatchObject([{ result: 'passed' }]);
      const changed = await caseOf({ ...genuine, body: Buffer.from('{}') });
      expect(changed.facts.proofs).toMatchObject([{ result: 'failed' }]);
    }
  });

  it('names the headers that are missing, and ages that are out of bounds', async () => {
    const genuine = signedRequest();
    const bare = await caseOf({ ...genuine, headers: genuine.headers.filter(([name]) => name !== 'webhook-signature') });
    expect(bare.repeatable.find(({ id }) => id === 'headers')).toMatchObject({ result: 'failed', detail: 'Missing: webhook-signature' });
    const late = await caseOf({ ...genuine, nowMs: madeAtMs + 301_400 });
    expect(late.repeatable.find(({ id }) => id === 'timestamp')).toMatchObject({
      result: 'failed',
      detail: '301 s old; up to 300 s allowed',
    });
  });

  it('judges Content-Digest and Content-Length by the body that came', async () => {
    const genuine = signedRequest();
    const stated: VerifyInput = {
      ...genuine,
      headers: [...genuine.headers, ['Content-Digest', 'sha-256=:AAAA:'], ['Content-Length', '3']],
    };
    const results = (await caseOf(stated)).repeatable.map(({ id, result }) => `${id} ${result}`);
    expect(results).toContain('content-digest failed');
    expect(results).toContain('content-length failed');
  });

  it('carries the causes that a search found, but no signature that the request does not have', async () => {
    const request = { ...signedRequest(), body: Buffer.from('{"type": "invoice.paid"}') };
    const received = request.headers.at(-1)?.[1] ?? '';
    const unchanged = `v1,${'B'.repeat(43)}=`;
    const match: SolverMatch = {
      cost: 1,
      scheme: 'standard-webhooks',
      causes: [{ kind: 'body', id: 'body-minified', sentence: 'Valid if the body is minified.' }],
      sentence: 'Valid if the body is minified.',
      remedy: 'Verify the raw body.',
      weak: false,
      comparedBytes: 32,
      secretFingerprint: '12345678',
      secretLabel: 'the secret given',
      signed: null,
      unchanged,
      expected: received,
      received,
      bodyDiff: { offset: 8, beforeHex: '20', afterHex: '22' },
      fix: { why: 'Not worked out.' },
    };
    const search: SolverResult = {
      kind: 'result',
      matches: [match],
      tried: { total: 9, byKind: { body: 9 } },
      exhausted: false,
      untried: [{ phase: 'one change', why: 'time', pairs: [], sentence: 'The time ran out while single changes were tried.' }],
      elapsedMs: 3,
      families: [],
      advice: [],
    };
    const page = await fileOf(request, 'html', { search });
    expect(page).toContain('Valid if the body is minified.');
    expect(page).toContain('The time ran out while single changes were tried.');
    expect(page).toContain(received.replaceAll('+', '+'));
    expect(page).not.toContain(unchanged);
  });

  it('gives a hostile body no way into the markup, whatever it holds', async () => {
    const hostile = fc.stringMatching(/^(<\/?script>|<!--|-->|"|'|&|<svg onload=x>|\u2028|]]>|[a-z ]){0,30}$/);
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (body, value) => {
        const genuine = signedRequest({ body });
        const page = await fileOf({ ...genuine, headers: [...genuine.headers, [`x-${value}`, value]] }, 'html');
        expect(page.match(/<script/gi)).toHaveLength(2);
        expect(page.match(/<\/script/gi)).toHaveLength(2);
        expect(page.match(/<svg|<!--/gi)).toBeNull();
      }),
      { numRuns: 60 },
    );
  });

  it('allows no script and style but its own, and nothing from elsewhere', async () => {
    const page = await fileOf(signedRequest(), 'html');
    expect(page).toMatch(
      /content="default-src &#39;none&#39;; script-src &#39;sha256-[A-Za-z0-9+/]{43}=&#39;; style-src &#39;sha256-[A-Za-z0-9+/]{43}=&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"/,
    );
    const sourceOf = (text = '') => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const policy = (/content="(default-src [^"]*)"/.exec(page)?.[1] ?? '').replaceAll('&#39;', "'");
    expect(policy).toContain(`script-src ${sourceOf(/<script>(.*?)<\/script>/s.exec(page)?.[1])};`);
    expect(policy).toContain(`style-src ${sourceOf(/<style>(.*?)<\/style>/s.exec(page)?.[1])};`);
    expect(page).not.toMatch(/\ssrc=|<link|@import|url\(|\sstyle=|\son\w+=/);
  });
});
