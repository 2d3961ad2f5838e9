import type { Vault } from '#engine/base/ports.ts';

/** A vault that seals reversibly without a key, so tests can see that nothing plain reaches the file. */
export const testVault: Vault = {
  encrypt: (plain) => Uint8Array.from(plain, (byte) => byte ^ 0x5a),
  decrypt: (sealed) => Uint8Array.from(sealed, (byte) => byte ^ 0x5a),
};
