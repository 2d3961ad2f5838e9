import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { takenAwayCode, type StoreProblem } from './store-problem.ts';
import { lostOf, lostProblem, type HeldFiles } from './held-files.ts';
import type { FolderLock } from './lock.ts';
import type { ClosableDatabase } from './sqlite.ts';

/** How often to check that the lock and the files are still there, and whether there is something to copy. */
const watchEveryMs = 2000;
/** While there are writes all the time, the journal is copied this often. */
const copyEveryMs = 30_000;

/**
 * Watches the lock and the files while the database is open; losing any of them ends all writing. A journal that lost its name is
 * copied into the data file, and so is one that has it, soon after the start and after writes: a data file of which the journal is
 * not there holds only what was copied. Returns how to stop watching.
 */
export function watchFiles(database: ClosableDatabase, lock: FolderLock, held: HeldFiles): () => void {
  const journal = { isRescued: false };
  const look = () => {
    const problem = lostNow(database, held, journal) ?? lockProblem(lock, held);
    if (problem !== null) database.giveUp(problem);
  };
  const copy = copierOf(database);
  const timer = setInterval(() => {
    look();
    if (database.problem() === null) copy();
  }, watchEveryMs);
  timer.unref();
  // A write may be the first to find that a file is gone.
  let isLooking = false;
  database.followProblem(() => {
    if (isLooking) return;
    isLooking = true;
    look();
    isLooking = false;
  });
  return () => clearInterval(timer);
}

/** Why nothing is accepted any more, after rescuing what a lost journal has. */
function lostNow(database: ClosableDatabase, held: HeldFiles, journal: { isRescued: boolean }): StoreProblem | null {
  const problem = lostProblem(held);
  if (problem === null) return null;
  const { file } = held;
  if (!isThere(dirname(file)))
    return taken(
      `The data folder ${dirname(file)} was moved or deleted while Hookyard runs, so nothing more is accepted: stop Hookyard, put the folder back and start again.`,
    );
  if (lostOf(held) !== 'journal') return problem;
  // Each time, as a write may have been under way at the last. Not beside a journal of somebody else, by which the file may be written too.
  if (!isThere(held.journal, 1)) journal.isRescued = database.rescueJournal() || journal.isRescued;
  if (!journal.isRescued) return problem;
  return taken(
    `${held.journal} was moved, replaced or deleted while Hookyard runs, so nothing more is accepted. What was accepted before is in ${file}: stop Hookyard and start it again.`,
  );
}

function lockProblem(lock: FolderLock, { file }: HeldFiles): StoreProblem | null {
  const why = lock.keep();
  const dataDir = dirname(file);
  if (why === null) return null;
  if (why === 'taken')
    return taken(
      `The lock file of ${dataDir} was deleted and another process has taken the folder, so nothing more is accepted here: stop one of the two.`,
    );
  return taken(
    `The lock file of ${dataDir} was deleted and could not be made again (${why.code}), so nothing more is accepted: stop Hookyard, see to the folder and start again.`,
  );
}

function taken(message: string): StoreProblem {
  return { code: takenAwayCode, message };
}

function isThere(path: string, leastBytes = 0): boolean {
  try {
    return (statSync(path, { throwIfNoEntry: false })?.size ?? -1) >= leastBytes;
  } catch {
    return true;
  }
}

/** Copies the journal when there were writes and then none for a while, or none of them was copied for long. */
function copierOf(database: ClosableDatabase): () => void {
  let seen = -1;
  let copied = -1;
  let copiedAtMs = Number.NEGATIVE_INFINITY;
  const copy = async (commits: number) => {
    if (!(await database.copyJournal())) return;
    copied = commits;
    copiedAtMs = performance.now();
  };
  return () => {
    const commits = database.commits();
    const isQuiet = commits === seen;
    seen = commits;
    if (commits === copied || (!isQuiet && performance.now() - copiedAtMs < copyEveryMs)) return;
    void copy(commits);
  };
}
