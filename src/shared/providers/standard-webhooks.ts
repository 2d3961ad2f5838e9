import { svixLayout } from './shapes/layout.ts';
import { provider } from './shapes/provider.ts';
import { inHeader, literal, plain } from './shapes/receiver.ts';
import { standardWebhooksCalls, standardWebhooksLibrary, verbatimPitfall, whsecHint } from './shapes/svix.ts';
import { hour, minute, second } from './shapes/time.ts';

/** What is known of Standard Webhooks. */
export const standardWebhooks = provider({
  name: 'Standard Webhooks',
  schemes: {
    'standard-webhooks': {
      kind: 'mac',
      options: 'tolerance',
      title: 'Standard Webhooks',
      layouts: [svixLayout('webhook')],
      key: 'whsec',
      secretHint: whsecHint,
      replayKey: { name: 'webhook-id', isSigned: true },
      source: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
      documentation: 'https://www.standardwebhooks.com/',
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall: verbatimPitfall,
      library: { ...standardWebhooksLibrary, wantsJson: 'any' },
      marks: [
        {
          header: 'webhook-signature',
          value: /(?:^|\s)v1,/,
          along: ['webhook-id', 'webhook-timestamp'],
          group: 'webhook v1',
          standing: 'same',
          isConvention: true,
        },
      ],
      libraryCalls: standardWebhooksCalls,
    },
    'standard-webhooks-v1a': {
      kind: 'code',
      options: 'tolerance',
      title: 'Standard Webhooks v1a (Ed25519)',
      description: 'Ed25519 over the message id, the timestamp and the body; the receiver knows the public key only.',
      headers: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
      algorithm: 'Ed25519',
      secretHint: 'whsk_ and base64 of 64 bytes to sign; whpk_ and base64 of 32 bytes to verify',
      keyKind: 'pair',
      allowsSeveralSecrets: true,
      toleranceSeconds: 300,
      source: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
      documentation: 'https://www.standardwebhooks.com',
      asOf: '2026-11-20',
      checked: 'published vector',
      pitfall: 'Pin the public key: one that is taken from the request proves nothing.',
      libraryNote: 'The libraries of Standard Webhooks verify v1 only; none of them reads v1a.',
      publicKeyPlace: 'Give it to the receiver as the pinned key of this sender (whpk_…). A receiver never takes the key from a request.',
      receiver: {
        ...plain,
        proof: { kind: 'ed25519', key: 'whpk', encoding: 'base64' },
        signature: { kind: 'entries', header: 'webhook-signature', separator: ' ', lead: 'v1a,', timeLabel: null, listLabel: null },
        time: inHeader('webhook-timestamp', 's', 300),
        idHeader: 'webhook-id',
        signed: [{ kind: 'id' }, literal('.'), { kind: 'timestamp' }, literal('.'), { kind: 'body' }],
      },
      marks: [
        {
          header: 'webhook-signature',
          value: /(?:^|\s)v1a,/,
          along: ['webhook-id', 'webhook-timestamp'],
          group: 'webhook v1a',
          isConvention: true,
        },
      ],
    },
  },
  retryPresets: {
    'standard-webhooks': {
      title: 'Standard Webhooks: 10 attempts over 75 h',
      source: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
      asOf: '2026-08-17',
      note: 'The specification gives this schedule as an example. It recommends jitter without a figure, so there is none here.',
      policy: {
        kind: 'schedule',
        delaysMs: [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour],
      },
    },
  },
});
