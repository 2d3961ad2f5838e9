import { createContext, Script } from 'node:vm';

// The clock of node:vm is the only one in Node that can stop a regular expression.
const place: { work: () => unknown } = { work: () => undefined };
const context = createContext(place);
const script = new Script('work()');

/** What the work returns; null when it took longer, which ends it wherever it is. It has to be synchronous, and must not return null. */
export function inTime<T>(limitMs: number, work: () => T): T | null {
  place.work = work;
  try {
    return script.runInContext(context, { timeout: limitMs }) as T;
  } catch (error) {
    // It is an object of the other context, and so no Error of this one.
    if ((error as { readonly code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return null;
    throw error;
  }
}
