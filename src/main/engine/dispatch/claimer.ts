import type { EndpointBook } from '../endpoints/book.ts';
import type { Clock, Ids } from '../base/ports.ts';
import { claimsOf, claimWrite, type Claim, type ClaimWithBody } from '../log/queue.ts';
import type { SettingsBook } from '../settings/settings.ts';
import type { Database } from '../store/database.ts';
import type { ClaimedQueue } from './claimed-queue.ts';
import { createClaimsAhead } from './claims-ahead.ts';
import type { DueTimes } from './due-times.ts';
import type { ClaimedDelivery } from './flights.ts';
import type { Gates } from './gates.ts';
import type { Recorder } from './recorder.ts';
import { createPromisedSlots } from './promised-slots.ts';
import { shareSlots, type SlotShare, type SlotState } from './share-slots.ts';
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
  /**
   * Promises a slot to a delivery that is about to be written, so that it can be written as claimed; null where it has to wait its turn
   * like any other.
   */
  readonly promise: (endpointId: string) => PromisedClaim | null;
  readonly isUnderWay: () => boolean;
  /** Resolves when the claims under way and those promised have ended, successfully or not. */
  readonly settled: () => Promise<void>;
  /** Undoes a claim. */
  readonly giveBack: (claim: Claim) => Promise<void>;
  /** Undoes the claims of an endpoint to which nothing may be sent now. */
  readonly recall: (endpointId: string) => void;
  /** An attempt to this endpoint ended. */
  readonly attemptEnded: (endpointId: string) => void;
}

/** A slot for a delivery that is being written with the id of its attempt. Exactly one of the functions is to be called. */
export interface PromisedClaim {
  readonly attemptId: string;
  /** The delivery is on disk. */
  readonly keep: (claim: ClaimWithBody) => void;
  /** It was not written. */
  readonly giveUp: () => void;
}

export function createClaimer(deps: ClaimerDeps): Claimer {
  const { database, clock, settings, endpoints, dueTimes, slots, gates, queue, recorder } = deps;
  const ahead = createClaimsAhead();
  const promised = createPromisedSlots();
  /** Endpoints of which something is being claimed: more of them may be due than that. */
  const claiming = new Set<string>();
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
    claiming.add(endpointId);
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
      claiming.delete(endpointId);
      ahead.claimEnded(endpointId, settings.get().maxConcurrencyPerEndpoint);
    }
    // The circuit may have opened meanwhile.
    if (gates.isShut(endpointId)) recall(endpointId);
    deps.onClaimed();
  };

  const slotsAt = (nowMs: number): SlotState => ({
    freeInAll: slots.freeCount() + ahead.inAll() + gated(nowMs) - queue.count() - promised.count(),
    reserved: slots.reservedCount(),
    guaranteedTo: slots.guaranteedTo,
    capOf: (endpointId) => gates.claimCapOf(endpointId, nowMs, slots.takenBy(endpointId), ahead.of(endpointId)),
    flightsTo: (endpointId) => slots.takenBy(endpointId) + queue.countTo(endpointId) + promised.countTo(endpointId),
    isActive: (endpointId) => endpoints.find(endpointId)?.isActive === true,
  });
  /** Whether a new delivery would pass others by, or its endpoint gets only what is chosen in the store. */
  const hasToWait = (endpointId: string, nowMs: number) =>
    claiming.has(endpointId) || dueTimes.isDue(endpointId, nowMs) || gates.isOrdered(endpointId) || gates.letThroughTo(endpointId) !== null;

  return {
    shares: (nowMs) => shareSlots(dueTimes.due(nowMs), slotsAt(nowMs)),
    promise: (endpointId) => {
      const nowMs = clock.now();
      if (hasToWait(endpointId, nowMs) || shareSlots([endpointId], slotsAt(nowMs)).length === 0) return null;
      const attemptId = deps.ids.next('att');
      const settle = promised.add(endpointId);
      return {
        attemptId,
        keep: (claim) => {
          settle();
          queue.add({ claim, attemptId });
          // The circuit may have opened meanwhile.
          if (gates.isShut(endpointId)) recall(endpointId);
          deps.onClaimed();
        },
        giveUp: () => {
          settle();
          // The slot may be wanted by others.
          deps.onDueAgain();
        },
      };
    },
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
    settled: async () => void (await Promise.allSettled([...underWay, promised.settled()])),
    giveBack,
    recall,
    attemptEnded: ahead.attemptEnded,
  };
}
