import { call } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { SolverEvent, SolverResult } from '#shared/contract/solving.ts';
import type { solveInput } from '#shared/contract/verifying.ts';
import { admit } from '#engine/base/admission.ts';
import type { Clock, Log } from '#engine/base/ports.ts';
import { createProcedures } from '#engine/base/procedures.ts';
import { notFound } from '#engine/base/refusal.ts';
import { schemeIds } from '#shared/contract/signing.ts';
import { createVerifyingHandlers } from '#engine/procedures/verifying.ts';
import { offlineRequestSource } from '#engine/verifying/request-source.ts';
import { directSigner } from '#engine/signing/signer.ts';
import { directVerifier } from '#engine/signing/verifier.ts';
import { directCaseMaker } from '#engine/verifying/case-file/case-maker.ts';
import { createSolver } from '#engine/verifying/solver/solver.ts';
import type { VaultSecret } from '#engine/verifying/solver/solve-request.ts';

type SolveInput = z.input<typeof solveInput>;

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const sentAtMs = 1_614_265_330_000;
const request = {
  headers: [
    ['webhook-id', 'msg_p5jXN8AQM9LWM0D4loKWxJek'],
    ['webhook-timestamp', '1614265330'],
    ['webhook-signature', 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='],
  ] as [string, string][],
  bodyBase64: Buffer.from('{"test": 2432232314}').toString('base64'),
};

const clock: Clock = { now: () => sentAtMs + 1000, at: () => () => undefined };
const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const vault: readonly VaultSecret[] = [
  { ownerId: 'ep_1', label: 'the endpoint Orders', text: secret, isPrevious: false, isExpired: false },
  { ownerId: 'ep_1', label: 'the endpoint Orders', text: 'whsec_cHJldmlvdXMtcHJldmlvdXMtcHJldmlvdXM=', isPrevious: true, isExpired: true },
  { ownerId: 'ep_2', label: 'the endpoint Billing', text: 'whsec_b3RoZXItb3RoZXItb3RoZXItb3RoZXI=', isPrevious: false, isExpired: false },
];
const handlers = createVerifyingHandlers(createProcedures(log), {
  sentInstead: () => Promise.resolve(null),
  clock,
  verifier: directVerifier,
  sign: directSigner,
  makeCase: directCaseMaker,
  requestOf: offlineRequestSource,
  secretsOf: (id) => (id === 'ep_1' ? Promise.resolve([secret]) : Promise.reject(notFound('endpoint or bin', id))),
  vaultSecrets: (ids) => {
    const unknown = ids === 'all' ? undefined : ids.find((id) => !vault.some(({ ownerId }) => ownerId === id));
    if (unknown !== undefined) return Promise.reject(notFound('endpoint or bin', unknown));
    return Promise.resolve(vault.filter(({ ownerId }) => ids === 'all' || ids.includes(ownerId)));
  },
  solver: createSolver({ log }),
});
const context = { context: admit('test') };

describe('verify', () => {
  it('makes a change before the verdict, the secrets of an owner and the scheme included, and refuses one that does not fit', async () => {
    const ask = (change: object, more: object = {}) =>
      call(handlers.verify, { scheme: 'stripe', secrets: [`${secret} `], request, change, ...more } as never, context);
    const scheme = { scheme: 'standard-webhooks', options: {} };
    expect(await ask({ ...scheme, secret: { kind: 'edited', index: 0, edits: ['trimmed'] } })).toMatchObject({ verdict: 'valid' });
    expect(await ask({ ...scheme, secret: { kind: 'owner', id: 'ep_1' } })).toMatchObject({ verdict: 'valid', matchedSecret: 1 });
    expect(await ask(scheme)).toMatchObject({ verdict: 'unchecked', reason: 'secret_malformed' });
    for (const [change, message] of [
      [{ secret: { kind: 'edited', index: 1, edits: ['trimmed'] } }, 'no secret at place 1'],
      [{ secret: { kind: 'edited', index: 0, edits: ['json-unescaped'] } }, 'does not apply to the secret'],
      [{ body: { from: 3, to: 2, base64: '' } }, 'not in the body, which has 20 bytes'],
      [{ headers: [{ index: 3, name: 'a', value: '' }] }, 'the request has 3'],
      [{ scheme: 'stripes' }, 'Did you mean stripe?'],
    ] as const)
      await expect(ask(change)).rejects.toMatchObject({ message: expect.stringContaining(message) as string });
  });

  it('takes the clock of the engine, or the one the caller gives', async () => {
    const byClock = await call(handlers.verify, { scheme: 'standard-webhooks', secrets: [secret], request }, context);
    expect(byClock).toMatchObject({ verdict: 'valid', timestampAgeSeconds: 1 });
    const given = await call(
      handlers.verify,
      { scheme: 'standard-webhooks', secrets: [secret], request, nowMs: sentAtMs + 301_000 },
      context,
    );
    expect(given).toMatchObject({ verdict: 'invalid', reason: 'timestamp_stale' });
  });

  it('tries the secrets of an endpoint without showing them', async () => {
    const result = await call(handlers.verify, { scheme: 'standard-webhooks', secrets: [], secretsOf: 'ep_1', request }, context);
    expect(result.verdict).toBe('valid');
    expect(JSON.stringify(result)).not.toContain(secret.slice(6));
  });

  it('refuses an endpoint that does not exist', async () => {
    await expect(call(handlers.verify, { scheme: 'standard-webhooks', secretsOf: 'ep_2', request }, context)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      data: { id: 'ep_2' },
    });
  });

  it('refuses an unknown scheme at its field, with the nearest known one', async () => {
    await expect(call(handlers.verify, { scheme: 'standard-webhoks', request }, context)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path: 'scheme', message: expect.stringContaining('Did you mean standard-webhooks?') as string }] },
    });
  });

  it('refuses options that the scheme does not have', async () => {
    const wrong = call(handlers.verify, { scheme: 'custom', options: { encoding: 'base32' }, request }, context);
    await expect(wrong).rejects.toMatchObject({ code: 'INPUT_INVALID', data: { issues: [{ path: 'options.encoding' }] } });
  });
});

