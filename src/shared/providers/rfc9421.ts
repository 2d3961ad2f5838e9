import { provider } from './shapes/provider.ts';

/** What is known of HTTP Message Signatures (RFC 9421). */
export const rfc9421 = provider({
  name: 'HTTP Message Signatures (RFC 9421)',
  schemes: {
    rfc9421: {
      kind: 'code',
      options: 'own',
      title: 'HTTP Message Signatures (RFC 9421)',
      description: 'A signature over components of the message that it names itself, with a digest of the body among them.',
      headers: ['Signature-Input', 'Signature', 'Content-Digest'],
      algorithm: 'HMAC-SHA256, Ed25519 or ECDSA P-256; RSA and P-384 are verified too',
      secretHint: 'Base64 of a shared key, or a private or public key as PEM or JWK',
      keyKind: 'either',
      allowsSeveralSecrets: false,
      toleranceSeconds: 300,
      source: 'https://datatracker.ietf.org/doc/html/rfc9421',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'third-party library',
      pitfall:
        'Covering content-digest proves nothing until the digest is computed again from the body, and what is not covered can be changed by anyone.',
      libraryNote: 'http-message-signatures does not compute Content-Digest: compare it with the body yourself.',
      publicKeyPlace: 'Put it where the receiver keeps the keys of its senders, under the name of the key (keyid) that is signed with.',
      marks: [{ header: 'Signature-Input', value: /^[a-z*][\w.*-]*=\(/, along: ['Signature'] }],
    },
  },
});
