import { bodyLayout } from './shapes/layout.ts';
import { sha256Hex, userAgent } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Bitbucket. */
export const bitbucket = provider({
  name: 'Bitbucket',
  schemes: {
    bitbucket: {
      kind: 'mac',
      options: 'none',
      title: 'Bitbucket',
      layouts: [bodyLayout('X-Hub-Signature', { prefix: 'sha256=' })],
      key: 'text',
      secretHint: 'Any text',
      replayKey: { name: 'X-Request-UUID', isSigned: false, isCommonName: true },
      source: 'https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks',
      documentation: 'https://confluence.atlassian.com/bitbucketserver/event-payload-938025882.html',
      asOf: '2026-11-20',
      checked: 'published vector',
      pitfall: 'The header is X-Hub-Signature, without -256, although the hash is SHA-256.',
      library: null,
      marks: [
        {
          header: 'X-Hub-Signature',
          value: sha256Hex,
          tells: [{ header: 'X-Event-Key' }, { header: 'X-Hook-UUID' }, { header: 'X-Request-UUID' }, userAgent(/^Bitbucket/i)],
          group: 'hub sha2',
          standing: 'usual',
          isConvention: true,
        },
      ],
    },
  },
});
