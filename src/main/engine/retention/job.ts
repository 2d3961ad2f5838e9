import { MessageChannel, Worker } from 'node:worker_threads';
import { createWriteTurns } from '../store/write-turns.ts';
import { threadUrl } from '../base/thread-url.ts';
import type { HeldFiles } from '../store/held-files.ts';
import type { Progress } from './clean-up-deps.ts';
import type { Measured } from './measure.ts';
import { flags, type RetentionAnswer, type RetentionRequest, type RetentionThreadOrder } from './thread-messages.ts';

export type { Measured } from './measure.ts';

/** The data file, and the turns for writing to it. */
export interface SharedFile {
  readonly file: string;
  readonly held: HeldFiles | null;
  readonly turns: SharedArrayBuffer;
}

/** How a piece of work ended. */
export type JobEnd =
  | { readonly kind: 'measured'; readonly stored: Measured }
  | { readonly kind: 'cleanedUp'; readonly isCancelled: boolean }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

export interface Job {
  /** Settles when the work has ended and its thread has closed the file. */
  readonly ended: Promise<JobEnd>;
  /** Ends the work after the step under way. */
  readonly cancel: () => void;
}

/** Does one piece of work in its own thread, which then ends: such work is rare, so no thread is kept. */
export function startJob({ file, held, turns }: SharedFile, request: RetentionRequest, onProgress: (step: Progress) => void): Job {
  const memory = new SharedArrayBuffer(Object.keys(flags).length * Int32Array.BYTES_PER_ELEMENT);
  const flag = new Int32Array(memory);
  const { port1: port, port2 } = new MessageChannel();
  const order: RetentionThreadOrder = { file, held, turns, flags: memory, port: port2 };
  const worker = new Worker(threadUrl(import.meta.url, 'retention-thread.ts', 'retention-thread'), {
    workerData: order,
    transferList: [port2],
    name: 'hookyard-retention',
    // Flags of the process may not suit a thread.
    execArgv: [],
  });
  let end: JobEnd = { kind: 'failed', code: 'thread', message: 'its thread ended by itself' };
  worker.on('error', (error) => {
    end = { kind: 'failed', code: 'thread', message: error instanceof Error ? error.message : String(error) };
  });
  port.on('message', (answer: RetentionAnswer) => {
    if (answer.kind === 'progress') return onProgress(answer.step);
    end = answer;
    port.postMessage({ kind: 'close' } satisfies RetentionRequest);
  });
  port.postMessage(request);
  const ended = new Promise<JobEnd>((resolve) => {
    worker.on('exit', () => {
      // A thread that died while it had the turn would block all other writers for ever.
      if (Atomics.exchange(flag, flags.hasTurn, 0) === 1) createWriteTurns(turns).end();
      port.close();
      resolve(end);
    });
  });
  return { ended, cancel: () => void Atomics.store(flag, flags.isEnding, 1) };
}
