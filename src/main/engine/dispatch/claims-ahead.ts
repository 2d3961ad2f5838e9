/**
 * Claims wait for the disk. So that slots need not stand empty for so long, deliveries are claimed ahead of their turn:
 * the more, the more attempts to their endpoint end while a claim is on its way, and none for an endpoint that is slow.
 */
export interface ClaimsAhead {
  /** Deliveries of an endpoint to be claimed beyond its free slots. */
  readonly of: (endpointId: string) => number;
  /** Over all endpoints. */
  readonly inAll: () => number;
  /** A claim for this endpoint is on its way. */
  readonly claimBegan: (endpointId: string) => void;
  /** An attempt to this endpoint ended. */
  readonly attemptEnded: (endpointId: string) => void;
  /** The claim has come; `limit` bounds how many ended attempts count. */
  readonly claimEnded: (endpointId: string, limit: number) => void;
}

/** Claimed ahead for each attempt that ended meanwhile: the next claim may have to wait for a longer group than this one. */
const perEnded = 8;

/** What is left after each claim of how many were claimed ahead, so that one quick claim among long ones makes no gap. */
const keptShare = 0.9;

export function createClaimsAhead(): ClaimsAhead {
  const ahead = new Map<string, number>();
  const endedMeanwhile = new Map<string, number>();
  return {
    of: (endpointId) => ahead.get(endpointId) ?? 0,
    inAll: () => {
      let sum = 0;
      for (const count of ahead.values()) sum += count;
      return sum;
    },
    claimBegan: (endpointId) => void endedMeanwhile.set(endpointId, 0),
    attemptEnded: (endpointId) => {
      const ended = endedMeanwhile.get(endpointId);
      if (ended !== undefined) endedMeanwhile.set(endpointId, ended + 1);
    },
    claimEnded: (endpointId, limit) => {
      const ended = Math.min(endedMeanwhile.get(endpointId) ?? 0, limit);
      endedMeanwhile.delete(endpointId);
      const wanted = Math.max(perEnded * ended, Math.floor((ahead.get(endpointId) ?? 0) * keptShare));
      if (wanted > 0) ahead.set(endpointId, wanted);
      else ahead.delete(endpointId);
    },
  };
}
