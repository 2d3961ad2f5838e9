import type { RefusalCode, RefusalData } from '#shared/contract/common.ts';
import { Refusal } from './refusal.ts';

/** An error in a form that keeps its class and code across threads. */
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
