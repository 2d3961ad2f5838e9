import type { Vault } from '../base/ports.ts';

/** A value as JSON, encrypted by the vault. */
export function sealJson(vault: Vault, value: unknown): Uint8Array {
  return vault.encrypt(Buffer.from(JSON.stringify(value), 'utf8'));
}

/** Reverses {@link sealJson}; throws when another key sealed the value. */
export function openJson<T>(vault: Vault, sealed: Uint8Array): T {
  return JSON.parse(Buffer.from(vault.decrypt(sealed)).toString('utf8')) as T;
}
