import { bodyLayout } from './shapes/layout.ts';
import { inBody, sha1Hex, userAgent } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Intercom. */
export const intercom = provider({
  name: 'Intercom',
  schemes: {
    intercom: {
      kind: 'mac',
      options: 'none',
      title: 'Intercom',
      layouts: [bodyLayout('X-Hub-Signature', { hash: 'sha1', prefix: 'sha1=' })],
      key: 'text',
      secretHint: 'client_secret of the app',
      replayKey: { name: 'id of the notification in the body', path: 'id', isSigned: true },
      source: 'https://intercom-developer-hub.readme.io/reference/signed-notifications',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'two implementations',
      pitfall: 'The hash is SHA-1, and the key is the client_secret of the app, not its access token.',
      library: null,
      marks: [
        {
          header: 'X-Hub-Signature',
          value: sha1Hex,
          tells: [inBody(/"type"\s{0,9}:\s{0,9}"notification_event"/), userAgent(/intercom/i)],
          group: 'hub sha1',
          isConvention: true,
        },
      ],
    },
  },
});
