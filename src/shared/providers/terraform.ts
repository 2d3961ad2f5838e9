import { bodyLayout } from './shapes/layout.ts';
import { provider } from './shapes/provider.ts';

/** What is known of HCP Terraform. */
export const terraform = provider({
  name: 'HCP Terraform',
  schemes: {
    terraform: {
      kind: 'mac',
      options: 'none',
      title: 'HCP Terraform',
      layouts: [bodyLayout('X-TFE-Notification-Signature', { hash: 'sha512' })],
      key: 'text',
      secretHint: 'The token of the notification configuration',
      replayKey: null,
      source: 'https://developer.hashicorp.com/terraform/enterprise/v202302-1/api-docs/notification-configurations',
      documentation: null,
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall: 'The hash is SHA-512, and a configuration without a token is not signed.',
      library: null,
      marks: [{ header: 'X-TFE-Notification-Signature', value: /^[0-9a-f]{128}$/i }],
    },
  },
});
