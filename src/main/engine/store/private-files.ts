import { chmodSync, closeSync, openSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const privateMode = 0o600;

/** Every file that Hookyard keeps in its data folder; other files there are left alone. */
const ownFiles = /^(?:hookyard\.(?:db|lock)|host\.json|vault\.(?:key|sealed)$)/;

/**
 * Makes an empty file that no other user can read; SQLite gives its files beside it the same mode. One that is there is not
 * even opened: closing it again would give up the locks that this process holds on it.
 */
export function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', privateMode));
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/** Closes our files in a data folder to other users: those of an older version, put back from a copy, or made by hand. */
export function closeFilesToOthers(dataDir: string): void {
  // Windows has no such mode bits; there the profile folder keeps other users out.
  if (process.platform === 'win32') return;
  for (const name of readdirSync(dataDir)) {
    const path = join(dataDir, name);
    const stat = ownFiles.test(name) ? statSync(path, { throwIfNoEntry: false }) : undefined;
    if (stat?.isFile() !== true || (stat.mode & 0o077) === 0) continue;
    try {
      chmodSync(path, privateMode);
    } catch (error) {
      // A file of another user, or a disk without modes: the host warns about a folder that others can read.
      if (!['EPERM', 'ENOENT', 'EROFS', 'ENOTSUP'].includes(codeOf(error))) throw error;
    }
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
