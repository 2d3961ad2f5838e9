import { oneAtATime } from '../base/one-at-a-time.ts';
import { toProblem, type Problem } from '../base/problem.ts';

/**
 * A `load` for what is read as a whole. While the engine is busy, changes come faster than answers: calls made
 * meanwhile are combined into one more, so that the last answer is no older than the last call.
 */
export function combinedLoad(read: () => Promise<void>, onProblem: (problem: Problem) => void): () => Promise<void> {
  return oneAtATime<void>(async () => {
    try {
      await read();
    } catch (error) {
      onProblem(toProblem(error));
    }
  });
}
