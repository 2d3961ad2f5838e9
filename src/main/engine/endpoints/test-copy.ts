import { streamDefaults } from '#shared/contract/endpoints.ts';
import type { EndpointConfig } from './config.ts';

/**
 * A copy of an endpoint that a test is sent to: outside of the list, so that no failure counts, nothing disables it and none of
 * its limits holds it back; switched on, and with one attempt unless a retry policy is given.
 */
export function testCopy(
  config: EndpointConfig,
  made: { readonly id: string; readonly creator: string; readonly nowMs: number },
  retryPolicy: EndpointConfig['retryPolicy'] = { kind: 'none' },
): EndpointConfig {
  const { id, creator, nowMs } = made;
  return {
    ...config,
    ...streamDefaults,
    id,
    creator,
    retryPolicy,
    isOneOff: true,
    relayId: null,
    profileBase: null,
    testOf: config.isOneOff ? null : config.id,
    copyOf: config.isOneOff ? config.copyOf : config.id,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
}
