import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { firstDifference } from '../../../src/shared/text/bytes.ts';
import { attemptThatMade, compareBytes } from '../../../src/renderer/features/captures/same-bytes.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

type Tried = Parameters<typeof attemptThatMade>[0][number] & { readonly id: string };

function tried(id: string, startedAtMs: number, value: string | null): Tried {
  const signature = {
    scheme: 'standard-webhooks' as const,
    parts: [{ name: 'body', start: 0, end: 1 }],
    headers: [['Webhook-Signature', value ?? ''] as [string, string]],
    secretFingerprints: [],
    signedBase64: '',
  };
  return { id, startedAtMs, signature: value === null ? null : signature };
}

describe('the attempt that made a capture', () => {
  const attempts = [tried('first', 1000, 'v1,one'), tried('second', 2000, 'v1,two')];

  it('is the one whose signature arrived, also when it came late', () => {
    const capture = { headers: [['webhook-signature', 'v1,one'] as [string, string]], receivedAtMs: 5000 };
    expect(attemptThatMade(attempts, capture)?.id).toBe('first');
  });

  it('is not known when the signature is that of none', () => {
    const capture = { headers: [['webhook-signature', 'v1,three'] as [string, string]], receivedAtMs: 5000 };
    expect(attemptThatMade(attempts, capture)).toBeNull();
    expect(attemptThatMade(attempts, { headers: [], receivedAtMs: 5000 })).toBeNull();
  });

  it('is the last one that had begun where none is signed', () => {
    const unsigned = [tried('first', 1000, null), tried('second', 2000, null)];
    expect(attemptThatMade(unsigned, { headers: [], receivedAtMs: 1500 })?.id).toBe('first');
    expect(attemptThatMade([], { headers: [], receivedAtMs: 1500 })).toBeNull();
  });
});

describe('comparing what was sent with what arrived', () => {
  it('calls equal bodies the same, with their size and the SHA-256 that any other tool gives', async () => {
    const body = new Uint8Array([0, 255, 13, 10]);
    const expected = createHash('sha256').update(body).digest('hex');
    expect(await compareBytes(body, body.slice())).toEqual({ kind: 'same', bodyBytes: 4, sha256Hex: expected });
  });

  it('points at the first byte that differs, with both values', async () => {
    expect(await compareBytes(bytes('a\nb'), bytes('a\r\nb'))).toEqual({
      kind: 'different',
      offset: 1,
      sentByte: 10,
      receivedByte: 13,
      sentBytes: 3,
      receivedBytes: 4,
    });
  });

  it('points after the end of the shorter body when one begins with the other', async () => {
    expect(await compareBytes(bytes('ab'), bytes('ab\n'))).toMatchObject({ offset: 2, sentByte: null, receivedByte: 10 });
  });

  it('finds no difference between two empty bodies', () => {
    expect(firstDifference(new Uint8Array(), new Uint8Array())).toBeNull();
  });
});
