import { timedLayout } from './shapes/layout.ts';
import { sha256Hex } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Twitch. */
export const twitch = provider({
  name: 'Twitch',
  schemes: {
    twitch: {
      kind: 'mac',
      options: 'tolerance',
      title: 'Twitch EventSub',
      layouts: [
        timedLayout({
          signatureHeader: 'Twitch-Eventsub-Message-Signature',
          form: { kind: 'single', prefix: 'sha256=', encoding: 'hex' },
          idHeader: 'Twitch-Eventsub-Message-Id',
          timestamp: { header: 'Twitch-Eventsub-Message-Timestamp', unit: 'rfc3339', toleranceSeconds: 600 },
          pattern: '{id}{timestamp}{body}',
        }),
      ],
      key: 'text',
      secretHint: 'Any text',
      secretLength: { min: 10, max: 100 },
      replayKey: { name: 'Twitch-Eventsub-Message-Id', isSigned: true },
      source: 'https://dev.twitch.tv/docs/eventsub/handling-webhook-events',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'third-party library',
      pitfall: 'The timestamp has nanoseconds and is signed as the text it is: a date parsed and written again has lost them.',
      library: null,
      marks: [
        {
          header: 'Twitch-Eventsub-Message-Signature',
          value: sha256Hex,
          along: ['Twitch-Eventsub-Message-Id', 'Twitch-Eventsub-Message-Timestamp'],
        },
      ],
    },
  },
});
