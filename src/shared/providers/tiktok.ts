import { stampedLayout } from './shapes/layout.ts';
import { provider } from './shapes/provider.ts';

/** What is known of TikTok. */
export const tiktok = provider({
  name: 'TikTok',
  schemes: {
    tiktok: {
      kind: 'mac',
      options: 'tolerance',
      title: 'TikTok',
      layouts: [
        stampedLayout('TikTok-Signature', {
          separator: ',',
          timestampLabel: 't',
          label: 's',
          pattern: '{timestamp}.{body}',
          toleranceSeconds: null,
        }),
      ],
      key: 'text',
      secretHint: 'The client secret of the app',
      replayKey: null,
      source: 'https://developers.tiktok.com/doc/webhooks-verification',
      documentation: null,
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall: 'TikTok names no age at which a request is too old: choose one. TikTok Shop signs otherwise, in Authorization.',
      library: null,
      marks: [{ header: 'TikTok-Signature', value: /(?:^|,)\s*t=\d+,.*s=[0-9a-f]{64}/i }],
    },
  },
});
