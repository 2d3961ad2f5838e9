import { provider } from './shapes/provider.ts';
import { inHeader, inSignatureHeader, literal, plain } from './shapes/receiver.ts';

/** What is known of Telnyx. */
export const telnyx = provider({
  name: 'Telnyx',
  schemes: {
    telnyx: {
      kind: 'code',
      options: 'tolerance',
      title: 'Telnyx',
      description: 'Ed25519 over the timestamp and the body, in base64.',
      headers: ['telnyx-timestamp', 'telnyx-signature-ed25519'],
      algorithm: 'Ed25519',
      secretHint: 'To verify, the public key of the account in base64; to sign, a private key as PEM',
      keyKind: 'pair',
      allowsSeveralSecrets: false,
      toleranceSeconds: 300,
      source: 'https://github.com/team-telnyx/telnyx-python/pull/242',
      documentation: 'https://developers.telnyx.com/docs/development/sdk/node/webhooks',
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall: 'A bar (|), no point, stands between the timestamp and the body in what is signed. The key is that of the account.',
      libraryNote: null,
      publicKeyPlace: 'Put it where the receiver has the public key of the Telnyx account, in base64 as the portal shows it.',
      receiver: {
        ...plain,
        proof: { kind: 'ed25519', key: 'base64', encoding: 'base64' },
        signature: inSignatureHeader('telnyx-signature-ed25519'),
        time: inHeader('telnyx-timestamp', 's', 300),
        signed: [{ kind: 'timestamp' }, literal('|'), { kind: 'body' }],
      },
      marks: [{ header: 'telnyx-signature-ed25519', value: /^[A-Za-z0-9+/]{86}==$/, along: ['telnyx-timestamp'] }],
    },
  },
});
