import { listCaptures, type CaptureQuery } from '../capture/store.ts';
import { listDeliveries, listForCount, listOpen, type DeliveryFilter } from '../deliveries/store.ts';
import type { Reader } from './database.ts';
import type { SeqRange } from './in-steps.ts';

/** Looks that may go into every body of a range of rows. They run in a thread with a connection of its own, so what they take is plain data. */
export const searches = {
  deliveries: (reader: Reader, { filter, ...page }: { readonly filter: DeliveryFilter; readonly limit: number } & SeqRange) =>
    listDeliveries(reader, filter, page),
  counted: (reader: Reader, { filter, ...range }: { readonly filter: DeliveryFilter } & SeqRange) => listForCount(reader, filter, range),
  open: (reader: Reader, { filter, ...range }: { readonly filter: DeliveryFilter } & SeqRange) => listOpen(reader, filter, range),
  captures: (reader: Reader, query: CaptureQuery) => listCaptures(reader, query),
} as const satisfies Record<string, (reader: Reader, input: never) => readonly unknown[]>;

export type Searches = typeof searches;
export type SearchName = keyof Searches;
export type SearchInput<N extends SearchName> = Parameters<Searches[N]>[1];
export type SearchOutput<N extends SearchName> = ReturnType<Searches[N]>;

/** Runs one of them by its name. */
export function runSearch(reader: Reader, name: SearchName, input: unknown): unknown {
  // Each name came with its own input; that they belong together is the type of `Searcher.look`.
  return (searches[name] as (reader: Reader, input: unknown) => unknown)(reader, input);
}
