import { factsOf } from '#shared/contract/scheme-facts.ts';
import type { Signing } from '#shared/contract/signing.ts';
import type { SchemeFacts } from '#shared/providers/shapes/provider.ts';
import { receiverVariables } from '#shared/receiver-variables.ts';

/** Where to put the public key in a receiver of a scheme, and where receiver code reads it from, in sentences. */
export function publicKeyPlace(scheme: Signing['scheme']): string {
  const facts: SchemeFacts | null = scheme === 'custom' ? null : factsOf(scheme);
  const { publicKeyPlace: place, publicKeyForm: form } = facts?.kind === 'code' ? facts : {};
  const variable = form === 'certificate' ? receiverVariables.certificate : receiverVariables.publicKey;
  return `${place ?? 'Put it where the receiver keeps the public key of this sender.'} Receiver code reads it from ${variable}.`;
}
