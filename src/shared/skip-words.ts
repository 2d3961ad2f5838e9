import type { SkipReason } from './contract/replays.ts';

/** Why something was skipped, for people. */
export const skipWords: Readonly<Record<SkipReason, string>> = {
  endpoint_deleted: 'endpoint deleted',
  endpoint_disabled: 'endpoint disabled',
  in_flight: 'attempt under way',
  already_pending: 'waits for its first attempt anyway',
  template_invalid: 'template makes no body',
  body_too_large: 'body over the limit',
  no_longer_matches: 'changed meanwhile',
};
