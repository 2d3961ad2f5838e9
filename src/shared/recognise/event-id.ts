import type { HeaderField } from '../contract/common.ts';

/** Headers by which receivers tell an event that was delivered before, in lower case; each is the `replayKey` of a provider. */
const idHeaders = new Set([
  'webhook-id',
  'svix-id',
  'x-github-delivery',
  'x-shopify-webhook-id',
  'shopify-webhook-id',
  'twitch-eventsub-message-id',
  'x-wc-webhook-delivery-id',
  'x-zendesk-webhook-invocation-id',
  'x-razorpay-event-id',
  'x-hookdeck-eventid',
  'greenhouse-event-id',
  'x-acr-delivery',
]);

const longestId = 256;

/** The webhook id of a received request by its headers; null where none of a known kind is there. It is asked of every request. */
export function eventIdIn(headers: readonly HeaderField[]): string | null {
  for (const [name, value] of headers) if (value !== '' && value.length <= longestId && idHeaders.has(name.toLowerCase())) return value;
  return null;
}
