import { timedLayout } from './shapes/layout.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Slack. */
export const slack = provider({
  name: 'Slack',
  schemes: {
    slack: {
      kind: 'mac',
      options: 'tolerance',
      title: 'Slack',
      layouts: [
        timedLayout({
          signatureHeader: 'X-Slack-Signature',
          form: { kind: 'single', prefix: 'v0=', encoding: 'hex' },
          timestamp: { header: 'X-Slack-Request-Timestamp', unit: 's', toleranceSeconds: 300 },
          pattern: 'v0:{timestamp}:{body}',
        }),
      ],
      key: 'text',
      secretHint: 'The signing secret of the app, as text',
      replayKey: { name: 'event_id in the body', path: 'event_id', isSigned: true },
      source: 'https://api.slack.com/docs/verifying-requests-from-slack',
      documentation: 'https://docs.slack.dev/authentication/verifying-requests-from-slack/',
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall: 'Slash commands and buttons send a form: sign it as it was received, not decoded.',
      library: {
        name: '@slack/bolt',
        time: 'past',
        toleranceSeconds: 300,
        body: 'text',
        wantsLowerCase: true,
        parsesTimestamp: true,
      },
      marks: [{ header: 'X-Slack-Signature', value: /^v0=[0-9a-f]{64}$/i, along: ['X-Slack-Request-Timestamp'] }],
      libraryCalls: {
        node: {
          dependency: '@slack/bolt',
          imports: [`import { isValidSlackRequest } from '@slack/bolt/dist/receivers/verify-request.js';`],
          call: [
            `isValidSlackRequest({`,
            `        signingSecret: secret,`,
            `        body: body.toString(),`,
            `        headers: {`,
            `          'x-slack-signature': headers['x-slack-signature'],`,
            `          'x-slack-request-timestamp': Number(headers['x-slack-request-timestamp']),`,
            `        },`,
            `      })`,
          ].join('\n'),
          answers: 'boolean',
          remark: 'The library accepts any time in the future. In an app of Bolt its own receiver does all of this.',
        },
        python: {
          dependency: 'slack_sdk',
          imports: ['from slack_sdk.signature import SignatureVerifier'],
          call: 'SignatureVerifier(secret).is_valid(body, headers.get("X-Slack-Request-Timestamp"), headers.get("X-Slack-Signature"))',
          answers: 'boolean',
          remark: null,
        },
      },
    },
  },
});
