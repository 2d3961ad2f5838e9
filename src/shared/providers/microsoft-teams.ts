import { bodyLayout } from './shapes/layout.ts';
import { inBody } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Microsoft Teams. */
export const microsoftTeams = provider({
  name: 'Microsoft Teams',
  schemes: {
    'microsoft-teams': {
      kind: 'mac',
      options: 'none',
      title: 'Microsoft Teams outgoing webhook',
      layouts: [bodyLayout('Authorization', { prefix: 'HMAC ', encoding: 'base64' })],
      key: 'base64',
      secretHint: 'The security token of the outgoing webhook, which is base64',
      replayKey: { name: 'id of the message in the body', path: 'id', isSigned: true },
      source: 'https://github.com/OfficeDev/msteams-samples-outgoing-webhook-nodejs/blob/master/app.js',
      documentation: 'https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook',
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall: 'The token is decoded from base64 before it is used; its text does not match.',
      library: null,
      marks: [
        {
          header: 'Authorization',
          value: /^HMAC [A-Za-z0-9+/]{43}=$/,
          tells: [inBody(/"channelId"\s*:\s*"msteams"/)],
          isCommonName: true,
          isShared: true,
        },
      ],
    },
  },
});
