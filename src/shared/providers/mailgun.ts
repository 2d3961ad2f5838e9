import { hex64 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';
import { hmacHex, pieces, plain } from './shapes/receiver.ts';

/** What is known of Mailgun. */
export const mailgun = provider({
  name: 'Mailgun',
  schemes: {
    mailgun: {
      kind: 'code',
      options: 'tolerance',
      title: 'Mailgun',
      description: 'HMAC-SHA256 over a timestamp and a token, in the body as signature.signature; the event is not covered.',
      headers: [],
      algorithm: 'HMAC-SHA256',
      secretHint: 'The webhook signing key of the account, as text',
      keyKind: 'shared',
      allowsSeveralSecrets: false,
      toleranceSeconds: null,
      source: 'https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'two implementations',
      pitfall: 'A valid signature says nothing about the event: only the timestamp and the token are signed.',
      libraryNote: null,
      receiver: {
        ...plain,
        proof: hmacHex,
        signature: { kind: 'json', object: 'signature' },
        time: { place: 'json', name: 'timestamp', unit: 's', toleranceSeconds: null },
        signed: pieces('timestamp', 'token'),
      },
      marks: [],
      bodyMark: {
        hint: /signature/,
        holds: (body) => isMailgun(body['signature']) || isMailgun(body),
        because: 'The body holds timestamp, token and signature, as Mailgun sends them.',
      },
    },
  },
});

function isMailgun(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { timestamp, token, signature } = value as Readonly<Record<string, unknown>>;
  return /^\d{9,11}$/.test(String(timestamp)) && typeof token === 'string' && typeof signature === 'string' && hex64.test(signature);
}
