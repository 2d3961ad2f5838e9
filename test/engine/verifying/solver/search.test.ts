import { describe, expect, it } from 'vitest';
import type { SolverResult } from '#shared/contract/solving.ts';
import type { SolverProblem } from '#engine/verifying/solver/problem.ts';
import { search } from '#engine/verifying/solver/search.ts';
import { damagedSamples } from '../../../support/damaged-samples.ts';

function solve(problem: SolverProblem): SolverResult {
  const events = [...search(problem, { maxMs: 60_000, maxCandidates: 1e6, elapsedMs: () => 0 })];
  const last = events.at(-1);
  if (last?.kind !== 'result') throw new Error('The search gave no result.');
  return last;
}

describe('a damaged request', () => {
  it('comes in at least 60 samples', () => {
    expect(damagedSamples.length).toBeGreaterThanOrEqual(60);
    expect(new Set(damagedSamples.map(({ name }) => name)).size).toBe(damagedSamples.length);
  });

  it.each(damagedSamples)('is solved, by a result that holds no secret: $name', ({ problem, causes }) => {
    const result = solve(problem);
    expect(result.matches[0]?.causes.map(({ id }) => id).toSorted()).toEqual(causes.toSorted());
    const told = JSON.stringify(result);
    for (const { text } of problem.secrets.filter(({ text: known }) => known.length > 8)) expect(told).not.toContain(text.trim());
  });
});
