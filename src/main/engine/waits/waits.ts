import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ChangeTopic } from '#shared/contract/system.ts';
import { toldMatches, type CaptureWait, type DeliveryWait, type NearestMiss } from '#shared/contract/waits.ts';
import { isJsonDeeper } from '#shared/json-depth.ts';
import type { Changes } from '../base/changes.ts';
import type { Clock } from '../base/ports.ts';
import { invalid, notFound, Refusal, stopping } from '../base/refusal.ts';
import { liveBin } from '../capture/bin-store.ts';
import { arrivedCapture, captureSeqFrom } from '../capture/arrived.ts';
import { newestPosition, positionBefore, type StreamPosition } from '../capture/stream-page.ts';
import { deliverySeqFrom, findDelivery, newestSeq } from '../log/deliveries.ts';
import type { Database } from '../store/database.ts';
import type { Searcher } from '../store/searcher.ts';
import { enoughFor, type Expectation, type Verdict } from './verdict.ts';
import { createNews, waitFor, type News } from './wait.ts';
import { watchCaptures } from './watch-captures.ts';
import { watchDeliveries } from './watch-deliveries.ts';
import type { Watched } from './watched.ts';

export interface WaitsDeps {
  readonly database: Database;
  readonly searcher: Searcher;
  readonly clock: Clock;
  readonly changes: Pick<Changes, 'follow'>;
}

/** What a wait came to. */
export interface WaitEnd extends Verdict {
  readonly looked: number;
  readonly matchCount: number;
  readonly matchedIds: readonly string[];
  readonly nearest: NearestMiss | null;
  readonly tookMs: number;
}

/** Callers that wait until captures or deliveries match. */
export interface Waits {
  /** Settles when it is decided; rejects with a Refusal, also when the engine stops, and with the signal's reason when it aborts. */
  readonly wait: (asked: CaptureWait | DeliveryWait, signal: AbortSignal | undefined) => Promise<WaitEnd>;
  /** Refuses those who wait, and whoever comes later. */
  readonly stop: () => Promise<void>;
}

/** Each looks at everything that changes, so there are not very many. */
const mostWaits = 64;

export function createWaits({ database, searcher, clock, changes }: WaitsDeps): Waits {
  const stop = new AbortController();
  const waiting = new Map<Promise<unknown>, { readonly topic: ChangeTopic; readonly news: News }>();
  let leave: AbortController | null = null;

  /** One follower of the changes for all who wait. */
  const follow = async (signal: AbortSignal) => {
    let seq: number | null = null;
    for await (const change of changes.follow(signal)) {
      const isGap = seq !== null && change.seq !== seq + 1;
      seq = change.seq;
      for (const { topic, news } of waiting.values()) if (isGap || topic === change.topic) news.touch(isGap ? [] : change.ids);
    }
  };
  const seat = async <T>(topic: ChangeTopic, work: (news: News) => Promise<T>): Promise<T> => {
    const news = createNews();
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.set(promise, { topic, news });
    if (leave === null) {
      leave = new AbortController();
      void follow(leave.signal);
    }
    try {
      return await work(news);
    } finally {
      waiting.delete(promise);
      resolve();
      if (waiting.size === 0) {
        leave.abort();
        leave = null;
      }
    }
  };

  return {
    wait: async (asked, caller) => {
      if (stop.signal.aborted) throw stopping();
      if (waiting.size >= mostWaits)
        throw new Refusal('STORE_UNAVAILABLE', `${mostWaits} calls wait already, as many as may: let some of them end first.`, {
          reason: 'waits',
        });
      const expectation = expectationOf(database, asked);
      const enough = enoughFor(expectation);
      const startedMs = clock.now();
      const signal = caller === undefined ? stop.signal : AbortSignal.any([caller, stop.signal]);
      return await seat(asked.for, async (news) => {
        const watched =
          asked.for === 'captures' ? capturesOf({ database, searcher }, asked, enough) : deliveriesOf(database, asked, enough);
        const verdict = await waitFor(watched, expectation, { clock, news, signal });
        const nearest = verdict.isMet ? null : watched.nearest();
        const { looked, matchCount } = watched.tally();
        return { ...verdict, looked, matchCount, matchedIds: watched.matchedIds(toldMatches), nearest, tookMs: clock.now() - startedMs };
      });
    },
    stop: async () => {
      stop.abort(stopping());
      await Promise.all(waiting.keys());
      // By then their refusals are on their way through the doors.
      await nextTurn();
    },
  };
}

