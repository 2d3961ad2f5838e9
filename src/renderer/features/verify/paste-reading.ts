import type { StoreApi } from 'zustand/vanilla';
import { toProblem } from '../../base/problem.ts';
import type { VerifyState } from './verify-state.ts';

/** Reads one thing at a time that may be large, in a worker, so that the page goes on. */
export interface PasteReading {
  /** Gives up what is being read. */
  readonly stop: () => void;
  /** What `work` reads; null once something else is read or typed, and where it failed, which `onFailure` is told. */
  readonly read: <T>(name: string, work: (signal: AbortSignal) => Promise<T>, onFailure: (message: string) => void) => Promise<T | null>;
}

export function createPasteReading({ getState: get, setState: set }: Pick<StoreApi<VerifyState>, 'getState' | 'setState'>): PasteReading {
  let reading = new AbortController();
  const stop = () => {
    reading.abort();
    if (get().readingName !== null) set({ readingName: null });
  };
  return {
    stop,
    read: async (name, work, onFailure) => {
      stop();
      const { signal } = (reading = new AbortController());
      set({ readingName: name });
      try {
        const read = await work(signal);
        return signal.aborted ? null : read;
      } catch (error) {
        if (!signal.aborted) onFailure(toProblem(error).message);
        return null;
      } finally {
        if (!signal.aborted) set({ readingName: null });
      }
    },
  };
}
