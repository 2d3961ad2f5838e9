import { realpathSync, statSync } from 'node:fs';
import { takenAwayCode, type StoreProblem } from './store-problem.ts';

/** The files of a data file that is open, to notice when one of them no longer has its name. It can be passed to a thread. */
export interface HeldFiles {
  readonly file: string;
  readonly inode: bigint | null;
  /** The journal, which has whatever is not copied into the data file yet. */
  readonly journal: string;
  /** Null where there is none. */
  readonly journalInode: bigint | null;
}

/** The journal of a data file: beside it, and not beside a link to it. */
export function journalOf(file: string): string {
  try {
    return `${realpathSync(file)}-wal`;
  } catch {
    return `${file}-wal`;
  }
}

/** The files as they are now; call it once the data file and its journal are open. */
export function heldFiles(file: string): HeldFiles {
  const journal = journalOf(file);
  return { file, inode: inodeOf(file), journal, journalInode: inodeOf(journal) };
}

/** Identifies a file, to notice when another one has its name later; null when there is none. */
export function inodeOf(path: string): bigint | null {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? null;
}

/**
 * The one of the files whose name is gone or is another file's by now; null when all are in their place. What is written
 * then is lost with the process. A place that cannot be looked at says nothing of them.
 */
export function lostOf({ file, inode, journal, journalInode }: HeldFiles): 'file' | 'journal' | null {
  try {
    if (inodeOf(file) !== inode) return 'file';
    return journalInode === null || inodeOf(journal) === journalInode ? null : 'journal';
  } catch {
    return null;
  }
}

/** Why nothing is accepted once files are lost; null when all are in their place. */
export function lostProblem(held: HeldFiles): StoreProblem | null {
  const lost = lostOf(held);
  if (lost === null) return null;
  const { file, journal } = held;
  const message =
    lost === 'file'
      ? `${file} was moved, replaced or deleted while Hookyard runs, so nothing more is accepted: stop Hookyard, put the file back and start again.`
      : `${journal}, which holds what was accepted last, was moved, replaced or deleted while Hookyard runs, so nothing more is accepted: stop Hookyard in order, as by Ctrl-C, which copies what it still has open into ${file} where that can be done, and start it again.`;
  return { code: takenAwayCode, message };
}
