import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '#engine/base/refusal.ts';
import { schemeOf } from '#engine/signing/registry.ts';
import type { VerifyInput } from '#engine/signing/scheme.ts';
import { macSchemeIds as macIds, timedSchemeIds, tokenSchemeIds } from '#shared/contract/scheme-facts.ts';
import { signing, type SchemeId, type Signing } from '#shared/contract/signing.ts';
import { verification } from '#shared/contract/verifying.ts';
import { judge, vectorsOf } from '../../support/vectors.ts';

const macTimedIds = macIds.filter((id) => timedSchemeIds.some((timed) => timed === id));
const ids = [...macIds, ...tokenSchemeIds];
const nowMs = 1_763_600_000_000;
const body = Buffer.from('{"type":"invoice.paid","amount":1.0}');

/** A time before the signature in one header. */
const timeInHeader = /^(?:(?:t|ts|timestamp)=\d+|\d{10}(?=\.))/;

function optionsOf(id: SchemeId, extra: Record<string, unknown> = {}): Signing {
  return signing.parse({ scheme: id, ...extra });
}

function secretsOf(id: SchemeId): readonly [string, string] {
  // Bytes that differ, as those of a real secret do.
  const make = (byte: number) =>
    schemeOf(id).makeSecret(
      Uint8Array.from({ length: 32 }, (_, at) => (at * 37 + byte) % 256),
      optionsOf(id),
    );
  return [make(0xa5), make(0x3c)];
}

function sign(id: SchemeId, bytes: Uint8Array = body, secrets: readonly string[] = [secretsOf(id)[0]], atMs = nowMs) {
  return schemeOf(id).sign({
    options: optionsOf(id),
    secrets,
    id: 'msg_1',
    nowMs: atMs,
    method: 'POST',
    url: 'https://example.com/hooks?a=1',
    body: bytes,
  });
}

function verify(id: SchemeId, change: Partial<VerifyInput> = {}) {
  const input: VerifyInput = {
    options: optionsOf(id),
    secrets: [secretsOf(id)[0]],
    nowMs,
    method: 'POST',
    url: 'https://example.com/hooks?a=1',
    headers: sign(id).headers,
    body,
    ...change,
  };
  const result = verification.parse(schemeOf(id).verify(input));
  for (const secret of input.secrets) expect(JSON.stringify(result)).not.toContain(secret);
  return result;
}

describe('the published vectors', () => {
  const vectors = ids.flatMap(vectorsOf);

  it('are of the schemes whose vendors published some', () => {
    const schemes = ['bitbucket', 'github-sha256', 'line', 'paddle', 'pagerduty', 'razorpay', 'slack', 'standard-webhooks'];
    expect([...new Set(vectors.map(({ scheme }) => scheme))].toSorted()).toEqual(schemes);
    expect(vectors).toHaveLength(25);
  });

  it.each(vectors)('get the published verdict: $id', (vector) => {
    const result = judge(vector);
    expect(result.verdict).toBe(vector.expect);
    // Libraries gave these verdicts too, so there is nothing to note on them.
    expect(result.libraryNote).toBeNull();
  });
});

describe.each(ids)('%s', (id) => {
  const { info } = schemeOf(id);
  const [secret, otherSecret] = secretsOf(id);

  it('tells where it comes from, how far it was checked and what goes wrong with it', () => {
    expect(info.asOf).toMatch(/^2026-11-\d\d$/);
    expect(info.source).toMatch(/^https:\/\//);
    expect(info.checked).not.toBeNull();
    expect(info.pitfall).toMatch(/^[A-Z@].*\.$/s);
    expect(info.description).toMatch(/^[A-Z].*\.$/);
    expect(info.headers).toEqual(sign(id).headers.map(([name]) => name));
    // A few name no age at which a request is too old; a tolerance can be set for them all the same.
    if (info.toleranceSeconds !== null) expect(macTimedIds).toContain(id);
  });

  it('makes secrets that it takes without a remark', () => {
    expect(schemeOf(id).checkSecret(secret, optionsOf(id))).toBeNull();
    const remarks = verify(id).checks.find(({ name }) => name === 'secret');
    expect(remarks).toEqual({ name: 'secret', result: 'passed', message: 'The secret can be used.' });
  });

  it('takes what it signed, over any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const result = verify(id, { headers: sign(id, bytes).headers, body: bytes });
        expect(result).toMatchObject({ verdict: 'valid', reason: 'ok', matchedSecret: 0, matchedSignature: 0 });
      }),
      { numRuns: 50 },
    );
  });

  it('refuses another secret, and finds the right one among several', () => {
    expect(verify(id, { secrets: [otherSecret] })).toMatchObject({ verdict: 'invalid', reason: 'signature_mismatch', matchedSecret: null });
    expect(verify(id, { secrets: [otherSecret, secret] })).toMatchObject({ verdict: 'valid', matchedSecret: 1 });
  });

  it('tells a request without its headers from one that is signed wrongly', () => {
    expect(verify(id, { headers: [['Content-Type', 'text/plain']] })).toMatchObject({ verdict: 'unsigned', reason: 'header_missing' });
    expect(verify(id, { secrets: [] })).toMatchObject({ verdict: 'unchecked', reason: 'secret_missing' });
  });

  it('never throws, whatever its headers hold', () => {
    const texts = fc.oneof(fc.string({ maxLength: 80 }), fc.stringMatching(/^(t=|ts=|v1[=,]|sha256=|h1=)?[0-9a-f,;= ]{0,70}$/));
    fc.assert(
      fc.property(fc.array(texts, { minLength: info.headers.length, maxLength: info.headers.length }), (values) => {
        const headers = info.headers.map((name, index): [string, string] => [name, values[index] ?? '']);
        expect(verify(id, { headers }).verdict).not.toBe('valid');
      }),
      { numRuns: 50 },
    );
  });

  it('says that it needs a secret to sign with', () => {
    expect(() => sign(id, body, [])).toThrow(Refusal);
  });
});

