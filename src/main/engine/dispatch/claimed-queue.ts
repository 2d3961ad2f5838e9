/** A claimed delivery: marked as under way in the store, but its attempt has not begun. */
export interface Claimed {
  readonly claim: { readonly deliveryId: string; readonly endpointId: string };
}

/** Claimed deliveries whose attempts begin as soon as a slot is free: first come first served, endpoints in turns. */
export interface ClaimedQueue<C extends Claimed> {
  readonly add: (claimed: C) => void;
  /** Takes the next delivery to an endpoint that may begin; undefined when none may. */
  readonly next: (mayBegin: (endpointId: string) => boolean) => C | undefined;
  /** Takes this delivery; undefined when it is not in the queue. */
  readonly remove: (deliveryId: string) => C | undefined;
  /** Takes all deliveries to this endpoint. */
  readonly removeTo: (endpointId: string) => readonly C[];
  readonly removeAll: () => readonly C[];
  /** Endpoints with deliveries in the queue. */
  readonly endpointIds: () => Iterable<string>;
  readonly countTo: (endpointId: string) => number;
  readonly count: () => number;
}

export function createClaimedQueue<C extends Claimed>(): ClaimedQueue<C> {
  /** By endpoint, in the order of their turns. */
  const lines = new Map<string, C[]>();
  let count = 0;
  const takeFrom = (endpointId: string, line: C[], index: number): C | undefined => {
    const [claimed] = line.splice(index, 1);
    if (claimed !== undefined) count -= 1;
    if (line.length === 0) lines.delete(endpointId);
    return claimed;
  };
  return {
    add: (claimed) => {
      const line = lines.get(claimed.claim.endpointId);
      if (line === undefined) lines.set(claimed.claim.endpointId, [claimed]);
      else line.push(claimed);
      count += 1;
    },
    next: (mayBegin) => {
      for (const [endpointId, line] of lines) {
        if (!mayBegin(endpointId)) continue;
        // Last in turn now.
        lines.delete(endpointId);
        lines.set(endpointId, line);
        return takeFrom(endpointId, line, 0);
      }
      return undefined;
    },
    remove: (deliveryId) => {
      for (const [endpointId, line] of lines) {
        const index = line.findIndex(({ claim }) => claim.deliveryId === deliveryId);
        if (index >= 0) return takeFrom(endpointId, line, index);
      }
      return undefined;
    },
    removeTo: (endpointId) => {
      const line = lines.get(endpointId) ?? [];
      lines.delete(endpointId);
      count -= line.length;
      return line;
    },
    endpointIds: () => lines.keys(),
    removeAll: () => {
      const all = [...lines.values()].flat();
      lines.clear();
      count = 0;
      return all;
    },
    countTo: (endpointId) => lines.get(endpointId)?.length ?? 0,
    count: () => count,
  };
}
