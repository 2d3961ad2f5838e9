import { createBodyMarks, type BodyMarks } from './body-marks.ts';
import type { CleanUpDeps } from './clean-up-deps.ts';
import { nextReferences, referringTables } from '../log/body-references.ts';
import { createStepper } from '../store/stepper.ts';
import { countBodies, forgetNoted, newestBody, nextBodies, noted, removeBody } from '../store/unreferred-bodies.ts';

/** How many rows are read at once to find those added since the last pass; they are few. */
const tailRows = 5000;

/**
 * Removes bodies that nothing refers to: all rows are gone through to mark what they refer to, then all bodies. An index
 * on the hashes would tell at once, but every message and attempt would pay for it. What comes to be referred to in the
 * meantime is marked inside the transaction that removes, before anything is.
 */
export function sweepBodies(deps: CleanUpDeps): void {
  const { connection, progress } = deps;
  const marks = createBodyMarks(countBodies(connection), deps.shift);
  const seen = Array.from({ length: referringTables }, () => 0);

  progress({ phase: 'looking_for_bodies' });
  createStepper(deps).write(() => {
    forgetNoted(connection.writer);
    return 0;
  });
  // Bodies added from now on have a reference, and including them might never end.
  const uptoRow = newestBody(connection);
  const reading = createStepper(deps);
  for (let table = 0; table < referringTables; table += 1)
    for (let isMore = true; isMore;)
      reading.read((limit) => {
        const rows = markNext(deps, marks, seen, table, limit);
        isMore = rows > 0;
        return rows;
      });

  progress({ phase: 'removing_bodies' });
  const removing = createStepper(deps);
  let after: Uint8Array = new Uint8Array();
  for (let isMore = true; isMore;) {
    let orphans: readonly Uint8Array[] = [];
    let last = after;
    reading.read((limit) => {
      const hashes = nextBodies(connection, after, uptoRow, limit);
      orphans = hashes.filter((hash) => !marks.isMarked(hash));
      last = hashes.at(-1) ?? after;
      isMore = hashes.length > 0;
      return hashes.length;
    });
    for (let from = 0; from < orphans.length;)
      removing.write((limit) => {
        for (let table = 0; table < referringTables; table += 1) while (markNext(deps, marks, seen, table, tailRows) > 0);
        for (const hash of noted(connection)) marks.mark(hash);
        const batch = orphans.slice(from, from + limit);
        const bodies = batch.filter((hash) => !marks.isMarked(hash)).reduce((sum, hash) => sum + removeBody(connection.writer, hash), 0);
        from += batch.length;
        progress({ bodies });
        return batch.length;
      });
    after = last;
  }
}

/** Marks what the next rows of a table refer to; returns how many rows there were. */
function markNext({ connection }: CleanUpDeps, marks: BodyMarks, seen: number[], table: number, limit: number): number {
  const found = nextReferences(connection, table, seen[table] ?? 0, limit);
  if (found === null) return 0;
  for (const hash of found.hashes) marks.mark(hash);
  seen[table] = found.lastSeq;
  return found.rows;
}
