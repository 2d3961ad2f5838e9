import { describe, expect, it } from 'vitest';
import { createSlots } from '#engine/dispatch/slots.ts';

function slotsOf(maxConcurrency: number, taken: Readonly<Record<string, number>>) {
  const slots = createSlots({ get: () => ({ maxConcurrency }) });
  for (const [endpointId, count] of Object.entries(taken)) for (let each = 0; each < count; each += 1) slots.take(endpointId);
  return slots;
}

describe('slots', () => {
  it.each([
    { all: 4, taken: {}, cap: 1, isFree: true },
    { all: 4, taken: { a: 1 }, cap: 1, isFree: false },
    { all: 4, taken: { a: 1 }, cap: 2, isFree: true },
    { all: 4, taken: { a: 2 }, cap: 9, isFree: false },
    { all: 4, taken: { a: 2, b: 2 }, cap: 9, isFree: false },
    { all: 4, taken: { b: 3 }, cap: 9, isFree: true },
    { all: 8, taken: { a: 3 }, cap: 9, isFree: true },
  ])('of $all with $taken under way and a cap of $cap: free for a is $isFree', ({ all, taken, cap, isFree }) => {
    expect(slotsOf(all, taken).isFreeFor('a', cap)).toBe(isFree);
  });

  it('are free again once given back, also after their number was lowered', () => {
    const slots = slotsOf(2, { a: 2, b: 1 });
    expect(slots.freeCount()).toBe(-1);
    for (const endpointId of ['a', 'b', 'a']) slots.give(endpointId);
    expect([slots.freeCount(), slots.takenBy('a'), slots.takenBy('b')]).toEqual([2, 0, 0]);
  });

  it('guarantee less to an endpoint that was slow', () => {
    const slots = slotsOf(4, { a: 1, b: 2 });
    expect(slots.isFreeFor('a', 9)).toBe(true);
    slots.attemptEnded('a', 60_000);
    expect(slots.isFreeFor('a', 9)).toBe(false);
  });
});
