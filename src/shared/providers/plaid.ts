import { provider } from './shapes/provider.ts';
import { pieces, plain } from './shapes/receiver.ts';

/** What is known of Plaid. */
export const plaid = provider({
  name: 'Plaid',
  schemes: {
    plaid: {
      kind: 'code',
      options: 'tolerance',
      title: 'Plaid',
      description: 'A JWT signed with ES256 (ECDSA P-256) that carries its time and the SHA-256 of the body.',
      headers: ['Plaid-Verification'],
      algorithm: 'ES256 (ECDSA P-256 with SHA-256)',
      secretHint: 'To verify, the JWK of /webhook_verification_key/get; to sign, a private key as PEM or JWK',
      keyKind: 'pair',
      allowsSeveralSecrets: false,
      toleranceSeconds: 300,
      source: 'https://plaid.com/docs/api/webhooks/webhook-verification/',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'third-party library',
      pitfall:
        'The body is JSON indented by two spaces, and its hash is signed: minified or parsed and written again it no longer matches.',
      libraryNote:
        'jose with maxTokenAge refuses a time in the future at all, and checks no hash of the body: compare request_body_sha256 yourself.',
      publicKeyPlace:
        'Receivers ask Plaid for the key by its kid (/webhook_verification_key/get): give them this JWK in place of that answer.',
      receiver: {
        ...plain,
        proof: { kind: 'ecdsa-p256', key: 'jwk', form: 'pair', encoding: 'base64url' },
        signature: { kind: 'jwt', header: 'Plaid-Verification', algorithm: 'ES256', digestClaim: 'request_body_sha256' },
        time: { place: 'jwt', name: 'iat', unit: 's', toleranceSeconds: 300 },
        signed: pieces('unsigned-token'),
        notes: [
          'Fetch the key (JWK) from /webhook_verification_key/get by the kid in the head of the token, keep it, and stop using it once it has an expired_at.',
        ],
      },
      marks: [{ header: 'Plaid-Verification', value: /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/ }],
    },
  },
});
