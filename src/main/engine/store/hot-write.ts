import type { HotWrite, Writer } from './database.ts';

/** Defines a write for the writer thread; its list has to contain the write too. */
export function hotWrite<I, O>(name: string, make: (writer: Writer, input: I) => O, { canWait = false } = {}): HotWrite<I, O> {
  return { name, make, canWait };
}
