import type { RelaySkipReason } from './contract/relay-verdicts.ts';

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

/** Why one capture was not forwarded, in sentences. */
export const captureSkipWords: Readonly<Record<RelaySkipReason, string>> = {
  unmatched: 'It does not meet the conditions.',
  loop: 'It went through this relay before, or through too many, as its header Hookyard-Relay says: forwarded again it would go round.',
  incomplete: 'Its body did not come whole.',
  unsendable: 'Its method or headers cannot be sent.',
  path: 'Its path would lead out of that of the target.',
  unread: 'A condition asks for its JSON, and the body is too large to be read for that.',
  endpoint_deleted: 'The endpoint that it would go to was deleted.',
  removed: 'It was deleted before it went on.',
  failed: 'Hookyard failed at it; its log says why.',
};
