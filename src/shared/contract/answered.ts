import type { Outcome, OutcomeCode } from './outcome.ts';

/** Whether an attempt with this outcome got a whole answer: a status that came before an answer broke off, or had no end, says nothing. */
export function isAnswered(code: OutcomeCode): boolean {
  return code === 'ok' || code === 'http_status' || code === 'redirect';
}

/** The status of a whole answer; null where none came. */
export function answeredStatus({ code, status }: Pick<Outcome, 'code' | 'status'>): number | null {
  return isAnswered(code) ? status : null;
}
