import type { SkipReason } from '#shared/contract/replays.ts';
import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import { Refusal } from '../base/refusal.ts';
import type { EndpointConfig } from '../endpoints/config.ts';

type Target = Pick<EndpointConfig, 'isDeleted' | 'isActive'>;

/** What decides whether a delivery may be redelivered. */
export interface DeliveryFacts {
  readonly status: DeliveryStatus;
  readonly isInFlight: boolean;
  /** Its next attempt is scheduled. */
  readonly isWaiting: boolean;
}

/** Why nothing is sent to an endpoint, or null. */
export function endpointSkipReason(endpoint: Target | undefined): SkipReason | null {
  if (endpoint === undefined || endpoint.isDeleted) return 'endpoint_deleted';
  return endpoint.isActive ? null : 'endpoint_disabled';
}

/** A body, or why there is none. */
export async function bodyOrSkip(make: () => Promise<Uint8Array>): Promise<Uint8Array | SkipReason> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.code === 'BODY_TOO_LARGE') return 'body_too_large';
    return error.code === 'NOT_FOUND' ? 'no_longer_matches' : 'template_invalid';
  }
}

/** Why a replay skips a delivery, or null when it redelivers it. A delivery that waits for a retry is redelivered at once. */
export function skipReasonOf(facts: DeliveryFacts, endpoint: Target | undefined): SkipReason | null {
  const reason = endpointSkipReason(endpoint);
  if (reason !== null) return reason;
  if (facts.isInFlight) return 'in_flight';
  return facts.status === 'pending' && facts.isWaiting ? 'already_pending' : null;
}
