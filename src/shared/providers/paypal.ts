import { provider } from './shapes/provider.ts';
import { inHeader, inSignatureHeader, literal, plain } from './shapes/receiver.ts';

/** What is known of PayPal. */
export const paypal = provider({
  name: 'PayPal',
  schemes: {
    paypal: {
      kind: 'code',
      options: 'own',
      title: 'PayPal',
      description: 'RSA with SHA-256 over the transmission id, the time, the id of the webhook and the CRC32 of the body.',
      headers: ['PAYPAL-TRANSMISSION-ID', 'PAYPAL-TRANSMISSION-TIME', 'PAYPAL-CERT-URL', 'PAYPAL-AUTH-ALGO', 'PAYPAL-TRANSMISSION-SIG'],
      algorithm: 'RSA (PKCS#1 v1.5) with SHA-256',
      secretHint: 'To verify, the certificate behind PAYPAL-CERT-URL as PEM, best with its chain; to sign, an RSA private key as PEM',
      keyKind: 'pair',
      allowsSeveralSecrets: false,
      toleranceSeconds: null,
      source: 'https://docs.paypal.ai/reference/api/rest/verify-webhook-signature',
      documentation: 'https://developer.paypal.com/api/rest/webhooks/rest/',
      asOf: '2026-11-20',
      checked: 'two implementations',
      pitfall:
        'The id of the webhook is signed and stands nowhere in the request, and the body is bound by its CRC32 only, which is no protection against a forger.',
      libraryNote: 'No library of PayPal verifies offline; they ask PayPal (verify-webhook-signature).',
      publicKeyPlace:
        'Receivers load the certificate from the address in PAYPAL-CERT-URL: let them load this one there, or give it to them in its place.',
      publicKeyForm: 'certificate',
      receiver: {
        ...plain,
        proof: { kind: 'rsa-certificate', encoding: 'base64' },
        signature: inSignatureHeader('PAYPAL-TRANSMISSION-SIG'),
        time: inHeader('PAYPAL-TRANSMISSION-TIME', 'rfc3339', null),
        idHeader: 'PAYPAL-TRANSMISSION-ID',
        fixedHeader: ['PAYPAL-AUTH-ALGO', 'SHA256withRSA'],
        signed: [
          { kind: 'id' },
          literal('|'),
          { kind: 'timestamp' },
          literal('|'),
          { kind: 'webhook-id' },
          literal('|'),
          { kind: 'crc32' },
        ],
        notes: ['Fetch the certificate behind PAYPAL-CERT-URL yourself, from paypal.com only, and check its chain before you trust it.'],
      },
      marks: [
        {
          header: 'PAYPAL-TRANSMISSION-SIG',
          value: /^[A-Za-z0-9+/]{100,}={0,2}$/,
          along: ['PAYPAL-TRANSMISSION-ID', 'PAYPAL-TRANSMISSION-TIME', 'PAYPAL-CERT-URL', 'PAYPAL-AUTH-ALGO'],
        },
      ],
    },
  },
});
