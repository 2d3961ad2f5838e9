import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBodyMarks } from '#engine/retention/body-marks.ts';
import { nextLimit } from '#engine/store/stepper.ts';

const hashOf = (number: number) => createHash('sha256').update(String(number)).digest();

describe('the size of a step', () => {
  it.each([
    { name: 'grows to what fits into 8 ms', limit: 100, done: 100, tookMs: 4, next: 200 },
    { name: 'grows fourfold at most', limit: 100, done: 100, tookMs: 0.01, next: 400 },
    { name: 'shrinks at once when a step took too long', limit: 1000, done: 1000, tookMs: 80, next: 100 },
    { name: 'is a row at least', limit: 1, done: 1, tookMs: 500, next: 1 },
    { name: 'stays as it is when there was nothing to do', limit: 64, done: 0, tookMs: 0, next: 64 },
    { name: 'has an upper end', limit: 20_000, done: 20_000, tookMs: 1, next: 20_000 },
  ])('$name', ({ limit, done, tookMs, next }) => {
    expect(nextLimit(limit, done, tookMs)).toBe(next);
  });
});

describe('marks of bodies', () => {
  it('never forget a body that was marked, whichever parts of the hash they use', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(), { minLength: 1, maxLength: 300 }), fc.integer({ min: 0, max: 8 }), (numbers, shift) => {
        const marks = createBodyMarks(numbers.length, shift);
        for (const number of numbers) marks.mark(hashOf(number));
        return numbers.every((number) => marks.isMarked(hashOf(number)));
      }),
    );
  });

  it('take fewer than one unmarked body in a hundred for a marked one', () => {
    const marks = createBodyMarks(20_000, 3);
    for (let number = 0; number < 20_000; number += 1) marks.mark(hashOf(number));
    const mistaken = Array.from({ length: 20_000 }, (_, index) => hashOf(20_000 + index)).filter(marks.isMarked);
    expect(mistaken.length).toBeLessThan(200);
  });
});
