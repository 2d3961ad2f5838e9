/** How many attempts to one endpoint may begin now. */
export interface SlotShare {
  readonly endpointId: string;
  readonly slots: number;
}

/** The input of sharing. */
export interface SlotState {
  /** How many attempts may still begin, over all endpoints. */
  readonly freeInAll: number;
  /** How many of them are reserved for endpoints below their guaranteed number. */
  readonly reserved: number;
  /** How many attempts under way an endpoint is guaranteed. */
  readonly guaranteedTo: (endpointId: string) => number;
  /** How many attempts to one endpoint may be under way at once. */
  readonly capOf: (endpointId: string) => number;
  readonly flightsTo: (endpointId: string) => number;
  /** False for a disabled or deleted endpoint; called only for endpoints that would get slots. */
  readonly isActive: (endpointId: string) => boolean;
}

/**
 * Divides the free slots among the endpoints with due deliveries. Those with the fewest attempts under way come first, so
 * that a few slow endpoints with long queues cannot block the others; and reserved slots go only to
 * endpoints below their guaranteed number.
 * `due` lists the endpoints with something due, those that have waited longest for their turn first.
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
