import { parentPort } from 'node:worker_threads';
import { memoryIn } from '../background/memory-in.ts';
import { readNamed } from '../base/by-name.ts';
import { toFailure } from '../base/thread-failure.ts';
import type { ThreadAnswer, ThreadOrder } from '../background/background.ts';
import { tasks } from './tasks.ts';

// A thread that runs one task after another. A task that takes too long is ended from outside, together with the thread.
const answer = (message: ThreadAnswer, given: readonly ArrayBuffer[] = []) => parentPort?.postMessage(message, given);

parentPort?.on('message', async ({ name, input, isNew }: ThreadOrder) => {
  try {
    const { run } = await readNamed(tasks, name, 'threads/tasks.ts');
    if (isNew) answer({ kind: 'ready' });
    const value = await run(input as never, (progress) => answer({ kind: 'progress', progress }));
    answer({ kind: 'done', value }, memoryIn(value));
  } catch (error) {
    answer({ kind: 'failed', failure: toFailure(error) });
  }
});
