import type { Settings } from '#shared/contract/system.ts';
import { createGuaranteedSlots, reservedOf } from './guaranteed-slots.ts';

/** Attempts under way at once, over all endpoints and by endpoint. */
export interface Slots {
  /** Whether an attempt to this endpoint may begin, `cap` of them being allowed at once. */
  readonly isFreeFor: (endpointId: string, cap: number) => boolean;
  readonly take: (endpointId: string) => void;
  readonly give: (endpointId: string) => void;
  readonly takenBy: (endpointId: string) => number;
  /** Free ones over all endpoints; less than none for a while after their number was lowered. */
  readonly freeCount: () => number;
  /** Of those, kept for endpoints with fewer attempts under way than they are guaranteed. */
  readonly reservedCount: () => number;
  readonly guaranteedTo: (endpointId: string) => number;
  /** An attempt to this endpoint ended, having taken so long: a slow endpoint is guaranteed less. */
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
