import { parentPort } from 'node:worker_threads';
import { toFailure } from '../store/writer-messages.ts';
import type { ThreadAnswer, ThreadOrder } from './background.ts';
import { runTask } from './tasks.ts';

// A thread that does one task after another. What takes too long is ended from outside, with the thread.
const answer = (message: ThreadAnswer) => parentPort?.postMessage(message);

parentPort?.on('message', async ({ name, input }: ThreadOrder) => {
  try {
    answer({ kind: 'done', value: await runTask(name, input) });
  } catch (error) {
    answer({ kind: 'failed', failure: toFailure(error) });
  }
});
answer({ kind: 'ready' });
