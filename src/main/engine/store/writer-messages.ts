import type { MessagePort } from 'node:worker_threads';
import type { WrittenFailure } from '../base/thread-failure.ts';
import type { StoreProblem } from './store-problem.ts';
import type { HeldFiles } from './held-files.ts';

/** What the writer thread is to write to, until it is asked to close the file. */
export interface WriterOrder {
  readonly file: string;
  /** Null where they are not watched. */
  readonly held: HeldFiles | null;
  readonly turns: SharedArrayBuffer;
  readonly port: MessagePort;
}

/** Writes to make, in order, or the request to copy the journal into the data file, or to finish and close that. */
export type WriterRequest = { readonly writes: readonly (readonly [name: string, input: unknown])[] } | 'copy' | 'close';

/** Messages of the thread: first that it has opened the file, then the result of each group, whether all of the journal was copied where that was asked for, and last that it has closed the file. */
export type WriterWord = 'ready' | WriterAnswer | { readonly isCopied: boolean } | 'closed';

/** How the next writes ended, in the order in which they were asked for. */
export interface WriterAnswer {
  readonly results: readonly WriteResult[];
  /** Why the group was refused as a whole; null when it is on the disk. */
  readonly problem: StoreProblem | null;
}
export type WriteResult = { readonly value: unknown } | { readonly failure: WrittenFailure };
