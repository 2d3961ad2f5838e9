import { disordered, seededRandom } from '#shared/seeded-random.ts';
import type { ExpectedAnswer, PlannedSend, ReceiverTest } from '#shared/contract/receiver-tests.ts';

/** The requests of a receiver test in the order of sending. The same seed gives the same order. */
export function planReceiverTest(test: ReceiverTest, seed: number): readonly PlannedSend[] {
  switch (test.kind) {
    case 'duplicates':
      return Array.from({ length: test.copies }, (_, index) => ({ position: index + 1, number: 1, afterMs: index * test.gapMs }));
    case 'outOfOrder':
      return disordered(numbersTo(test.count), seededRandom(seed)).map((number, index) => ({
        position: index + 1,
        number,
        afterMs: index * test.gapMs,
      }));
    case 'late':
      return [{ position: 1, number: 1, afterMs: 0 }];
    case 'burst':
      return Array.from({ length: test.count }, (_, index) => ({ position: index + 1, number: index + 1, afterMs: 0 }));
  }
}

/** What a correct receiver answers: it refuses a request with an old signature. */
export function expectedOf(test: ReceiverTest): ExpectedAnswer {
  return test.kind === 'late' && test.timestamp === 'original' ? 'refused' : 'accepted';
}

/** How many messages a receiver test makes. */
export function messageCountOf(test: ReceiverTest): number {
  return test.kind === 'outOfOrder' || test.kind === 'burst' ? test.count : 1;
}

/** The numbers from 1 to `count`. */
function numbersTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
