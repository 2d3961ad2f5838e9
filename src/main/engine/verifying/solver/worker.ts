import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerOrder } from './order.ts';
import { search } from './search.ts';

// The thread of one search: it is given its order at birth, tells what it finds, and ends.
const { problem, maxMs, maxCandidates } = workerData as WorkerOrder;
const startedAtMs = performance.now();
for (const event of search(problem, { maxMs, maxCandidates, elapsedMs: () => performance.now() - startedAtMs }))
  parentPort?.postMessage(event);
