import type { HeaderField } from '#shared/contract/common.ts';
import { namedCharacters } from '#shared/recognise/event-name.ts';
import type { Reader } from '../store/database.ts';
import { search } from '../store/searcher.ts';
import { eventInHead } from './event-in-head.ts';
import { eventOf } from './event-naming.ts';

/** The event types of captures by their row numbers, for those that were stored without; empty for none. */
export const eventNames = search(
  'eventNames',
  (reader: Reader, { seqs }: { readonly seqs: readonly number[] }): readonly (readonly [number, string])[] =>
    reader
      .values<readonly [number, string, Uint8Array | null]>(
        `SELECT c.seq, c.headers_json, CASE WHEN b.size <= ? THEN b.bytes END
       FROM captures AS c JOIN bodies AS b ON b.hash = c.body_hash WHERE c.seq IN (SELECT value FROM json_each(?))`,
        [namedCharacters, JSON.stringify(seqs)],
      )
      .map(([seq, headersJson, body]) => [seq, eventTypeOfStored(headersJson, body)] as const),
);

/** The event type of a capture that was stored without; its body is null where that is too long to be read for it. */
export function eventTypeOfStored(headersJson: string, body: Uint8Array | null): string {
  return eventOf(eventInHead(JSON.parse(headersJson) as HeaderField[], null), body).type;
}
