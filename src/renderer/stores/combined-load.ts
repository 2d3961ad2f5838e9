import { toProblem, type Problem } from '../base/problem.ts';

/**
 * A `load` for what is read as a whole. While the engine is busy, changes come faster than answers: calls made
 * meanwhile are combined into one more, so that the last answer is no older than the last call.
 */
export function combinedLoad(read: () => Promise<void>, onProblem: (problem: Problem) => void): () => Promise<void> {
  let isLoading = false;
  let isAsked = false;
  return async () => {
    isAsked = true;
    if (isLoading) return;
    isLoading = true;
    try {
      while (isAsked) {
        isAsked = false;
        await read();
      }
    } catch (error) {
      onProblem(toProblem(error));
    } finally {
      isLoading = false;
    }
  };
}
