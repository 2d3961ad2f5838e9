import { parentPort } from 'node:worker_threads';
import { memoryIn } from '../background/memory-in.ts';
import { toFailure } from '../base/thread-failure.ts';
import type { ThreadAnswer, ThreadOrder } from '../background/background.ts';
import { runTask } from './tasks.ts';

// A thread that runs one task after another. A task that takes too long is ended from outside, together with the thread.
const answer = (message: ThreadAnswer, given: readonly ArrayBuffer[] = []) => parentPort?.postMessage(message, given);

parentPort?.on('message', async ({ name, input }: ThreadOrder) => {
  try {
    const value = await runTask(name, input, (progress) => answer({ kind: 'progress', progress }));
    answer({ kind: 'done', value }, memoryIn(value));
  } catch (error) {
    answer({ kind: 'failed', failure: toFailure(error) });
  }
});
answer({ kind: 'ready' });
