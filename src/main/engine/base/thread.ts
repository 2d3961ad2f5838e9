import { Worker } from 'node:worker_threads';

/** Starts a thread. One whose objects need more than `memoryMb` ends by itself; without a limit the whole process would. */
export function startThread(code: URL, name: string, memoryMb?: number): Worker {
  const resourceLimits = memoryMb === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: memoryMb } };
  // Flags of the process may not suit a thread.
  return new Worker(code, { name, execArgv: [], ...resourceLimits });
}

/** Ends a thread that has nothing to do. */
export async function endIdleThread(worker: Worker): Promise<void> {
  await worker.terminate();
}
