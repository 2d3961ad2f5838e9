/** How many attempts to one endpoint may begin now. */
export interface SlotShare {
  readonly endpointId: string;
  readonly slots: number;
}

/** What the sharing looks at. */
export interface SlotState {
  readonly nowMs: number;
  /** Attempts that may still begin over all endpoints. */
  readonly freeInAll: number;
  /** Attempts to one endpoint that may be under way at once. */
  readonly capOf: (endpointId: string) => number;
  readonly flightsTo: (endpointId: string) => number;
  /** False for an endpoint that is switched off or deleted; asked only about those that would get slots. */
  readonly isActive: (endpointId: string) => boolean;
}

/**
 * Shares the free slots over the endpoints with deliveries due. Those with the fewest attempts under way come first, so
 * that a few slow endpoints with long queues cannot keep the others from being served.
 * `waiting` has each endpoint's earliest due time, in order of how long it has waited for its turn.
 */
export function shareSlots(waiting: ReadonlyMap<string, number>, state: SlotState): readonly SlotShare[] {
  if (state.freeInAll <= 0) return [];
  const chosen: string[] = [];
  const busy: { readonly endpointId: string; readonly flights: number }[] = [];
  for (const [endpointId, dueAtMs] of waiting) {
    if (dueAtMs > state.nowMs) continue;
    const flights = state.flightsTo(endpointId);
    if (flights >= state.capOf(endpointId)) continue;
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
  return chosen.map((endpointId, index) => {
    const slots = Math.min(state.capOf(endpointId) - state.flightsTo(endpointId), Math.ceil(left / (chosen.length - index)));
    left -= slots;
    return { endpointId, slots };
  });
}
