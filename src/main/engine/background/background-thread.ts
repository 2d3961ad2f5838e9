import { parentPort } from 'node:worker_threads';
import { toFailure } from '../store/writer-messages.ts';
import type { ThreadAnswer, ThreadOrder } from './background.ts';
import { memoryIn } from './memory-in.ts';
import { runTask } from './tasks.ts';

// A thread that does one task after another. What takes too long is ended from outside, with the thread.
const answer = (message: ThreadAnswer, given: readonly ArrayBuffer[] = []) => parentPort?.postMessage(message, given);

parentPort?.on('message', async ({ name, input }: ThreadOrder) => {
  try {
    const value = await runTask(name, input);
    answer({ kind: 'done', value }, memoryIn(value));
  } catch (error) {
    answer({ kind: 'failed', failure: toFailure(error) });
  }
});
answer({ kind: 'ready' });
