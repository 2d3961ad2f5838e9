import { bodyLayout } from './shapes/layout.ts';
import { hex64 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';
import { hmacHex, literal, plain } from './shapes/receiver.ts';

/** What is known of Coinbase. */
export const coinbase = provider({
  name: 'Coinbase',
  schemes: {
    'coinbase-cdp': {
      kind: 'code',
      options: 'tolerance',
      title: 'Coinbase Developer Platform',
      description: 'HMAC-SHA256 over the time, the headers that it names, and the body, in one header.',
      headers: ['X-Hook0-Signature'],
      algorithm: 'HMAC-SHA256',
      secretHint: 'The secret of the subscription, as text',
      keyKind: 'shared',
      allowsSeveralSecrets: false,
      toleranceSeconds: 300,
      source: 'https://docs.cdp.coinbase.com/webhooks/verify-signatures',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'two implementations',
      pitfall: 'v1 signs the values of the headers in h, in that order and joined by points: a proxy that changes one of them breaks it.',
      libraryNote: null,
      receiver: {
        ...plain,
        proof: hmacHex,
        signature: { kind: 'entries', header: 'X-Hook0-Signature', separator: ',', lead: 'v1=', timeLabel: 't=', listLabel: 'h=' },
        time: { place: 'entry', name: 'X-Hook0-Signature', unit: 's', toleranceSeconds: 300 },
        signed: [
          { kind: 'timestamp' },
          literal('.'),
          { kind: 'listed-names' },
          literal('.'),
          { kind: 'listed-values' },
          literal('.'),
          { kind: 'body' },
        ],
        notes: ['v0, which covers no header, is not taken.'],
      },
      marks: [{ header: 'X-Hook0-Signature', value: /^t=\d+,.*v[01]=[0-9a-f]{64}/i }],
    },
    'coinbase-commerce': {
      kind: 'mac',
      options: 'none',
      title: 'Coinbase Commerce',
      layouts: [bodyLayout('X-CC-Webhook-Signature')],
      key: 'text',
      secretHint: 'The shared secret of the webhook',
      replayKey: { name: 'id of the event in the body', path: 'event.id', isSigned: true },
      source: 'https://github.com/coinbase/coinbase-commerce-node',
      documentation: 'https://docs.cdp.coinbase.com/webhooks/verify-signatures',
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall: 'The Coinbase Developer Platform signs otherwise, in X-Hook0-Signature.',
      library: {
        name: 'coinbase-commerce-node',
        time: 'none',
        toleranceSeconds: null,
        body: 'text',
        wantsLowerCase: true,
        refusesEmptyBody: true,
        wantsJson: 'event',
      },
      marks: [{ header: 'X-CC-Webhook-Signature', value: hex64 }],
      libraryCalls: {
        node: {
          dependency: 'coinbase-commerce-node',
          imports: [`import coinbase from 'coinbase-commerce-node';`],
          call: `coinbase.Webhook.verifySigHeader(body.toString(), headers['x-cc-webhook-signature'], secret)`,
          answers: 'throws',
          remark: 'The library turns the body into text, so one that is not UTF-8 fails.',
        },
      },
    },
  },
});
