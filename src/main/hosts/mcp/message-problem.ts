import { hasMoreValues } from '#shared/json-length.ts';

/** Values in one message: as many are read within some milliseconds. A document is one. */
const mostValues = 20_000;

/** Why a message of an agent is not read. */
export interface MessageProblem {
  readonly kind: 'batch' | 'too large' | 'odd name';
  /** A sentence that says what to change. */
  readonly message: string;
}

/**
 * What of a message would hold other calls while it is read, since the protocol has no batches and no tool takes so many values; or would be
 * gone when a tool is called. Null where nothing is.
 */
export function messageProblem(text: string): MessageProblem | null {
  if (/^\s*\[/.test(text)) return { kind: 'batch', message: 'Send one message at a time: batches are no part of the protocol.' };
  if (hasMoreValues(text, mostValues))
    return {
      kind: 'too large',
      message: `A message may have ${mostValues.toLocaleString('en')} values: send less, or data as text in data_text.`,
    };
  if (!hasOddArgument(text)) return null;
  return { kind: 'odd name', message: 'arguments.__proto__: no tool takes an argument of this name: leave it out.' };
}

/** Whether a tool is called with an argument `__proto__`, which readers of messages leave out without a word. */
function hasOddArgument(text: string): boolean {
  if (!/__proto__|\\u00/.test(text)) return false;
  try {
    const message = JSON.parse(text) as { readonly params?: { readonly arguments?: unknown } | null } | null;
    const given = message?.params?.arguments;
    return typeof given === 'object' && given !== null && Object.hasOwn(given, '__proto__');
  } catch {
    // What is no JSON is told by the reader.
    return false;
  }
}
