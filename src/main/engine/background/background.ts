import type { Worker } from 'node:worker_threads';
import { stopping } from '../base/refusal.ts';
import { fromFailure, type WrittenFailure } from '../base/thread-failure.ts';
import { endIdleThread, startThread } from '../base/thread.ts';

/** A lane is a thread with its own queue: templates that people write never delay incoming requests, nor the reverse. */
export type Lane =
  | 'templates'
  | 'requests'
  | 'searches'
  | 'texts'
  | 'signing'
  | 'schemas'
  | 'imports'
  | 'keys'
  | 'answers'
  | 'comparisons'
  | 'long comparisons'
  | 'shadows';

/** Memory of the input that is transferred with it instead of being copied. */
export type Given = readonly ArrayBuffer[];

/**
 * Work that input from outside can make slow. It runs in a thread, so its input and its result cross over: plain
 * data, and bytes in arrays of their own.
 */
export interface Task<I, O, P = never> {
  /** Identifies the task in the thread, since a function cannot cross over. */
  readonly name: string;
  /** `report` says how far it is. */
  readonly run: (input: I, report: (progress: P) => void) => O;
}

/** What has to be known of a task to have it run in a thread: its name, and the types of its `run`. */
export type AskedTask<I, O, P = never> = Pick<Task<I, O, P>, 'name'> & Partial<Pick<Task<I, O, P>, 'run'>>;

/** Defines a task for the thread that runs it; that thread's list has to contain it too. */
export function task<I, O, P = never>(name: string, run: Task<I, O, P>['run']): Task<I, O, P> {
  return { name, run };
}

/** Who follows a task while it runs. */
export interface Following<P> {
  readonly onProgress?: (progress: P) => void;
  /** Ends the task, and its thread with it; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs tasks in threads, which are started when they are first needed. */
export interface Background {
  /**
   * Rejects with a {@link TaskEnded} when the task takes too long or too much memory, with the refusal of {@link stopping}
   * once all is closed, otherwise with the task's own error.
   */
  readonly run: <I, O, P = never>(
    lane: Lane,
    task: AskedTask<I, O, P>,
    input: I,
    given?: Given,
    following?: Following<P>,
  ) => Promise<Awaited<O>>;
  /** Ends the threads, even those with a task under way. */
  readonly close: () => Promise<void>;
}

/** A task was ended by force, for what it took. */
export class TaskEnded extends Error {
  override readonly name = 'TaskEnded';
  readonly why: 'late' | 'memory';

  constructor(why: TaskEnded['why']) {
    super(`The task was ended (${why}).`);
    this.why = why;
  }
}

export interface ThreadOrder {
  readonly name: string;
  readonly input: unknown;
  /** Whether the thread has yet to read the code of that task, and says when it has. */
  readonly isNew: boolean;
}

export type ThreadAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly progress: unknown }
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly failure: WrittenFailure };

/** Memory that the objects of a thread may take. */
const threadMemoryMb = 768;

/** How long one task may take. */
export const taskLimitMs = 5000;

/** How long a check by a JSON Schema may take; the response to a message waits for it. */
export const schemaLimitMs = 2000;

/** How long an answer of a bin may take to render; its sender waits, and those behind it too. */
const answersLimitMs = 1000;

/** How long the documents of an import may take to read; a large one in YAML takes some seconds. */
export const importLimitMs = 20_000;

/** How long two requests may be compared; two of many MiB of JSON take some seconds. */
export const comparisonLimitMs = 30_000;

/** Lanes with a limit of their own. */
const laneLimitsMs: Readonly<Partial<Record<Lane, number>>> = {
  schemas: schemaLimitMs,
  imports: importLimitMs,
  answers: answersLimitMs,
  comparisons: comparisonLimitMs,
  'long comparisons': comparisonLimitMs,
  shadows: comparisonLimitMs,
};