describe('solve', () => {
  const damaged = { ...request, bodyBase64: Buffer.from('{"test":2432232314}').toString('base64') };
  const spaced = { ...request, bodyBase64: Buffer.from('{"test": 2432232314}\n').toString('base64') };

  async function solve(input: Partial<SolveInput>): Promise<SolverResult> {
    const events: SolverEvent[] = [];
    for await (const event of await call(handlers.solve, { scheme: 'standard-webhooks', request: damaged, ...input }, context))
      events.push(event);
    const last = events.at(-1);
    if (last?.kind !== 'result') throw new Error('The search gave no result.');
    return last;
  }

  it('finds the change of the body that makes the signature match', async () => {
    const { matches } = await solve({ secrets: [secret] });
    expect(matches[0]).toMatchObject({ scheme: 'standard-webhooks', secretLabel: 'the secret given', causes: [{ kind: 'body' }] });
  });

  it('tries the secrets of chosen endpoints, and names the one that fits without showing it', async () => {
    const result = await solve({ secrets: ['whsec_d3Jvbmctd3Jvbmctd3Jvbmctd3Jvbmc='], secretsOf: ['ep_2', 'ep_1'], request });
    expect(result.matches[0]).toMatchObject({ secretLabel: 'the endpoint Orders', causes: [{ id: 'secret-of-another' }] });
    expect(JSON.stringify(result)).not.toContain(secret.slice(6));
  });

  it('takes the first endpoint chosen for the receiver when no secret is given', async () => {
    const { matches } = await solve({ secretsOf: ['ep_1'], request: spaced });
    expect(matches[0]).toMatchObject({ secretLabel: 'the endpoint Orders', causes: [{ id: 'body-newline-removed' }] });
  });

  it('tries every secret there is, when asked to', async () => {
    const { matches } = await solve({ secrets: ['whsec_d3Jvbmctd3Jvbmctd3Jvbmctd3Jvbmc='], allSecrets: true, request });
    expect(matches[0]?.secretLabel).toBe('the endpoint Orders');
  });

  it('finds the scheme by the headers', async () => {
    const { matches } = await solve({ scheme: 'auto', secrets: [secret], request: spaced });
    expect(matches[0]).toMatchObject({ scheme: 'standard-webhooks', causes: [{ id: 'body-newline-removed' }] });
  });

  it('refuses an endpoint that does not exist', async () => {
    await expect(solve({ secretsOf: ['ep_9'] })).rejects.toMatchObject({ code: 'NOT_FOUND', data: { id: 'ep_9' } });
  });

  it('refuses a body that is too large to search, at once and with the limit', async () => {
    const bodyBase64 = 'A'.repeat(4 * Math.ceil((10_485_760 + 300) / 3));
    await expect(solve({ secrets: [secret], request: { ...request, bodyBase64 } })).rejects.toMatchObject({
      code: 'BODY_TOO_LARGE',
      data: { limitBytes: 10_485_760 },
    });
  });

  it('refuses headers that are too large to search', async () => {
    const headers = Array.from({ length: 100 }, (_, index): [string, string] => [`x-${index}`, 'a'.repeat(20_000)]);
    await expect(solve({ secrets: [secret], request: { ...request, headers } })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path: 'request.headers' }] },
    });
  });
});

