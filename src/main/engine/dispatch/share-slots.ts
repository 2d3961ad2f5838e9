/** How many attempts to one endpoint may begin now. */
export interface SlotShare {
  readonly endpointId: string;
  readonly slots: number;
}

/** What the sharing looks at. */
export interface SlotState {
  /** Attempts that may still begin over all endpoints. */
  readonly freeInAll: number;
  /** Of those, kept for endpoints with fewer attempts under way than they are sure of. */
  readonly reserved: number;
  /** Attempts under way that an endpoint is sure of. */
  readonly guaranteedTo: (endpointId: string) => number;
  /** Attempts to one endpoint that may be under way at once. */
  readonly capOf: (endpointId: string) => number;
  readonly flightsTo: (endpointId: string) => number;
  /** False for an endpoint that is switched off or deleted; asked only about those that would get slots. */
  readonly isActive: (endpointId: string) => boolean;
}

/**
 * Shares the free slots over the endpoints with deliveries due. Those with the fewest attempts under way come first, so
 * that a few slow endpoints with long queues cannot keep the others from being served; and what is reserved goes only to
 * those that have fewer than they are sure of.
 * `due` names the endpoints with something due, in order of how long they have waited for their turn.
 */
export function shareSlots(due: Iterable<string>, state: SlotState): readonly SlotShare[] {
  if (state.freeInAll <= 0) return [];
  const chosen: string[] = [];
  const busy: { readonly endpointId: string; readonly flights: number }[] = [];
  for (const endpointId of due) {
    const flights = state.flightsTo(endpointId);
    if (flights >= state.capOf(endpointId)) continue;
    if (state.freeInAll <= state.reserved && flights >= state.guaranteedTo(endpointId)) continue;
    if (flights > 0) busy.push({ endpointId, flights });
    else if (state.isActive(endpointId)) chosen.push(endpointId);
    // No more can be served at once, however many wait.
    if (chosen.length >= state.freeInAll) break;
  }
  busy.sort((a, b) => a.flights - b.flights);
  for (const { endpointId } of busy) {
    if (chosen.length >= state.freeInAll) break;
    if (state.isActive(endpointId)) chosen.push(endpointId);
  }
  let left = state.freeInAll;
  const shares = chosen.map((endpointId, index) => {
    const flights = state.flightsTo(endpointId);
    const ownLeft = Math.max(0, state.guaranteedTo(endpointId) - flights);
    const sharedLeft = Math.max(0, left - state.reserved);
    const slots = Math.min(state.capOf(endpointId) - flights, Math.ceil(left / (chosen.length - index)), ownLeft + sharedLeft);
    left -= slots;
    return { endpointId, slots };
  });
  return shares.filter(({ slots }) => slots > 0);
}
