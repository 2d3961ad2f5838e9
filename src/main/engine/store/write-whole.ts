import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  type PathLike,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a file whole or not at all: a full disk, a killed process or a power cut leaves what was there before, or all of
 * the new content, never a part of it. When this returns, the content is on the disk. `mode` holds whatever the umask.
 */
export function writeWhole(path: string, content: string | Uint8Array, mode: number): void {
  const draft = writeDraft(path, content, mode);
  try {
    settle(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** {@link writeWhole} for a file that must not be replaced; returns false when it exists already. */
export function makeWhole(path: string, content: string | Uint8Array, mode: number): boolean {
  if (existsSync(path)) return false;
  const draft = writeDraft(path, content, mode);
  try {
    return place(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Gives a file that is on the disk its name, replacing what has it now, so that the name is on the disk too. */
export function settle(draft: string, path: string): void {
  renameSync(draft, path);
  syncFolder(dirname(path));
}

/** Waits until the content of a file is on the disk. */
export function syncFile(path: PathLike): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Writes the content beside a path, onto the disk, and returns where; {@link settle} gives it the name. */
export function writeDraft(path: string, content: string | Uint8Array, mode: number): string {
  const draft = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  // Nobody can have put a link of this name there, and an open that only creates would not follow one. Created with the mode, so that nobody
  // else can open it before chmod, which is for the umask.
  const file = openSync(draft, 'wx', mode);
  try {
    try {
      if (process.platform !== 'win32') fchmodSync(file, mode);
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    return draft;
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** File systems without hard links, such as FAT. */
const withoutLinks: readonly string[] = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EINVAL'];

/** Gives the draft its name unless something has it; a link, unlike a rename, never replaces. */
function place(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') return false;
    if (!withoutLinks.includes(code)) throw error;
    if (existsSync(path)) return false;
    renameSync(draft, path);
  }
  syncFolder(dirname(path));
  return true;
}

function syncFolder(folder: string): void {
  // Windows cannot open a folder as a file, and makes names durable by itself.
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } catch (error) {
    // Some network file systems cannot sync a folder.
    if (!['EINVAL', 'ENOTSUP', 'EOPNOTSUPP'].includes(codeOf(error))) throw error;
  } finally {
    closeSync(handle);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
