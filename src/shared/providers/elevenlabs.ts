import { stampedLayout } from './shapes/layout.ts';
import { provider } from './shapes/provider.ts';

/** What is known of ElevenLabs. */
export const elevenlabs = provider({
  name: 'ElevenLabs',
  schemes: {
    elevenlabs: {
      kind: 'mac',
      options: 'tolerance',
      title: 'ElevenLabs',
      layouts: [
        stampedLayout('ElevenLabs-Signature', {
          separator: ',',
          timestampLabel: 't',
          label: 'v0',
          pattern: '{timestamp}.{body}',
          toleranceSeconds: 1800,
        }),
      ],
      key: 'text',
      secretHint: 'The secret shown when the webhook was made, as text',
      replayKey: null,
      source: 'https://www.skills.sh/hookdeck/webhook-skills/elevenlabs-webhooks',
      documentation: 'https://elevenlabs.io/docs/product-guides/administration/webhooks',
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall: 'The signature is v0, where most others with such a header have v1, and 30 minutes are allowed.',
      library: null,
      marks: [{ header: 'ElevenLabs-Signature', value: /(?:^|,)\s*t=\d+,.*v0=[0-9a-f]{64}/i }],
    },
  },
});
