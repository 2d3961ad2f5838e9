import { chmodSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyFileName, openKeyFileVault } from '#hosts/shared/key-file-vault.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'hookyard-vault-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** A data folder in which nothing was sealed yet. */
const fresh = { hasSecrets: false };
const secret = new TextEncoder().encode('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');

describe('the key file vault', () => {
  it('opens what it sealed, also after a restart', () => {
    const sealed = openKeyFileVault(dataDir, fresh).vault.encrypt(secret);
    expect(Buffer.from(openKeyFileVault(dataDir, fresh).vault.decrypt(sealed))).toEqual(Buffer.from(secret));
  });

  it('seals the same secret differently each time and never in clear', () => {
    const { vault } = openKeyFileVault(dataDir, fresh);
    const [first, second] = [Buffer.from(vault.encrypt(secret)), Buffer.from(vault.encrypt(secret))];
    expect(first.equals(second)).toBe(false);
    expect(first.includes(Buffer.from('whsec_'))).toBe(false);
  });

  it('seals and opens nothing at all', () => {
    const { vault } = openKeyFileVault(dataDir, fresh);
    expect(vault.decrypt(vault.encrypt(new Uint8Array()))).toHaveLength(0);
  });

  it.each([
    ['another version', 0],
    ['another nonce', 1],
    ['other content', 14],
    ['another tag', -1],
  ])('refuses bytes with %s', (_name, at) => {
    const { vault } = openKeyFileVault(dataDir, fresh);
    const sealed = Buffer.from(vault.encrypt(secret));
    const index = at < 0 ? sealed.length + at : at;
    sealed[index] = (sealed[index] ?? 0) ^ 1;
    expect(() => vault.decrypt(sealed)).toThrow();
  });

  it('refuses bytes that were sealed under another key, or cut short', () => {
    const sealed = openKeyFileVault(dataDir, fresh).vault.encrypt(secret);
    expect(() => openKeyFileVault(dataDir, fresh).vault.decrypt(sealed.subarray(0, 20))).toThrow();
    rmSync(join(dataDir, keyFileName));
    expect(() => openKeyFileVault(dataDir, fresh).vault.decrypt(sealed)).toThrow();
  });

  it.skipIf(process.platform === 'win32')('makes the key file for the user alone, and warns once others could read it', () => {
    expect(openKeyFileVault(dataDir, fresh).warning).toBeNull();
    const path = join(dataDir, keyFileName);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o644);
    expect(openKeyFileVault(dataDir, fresh).warning).toContain('It is closed to them now');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it.skipIf(process.platform === 'win32')('keeps its hands off a key that a link has elsewhere, and says so', () => {
    openKeyFileVault(dataDir, fresh);
    const elsewhere = mkdtempSync(join(tmpdir(), 'hookyard-elsewhere-'));
    try {
      renameSync(join(dataDir, keyFileName), join(elsewhere, 'key'));
      symlinkSync(join(elsewhere, 'key'), join(dataDir, keyFileName));
      chmodSync(join(elsewhere, 'key'), 0o644);
      expect(openKeyFileVault(dataDir, fresh).warning).toContain('is a link and which opens every secret here: run chmod 600 on it');
      expect(statSync(join(elsewhere, 'key')).mode & 0o777).toBe(0o644);
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it('keeps the key it has', () => {
    openKeyFileVault(dataDir, fresh);
    const key = readFileSync(join(dataDir, keyFileName), 'utf8');
    openKeyFileVault(dataDir, fresh);
    expect(readFileSync(join(dataDir, keyFileName), 'utf8')).toBe(key);
  });

  it('makes no key where secrets were sealed already, and says what to put back', () => {
    expect(() => openKeyFileVault(dataDir, { hasSecrets: true })).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining('put back its copy, vault.key') }),
    );
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('says that a damaged key file must be put back, with exit code 2', () => {
    writeFileSync(join(dataDir, keyFileName), 'half a ke');
    expect(() => openKeyFileVault(dataDir, fresh)).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining('damaged') }),
    );
  });

  it('says that a folder it cannot write to must be another, with exit code 2', () => {
    expect(() => openKeyFileVault(join(dataDir, 'missing'), fresh)).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining('--data-dir') }),
    );
  });
});
