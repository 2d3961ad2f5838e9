import { Buffer } from 'node:buffer';
import { closeSync, openSync, readSync, realpathSync, statSync, truncateSync } from 'node:fs';
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
  const held = { file, inode: inodeOf(file), journal, journalInode: inodeOf(journal) };
  // One that an earlier process left so: SQLite takes nothing of it, and leaves it there until it writes.
  emptyIfCut(held);
  return held;
}

/** Identifies a file, to notice when another one has its name later; null when there is none. */
export function inodeOf(path: string): bigint | null {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? null;
}

/**
 * The one of the files whose name is gone or is another file's by now, or `cut` where the journal was emptied or written over; null when all
 * are as they should be. What is written then is lost with the process. A place that cannot be looked at says nothing of them.
 */
export function lostOf({ file, inode, journal, journalInode }: HeldFiles): 'file' | 'journal' | 'cut' | null {
  try {
    if (inodeOf(file) !== inode) return 'file';
    if (journalInode === null) return null;
    if (inodeOf(journal) !== journalInode) return 'journal';
    return isCut(journal) ? 'cut' : null;
  } catch {
    return null;
  }
}

/** How a journal of SQLite begins, but for the last bit (its file format, section 4.1). */
const journalMark = 0x377f0682;

/**
 * Whether a journal has something, and not what SQLite writes at its beginning: another program has emptied it or written over it. What is
 * written then stands behind a hole: the next start takes nothing of it, and copying it would write the hole into the data file. The index
 * of the journal would tell it before that, but to close it here would end the locks that SQLite has on it.
 */
function isCut(journal: string): boolean {
  const file = openSync(journal, 'r');
  try {
    const beginning = Buffer.alloc(4);
    return readSync(file, beginning, 0, 4, 0) > 0 && (beginning.readUInt32BE() & ~1) >>> 0 !== journalMark;
  } finally {
    closeSync(file);
  }
}

/** Empties a journal that is cut: SQLite copies it when it closes, and nobody can read what is in it. */
export function emptyIfCut(held: HeldFiles): void {
  if (lostOf(held) === 'cut') truncateSync(held.journal);
}

/** Why nothing is accepted once files are lost; null when all are in their place. */
export function lostProblem(held: HeldFiles): StoreProblem | null {
  const lost = lostOf(held);
  if (lost === null) return null;
  const { file, journal } = held;
  if (lost === 'cut') {
    const message = `${journal}, which holds what was accepted last, was emptied or written over by another program while Hookyard runs, so nothing more is accepted: stop Hookyard and start it again. ${file} has what was copied into it before; what was accepted after that is lost.`;
    return { code: takenAwayCode, message };
  }
  const message =
    lost === 'file'
      ? `${file} was moved, replaced or deleted while Hookyard runs, so nothing more is accepted: stop Hookyard, put the file back and start again.`
      : `${journal}, which holds what was accepted last, was moved, replaced or deleted while Hookyard runs, so nothing more is accepted: stop Hookyard in order, as by Ctrl-C, which copies what it still has open into ${file} where that can be done, and start it again.`;
  return { code: takenAwayCode, message };
}
