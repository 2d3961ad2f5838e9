import type { EndpointBook } from '../endpoints/book.ts';
import type { Clock, Ids } from '../base/ports.ts';
import { claimsOf, claimWrite, type Claim } from '../log/queue.ts';
import type { SettingsBook } from '../settings/settings.ts';
import type { Database } from '../store/database.ts';
import type { ClaimedQueue } from './claimed-queue.ts';
import { createClaimsAhead } from './claims-ahead.ts';
import type { DueTimes } from './due-times.ts';
import type { ClaimedDelivery } from './flights.ts';
import type { Gates } from './gates.ts';
import type { Recorder } from './recorder.ts';
import { shareSlots, type SlotShare } from './share-slots.ts';
import type { Slots } from './slots.ts';

export interface ClaimerDeps {
  readonly database: Pick<Database, 'hot'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
  readonly settings: SettingsBook;
  readonly endpoints: Pick<EndpointBook, 'find'>;
  readonly dueTimes: DueTimes;
  readonly slots: Slots;
  readonly gates: Gates;
  readonly queue: ClaimedQueue<ClaimedDelivery>;
  readonly recorder: Pick<Recorder, 'release'>;
  /** Something was added to the queue. */
  readonly onClaimed: () => void;
  /** A claim was undone, and its delivery is due again. */
  readonly onDueAgain: () => void;
}

/** Takes due deliveries from the store into the queue, marked as under way, and puts them back. */
export interface Claimer {
  /** How many deliveries of which endpoints to claim now; empty when nothing due could begin. */
  readonly shares: (nowMs: number) => readonly SlotShare[];
  /** Claims them. Rejects when the store refuses one; the successful claims are in the queue. */
  readonly claim: (shares: readonly SlotShare[]) => Promise<void>;
  readonly isUnderWay: () => boolean;
  /** Resolves when the claims under way have ended, successfully or not. */
  readonly settled: () => Promise<void>;
  /** Undoes a claim. */
  readonly giveBack: (claim: Claim) => Promise<void>;
  /** Undoes the claims of an endpoint to which nothing may be sent now. */
  readonly recall: (endpointId: string) => void;
  /** An attempt to this endpoint ended. */
  readonly attemptEnded: (endpointId: string) => void;
}

export function createClaimer(deps: ClaimerDeps): Claimer {
  const { database, clock, settings, endpoints, dueTimes, slots, gates, queue, recorder } = deps;
  const ahead = createClaimsAhead();
  let underWay: readonly Promise<void>[] = [];
  let isUnderWay = false;

  /** Claims in the queue that wait for their endpoint's gate and not for a slot. */
  const gated = (nowMs: number) => {
    let count = 0;
    for (const endpointId of queue.endpointIds()) if (!gates.isOpen(endpointId, nowMs)) count += queue.countTo(endpointId);
    return count;
  };

  /** A deleted endpoint gets no attempts, so its delivery would wait for ever: it is cancelled. */
  const giveBack = async (claimed: Claim): Promise<void> => {
    const target = endpoints.find(claimed.endpointId);
    const isGone = target === undefined || target.isDeleted;
    // It was due; setting the clock back meanwhile must not make it wait again.
    const dueAtMs = Math.min(claimed.dueAtMs, clock.now());
    await recorder.release({ ...claimed, dueAtMs }, isGone);
    if (isGone) return;
    dueTimes.note(claimed.endpointId, dueAtMs);
    deps.onDueAgain();
  };
  const recall = (endpointId: string) => {
    for (const { claim } of queue.removeTo(endpointId)) void giveBack(claim);
  };

  const claimShare = async ({ endpointId, slots: count }: SlotShare): Promise<void> => {
    const nowMs = clock.now();
    const attemptIds = Array.from({ length: count }, () => deps.ids.next('att'));
    // What becomes due while the claim is being made is noted again.
    dueTimes.remove(endpointId);
    ahead.claimBegan(endpointId);
    try {
      const deliveryId = gates.letThroughTo(endpointId);
      const isOrdered = gates.isOrdered(endpointId);
      const claimed = await database.hot(claimWrite, { endpointId, nowMs, attemptIds, isOrdered, deliveryId });
      const claims = claimsOf(endpointId, claimed);
      if (deliveryId !== null && claims.length === 0) gates.cancelLetThrough(endpointId, deliveryId);
      if (claimed.nextDueAtMs !== null) dueTimes.note(endpointId, claimed.nextDueAtMs);
      for (const [index, claim] of claims.entries()) queue.add({ claim, attemptId: attemptIds[index] ?? '' });
    } catch (error) {
      dueTimes.note(endpointId, nowMs);
      throw error;
    } finally {
      ahead.claimEnded(endpointId, settings.get().maxConcurrencyPerEndpoint);
    }
    // The circuit may have opened meanwhile.
    if (gates.isShut(endpointId)) recall(endpointId);
    deps.onClaimed();
  };

  return {
    shares: (nowMs) =>
      shareSlots(dueTimes.due(nowMs), {
        freeInAll: slots.freeCount() + ahead.inAll() + gated(nowMs) - queue.count(),
        reserved: slots.reservedCount(),
        guaranteedTo: slots.guaranteedTo,
        capOf: (endpointId) => gates.claimCapOf(endpointId, nowMs, slots.takenBy(endpointId), ahead.of(endpointId)),
        flightsTo: (endpointId) => slots.takenBy(endpointId) + queue.countTo(endpointId),
        isActive: (endpointId) => endpoints.find(endpointId)?.isActive === true,
      }),
    claim: async (shares) => {
      isUnderWay = true;
      underWay = shares.map(claimShare);
      try {
        await Promise.all(underWay);
      } finally {
        isUnderWay = false;
      }
    },
    isUnderWay: () => isUnderWay,
    settled: async () => void (await Promise.allSettled(underWay)),
    giveBack,
    recall,
    attemptEnded: ahead.attemptEnded,
  };
}
