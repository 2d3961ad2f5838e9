import { stampedLayout } from './shapes/layout.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Persona. */
export const persona = provider({
  name: 'Persona',
  schemes: {
    persona: {
      kind: 'mac',
      options: 'tolerance',
      title: 'Persona',
      layouts: [
        {
          ...stampedLayout('Persona-Signature', {
            separator: ',',
            timestampLabel: 't',
            label: 'v1',
            pattern: '{timestamp}.{body}',
            toleranceSeconds: null,
          }),
          form: { kind: 'entries', separator: ',', joint: '=', label: 'v1', encoding: 'hex', timestampLabel: 't', groupSeparator: ' ' },
        },
      ],
      key: 'text',
      secretHint: 'The whole secret of the webhook, wbhsec_ included, as text',
      secretPrefix: 'wbhsec_',
      replayKey: { name: 'id of the event in the body', path: 'data.id', isSigned: true },
      source: 'https://www.skills.sh/hookdeck/webhook-skills/persona-webhooks',
      documentation: 'https://docs.withpersona.com/webhooks',
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall:
        'While a secret is being rotated the header holds two pairs (t=…,v1=… t=…,v1=…) with a space between them. Persona names no age at which a request is too old.',
      library: null,
      marks: [{ header: 'Persona-Signature', value: /^t=\d+,v1=[0-9a-f]{64}/i }],
    },
  },
});
