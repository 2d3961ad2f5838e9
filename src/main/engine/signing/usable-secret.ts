import { randomBytes } from 'node:crypto';
import type { Signing } from '#shared/contract/signing.ts';
import { invalid, Refusal } from '../base/refusal.ts';
import { schemeOf } from './registry.ts';

/** A secret in the scheme's own form from 32 random bytes. */
export function freshSecret(signing: Signing): string {
  return schemeOf(signing.scheme).makeSecret(randomBytes(32), signing);
}

/**
 * Refuses a secret that the scheme cannot sign with, and missing options that it needs. `prefix` stands before `secret` and `signing` in the
 * paths of the refusal, such as `parts.0.`.
 */
export function assertSignable(secret: string, signing: Signing, prefix: string): void {
  const scheme = schemeOf(signing.scheme);
  const problem = scheme.checkSecret(secret, signing);
  if (problem !== null) throw invalid(`${prefix}secret`, problem);
  if (scheme.publicKeyOf === undefined) return;
  // Receivers use public keys too, so only trying to sign distinguishes a public key from a private one.
  try {
    scheme.sign({
      options: signing,
      secrets: [secret],
      id: 'msg_trial',
      nowMs: 0,
      method: 'POST',
      url: 'http://localhost/',
      body: new Uint8Array(),
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const path = (error as Refusal<'INPUT_INVALID'>).data.issues[0]?.path ?? '';
    throw invalid(`${prefix}${path.startsWith('options.') ? path.replace('options.', 'signing.') : 'secret'}`, error.message);
  }
}

/** What is unusual about secrets that can be used, or makes them easy to guess, each once in a sentence. */
export function remarksOn(secrets: readonly string[], signing: Signing): readonly string[] {
  return [...new Set(secrets.flatMap((secret) => schemeOf(signing.scheme).remarksOn?.(secret, signing) ?? []))];
}
