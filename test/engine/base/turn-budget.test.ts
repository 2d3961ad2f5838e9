import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createTurnBudget } from '#engine/base/turn-budget.ts';

it('is spent once a turn took as long as it may, and there again in the next turn', async () => {
  const budget = createTurnBudget(-1);
  expect(budget.isSpent()).toBe(false);
  expect(budget.isSpent()).toBe(true);
  await nextTurn();
  expect(budget.isSpent()).toBe(false);
});
