/** How many concurrent attempts an endpoint is guaranteed, whatever other endpoints do, as long as there are slots at all. */
const guaranteedToQuick = 2;
const guaranteedToSlow = 1;

/** An attempt that takes longer than this counts as slow: it holds its slot long enough for others to notice. */
const slowMs = 1000;

/** This share of all slots is reserved for endpoints below their guaranteed number. */
const reservedShare = 0.5;

/** How many of all slots are reserved. */
export function reservedOf(maxConcurrency: number): number {
  return Math.floor(maxConcurrency * reservedShare);
}

/** How many slots each endpoint is guaranteed: fewer after a slow answer, so that the reserve lasts for the others. */
export interface GuaranteedSlots {
  readonly of: (endpointId: string) => number;
  /** An attempt to this endpoint ended after so many milliseconds. */
  readonly attemptEnded: (endpointId: string, tookMs: number) => void;
}

export function createGuaranteedSlots(): GuaranteedSlots {
  const slow = new Set<string>();
  return {
    of: (endpointId) => (slow.has(endpointId) ? guaranteedToSlow : guaranteedToQuick),
    attemptEnded: (endpointId, tookMs) => {
      if (tookMs > slowMs) slow.add(endpointId);
      else slow.delete(endpointId);
    },
  };
}
