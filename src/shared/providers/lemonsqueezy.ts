import { bodyLayout } from './shapes/layout.ts';
import { hex64, inBody } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Lemon Squeezy. */
export const lemonsqueezy = provider({
  name: 'Lemon Squeezy',
  schemes: {
    lemonsqueezy: {
      kind: 'mac',
      options: 'none',
      title: 'Lemon Squeezy',
      layouts: [bodyLayout('X-Signature')],
      key: 'text',
      secretHint: '6 to 40 characters',
      secretLength: { min: 6, max: 40 },
      replayKey: null,
      source: 'https://docs.lemonsqueezy.com/help/webhooks/signing-requests',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'two implementations',
      pitfall: 'Its JSON writes / as \\/, which is lost when the body is parsed and written again.',
      library: null,
      marks: [
        {
          header: 'X-Signature',
          value: hex64,
          tells: [{ header: 'X-Event-Name' }, inBody(/"meta"\s{0,9}:\s{0,9}\{[^}]{0,500}"event_name"/)],
          isCommonName: true,
        },
      ],
    },
  },
});
