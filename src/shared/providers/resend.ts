import { svixLayout } from './shapes/layout.ts';
import { inBody } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';
import { standardWebhooksLibrary, verbatimPitfall, whsecHint } from './shapes/svix.ts';

/** What is known of Resend. */
export const resend = provider({
  name: 'Resend',
  schemes: {
    resend: {
      kind: 'mac',
      options: 'tolerance',
      title: 'Resend',
      layouts: [svixLayout('svix')],
      key: 'whsec',
      secretHint: whsecHint,
      replayKey: { name: 'svix-id', isSigned: true },
      source: 'https://resend.com/docs/webhooks/verify-webhooks-requests',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall: verbatimPitfall,
      library: { ...standardWebhooksLibrary, name: 'resend', wantsJson: 'any' },
      marks: [
        {
          header: 'svix-signature',
          value: /(?:^|\s)v1a?,/,
          along: ['svix-id', 'svix-timestamp'],
          tells: [inBody(/"type"\s{0,9}:\s{0,9}"(?:email|contact|domain)\.[a-z_]+"/)],
          group: 'svix',
        },
      ],
      libraryCalls: {
        node: {
          dependency: 'resend',
          imports: [`import { Resend } from 'resend';`, '', `const resend = new Resend('re_unused_for_verifying');`],
          call: [
            `resend.webhooks.verify({`,
            `        payload: body.toString(),`,
            `        headers: { id: headers['svix-id'], timestamp: headers['svix-timestamp'], signature: headers['svix-signature'] },`,
            `        webhookSecret: secret,`,
            `      })`,
          ].join('\n'),
          answers: 'throws',
          remark: 'The library takes JSON bodies in UTF-8 only.',
        },
      },
    },
  },
});
