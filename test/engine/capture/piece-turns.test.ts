import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createPieceTurns } from '#engine/capture/piece-turns.ts';

it('lets eight go on in each turn of the event loop, first come first served', async () => {
  const turns = createPieceTurns();
  const gone: number[] = [];
  for (let number = 0; number < 20; number += 1) void turns().then(() => gone.push(number));
  const inTurn: number[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    await nextTurn();
    inTurn.push(gone.length);
  }
  expect(inTurn).toEqual([8, 16, 20]);
  expect(gone).toEqual(Array.from({ length: 20 }, (_, number) => number));
  void turns().then(() => gone.push(20));
  await nextTurn();
  expect(gone.at(-1)).toBe(20);
});
