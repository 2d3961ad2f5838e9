import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { SolverEvent, SolverProgress } from '#shared/contract/solving.ts';
import type { Log } from '../../ports.ts';
import type { WorkerOrder } from './order.ts';
import type { SolverProblem } from './problem.ts';
import { search } from './search.ts';
import { solverWorkerUrl } from './worker-url.ts';

/** Searches, each in a thread of its own. */
export interface Solver {
  /**
   * Progress, then one result. Ends within a moment when the signal aborts, whatever the thread is at, and then rejects
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
  /** The thread's code; found beside this module by default. */
  readonly workerUrl?: URL;
}

/** Searches at once; more wait for their turn, so that they leave room for the rest of the engine. */
const parallelLimit = 2;

/** No search tries more than this, however much time it has. */
const candidateLimit = 2_000_000;

/** A thread that is late by this much is at something that cannot be interrupted, and is ended. */
const graceMs = 1500;

/** Makes a solver; a thread is started for each search and ends with it. */
export function createSolver({ log, workerUrl = solverWorkerUrl(import.meta.url) }: SolverDeps): Solver {
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
        const order: WorkerOrder = { problem, maxMs, maxCandidates: candidateLimit };
        yield* searchInThread(order, workerUrl, signal, log);
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

type Message =
  | { readonly kind: 'event'; readonly event: SolverEvent }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'late' | 'aborted' | 'ended' };

async function* searchInThread(
  order: WorkerOrder,
  url: URL,
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
  const worker = new Worker(url, { workerData: order, name: 'hookyard-solver' });
  worker.on('message', (event: SolverEvent) => tell({ kind: 'event', event }));
  worker.on('error', (error) => tell({ kind: 'failed', error }));
  worker.on('exit', () => tell({ kind: 'ended' }));
  const timer = setTimeout(() => tell({ kind: 'late' }), order.maxMs + graceMs);
  signal?.addEventListener('abort', abort, { once: true });
  let last: SolverProgress = { kind: 'progress', tried: 0, phase: 'as received' };
  let hasBegun = false;
  try {
    for (;;) {
      const message = messages.shift();
      if (message === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      switch (message.kind) {
        case 'event':
          hasBegun = true;
          yield message.event;
          if (message.event.kind === 'result') return;
          last = message.event;
          break;
        case 'aborted':
          throw abortReason(signal);
        case 'late':
          return yield unfinished(last, order);
        case 'failed':
          if (hasBegun) throw message.error;
          log.warn({ error: String(message.error) }, 'A search has no thread of its own and runs beside everything else');
          return yield* searchInSlices(order, signal);
        case 'ended':
          throw new Error('The thread of a search ended without a result.');
      }
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    // Not waited for: a thread may be at a step of native code that has to end first.
    void worker.terminate();
  }
}

/** Where no thread can be had, the search gives way to everything else between its steps. */
async function* searchInSlices(
  { problem, maxMs, maxCandidates }: WorkerOrder,
  signal: AbortSignal | undefined,
): AsyncGenerator<SolverEvent, void, void> {
  const startedAtMs = performance.now();
  for (const event of search(problem, { maxMs, maxCandidates, elapsedMs: () => performance.now() - startedAtMs })) {
    yield event;
    await setImmediate();
    signal?.throwIfAborted();
  }
}

function unfinished({ tried }: SolverProgress, { maxMs }: WorkerOrder): SolverEvent {
  return {
    kind: 'result',
    matches: [],
    tried: { total: tried, byKind: {} },
    exhausted: false,
    elapsedMs: maxMs,
    advice: ['The search did not end in its time: give it more time, a smaller body, or fewer secrets.'],
  };
}

function abortReason(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new Error('The search was cancelled.');
}
