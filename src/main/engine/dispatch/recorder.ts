import type { EndpointBook } from '../endpoints/book.ts';
import type { StateBook } from '../health/book.ts';
import type { Clock, Log } from '../ports.ts';
import { Refusal } from '../refusal.ts';
import type { Database } from '../store/database.ts';
import { bareRecord, stepFor } from './make-attempt.ts';
import { toRecordOrder, type AttemptRecord, type Claim } from './queue.ts';

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
  /** Records an attempt; answers when the next one is due, or null. */
  readonly keep: (record: AttemptRecord) => Promise<number | null>;
  /** Undoes a claim: the delivery waits again, or is cancelled. */
  readonly release: (claim: Pick<Claim, 'seq' | 'dueAtMs' | 'deliveryId'>, isCancelled: boolean) => Promise<void>;
  /** From now on what the store refuses is given up. */
  readonly stop: () => void;
}

/** Wait before the store is tried again after it refused something. */
export const storeAgainMs = 1000;

export function createRecorder({ database, clock, log, endpoints, states }: RecorderDeps): Recorder {
  const pauses = new Set<() => void>();
  let isStopped = false;

  /** Waits a little, or until the end; answers whether to try again. */
  const mayTryAgain = async (deliveryId: string, tries: number, error: unknown): Promise<boolean> => {
    if (tries === 1) log.error({ deliveryId, error: String(error) }, 'An attempt could not be recorded; trying again until it is');
    if (isStopped) return false;
    await pause();
    return true;
  };

  const pause = () =>
    new Promise<void>((resolve) => {
      const wake = () => {
        takeBack();
        pauses.delete(wake);
        resolve();
      };
      const takeBack = clock.at(clock.now() + storeAgainMs, wake);
      pauses.add(wake);
    });

  return {
    keep: async (record) => {
      const { delivery_id: deliveryId, endpoint_id: endpointId } = record.attempt;
      let kept = record;
      for (let tries = 1; ; tries += 1) {
        try {
          // The endpoint may have been deleted while the attempt was under way.
          const step = stepFor(kept.step, endpoints.find(endpointId));
          const state = states.unsaved(endpointId);
          await database.hot('record', toRecordOrder(kept, step, state));
          if (state !== null) states.saved(state);
          return step.dueAtMs;
        } catch (error) {
          if (!(await mayTryAgain(deliveryId, tries, error))) return null;
          // Not for want of room: what was seen cannot be stored, but that the attempt was made must be.
          if (!(error instanceof Refusal)) kept = bareRecord(record);
        }
      }
    },
    release: async ({ seq, dueAtMs, deliveryId }, isCancelled) => {
      for (let tries = 1; ; tries += 1) {
        try {
          await database.hot('release', { claim: { seq, dueAtMs }, isCancelled, nowMs: clock.now() });
          return;
        } catch (error) {
          if (!(await mayTryAgain(deliveryId, tries, error))) return;
        }
      }
    },
    stop: () => {
      isStopped = true;
      for (const wake of pauses) wake();
    },
  };
}
