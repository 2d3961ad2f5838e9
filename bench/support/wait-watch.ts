import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { BenchHost } from './host.ts';

/** Pause between two questions. */
const pauseMs = 5;

/** Measures how long a small call to a host waits while something else is done. */
export interface WaitWatch {
  /** The longest wait while the work was under way, in milliseconds, and the result of the work. */
  readonly during: <T>(work: () => Promise<T>) => Promise<{ readonly longestMs: number; readonly value: T }>;
  readonly stop: () => Promise<void>;
}

export function startWaitWatch({ url, token }: Pick<BenchHost, 'url' | 'token'>): WaitWatch {
  const worker = new Worker(new URL('wait-thread.ts', import.meta.url), { workerData: { url, token, pauseMs } });
  const tell = async (kind: 'begin' | 'end'): Promise<number> => {
    const answered = once(worker, 'message');
    worker.postMessage(kind);
    const [longestMs] = (await answered) as [number];
    return longestMs;
  };
  return {
    during: async (work) => {
      await tell('begin');
      const value = await work();
      return { value, longestMs: await tell('end') };
    },
    stop: async () => void (await worker.terminate()),
  };
}
