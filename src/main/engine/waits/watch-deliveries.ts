import type { DeliveryMatch, NearestMiss } from '#shared/contract/waits.ts';
import { unpackOutcome } from '../base/packed-columns.ts';
import { createPause } from '../base/pause.ts';
import { deliveriesAfter, newestSeq, type DeliveryFilter, type DeliveryWithEndpoint } from '../log/deliveries.ts';
import type { Database } from '../store/database.ts';
import { unmetByDelivery } from './delivery-match.ts';
import type { Touched, Watched } from './watched.ts';

/** Deliveries read at once: some milliseconds. */
const pageSize = 200;

export interface DeliveryWatch {
  readonly scope: Omit<DeliveryFilter, 'q'>;
  readonly match: DeliveryMatch;
  /** So many that match end a look. */
  readonly enough: number;
}

/** Deliveries from a row on, looked at again as they change. */
export function watchDeliveries(database: Database, { scope, match, enough }: DeliveryWatch, fromSeq: number): Watched {
  /** Row numbers of those that match. */
  let matched = new Map<string, number>();
  /** Row numbers of all that were looked at. */
  const looked = new Set<number>();
  let nearest: NearestMiss | null = null;
  let afterSeq = fromSeq;

  const each = async (filter: Omit<DeliveryFilter, 'q'>, signal: AbortSignal, see: (row: DeliveryWithEndpoint) => void) => {
    // Numbers are used again after the newest rows were removed.
    afterSeq = Math.min(afterSeq, newestSeq(database));
    const pause = createPause();
    for (let from = afterSeq; !signal.aborted && matched.size < enough;) {
      const rows = deliveriesAfter(database, filter, { afterSeq: from, limit: pageSize });
      rows.forEach(see);
      const last = rows.at(-1);
      if (last === undefined || rows.length < pageSize) return;
      from = last.seq;
      await pause();
    }
  };
  const see = (row: DeliveryWithEndpoint): NearestMiss['unmet'] => {
    looked.add(row.seq);
    const unmet = unmetByDelivery(match, {
      eventType: row.event_type,
      status: row.status,
      lastOutcome: row.last_outcome_json === null ? null : unpackOutcome(row.last_outcome_json),
      lastDurationMs: row.last_duration_ms,
    });
    if (unmet.length === 0) matched.set(row.id, row.seq);
    return unmet;
  };
  const eachOf = async (filter: Omit<DeliveryFilter, 'q'>, signal: AbortSignal, seeRow: (row: DeliveryWithEndpoint) => void) => {
    await each(filter, signal, seeRow);
    // Tests of an endpoint went to copies of it, and are found only when they are asked for.
    if (filter.endpointId !== undefined && filter.isTest === undefined) await each({ ...filter, isTest: true }, signal, seeRow);
  };
  const lookAtAll = async (signal: AbortSignal) => {
    matched = new Map();
    looked.clear();
    nearest = null;
    await eachOf(scope, signal, (row) => {
      const unmet = see(row);
      if (unmet.length === 0 || (nearest !== null && unmet.length > nearest.unmet.length)) return;
      nearest = { id: row.id, what: `${row.event_type} to ${row.endpoint_name}`, unmet, differences: [], differenceCount: 0 };
    });
  };
  const lookAt = async (ids: Exclude<Touched, 'anything'>, signal: AbortSignal) => {
    for (const id of ids) matched.delete(id);
    await eachOf({ ...scope, ids: [...ids] }, signal, see);
  };

  return {
    look: async (touched, isLast, signal) => {
      if (touched === 'anything' || isLast) await lookAtAll(signal);
      else await lookAt(touched, signal);
    },
    tally: () => ({ looked: looked.size, matchCount: matched.size, repeated: null, withoutId: null, unread: [] }),
    nearest: () => nearest,
    matchedIds: (limit) =>
      [...matched]
        .toSorted(([, one], [, other]) => one - other)
        .slice(0, limit)
        .map(([id]) => id),
  };
}
