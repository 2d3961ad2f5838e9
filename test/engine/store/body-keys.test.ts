import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createBodyKeys } from '#engine/store/body-keys.ts';

const small = (number: number) => Buffer.from(`body ${number}`);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

describe('keys of bodies', () => {
  it('grow with each small body, so that all of them go into the same page of the index', () => {
    const keyOf = createBodyKeys(() => 0);
    const keys = Array.from({ length: 500 }, (_, number) => Buffer.from(keyOf(small(number))));
    expect(keys.toSorted(Buffer.compare)).toEqual(keys);
  });

  it('go on behind those of the bodies that are there', () => {
    const keys = [0, 70_000, 2 ** 40].map((rows) => Buffer.from(createBodyKeys(() => rows)(small(1))));
    expect(keys.toSorted(Buffer.compare)).toEqual(keys);
  });

  it('are 32 bytes and end in the SHA-256, so that equal keys mean equal bytes', () => {
    const keyOf = createBodyKeys(() => 7);
    for (const bytes of [Buffer.alloc(0), small(1), Buffer.alloc(4095, 1)]) {
      expect(Buffer.from(keyOf(bytes)).subarray(8)).toEqual(sha256(bytes).subarray(8));
    }
  });

  it('are the SHA-256 of a body from 4 KiB on, however long ago it came', () => {
    const large = Buffer.alloc(4096, 1);
    expect(createBodyKeys(() => 1)(large)).toEqual(sha256(large));
    expect(createBodyKeys(() => 9)(large)).toEqual(sha256(large));
  });

  it('are the same for equal small bodies that come again and again, whatever comes between', () => {
    const keyOf = createBodyKeys(() => 0);
    const key = keyOf(Buffer.from('ok'));
    for (let number = 0; number < 10_000; number += 1) {
      keyOf(small(number));
      if (number % 2000 === 0) expect(keyOf(Buffer.from('ok'))).toEqual(key);
    }
  });

  it('are others for a small body that came long ago', () => {
    const keyOf = createBodyKeys(() => 0);
    const key = keyOf(Buffer.from('ok'));
    for (let number = 0; number < 10_000; number += 1) keyOf(small(number));
    expect(keyOf(Buffer.from('ok'))).not.toEqual(key);
  });
});
