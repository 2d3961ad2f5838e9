import type { HotWrite, Writer } from './database.ts';

/** Names a write for the thread that makes it. The list of that thread has to hold it as well. */
export function hotWrite<I, O>(name: string, make: (writer: Writer, input: I) => O, { canWait = false } = {}): HotWrite<I, O> {
  return { name, make, canWait };
}
