/** Attempts under way to an endpoint that nothing to other endpoints can keep from beginning, while there are slots at all. */
const guaranteedToQuick = 2;
const guaranteedToSlow = 1;

/** An attempt that takes longer than this holds its slot long enough for others to notice. */
const slowMs = 1000;

/** This share of all slots is kept for endpoints that have not got their guaranteed number yet. */
const reservedShare = 0.5;

/** How many of all slots are kept for guaranteed ones. */
export function reservedOf(maxConcurrency: number): number {
  return Math.floor(maxConcurrency * reservedShare);
}

/** How many slots each endpoint is sure of: fewer for one that answered slowly the last time, so that the reserve lasts for the others. */
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
