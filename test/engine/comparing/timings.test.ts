import { expect, it } from 'vitest';
import { compareTimings, type ComparedTimes } from '../../../src/main/engine/comparing/compare-timings.ts';

const times = (totalMs: number, waitMs: number | null): ComparedTimes => ({
  phases: new Map([
    ['connect', 1],
    ['wait', waitMs],
  ]),
  totalMs,
  clauses: [],
});

it('names the times of the whole and those of the phase each as what they are', () => {
  expect(compareTimings(times(63, 52), times(26, 25)).summary).toBe(
    'The second took 37 ms less: 63 ms and 26 ms. Most of that is in the phase “Waiting for the answer”: 52 ms and 25 ms.',
  );
  expect(compareTimings(times(20, 10), times(90, 80)).summary).toBe(
    'The second took 70 ms longer: 20 ms and 90 ms. Most of that is in the phase “Waiting for the answer”: 10 ms and 80 ms.',
  );
  expect(compareTimings(times(63, null), times(26, 25)).summary).toBe('The second took 37 ms less: 63 ms and 26 ms.');
  expect(compareTimings(times(63, 52), times(63, 50)).summary).toBe('Both took about the same time: 63 ms and 63 ms.');
});
