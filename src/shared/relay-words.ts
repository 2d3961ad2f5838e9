import type { RelaySkipReason } from './contract/relays.ts';

/** Why captures were not forwarded, in words that follow a count. */
export const relaySkipWords: Readonly<Record<RelaySkipReason, string>> = {
  unmatched: 'no filter matched',
  loop: 'came back to a relay that forwarded them before',
  incomplete: 'their body did not come whole',
  unsendable: 'their method or headers cannot be sent',
  path: 'their path would lead out of that of the target',
  unread: 'their body is too large for a JSON filter',
  endpoint_deleted: 'the endpoint was deleted',
  removed: 'deleted or removed by a limit before they went on',
  failed: 'Hookyard failed at them; its log says why',
};
