import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Vector } from '../../support/vectors.ts';
import { judge } from '../../support/vectors.ts';
import { recogniseScheme } from '#shared/recognise/recognise-scheme.ts';

/** Requests of senders who publish no vectors, signed by Python's hmac, hashlib and OpenSSL after the pages of the senders. */
const vectors = JSON.parse(readFileSync(new URL('../../fixtures/vectors-made.json', import.meta.url), 'utf8')) as readonly Vector[];

describe.each(vectors.map((vector) => [vector.id, vector] as const))('a request signed elsewhere: %s', (_, vector) => {
  it('is valid', () => {
    const result = judge(vector);
    expect(result.verdict, result.message).toBe('valid');
  });

  it('is not valid with a letter of the body changed', () => {
    const result = judge({ ...vector, body: vector.body.replace('evt_1', 'evt_2').replace('event', 'evene') });
    expect(result.verdict, result.message).toBe('invalid');
  });

  it('is recognised for certain', () => {
    const { url, headers, body } = vector;
    const [first] = recogniseScheme({ url: url ?? null, headers: Object.entries(headers), body: Buffer.from(body) });
    expect(first).toMatchObject({ scheme: vector.scheme, confidence: 'certain' });
  });
});
