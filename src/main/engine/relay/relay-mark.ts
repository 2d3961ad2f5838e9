import type { HeaderField } from '#shared/contract/common.ts';
import { headerValues } from '#shared/text/headers.ts';

/** Names the relays that a request went through, as CDN-Loop (RFC 8586) does: `rly_one, rly_two`. */
export const relayHeader = 'Hookyard-Relay';

/** A request that went through this many relays is not forwarded again. */
export const mostRelays = 8;

/** The relays that a received request went through, in their order. */
export function relaysIn(headers: readonly HeaderField[]): readonly string[] {
  return headerValues(headers, relayHeader)
    .flatMap((value) => value.split(','))
    .map((id) => id.trim())
    .filter((id) => id !== '');
}

/** Whether a relay may not forward a request, since it would go round. */
export function isLoop(relayId: string, through: readonly string[]): boolean {
  return through.length >= mostRelays || through.includes(relayId);
}
