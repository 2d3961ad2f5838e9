import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compareBytes, firstDifference } from '../../../src/renderer/features/captures/same-bytes.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

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

  it('points behind the end of the shorter body when one begins with the other', async () => {
    expect(await compareBytes(bytes('ab'), bytes('ab\n'))).toMatchObject({ offset: 2, sentByte: null, receivedByte: 10 });
  });

  it('finds no difference between two empty bodies', () => {
    expect(firstDifference(new Uint8Array(), new Uint8Array())).toBeNull();
  });
});
