import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import { eventNameIn, namedCharacters } from '#shared/recognise/event-name.ts';
import type { Reader } from '../store/database.ts';
import { search } from '../store/searcher.ts';

/** The event types of captures by their row numbers, as far as headers or the top of small JSON name them. */
export const eventNames = search(
  'eventNames',
  (reader: Reader, { seqs }: { readonly seqs: readonly number[] }): readonly (readonly [number, string])[] =>
    reader
      .values<readonly [number, string, Uint8Array | null]>(
        `SELECT c.seq, c.headers_json, CASE WHEN b.size <= ? THEN b.bytes END
       FROM captures AS c JOIN bodies AS b ON b.hash = c.body_hash WHERE c.seq IN (SELECT value FROM json_each(?))`,
        [namedCharacters, JSON.stringify(seqs)],
      )
      .flatMap(([seq, headersJson, body]) => {
        const name = eventNameIn(JSON.parse(headersJson) as HeaderField[], body === null ? null : jsonOf(body));
        return name === null ? [] : [[seq, name] as const];
      }),
);

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch {
    return null;
  }
}
