import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { SolverEvent, SolverProgress, SolverResult } from '#shared/contract/solving.ts';
import type { Log } from '../../base/ports.ts';
import { threadUrl } from '../../base/thread-url.ts';
import { mergeProgress, mergeResults } from './merge-results.ts';
import { createProven, type WorkerOrder } from './order.ts';
import type { SolverProblem } from './problem.ts';
import { search } from './search.ts';
import { untriedAfter, untriedPairs } from './untried.ts';

/** Runs searches, each in its own thread. */
export interface Solver {
  /**
   * Yields progress, then one result. Ends quickly when the signal aborts, whatever the thread is doing, and then rejects
   * with the signal's reason.
   */
  readonly solve: (problem: SolverProblem, options: SolveOptions) => AsyncGenerator<SolverEvent, void, void>;
}

export interface SolveOptions {
  readonly maxMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface SolverDeps {
  readonly log: Log;
  /** The thread's module; by default the one beside this module. */
  readonly workerUrl?: URL;
  /** A thread that is late by this much is in code that cannot be interrupted, and is terminated. */
  readonly graceMs?: number;
}

/** How many searches run at once; more wait, so that there is room for the rest of the engine. */
const parallelLimit = 2;

/** The most tries of a search, however much time it has. */
const candidateLimit = 2_000_000;

/** Above this product of body bytes and secrets, a second thread is worth starting. */
const largeBytes = 500_000;

/** Makes a solver; a thread is started for each search and ends with it. */
export function createSolver({
  log,
  workerUrl = threadUrl(import.meta.url, 'worker.ts', 'solver-worker'),
  graceMs = 1500,
}: SolverDeps): Solver {
  let running = 0;
  const waiting: (() => void)[] = [];
  const takeTurn = async (signal: AbortSignal | undefined) => {
    if (running >= parallelLimit) await waitForTurn(waiting, signal);
    running += 1;
  };
  const giveTurn = () => {
    running -= 1;
    waiting.shift()?.();
  };
  return {
    solve: async function* (problem, { maxMs, signal }) {
      signal?.throwIfAborted();
      await takeTurn(signal);
      try {
        yield* searchInThreads(ordersFor(problem, maxMs), workerUrl, maxMs + graceMs, signal, log);
      } finally {
        giveTurn();
      }
    },
  };
}

function waitForTurn(waiting: (() => void)[], signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      waiting.splice(waiting.indexOf(start), 1);
      reject(abortReason(signal));
    };
    const start = () => {
      signal?.removeEventListener('abort', leave);
      resolve();
    };
    waiting.push(start);
    signal?.addEventListener('abort', leave, { once: true });
  });
}

/** One thread for a small search, two for one with many bytes to hash; only one on a machine with one core. */
function ordersFor(problem: SolverProblem, maxMs: number): readonly WorkerOrder[] {
  const bytes = problem.request.body.byteLength * problem.secrets.length;
  const of = bytes > largeBytes && availableParallelism() > 1 ? 2 : 1;
  const proven = createProven();
  return Array.from({ length: of }, (_, index) => ({ problem, maxMs, maxCandidates: candidateLimit, index, of, proven }));
}

type Message =
  | { readonly kind: 'progress'; readonly index: number; readonly progress: SolverProgress }
  | { readonly kind: 'result'; readonly index: number; readonly result: SolverResult }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'late' | 'aborted' }
  | { readonly kind: 'ended'; readonly index: number };

async function* searchInThreads(
  orders: readonly WorkerOrder[],
  url: URL,
  limitMs: number,
  signal: AbortSignal | undefined,
  log: Log,
): AsyncGenerator<SolverEvent, void, void> {
  const messages: Message[] = [];
  let wake: () => void = () => undefined;
  const tell = (message: Message) => {
    messages.push(message);
    wake();
  };
  const abort = () => tell({ kind: 'aborted' });
  const workers = orders.map((order, index) => startThread(order, url, index, tell));
  let timer: NodeJS.Timeout | undefined;
  signal?.addEventListener('abort', abort, { once: true });
  const progress = new Map<number, SolverProgress>();
  const results = new Map<number, SolverResult>();
  try {
    for (;;) {
      // Before any other message: nobody is interested in those any more.
      if (signal?.aborted === true) throw abortReason(signal);
      const message = messages.shift();
      if (message === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      switch (message.kind) {
        case 'progress':
          // On a busy machine a thread may take seconds to start, which do not count as search time.
          if (!progress.has(message.index)) {
            clearTimeout(timer);
            timer = setTimeout(() => tell({ kind: 'late' }), limitMs);
          }
          progress.set(message.index, message.progress);
          yield mergeProgress([...progress.values()]);
          break;
        case 'result':
          results.set(message.index, message.result);
          if (results.size < orders.length) break;
          return yield mergeResults([...results.values()]);
        case 'aborted':
          throw abortReason(signal);
        case 'late':
          return yield mergeResults([...results.values(), unfinished(mergeProgress([...progress.values()]), orders)]);
        case 'failed':
          if (progress.size > 0) throw message.error;
          log.warn({ error: String(message.error) }, 'A search has no thread of its own and runs beside everything else');
          return yield* searchInSlices(orders[0], signal);
        case 'ended':
          // It may have ended before it began, which is treated as a failure to start.
          if (!results.has(message.index)) tell({ kind: 'failed', error: new Error('The thread of a search ended without a result.') });
      }
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    // Not awaited: the thread may be in native code that has to end first.
    for (const worker of workers) void worker.terminate();
  }
}

function startThread(order: WorkerOrder, url: URL, index: number, tell: (message: Message) => void): Worker {
  const worker = new Worker(url, { workerData: order, name: 'hookyard-solver' });
  worker.on('message', (event: SolverEvent) =>
    tell(event.kind === 'progress' ? { kind: 'progress', index, progress: event } : { kind: 'result', index, result: event }),
  );
  worker.on('error', (error) => tell({ kind: 'failed', error }));
  worker.on('exit', () => tell({ kind: 'ended', index }));
  return worker;
}

/** When no thread can be started, the search runs here and yields to other work between its steps. */
async function* searchInSlices(order: WorkerOrder | undefined, signal: AbortSignal | undefined): AsyncGenerator<SolverEvent, void, void> {
  if (order === undefined) return;
  const startedAtMs = performance.now();
  const budget = { maxMs: order.maxMs, maxCandidates: order.maxCandidates, elapsedMs: () => performance.now() - startedAtMs };
  for (const event of search(order.problem, budget)) {
    yield event;
    await setImmediate();
    signal?.throwIfAborted();
  }
}

function unfinished({ tried, phase }: SolverProgress, orders: readonly WorkerOrder[]): SolverResult {
  return {
    kind: 'result',
    matches: [],
    tried: { total: tried, byKind: {} },
    exhausted: false,
    untried: [phase === 'far-fetched pairs' ? untriedPairs([], 'time') : untriedAfter(phase, 'time')],
    families: [],
    elapsedMs: orders[0]?.maxMs ?? 0,
    advice: ['The search did not end in its time: give it more time, a smaller body, or fewer secrets.'],
  };
}

function abortReason(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new Error('The search was cancelled.');
}
