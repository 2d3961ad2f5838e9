import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Vault, VaultFacts } from '#engine/index.ts';
import { leadsOut } from '#engine/store/private-files.ts';
import { makeWhole } from '#engine/store/write-whole.ts';
import { codeOf } from './data-dir.ts';
import { ExitError } from './exit-error.ts';

/** Name of the key file inside the data folder. */
export const keyFileName = 'vault.key';
/** Name of the file that keeps the key of a data folder of the desktop app, sealed by the key store of the system. */
export const sealedKeyFileName = 'vault.sealed';

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
/** First byte of everything sealed; another format gets another number. */
const envelopeVersion = 1;

/** A vault and, where its key file can be read by other users, a sentence that says so. */
export interface KeyFileVault {
  readonly vault: Vault;
  readonly warning: string | null;
}

/**
 * AES-256-GCM under a random key in `vault.key` of the data folder, which is made with mode 0600 on first use.
 * Sealed bytes are version, nonce, ciphertext, tag. Throws an ExitError when the key can be neither read nor made, and for
 * a missing one where secrets were sealed already: a fresh key would open none of them.
 */
export function openKeyFileVault(dataDir: string, { hasSecrets }: VaultFacts): KeyFileVault {
  const path = join(dataDir, keyFileName);
  if (existsSync(join(dataDir, sealedKeyFileName))) throw new ExitError(sealedSentence(dataDir), 2);
  if (hasSecrets && !existsSync(path)) throw new ExitError(missingKeySentence(dataDir), 2);
  const key = makeKey(path) ?? readKey(path);
  return { vault: createKeyVault(key), warning: exposure(path) };
}

/** Says that a data folder has lost its key, and what to do. */
export function missingKeySentence(dataDir: string): string {
  return `The key of the secrets in ${dataDir} is missing: put back its copy, ${keyFileName} (or ${sealedKeyFileName} of the desktop app), or choose another data folder. No new key was made, since it would open none of them.`;
}

function sealedSentence(dataDir: string): string {
  return `The secrets in ${dataDir} belong to the desktop app, whose key only the key store of its user opens: start the desktop app, or choose another folder with --data-dir.`;
}

/** A vault over a key of 32 bytes. */
export function createKeyVault(key: Uint8Array): Vault {
  return {
    encrypt: (plain) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([Uint8Array.of(envelopeVersion), nonce, sealed, cipher.getAuthTag()]);
    },
    decrypt: (sealed) => {
      if (sealed[0] !== envelopeVersion || sealed.length < 1 + nonceBytes + tagBytes)
        throw new Error('These bytes were not sealed by this version of the vault.');
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + nonceBytes), { authTagLength: tagBytes });
      decipher.setAuthTag(sealed.subarray(-tagBytes));
      return Buffer.concat([decipher.update(sealed.subarray(1 + nonceBytes, -tagBytes)), decipher.final()]);
    },
  };
}

/** Writes a new key, or returns null when there is one already. */
function makeKey(path: string): Uint8Array | null {
  const key = randomBytes(keyBytes);
  try {
    return makeWhole(path, `${key.toString('base64')}\n`, 0o600) ? key : null;
  } catch (error) {
    throw new ExitError(
      `Hookyard cannot write its key file ${path} (${codeOf(error)}): make the folder writable, with room on its disk, or choose another with --data-dir.`,
      2,
      { cause: error },
    );
  }
}

function readKey(path: string): Uint8Array {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ExitError(`Hookyard cannot read its key file ${path} (${codeOf(error)}): give your user the right to read it.`, 2, {
      cause: error,
    });
  }
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === keyBytes) return key;
  throw new ExitError(`The key file ${path} is damaged: put back its copy. Without it the secrets in this data folder cannot be read.`, 2);
}

function exposure(path: string): string | null {
  // Windows has no such mode bits; there the profile folder keeps other users out.
  if (process.platform === 'win32' || (statSync(path).mode & 0o077) === 0) return null;
  if (leadsOut(dirname(path), path))
    return `Other users of this machine can read ${realpathSync(path)}, to which ${path} is a link and which opens every secret here: run chmod 600 on it.`;
  try {
    chmodSync(path, 0o600);
    return `Other users of this machine could read ${path}, which opens every secret here. It is closed to them now; if somebody may have read it, make new secrets.`;
  } catch {
    return `Other users of this machine can read ${path}, which opens every secret here: run chmod 600 on it.`;
  }
}
