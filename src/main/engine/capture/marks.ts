import type { Database, Writer } from '../store/database.ts';
import { hotWrite } from '../store/hot-write.ts';
import { timedStep, writeInSteps, type WriteStep } from '../store/write-steps.ts';

/** Which captures of a bin are hidden as deleted, or restored. */
interface CapturesMark {
  readonly binId: string;
  /** Captures with this mark get the other one. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly afterSeq: number;
  readonly uptoSeq: number;
  readonly limit: number;
}

/** In the order of the index: otherwise each step would sort the rest of the bin. */
const toMarkSql = 'SELECT seq FROM captures WHERE bin_id = ? AND removed_at_ms IS ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?';

/** Marks some captures of a bin, from the oldest on. */
export function markCapturesStep(writer: Pick<Writer, 'values' | 'runRaw'>, mark: CapturesMark): WriteStep & { readonly afterSeq: number } {
  let { afterSeq } = mark;
  const step = timedStep(() => {
    const seqs = writer.values<[number]>(toMarkSql, [mark.binId, mark.fromMs, afterSeq, mark.uptoSeq, mark.limit]).map(([seq]) => seq);
    afterSeq = seqs.at(-1) ?? afterSeq;
    const changed = writer.runRaw(
      'UPDATE captures SET removed_at_ms = ? WHERE seq IN (SELECT value FROM json_each(?)) AND removed_at_ms IS ?',
      [mark.toMs, JSON.stringify(seqs), mark.fromMs],
    );
    return { rows: seqs.length, changed };
  });
  return { ...step, afterSeq };
}

export const markCapturesWrite = hotWrite('markCaptures', markCapturesStep);

/** Marks the current captures of a bin. The intention is written first, so that all of them are marked even after a crash. */
async function markCaptures(database: Database, { binId, fromMs, toMs }: Pick<CapturesMark, 'binId' | 'fromMs' | 'toMs'>): Promise<number> {
  const [noted] = await database.write((writer) =>
    writer.raw<NotedMark>(
      `INSERT INTO capture_marks (bin_id, from_ms, to_ms, upto_seq) VALUES (?, ?, ?, (SELECT coalesce(max(seq), 0) FROM captures))
       RETURNING ${notedColumns}`,
      [binId, fromMs, toMs],
    ),
  );
  return noted === undefined ? 0 : carryOut(database, noted);
}

/** A mark that was begun, by its row. */
interface NotedMark extends Omit<CapturesMark, 'afterSeq' | 'limit'> {
  readonly seq: number;
}

const notedColumns = 'seq, bin_id AS binId, from_ms AS fromMs, to_ms AS toMs, upto_seq AS uptoSeq';

async function carryOut(database: Database, { seq, ...mark }: NotedMark): Promise<number> {
  let afterSeq = 0;
  const changed = await writeInSteps(async (limit) => {
    const step = await database.hot(markCapturesWrite, { ...mark, afterSeq, limit });
    ({ afterSeq } = step);
    return step;
  });
  await database.write((writer) => writer.runRaw('DELETE FROM capture_marks WHERE seq = ?', [seq]));
  return changed;
}

/** Finishes marks that a crash interrupted, in their order; returns how many captures were still to be marked. */
export async function carryOutMarks(database: Database): Promise<number> {
  let changed = 0;
  for (const noted of database.raw<NotedMark>(`SELECT ${notedColumns} FROM capture_marks ORDER BY seq`, []))
    changed += await carryOut(database, noted);
  return changed;
}

/** Hides the current captures of a bin as deleted, in steps; returns how many there were. */
export function clearCaptures(database: Database, binId: string, nowMs: number): Promise<number> {
  return markCaptures(database, { binId, fromMs: null, toMs: nowMs });
}

/** Restores what was cleared from a bin at a time, in steps; returns how many captures. */
export function restoreCleared(database: Database, binId: string, removedAtMs: number): Promise<number> {
  return markCaptures(database, { binId, fromMs: removedAtMs, toMs: null });
}
