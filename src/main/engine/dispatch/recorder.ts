import type { EndpointBook } from '../endpoints/book.ts';
import type { StateBook } from '../health/book.ts';
import type { Clock, Log } from '../base/ports.ts';
import { Refusal } from '../base/refusal.ts';
import type { Database } from '../store/database.ts';
import { bareRecord, stepFor } from './make-attempt.ts';
import { recordWrite, releaseWrite, toRecordOrder, type AttemptRecord, type Claim } from '../log/queue.ts';

export interface RecorderDeps {
  readonly database: Pick<Database, 'hot'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly endpoints: Pick<EndpointBook, 'find'>;
  readonly states: Pick<StateBook, 'unsaved' | 'saved'>;
}

/**
 * Keeps at what must not be forgotten until the store takes it. After a restart an attempt that was not recorded counts
 * as interrupted and is made again, so once stopped it tries nothing twice.
 */
export interface Recorder {
  /** Records an attempt; returns when the next one is due, or null. */
  readonly keep: (record: AttemptRecord) => Promise<number | null>;
  /** Undoes a claim: the delivery waits again, or is cancelled. */
  readonly release: (claim: Pick<Claim, 'seq' | 'dueAtMs' | 'deliveryId'>, isCancelled: boolean) => Promise<void>;
  /** From now on, writes that the store refuses are not retried. */
  readonly stop: () => void;
}

/** Wait before the store is tried again after it refused something. */
export const storeAgainMs = 1000;

export function createRecorder({ database, clock, log, endpoints, states }: RecorderDeps): Recorder {
  const pauses = new Set<() => void>();
  let isStopped = false;

  /** Retries until the store accepts it; null once stopped. */
  const untilTaken = async <T>(
    deliveryId: string,
    write: () => Promise<T>,
    onRefused: (error: unknown) => void = () => undefined,
  ): Promise<T | null> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await write();
      } catch (error) {
        if (tries === 1) log.error({ deliveryId, error: String(error) }, 'An attempt could not be recorded; trying again until it is');
        if (isStopped) return null;
        await pause();
        onRefused(error);
      }
    }
  };

  /** Waits a little, or until the end. */
  const pause = () =>
    new Promise<void>((resolve) => {
      const wake = () => {
        cancel();
        pauses.delete(wake);
        resolve();
      };
      const cancel = clock.at(clock.now() + storeAgainMs, wake);
      pauses.add(wake);
    });

  return {
    keep: (record) => {
      const { delivery_id: deliveryId, endpoint_id: endpointId } = record.attempt;
      let kept = record;
      const write = async () => {
        // The endpoint may have been deleted while the attempt was under way.
        const step = stepFor(kept.step, endpoints.find(endpointId));
        const state = states.unsaved(endpointId);
        await database.hot(recordWrite, toRecordOrder(kept, step, state));
        if (state !== null) states.saved(state);
        return step.dueAtMs;
      };
      return untilTaken(deliveryId, write, (error) => {
        // Not for lack of room: the details cannot be stored, but that the attempt was made has to be.
        if (!(error instanceof Refusal)) kept = bareRecord(record);
      });
    },
    release: async ({ seq, dueAtMs, deliveryId }, isCancelled) => {
      await untilTaken(deliveryId, () => database.hot(releaseWrite, { claim: { seq, dueAtMs }, isCancelled, nowMs: clock.now() }));
    },
    stop: () => {
      isStopped = true;
      for (const wake of pauses) wake();
    },
  };
}