describe.each(macIds)('%s', (id) => {
  it('refuses a body with one byte changed, added or taken away', () => {
    const { headers } = sign(id);
    fc.assert(
      fc.property(fc.nat({ max: body.byteLength - 1 }), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = Uint8Array.from(body, (byte, index) => (index === at ? byte ^ mask : byte));
        for (const bytes of [changed, Buffer.concat([body, Buffer.from('\n')]), body.subarray(0, -1)])
          expect(verify(id, { headers, body: bytes })).toMatchObject({ verdict: 'invalid', reason: 'signature_mismatch' });
      }),
      { numRuns: 20 },
    );
  });

  it('shows the bytes that were signed, the body among them', () => {
    const { signedBase64, parts } = verify(id);
    const signed = Buffer.from(signedBase64 ?? '', 'base64');
    expect(signed).toEqual(Buffer.from(sign(id).signed.bytes));
    const part = parts.find(({ name }) => name === 'body');
    expect(signed.subarray(part?.start, part?.end)).toEqual(body);
  });

  it('signs with every secret where its header has room, and any of the signatures will do', () => {
    const [secret, otherSecret] = secretsOf(id);
    const { headers } = sign(id, body, [otherSecret, secret]);
    const takesSeveral = schemeOf(id).info.allowsSeveralSecrets;
    expect(verify(id, { headers, secrets: [otherSecret] }).verdict).toBe('valid');
    expect(verify(id, { headers, secrets: [secret] }).verdict).toBe(takesSeveral ? 'valid' : 'invalid');
  });
});

describe.each(macTimedIds)('the time of %s', (id) => {
  const toleranceSeconds = schemeOf(id).info.toleranceSeconds;
  const limited = toleranceSeconds ?? 60;
  const options = optionsOf(id, toleranceSeconds === null ? { toleranceSeconds: limited } : {});
  const at = (offsetSeconds: number) => verify(id, { options, nowMs: nowMs + offsetSeconds * 1000 });

  it('may be as far off as the provider allows, either way', () => {
    expect(at(limited)).toMatchObject({ verdict: 'valid', timestampAgeSeconds: limited });
    expect(at(-limited)).toMatchObject({ verdict: 'valid', timestampAgeSeconds: -limited });
  });

  it('is stale or in the future a second later, and the sentence says that the signature matches', () => {
    expect(at(limited + 1)).toMatchObject({ verdict: 'invalid', reason: 'timestamp_stale', matchedSecret: 0 });
    expect(at(-limited - 1)).toMatchObject({ verdict: 'invalid', reason: 'timestamp_future', matchedSecret: 0 });
    expect(at(limited + 1).message).toContain('The signature itself matches');
  });

  it('has the tolerance that the options ask for', () => {
    const wide = optionsOf(id, { toleranceSeconds: 86_400 });
    expect(verify(id, { options: wide, nowMs: nowMs + 80_000_000 })).toMatchObject({ verdict: 'valid' });
    expect(verify(id, { options: optionsOf(id, { toleranceSeconds: 0 }), nowMs: nowMs + 1000 })).toMatchObject({
      reason: 'timestamp_stale',
    });
  });

  it('is part of what is signed', () => {
    const later = sign(id, body, undefined, nowMs + 1000).headers;
    const swapped = sign(id).headers.map(([name, value], index): [string, string] => {
      const other = later[index]?.[1] ?? '';
      if (/timestamp/i.test(name)) return [name, other];
      const time = timeInHeader.exec(other)?.[0];
      return [name, time === undefined ? value : value.replace(timeInHeader, time)];
    });
    expect(verify(id, { headers: swapped })).toMatchObject({ verdict: 'invalid', reason: 'signature_mismatch' });
  });
});
