import { parentPort, workerData } from 'node:worker_threads';
import { shareOfOrder, type WorkerOrder } from './order.ts';
import { search } from './search.ts';

// One thread of a search: it gets its order when it starts, reports what it finds, and ends.
const order = workerData as WorkerOrder;
const startedAtMs = performance.now();
const budget = { maxMs: order.maxMs, maxCandidates: order.maxCandidates, elapsedMs: () => performance.now() - startedAtMs };
for (const event of search(order.problem, budget, shareOfOrder(order))) parentPort?.postMessage(event);
