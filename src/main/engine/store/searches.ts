import { decodeBody, type CodedBody } from '../bodies/decode-body.ts';
import type { SearchMemory } from '../bodies/body-looks.ts';
import { lookInCaptures, type CaptureLook } from '../capture/look.ts';
import { lookInDeliveries, type DeliveryLook } from '../deliveries/look.ts';
import { listOpen, type DeliveryFilter } from '../log/deliveries.ts';
import { readBody } from '../log/messages.ts';
import type { Reader } from './database.ts';
import type { SeqRange } from './in-steps.ts';

/** Looks that may go into every body of a range of rows, or into a body that is packed. They run in a thread with a connection of its own, so what they take is plain data. */
export const searches = {
  deliveries: (reader: Reader, look: DeliveryLook, memory: SearchMemory) => lookInDeliveries(reader, look, memory.looksFor(look.filter.q)),
  captures: (reader: Reader, look: CaptureLook, memory: SearchMemory) => lookInCaptures(reader, look, memory.looksFor(look.q)),
  open: (reader: Reader, { filter, ...range }: { readonly filter: Omit<DeliveryFilter, 'q'> } & SeqRange) =>
    listOpen(reader, filter, range),
  decoded: (reader: Reader, { hash, ...body }: { readonly hash: Uint8Array } & Omit<CodedBody, 'bytes'>) =>
    decodeBody({ ...body, bytes: readBody(reader, hash) }),
} as const satisfies Record<string, (reader: Reader, input: never, memory: SearchMemory) => unknown>;

export type Searches = typeof searches;
export type SearchName = keyof Searches;
export type SearchInput<N extends SearchName> = Parameters<Searches[N]>[1];
export type SearchOutput<N extends SearchName> = Awaited<ReturnType<Searches[N]>>;

/** Runs one of them by its name. */
export function runSearch(reader: Reader, name: SearchName, input: unknown, memory: SearchMemory): unknown {
  // Each name came with its own input; that they belong together is the type of `Searcher.look`.
  return (searches[name] as (reader: Reader, input: unknown, memory: SearchMemory) => unknown)(reader, input, memory);
}
