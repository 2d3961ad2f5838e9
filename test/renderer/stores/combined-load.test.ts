import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/renderer/base/problem.ts';
import { combinedLoad } from '../../../src/renderer/stores/combined-load.ts';

function start() {
  const reads: PromiseWithResolvers<void>[] = [];
  const problems: Problem[] = [];
  const load = combinedLoad(
    () => {
      const reading = Promise.withResolvers<void>();
      reads.push(reading);
      return reading.promise;
    },
    (problem) => problems.push(problem),
  );
  return { load, reads, problems };
}

describe('combinedLoad', () => {
  it('combines the calls made during a read into one more', async () => {
    const { load, reads } = start();
    const first = load();
    await Promise.all([load(), load(), load()]);
    expect(reads).toHaveLength(1);
    reads[0]?.resolve();
    await reads[0]?.promise;
    await Promise.resolve();
    expect(reads).toHaveLength(2);
    reads[1]?.resolve();
    await first;
    expect(reads).toHaveLength(2);
  });

  it('tells a problem, and reads again at the next call', async () => {
    const { load, reads, problems } = start();
    const failing = load();
    reads[0]?.reject(new Error('Hookyard is not there.'));
    await failing;
    expect(problems).toMatchObject([{ message: expect.stringContaining('Hookyard is not there.') }]);
    const again = load();
    reads[1]?.resolve();
    await again;
    expect(problems).toHaveLength(1);
  });
});
