import type { MessagePort } from 'node:worker_threads';
import type { RefusalCode, RefusalData } from '#shared/contract/common.ts';
import { Refusal } from '../base/refusal.ts';
import type { StoreProblem } from './group-commit.ts';
import type { HotName } from '../log/hot-writes.ts';

/** What the thread that writes is started with. */
export interface WriterOrder {
  readonly file: string;
  readonly turns: SharedArrayBuffer;
  readonly port: MessagePort;
}

/** Writes to make, in order, or the word to finish and close the file. */
export type WriterRequest = { readonly writes: readonly (readonly [HotName, unknown])[] } | 'close';

/** What the thread says: once that it has opened the file, then how each group ended. */
export type WriterWord = 'ready' | WriterAnswer;

/** How the next writes ended, in the order in which they were asked for. */
export interface WriterAnswer {
  readonly results: readonly WriteResult[];
  /** Why the group was refused as a whole; null when it is on the disk. */
  readonly problem: StoreProblem | null;
}
export type WriteResult = { readonly value: unknown } | { readonly failure: WrittenFailure };

/** An error in a form that crosses threads with its class and code. */
export type WrittenFailure =
  | { readonly kind: 'refusal'; readonly code: RefusalCode; readonly message: string; readonly data: RefusalData<RefusalCode> }
  | { readonly kind: 'error'; readonly code: string | null; readonly message: string };

export function toFailure(error: unknown): WrittenFailure {
  if (error instanceof Refusal) return { kind: 'refusal', code: error.code, message: error.message, data: error.data };
  if (!(error instanceof Error)) return { kind: 'error', code: null, message: String(error) };
  return { kind: 'error', code: 'code' in error ? String(error.code) : null, message: error.message };
}

export function fromFailure(failure: WrittenFailure): Error {
  if (failure.kind === 'refusal') return new Refusal(failure.code, failure.message, failure.data);
  return failure.code === null ? new Error(failure.message) : Object.assign(new Error(failure.message), { code: failure.code });
}
