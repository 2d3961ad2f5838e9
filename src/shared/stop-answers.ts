import { answeredStatus } from './contract/answered.ts';
import type { HeaderField } from './contract/common.ts';
import type { Outcome } from './contract/outcome.ts';
import type { StopAnswer } from './contract/stop-answers.ts';
import { isSuccess as isAmong } from './contract/success-rule.ts';

/** What an answer stops, each as a sentence that says why; null for what it does not stop. */
export interface Stops {
  /** Why no further attempt of the delivery is made. */
  readonly endReason: string | null;
  /** Why the endpoint is disabled. */
  readonly disableReason: string | null;
}

const nothing: Stops = { endReason: null, disableReason: null };

/** What a whole answer stops by the rules of its endpoint. */
export function stopsOf(rules: readonly StopAnswer[], outcome: Pick<Outcome, 'code' | 'status'>, headers: readonly HeaderField[]): Stops {
  const status = answeredStatus(outcome);
  if (rules.length === 0 || status === null) return nothing;
  const met = rules.filter((rule) => isMet(rule, status, headers));
  const ends = met.find(({ action }) => action === 'end');
  const disables = met.find(({ action }) => action === 'disable');
  return {
    endReason:
      ends === undefined ? null : `The receiver answered ${answerText(ends, status)}, after which this endpoint makes no further attempt.`,
    disableReason: disables === undefined ? null : `Switched off because its receiver answered ${answerText(disables, status)}.`,
  };
}

function isMet({ statuses, header, value }: StopAnswer, status: number, headers: readonly HeaderField[]): boolean {
  if (statuses !== null && !isAmong(statuses, status)) return false;
  if (header === null) return true;
  return headers.some(
    ([name, given]) =>
      name.toLowerCase() === header.toLowerCase() && (value === null || given.trim().toLowerCase() === value.toLowerCase()),
  );
}

function answerText({ header, value }: StopAnswer, status: number): string {
  if (header === null) return String(status);
  return `${status} with ${value === null ? `a header ${header}` : `${header}: ${value}`}`;
}

/** A rule in words: `Ends the delivery: 406`. */
export function stopAnswerText({ statuses, header, value, action }: StopAnswer): string {
  const parts = [...(statuses === null ? [] : [statuses]), ...(header === null ? [] : [value === null ? header : `${header}: ${value}`])];
  return `${parts.join(' with ')} ${action === 'end' ? 'ends the delivery' : 'disables the endpoint'}`;
}
