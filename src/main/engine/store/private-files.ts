import { chmodSync, closeSync, lstatSync, openSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

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

/**
 * Closes our files in a data folder to other users: those of an older version, put back from a copy, or made by hand. What a link has
 * outside of the folder is somebody's choice: its rights stay. Returns the names of such links to files that others can get at.
 */
export function closeFilesToOthers(dataDir: string): readonly string[] {
  // Windows has no such mode bits; there the profile folder keeps other users out.
  if (process.platform === 'win32') return [];
  const left: string[] = [];
  for (const name of readdirSync(dataDir)) {
    const path = join(dataDir, name);
    const stat = ownFiles.test(name) ? statSync(path, { throwIfNoEntry: false }) : undefined;
    if (stat?.isFile() !== true || (stat.mode & 0o077) === 0) continue;
    if (leadsOut(dataDir, path)) {
      left.push(name);
      continue;
    }
    try {
      chmodSync(path, privateMode);
    } catch (error) {
      // A file of another user, or a disk without modes: the host warns about a folder that others can read.
      if (!['EPERM', 'ENOENT', 'EROFS', 'ENOTSUP'].includes(codeOf(error))) throw error;
    }
  }
  return left;
}

/** Whether a path is a link to something that is not in its folder. */
export function leadsOut(folder: string, path: string): boolean {
  return lstatSync(path).isSymbolicLink() && dirname(realpathSync(path)) !== realpathSync(folder);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
