import type { Replay, SkipReason } from './contract/replays.ts';

/** Why something was skipped, in words. */
export const skipWords: Readonly<Record<SkipReason, string>> = {
  endpoint_deleted: 'endpoint deleted',
  endpoint_disabled: 'endpoint disabled',
  in_flight: 'attempt under way',
  already_pending: 'already waiting for its first attempt',
  template_invalid: 'template does not render',
  body_too_large: 'body over the limit',
  incomplete_body: 'body did not come whole',
  unsendable: 'method or headers cannot be sent',
  unread: 'body too large for a JSON filter',
  no_longer_matches: 'changed in the meantime',
};

/** How many were skipped. */
export function skippedCount(skipped: Replay['skipped']): number {
  return skipped.reduce((sum, { count }) => sum + count, 0);
}
