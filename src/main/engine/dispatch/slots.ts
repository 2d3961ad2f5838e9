import type { Settings } from '#shared/contract/system.ts';
import { createGuaranteedSlots, reservedOf } from './guaranteed-slots.ts';

/** Counts the attempts under way, over all endpoints and by endpoint. */
export interface Slots {
  /** Whether an attempt to this endpoint may begin, with at most `cap` at once. */
  readonly isFreeFor: (endpointId: string, cap: number) => boolean;
  readonly take: (endpointId: string) => void;
  readonly give: (endpointId: string) => void;
  readonly takenBy: (endpointId: string) => number;
  /** Free slots over all endpoints; negative for a while after the number of slots was lowered. */
  readonly freeCount: () => number;
  /** How many of them are reserved for endpoints below their guaranteed number. */
  readonly reservedCount: () => number;
  readonly guaranteedTo: (endpointId: string) => number;
  /** An attempt to this endpoint ended after so long: a slow endpoint is guaranteed less. */
  readonly attemptEnded: (endpointId: string, tookMs: number) => void;
}

export function createSlots(settings: { readonly get: () => Pick<Settings, 'maxConcurrency'> }): Slots {
  const taken = new Map<string, number>();
  let takenInAll = 0;
  const guaranteed = createGuaranteedSlots();
  const takenBy = (endpointId: string) => taken.get(endpointId) ?? 0;
  const freeCount = () => settings.get().maxConcurrency - takenInAll;
  const reservedCount = () => reservedOf(settings.get().maxConcurrency);
  return {
    isFreeFor: (endpointId, cap) => {
      const free = freeCount();
      const own = takenBy(endpointId);
      return free > 0 && own < cap && (free > reservedCount() || own < guaranteed.of(endpointId));
    },
    take: (endpointId) => {
      takenInAll += 1;
      taken.set(endpointId, takenBy(endpointId) + 1);
    },
    give: (endpointId) => {
      takenInAll -= 1;
      const left = takenBy(endpointId) - 1;
      if (left > 0) taken.set(endpointId, left);
      else taken.delete(endpointId);
    },
    takenBy,
    freeCount,
    reservedCount,
    guaranteedTo: guaranteed.of,
    attemptEnded: guaranteed.attemptEnded,
  };
}
