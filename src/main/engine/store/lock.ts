import { chmodSync, rmSync, statSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { inodeOf } from './held-files.ts';
import { isDamage, sqliteCode } from './group-commit.ts';
import { StartError } from './start-error.ts';

/** The lock of a data folder, held by this process. */
export interface FolderLock {
  /** Whether there was no lock file, as at the first start, or when somebody deleted it under a process that runs. */
  readonly isFresh: boolean;
  /** Takes it again after its file was deleted or replaced. Returns null, or why it could not: `taken` by another process, or an error code. */
  readonly keep: () => 'taken' | { readonly code: string } | null;
  readonly close: () => void;
  /** Releases it and deletes its file. */
  readonly undo: () => void;
}

/**
 * Keeps other processes out. The lock is one of the operating system on an empty file, taken through SQLite because that
 * does it alike everywhere; it ends with the process, however that ends. The data file itself is shared by the
 * connections of this process, so it cannot be locked whole.
 */
export function takeLock(path: string): FolderLock {
  const before = statSync(path, { throwIfNoEntry: false });
  if (before?.isFile() === false) throw notALock(path, 'a folder or a device', undefined);
  let held = holdFirst(path);
  let inode = inodeOf(path);
  return {
    isFresh: before === undefined,
    keep: () => {
      try {
        if (inodeOf(path) === inode) return null;
        const next = hold(path);
        held.close();
        held = next;
        inode = inodeOf(path);
        return null;
      } catch (error) {
        const code = sqliteCode(error);
        return code.startsWith('SQLITE_BUSY') ? 'taken' : { code: code === '' ? String(error) : code };
      }
    },
    close: () => void held.close(),
    undo: () => {
      rmSync(path, { force: true });
      held.close();
    },
  };
}

function holdFirst(path: string): BetterSqlite3.Database {
  try {
    return hold(path);
  } catch (error) {
    if (isDamage(sqliteCode(error))) throw notALock(path, 'something else', error);
    throw error;
  }
}

/** The lock failed, not the data file. */
function notALock(path: string, what: string, cause: unknown): StartError {
  return new StartError(
    'DATA_LOCKED',
    `${path} should be the lock of this folder and is ${what}. Delete it and start again; nothing is kept in it.`,
    { cause },
  );
}

function hold(path: string): BetterSqlite3.Database {
  const lock = new BetterSqlite3(path, { timeout: 0 });
  try {
    lock.pragma('locking_mode = EXCLUSIVE');
    lock.exec('BEGIN EXCLUSIVE; COMMIT');
    chmodSync(path, 0o600);
    return lock;
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** Throws a StartError when any other process has the data file open. */
export function assertNobodyHas(file: string): void {
  const sqlite = new BetterSqlite3(file, { timeout: 0 });
  try {
    // Before the first access: in WAL mode it then asks for the whole file, which every connection of others shares.
    sqlite.pragma('locking_mode = EXCLUSIVE');
    sqlite.exec('BEGIN IMMEDIATE; COMMIT');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY'))) throw error;
    throw new StartError(
      'DATA_LOCKED',
      `Another program has ${file} open, and the lock file that tells whether it is Hookyard was deleted. Close that program, then start again.`,
      { cause: error },
    );
  } finally {
    sqlite.close();
  }
}
