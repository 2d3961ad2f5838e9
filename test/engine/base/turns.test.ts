import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createTurns } from '#engine/base/turns.ts';

it('lets eight go on in each turn of the event loop, first come first served', async () => {
  const turns = createTurns(8);
  const gone: number[] = [];
  for (let number = 0; number < 20; number += 1) void Promise.resolve(turns()).then(() => gone.push(number));
  await Promise.resolve();
  const inTurn = [gone.length];
  for (let turn = 0; turn < 3; turn += 1) {
    await nextTurn();
    inTurn.push(gone.length);
  }
  expect(inTurn).toEqual([8, 16, 20, 20]);
  expect(gone).toEqual(Array.from({ length: 20 }, (_, number) => number));
  expect(turns()).toBeNull();
});
