import type { WaitResult } from './types.ts';

/** A call that a host refused, or that none answered. The message says what to change. */
export class HookyardError extends Error {
  override readonly name: string = 'HookyardError';
  /** The code of the refusal, such as `NOT_FOUND`; null where no host answered. */
  readonly code: string | null;
  /** HTTP status of the answer; null where there was none. */
  readonly status: number | null;

  constructor(message: string, { code = null, status = null, cause }: ErrorFacts = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
    this.status = status;
  }
}

interface ErrorFacts {
  readonly code?: string | null;
  readonly status?: number | null;
  readonly cause?: unknown;
}

/** A wait that was not met. The message says what came closest and what it lacks. */
export class NotMetError extends HookyardError {
  override readonly name: string = 'NotMetError';
  readonly result: WaitResult;

  constructor(message: string, result: WaitResult) {
    super(message);
    this.result = result;
  }
}
