import type { Signing } from '#shared/contract/signing.ts';

/** Where receivers of a scheme have the public key of the sender, and in which form; a sentence that tells where to put one. */
export function publicKeyPlace(scheme: Signing['scheme']): string {
  switch (scheme) {
    case 'standard-webhooks-v1a':
      return 'Give it to the receiver as the pinned key of this sender (whpk_…). A receiver never takes the key from a request.';
    case 'discord':
      return 'Put it where the receiver has the public key of its Discord application, in hex as the application page shows it.';
    case 'sendgrid':
      return 'Put it where the receiver has the verification key of the event webhook, in base64 as the SendGrid dashboard shows it.';
    case 'plaid':
      return 'Receivers ask Plaid for the key by its kid (/webhook_verification_key/get): give them this JWK in place of that answer.';
    case 'paypal':
      return 'Receivers load the certificate from the address in PAYPAL-CERT-URL: let them load this one there, or give it to them in its place.';
    case 'rfc9421':
      return 'Put it where the receiver keeps the keys of its senders, under the name of the key (keyid) that is signed with.';
    default:
      return 'Put it where the receiver keeps the public key of this sender.';
  }
}