interface Job extends Omit<ThreadOrder, 'isNew'> {
  readonly given: Given;
  readonly onProgress: (progress: unknown) => void;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export interface BackgroundOptions {
  /** The module that the threads run; it finds tasks by name. */
  readonly threadCode: URL;
  readonly limitMs?: number;
}

export function createBackground({ threadCode, limitMs }: BackgroundOptions): Background {
  const lanes = new Map<Lane, ReturnType<typeof createLane>>();
  let isClosed = false;
  const limitOf = (name: Lane) => Math.min(limitMs ?? Number.POSITIVE_INFINITY, laneLimitsMs[name] ?? limitMs ?? taskLimitMs);
  const laneOf = (name: Lane) => {
    const lane = lanes.get(name) ?? createLane(threadCode, `hookyard-${name}`, limitOf(name));
    lanes.set(name, lane);
    return lane;
  };
  return {
    run: <I, O, P = never>(lane: Lane, { name }: AskedTask<I, O, P>, input: I, given: Given = [], following: Following<P> = {}) =>
      isClosed
        ? Promise.reject(stopping())
        : (laneOf(lane).run({ name, input, given }, following as Following<unknown>) as Promise<Awaited<O>>),
    close: async () => {
      isClosed = true;
      await Promise.all([...lanes.values()].map((lane) => lane.close()));
    },
  };
}

/** One thread at a time, with its queue. A thread that was ended is replaced when there is more to do. */
function createLane(url: URL, threadName: string, limitMs: number) {
  const queue: Job[] = [];
  let thread: { readonly worker: Worker; readonly hasRead: Set<string> } | null = null;
  let running: Job | null = null;
  let timer: NodeJS.Timeout | undefined;
  let ending: Promise<unknown> = Promise.resolve();

  const start = () => {
    const worker = startThread(url, threadName, threadMemoryMb);
    const started = { worker, hasRead: new Set<string>() };
    worker.on('message', (answer: ThreadAnswer) => {
      if (thread !== started) return;
      if (answer.kind === 'ready') {
        if (running !== null) started.hasRead.add(running.name);
        return watch();
      }
      if (answer.kind === 'progress') return running?.onProgress(answer.progress);
      const job = take();
      if (answer.kind === 'done') job?.resolve(answer.value);
      else job?.reject(fromFailure(answer.failure));
      next();
    });
    worker.on('error', (error: NodeJS.ErrnoException) => {
      if (thread === started) end(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new TaskEnded('memory') : error);
    });
    worker.on('exit', () => {
      if (thread === started) end(new Error('The thread of a task ended by itself.'));
    });
    return started;
  };

  const take = () => {
    const job = running;
    running = null;
    clearTimeout(timer);
    return job;
  };

  /** A task's time begins when the thread has read its code. */
  const watch = () => {
    if (running !== null && thread?.hasRead.has(running.name) === true) timer = setTimeout(() => end(new TaskEnded('late')), limitMs);
  };

  const end = (error: Error) => {
    ending = thread?.worker.terminate() ?? ending;
    thread = null;
    take()?.reject(error);
    next();
  };

  const next = () => {
    if (running !== null) return;
    running = queue.shift() ?? null;
    // An idle thread must not keep a process alive that is otherwise done.
    if (running === null) return thread?.worker.unref();
    thread ??= start();
    thread.worker.ref();
    const { name, input, given } = running;
    thread.worker.postMessage({ name, input, isNew: !thread.hasRead.has(name) } satisfies ThreadOrder, given);
    watch();
  };

  return {
    run: (order: Pick<Job, 'name' | 'input' | 'given'>, { onProgress, signal }: Following<unknown>) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const job: Job = { ...order, onProgress: onProgress ?? (() => undefined), resolve, reject };
        const abort = () => {
          const place = queue.indexOf(job);
          if (place !== -1) queue.splice(place, 1);
          else if (running === job) end(abortReason(signal));
          reject(abortReason(signal));
        };
        signal?.addEventListener('abort', abort, { once: true });
        queue.push(job);
        next();
      }),
    close: async () => {
      for (const job of queue.splice(0)) job.reject(stopping());
      const idle = running === null ? thread : null;
      if (idle === null) end(stopping());
      thread = null;
      await Promise.all([ending, idle === null ? undefined : endIdleThread(idle.worker)]);
    },
  };
}

function abortReason(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new Error('The task was cancelled.');
}