const deliveries = { noun: ['delivery', 'deliveries'], steps: 0, oncePerId: false } as const;

function expectationOf(database: Database, asked: CaptureWait | DeliveryWait): Expectation {
  const atMost = asked.atMost ?? null;
  const shared = { count: asked.count ?? Math.min(1, atMost ?? 1), atMost, withinMs: asked.withinMs };
  if (asked.for === 'deliveries') return { ...shared, ...deliveries, where: asked.messageId === undefined ? '' : ` of ${asked.messageId}` };
  const bin = asked.binId === undefined ? undefined : liveBin(database, asked.binId);
  const where = bin === undefined ? '' : ` to the bin ${bin.slug}`;
  return { ...shared, noun: ['capture', 'captures'], where, steps: asked.inOrder?.length ?? 0, oncePerId: asked.oncePerId };
}

function capturesOf({ database, searcher }: Pick<WaitsDeps, 'database' | 'searcher'>, asked: CaptureWait, enough: number): Watched {
  const { binId, sinceMs, match = null, inOrder = [], body = null, ignore, oncePerId } = asked;
  if (body !== null) assertJson(body);
  const ask = { binId, fromMs: sinceMs, match, inOrder, body, ignore };
  const watched = watchCaptures({ searcher, ask, oncePerId, enough }, capturesFrom(database, asked));
  if (binId === undefined) return watched;
  return {
    ...watched,
    look: async (...given) => {
      // Nothing more can come, and what came is gone with it.
      if (liveBin(database, binId) === undefined) throw binDeleted(binId);
      await watched.look(...given);
    },
  };
}

function binDeleted(id: string): Refusal<'NOT_FOUND'> {
  return new Refusal('NOT_FOUND', `The bin ${id} was deleted while this waited for its captures.`, { kind: 'bin', id });
}

/** A capture that came slowly is stored behind some that came later, so the rows before a time are looked at too; their own time decides. */
const storedLate = 200;

function capturesFrom(database: Database, { sinceMs, afterId }: CaptureWait): StreamPosition {
  if (afterId !== undefined) {
    const capture = arrivedCapture(database, afterId);
    if (capture === undefined) throw notFound('capture', afterId);
    return { seq: capture.seq, id: afterId };
  }
  if (sinceMs === undefined) return newestPosition(database);
  return positionBefore(database, captureSeqFrom(database, sinceMs) - storedLate);
}

function deliveriesOf(database: Database, asked: DeliveryWait, enough: number): Watched {
  const { endpointId, messageId, isTest, match = {}, sinceMs } = asked;
  return watchDeliveries(
    database,
    { scope: { endpointId, messageId, isTest, fromMs: sinceMs }, match, enough },
    deliveriesFrom(database, asked),
  );
}

function deliveriesFrom(database: Database, { afterId, sinceMs, messageId }: DeliveryWait): number {
  if (afterId !== undefined) {
    const delivery = findDelivery(database, afterId);
    if (delivery === undefined) throw notFound('delivery', afterId);
    return delivery.seq;
  }
  if (sinceMs !== undefined) return deliverySeqFrom(database, sinceMs) - 1;
  return messageId === undefined ? newestSeq(database) : 0;
}

function assertJson(text: string): void {
  if (isJsonDeeper(new TextEncoder().encode(text))) throw invalid('body', 'This JSON is nested too deep to be compared.');
  try {
    JSON.parse(text);
  } catch (error) {
    throw invalid('body', `Write the body as JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