describe('sign', () => {
  it('gives headers that verify, and the bytes that were signed', async () => {
    const bodyBase64 = Buffer.from([0xff, 0x00]).toString('base64');
    const signed = await call(
      handlers.sign,
      { scheme: 'standard-webhooks', secrets: [secret], id: 'msg_1', nowMs: sentAtMs, request: { bodyBase64 } },
      context,
    );
    expect(signed.headers.slice(0, 2)).toEqual([
      ['webhook-id', 'msg_1'],
      ['webhook-timestamp', '1614265330'],
    ]);
    expect(Buffer.from(signed.signedBase64, 'base64').toString('latin1')).toBe('msg_1.1614265330.\xff\x00');
    const checked = await call(
      handlers.verify,
      { scheme: 'standard-webhooks', secrets: [secret], request: { headers: signed.headers, bodyBase64 } },
      context,
    );
    expect(checked.verdict).toBe('valid');
  });

  it('makes an id where none is given', async () => {
    const signed = await call(handlers.sign, { scheme: 'standard-webhooks', secrets: [secret], request: {} }, context);
    expect(signed.headers[0]).toEqual(['webhook-id', expect.stringMatching(/^msg_[0-9a-f]{32}$/)]);
  });

  it.each([
    [{ id: 'a.b' }, 'id'],
    [{ id: 'a\r\nX-Evil: 1' }, 'id'],
    [{ secrets: ['whsec_!'] }, 'secrets.0'],
  ])('refuses %j at its field', async (change, path) => {
    const wrong = call(handlers.sign, { scheme: 'standard-webhooks', secrets: [secret], request: {}, ...change }, context);
    await expect(wrong).rejects.toMatchObject({ code: 'INPUT_INVALID', data: { issues: [{ path }] } });
  });

  it('asks for the URL where custom options sign it', async () => {
    const options = { signedContent: '{url}{body}' };
    await expect(call(handlers.sign, { scheme: 'custom', secrets: ['s'], options, request: {} }, context)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path: 'request' }] },
    });
  });
});

describe('schemes', () => {
  it('are listed with what a form needs: options as JSON Schema with their defaults, headers, pitfall', async () => {
    const { items } = await call(handlers.schemes, undefined, context);
    expect(items.map((item) => item.id)).toEqual(schemeIds);
    expect(items.find(({ id }) => id === 'standard-webhooks')).toMatchObject({
      headers: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
      allowsSeveralSecrets: true,
      toleranceSeconds: 300,
    });
    expect(items.find(({ id }) => id === 'custom')?.options).toMatchObject({
      type: 'object',
      required: ['scheme'],
      properties: {
        scheme: { const: 'custom' },
        header: { default: 'X-Signature' },
        algorithm: { enum: ['sha1', 'sha256', 'sha384', 'sha512', 'es256', 'rs256'] },
      },
      additionalProperties: false,
    });
  });
});
