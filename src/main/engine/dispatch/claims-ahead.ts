/**
 * Claims wait for the disk. To keep slots from staying empty meanwhile, deliveries are claimed ahead of their turn:
 * the more attempts to their endpoint end while a claim is being made, the more; and none for a slow endpoint.
 */
export interface ClaimsAhead {
  /** How many deliveries of an endpoint to claim beyond its free slots. */
  readonly of: (endpointId: string) => number;
  /** Over all endpoints. */
  readonly inAll: () => number;
  /** A claim for this endpoint has begun. */
  readonly claimBegan: (endpointId: string) => void;
  /** An attempt to this endpoint ended. */
  readonly attemptEnded: (endpointId: string) => void;
  /** The claim is done; `limit` bounds how many ended attempts count. */
  readonly claimEnded: (endpointId: string, limit: number) => void;
}

/** How many are claimed ahead for each attempt that ended meanwhile: the next claim may have to wait for a longer group commit. */
const perEnded = 8;

/** The share of the number claimed ahead that remains after each claim, so that one quick claim among slow ones makes no gap. */
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
