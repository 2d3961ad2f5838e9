import { svixLayout } from './shapes/layout.ts';
import { inBody } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';
import { standardWebhooksLibrary, verbatimPitfall, whsecHint } from './shapes/svix.ts';

/** What is known of Clerk. */
export const clerk = provider({
  name: 'Clerk',
  schemes: {
    clerk: {
      kind: 'mac',
      options: 'tolerance',
      title: 'Clerk',
      layouts: [svixLayout('svix')],
      key: 'whsec',
      secretHint: whsecHint,
      replayKey: { name: 'svix-id', isSigned: true },
      source: 'https://www.npmjs.com/package/@clerk/backend',
      documentation: 'https://clerk.com/docs/webhooks/overview',
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall: verbatimPitfall,
      library: {
        ...standardWebhooksLibrary,
        name: '@clerk/backend',
        body: 'text-without-mark',
        refusesEmptyBody: true,
        wantsJson: 'not null',
      },
      marks: [
        {
          header: 'svix-signature',
          value: /(?:^|\s)v1a?,/,
          along: ['svix-id', 'svix-timestamp'],
          tells: [inBody(/"object"\s{0,9}:\s{0,9}"event"/)],
          group: 'svix',
        },
      ],
    },
  },
});
