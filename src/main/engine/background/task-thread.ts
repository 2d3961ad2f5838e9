import { Worker } from 'node:worker_threads';

/** Memory that a thread's objects may take. One that needs more ends by itself; without the limit the whole process would. */
const threadMemoryMb = 768;

/** Starts a thread for tasks. */
export function startTaskThread(code: URL, name: string): Worker {
  // Flags of the process may not suit a thread.
  return new Worker(code, { name, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: threadMemoryMb } });
}

/** Ends a thread that has nothing to do. */
export async function endIdleThread(worker: Worker): Promise<void> {
  await worker.terminate();
}
