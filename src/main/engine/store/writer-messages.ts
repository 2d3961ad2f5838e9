import type { MessagePort } from 'node:worker_threads';
import type { WrittenFailure } from '../base/thread-failure.ts';
import type { StoreProblem } from './group-commit.ts';

/** What the writer thread is to write to, until it is asked to close the file. */
export interface WriterOrder {
  readonly file: string;
  readonly turns: SharedArrayBuffer;
  readonly port: MessagePort;
}

/** Writes to make, in order, or the request to finish and close the file. */
export type WriterRequest = { readonly writes: readonly (readonly [name: string, input: unknown])[] } | 'close';

/** Messages of the thread: first that it has opened the file, then the result of each group, and last that it has closed the file. */
export type WriterWord = 'ready' | WriterAnswer | 'closed';

/** How the next writes ended, in the order in which they were asked for. */
export interface WriterAnswer {
  readonly results: readonly WriteResult[];
  /** Why the group was refused as a whole; null when it is on the disk. */
  readonly problem: StoreProblem | null;
}
export type WriteResult = { readonly value: unknown } | { readonly failure: WrittenFailure };
