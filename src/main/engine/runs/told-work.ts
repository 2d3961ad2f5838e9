import type { RunWaiting } from '#shared/contract/runs.ts';
import { followed } from '../base/followed.ts';

export type TellWaiting = (waiting: RunWaiting) => void;
type Work<T> = (signal: AbortSignal, tell: TellWaiting) => Promise<T>;

/** Does a part of a run and yields what it waits for, where that is asked. It ends with its caller, who may leave at each of these. */
export async function* toldWork<T>(signal: AbortSignal, isAsked: boolean, work: Work<T>): AsyncGenerator<RunWaiting, T, void> {
  const left = new AbortController();
  let done: Promise<unknown> = Promise.resolve();
  try {
    return yield* followed((tell: TellWaiting) => {
      const result = work(AbortSignal.any([signal, left.signal]), isAsked ? tell : () => undefined);
      done = result;
      return result;
    });
  } finally {
    left.abort();
    await done.catch(() => undefined);
  }
}
