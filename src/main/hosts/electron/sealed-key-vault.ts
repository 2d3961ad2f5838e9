import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SafeStorage } from 'electron';
import type { Vault, VaultFacts } from '#engine/index.ts';
import { makeWhole } from '#engine/store/write-whole.ts';
import { codeOf } from '#hosts/shared/data-dir.ts';
import { ExitError } from '#hosts/shared/exit-error.ts';
import { createKeyVault, keyFileName, missingKeySentence, openKeyFileVault, sealedKeyFileName } from '#hosts/shared/key-file-vault.ts';

const keyBytes = 32;

/** A vault and, where secrets are kept in another way than usual, a sentence that says so. */
export interface OpenedVault {
  readonly vault: Vault;
  readonly notice: string | null;
}

/**
 * The vault of a data folder: its key sealed by the system's key store. A folder that came from the headless host keeps
 * its key file, and so does a system without a key store. Throws an ExitError when the key can be neither opened nor made.
 */
export async function openVault(
  dataDir: string,
  safeStorage: SafeStorage,
  facts: VaultFacts,
  platform: NodeJS.Platform = process.platform,
): Promise<OpenedVault> {
  const path = join(dataDir, sealedKeyFileName);
  if (existsSync(path)) return { vault: createKeyVault(await unseal(path, safeStorage)), notice: null };
  if (existsSync(join(dataDir, keyFileName))) {
    const { vault, warning } = openKeyFileVault(dataDir, facts);
    return { vault, notice: warning };
  }
  if (facts.hasSecrets) throw new ExitError(missingKeySentence(dataDir), 1);
  if (!(await hasKeyStore(safeStorage, platform))) {
    const { vault, warning } = openKeyFileVault(dataDir, facts);
    const notice = `This system offers no key store, so the key that opens your secrets is kept in ${join(dataDir, keyFileName)}, readable by your user only.`;
    return { vault, notice: warning ?? notice };
  }
  return { vault: createKeyVault(await makeSealedKey(path, safeStorage)), notice: null };
}

/** On Linux without a wallet, Chromium would "encrypt" with a password that is the same everywhere; that is no key store. */
async function hasKeyStore(safeStorage: SafeStorage, platform: NodeJS.Platform): Promise<boolean> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return false;
  return platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
}

async function makeSealedKey(path: string, safeStorage: SafeStorage): Promise<Uint8Array> {
  const key = randomBytes(keyBytes);
  const sealed = await safeStorage.encryptStringAsync(key.toString('base64'));
  try {
    return makeWhole(path, sealed, 0o600) ? key : await unseal(path, safeStorage);
  } catch (error) {
    if (error instanceof ExitError) throw error;
    throw new ExitError(
      `Hookyard cannot write its key file ${path} (${codeOf(error)}): make the folder writable, with room on its disk.`,
      1,
      {
        cause: error,
      },
    );
  }
}

async function unseal(path: string, safeStorage: SafeStorage): Promise<Uint8Array> {
  try {
    const { result } = await safeStorage.decryptStringAsync(readFileSync(path));
    const key = Buffer.from(result, 'base64');
    if (key.length === keyBytes) return key;
  } catch (error) {
    throw new ExitError(
      `The key store of this system did not open ${path}: log in as the user who made this data folder and unlock the key store.`,
      1,
      { cause: error },
    );
  }
  throw new ExitError(`The key file ${path} is damaged: put back its copy. Without it the secrets in this data folder cannot be read.`, 1);
}
