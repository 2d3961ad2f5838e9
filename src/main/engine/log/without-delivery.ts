import { undeliveredLookedAt } from '#shared/contract/messages.ts';
import { search } from '../store/searcher.ts';
import type { Reader } from '../store/database.ts';

/** A message that has no delivery. */
export interface MessageWithoutDelivery {
  readonly id: string;
  readonly type: string;
  readonly createdAtMs: number;
}

/** The newest messages without a delivery, and how many there are. */
export interface WithoutDelivery {
  readonly items: readonly MessageWithoutDelivery[];
  readonly total: number;
}

/** No index leads to the messages without a delivery, so that the newest are looked at. */
const without = `FROM (SELECT seq, id FROM messages ORDER BY seq DESC LIMIT ${undeliveredLookedAt}) AS newest
  WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE message_id = newest.id)`;

/**
 * Messages without a delivery among the newest. It is made in a thread, since the moment of a message stands behind its data,
 * which may be large.
 */
export const withoutDeliverySearch = search(
  'without-delivery',
  (reader: Reader, { limit }: { readonly limit: number }): WithoutDelivery => {
    const total = reader.raw<{ readonly count: number }>(`SELECT count(*) AS count ${without}`, [])[0]?.count ?? 0;
    if (total === 0) return { items: [], total };
    const items = reader.raw<MessageWithoutDelivery>(
      `SELECT id, event_type AS type, created_at_ms AS createdAtMs FROM messages
     WHERE seq IN (SELECT seq ${without} ORDER BY seq DESC LIMIT ?) ORDER BY seq DESC`,
      [limit],
    );
    return { items, total };
  },
);
