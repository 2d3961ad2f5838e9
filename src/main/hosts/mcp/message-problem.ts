import { hasMoreValues } from '#shared/json-length.ts';

/** Values in one message: as many are read within some milliseconds. A document is one. */
const mostValues = 20_000;

/** Why a message of an agent is not read. */
export interface MessageProblem {
  readonly kind: 'batch' | 'too large';
  /** A sentence that says what to change. */
  readonly message: string;
}

/** What of a message would hold other calls while it is read: the protocol has no batches, and no tool takes so many values. Null where nothing is. */
export function messageProblem(text: string): MessageProblem | null {
  if (/^\s*\[/.test(text)) return { kind: 'batch', message: 'Send one message at a time: batches are no part of the protocol.' };
  if (!hasMoreValues(text, mostValues)) return null;
  return {
    kind: 'too large',
    message: `A message may have ${mostValues.toLocaleString('en')} values: send less, or data as text in data_text.`,
  };
}
