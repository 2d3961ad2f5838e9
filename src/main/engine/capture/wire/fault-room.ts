/** How many requests faults hold at once, over all bins. */
export interface FaultRoom {
  /** Takes a place; where all are taken, the one held longest is ended by its own `displace`. The returned function gives the place back. */
  readonly hold: (displace: () => void) => () => void;
}

/** Half an hour of a sender that retries every few seconds; a held connection costs a socket and a timer. */
const heldAtOnce = 256;

export function createFaultRoom(limit = heldAtOnce): FaultRoom {
  const held = new Set<() => void>();
  return {
    hold: (displace) => {
      const [oldest] = held;
      if (held.size >= limit && oldest !== undefined) {
        held.delete(oldest);
        oldest();
      }
      held.add(displace);
      return () => held.delete(displace);
    },
  };
}
