import { provider } from './shapes/provider.ts';
import { inHeader, inSignatureHeader, pieces, plain } from './shapes/receiver.ts';

/** What is known of Discord. */
export const discord = provider({
  name: 'Discord',
  schemes: {
    discord: {
      kind: 'code',
      options: 'tolerance',
      title: 'Discord',
      description: 'Ed25519 over the timestamp and the body, in hex, for interactions and webhook events.',
      headers: ['X-Signature-Ed25519', 'X-Signature-Timestamp'],
      algorithm: 'Ed25519',
      secretHint: 'To verify, the public key of the application in hex; to sign, a private key as PEM',
      keyKind: 'pair',
      allowsSeveralSecrets: false,
      toleranceSeconds: null,
      source: 'https://www.npmjs.com/package/discord-interactions',
      documentation: 'https://docs.discord.com/developers/interactions/overview',
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall: 'Discord names no age at which a request is too old, so keep the ids of interactions and refuse one that comes again.',
      libraryNote: 'discord-interactions checks no time at all.',
      publicKeyPlace: 'Put it where the receiver has the public key of its Discord application, in hex as the application page shows it.',
      receiver: {
        ...plain,
        proof: { kind: 'ed25519', key: 'hex', encoding: 'hex' },
        signature: inSignatureHeader('X-Signature-Ed25519'),
        time: inHeader('X-Signature-Timestamp', 's', null),
        signed: pieces('timestamp', 'body'),
      },
      marks: [{ header: 'X-Signature-Ed25519', value: /^[0-9a-f]{128}$/i, along: ['X-Signature-Timestamp'] }],
      libraryCalls: {
        node: {
          dependency: 'discord-interactions',
          imports: [`import { verifyKey } from 'discord-interactions';`],
          call: `await verifyKey(body, headers['x-signature-ed25519'], headers['x-signature-timestamp'], secret)`,
          answers: 'boolean',
          remark: null,
        },
      },
    },
  },
});
