import { refuseMoreWrite, refuseWrite } from './store.ts';
import type { RefusalReason } from '#shared/contract/refused-requests.ts';
import { createGathered, type Changes } from '../../base/changes.ts';
import type { Clock, Ids, Log } from '../../base/ports.ts';
import type { Database } from '../../store/database.ts';
import { createAllowance, type Allowance } from './rate.ts';
import type { RequestTrail } from '../../http/request-bytes.ts';

/** A request that was refused. */
export interface Refused {
  readonly reason: RefusalReason;
  readonly seen: string;
  /** The bin that its path names, or null. */
  readonly binId: string | null;
  /** The requested slug, when no bin has it. */
  readonly slug: string | null;
  /** The status of the answer; null when the connection is gone. */
  readonly status: number | null;
  readonly trail: Pick<RequestTrail, 'first' | 'receivedBytes'>;
  readonly remoteAddress: string;
}

/** Records refused requests; nobody waits for that. */
export interface RefusedRecorder {
  readonly note: (refused: Refused) => void;
  /** Writes the counts that are only in memory; settles once all of them are on disk or dropped. */
  readonly settled: () => Promise<void>;
  /** Entries were deleted: the next refused request of each kind gets a new one. */
  readonly forget: () => void;
}

export interface RefusedRecorderDeps {
  readonly database: Pick<Database, 'hot'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly changes: Changes;
  readonly log: Log;
}

/** So many of one kind get an entry each; a faster rate is counted at the newest entry of its kind. */
const ofOneKind = { atOnce: 10, everyMs: 6_000 };
/** The same over all kinds, so that a flood of many kinds does not push everything else out of the table. */
const ofAllKinds = { atOnce: 60, everyMs: 2_000 };
/** Limits the kinds, because they contain slugs, which a stranger can make up. */
const kindsKnown = 100;
/** Counts are written this long after the first of them. */
const countEveryMs = 1000;
/** Longest slug that the contract allows: nothing longer asks for a bin. */
const slugLength = 63;

interface Newest {
  readonly id: string;
  more: number;
  lastAtMs: number;
}

export function createRefusedRecorder(deps: RefusedRecorderDeps): RefusedRecorder {
  const { touch } = createGathered(deps.changes);
  const everything = createAllowance(ofAllKinds);
  let kinds = new Map<string, Allowance>();
  /** The newest entry of each kind and of each reason. */
  let newest = new Map<string, Newest>();
  const counted = new Set<Newest>();
  let stopCounting: () => void = () => undefined;
  const writing = new Set<Promise<void>>();

  const write = (id: string, work: Promise<unknown>) => {
    const run = work
      .then(
        () => touch('refused-requests', id),
        (error: unknown) => deps.log.warn({ error: String(error) }, 'A refused request could not be noted'),
      )
      .finally(() => writing.delete(run));
    writing.add(run);
  };
  const writeCounts = () => {
    stopCounting();
    stopCounting = () => undefined;
    for (const entry of counted) {
      write(entry.id, deps.database.hot(refuseMoreWrite, { id: entry.id, more: entry.more, lastAtMs: entry.lastAtMs }));
      entry.more = 0;
    }
    counted.clear();
  };
  const count = (entry: Newest, nowMs: number) => {
    entry.more += 1;
    entry.lastAtMs = nowMs;
    if (counted.size === 0) stopCounting = deps.clock.at(nowMs + countEveryMs, writeCounts);
    counted.add(entry);
  };
  const mayKeep = (kind: string, nowMs: number) => {
    const known = kinds.get(kind) ?? createAllowance(ofOneKind);
    kinds.delete(kind);
    kinds.set(kind, known);
    if (kinds.size > kindsKnown) kinds.delete(kinds.keys().next().value ?? '');
    return known.take(nowMs) && everything.take(nowMs);
  };

  return {
    note: (refused) => {
      const nowMs = deps.clock.now();
      const slug = refused.slug?.slice(0, slugLength) ?? null;
      const kind = `${refused.reason} ${refused.binId ?? slug ?? ''}`;
      const before = newest.get(kind) ?? newest.get(refused.reason);
      if (!mayKeep(kind, nowMs) && before !== undefined) return count(before, nowMs);
      const id = deps.ids.next('ref');
      const entry: Newest = { id, more: 0, lastAtMs: nowMs };
      if (newest.size > kindsKnown) newest = new Map();
      newest.set(kind, entry).set(refused.reason, entry);
      const row = {
        id,
        bin_id: refused.binId,
        slug,
        reason: refused.reason,
        seen: refused.seen,
        status: refused.status,
        first_bytes: refused.trail.first(),
        received_bytes: refused.trail.receivedBytes(),
        remote_address: refused.remoteAddress,
        received_at_ms: nowMs,
      };
      return write(id, deps.database.hot(refuseWrite, row));
    },
    settled: async () => {
      writeCounts();
      await Promise.all(writing);
    },
    forget: () => {
      writeCounts();
      kinds = new Map();
      newest = new Map();
    },
  };
}
