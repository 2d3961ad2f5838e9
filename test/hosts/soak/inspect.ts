import { constants, copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';

/** Looks into a copy of the data file, so that the next start finds it just as the kill left it. Null when there is none yet. */
export function inspect<T>(dataDir: string, read: (file: BetterSqlite3.Database) => T): T | null {
  if (!existsSync(join(dataDir, 'hookyard.db'))) return null;
  const folder = mkdtempSync(join(tmpdir(), 'hookyard-soak-'));
  const copy = join(folder, 'copy.db');
  try {
    for (const end of ['', '-wal'])
      if (existsSync(join(dataDir, `hookyard.db${end}`)))
        copyFileSync(join(dataDir, `hookyard.db${end}`), `${copy}${end}`, constants.COPYFILE_FICLONE);
    const file = new BetterSqlite3(copy);
    try {
      return read(file);
    } finally {
      file.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function countOf(file: BetterSqlite3.Database, sql: string): number {
  return Number(file.prepare(sql).pluck().get());
}

/** Deliveries that are neither in exactly one final state nor scheduled. */
export const astraySql = `SELECT count(*) FROM deliveries WHERE NOT (
  (status IN ('delivered', 'exhausted', 'cancelled') AND due_at_ms IS NULL AND in_flight_attempt_id IS NULL)
  OR (status IN ('pending', 'failed') AND (due_at_ms IS NULL) <> (in_flight_attempt_id IS NULL)))`;

/** Deliveries whose attempts are not numbered from 1 to their count. */
export const misnumberedSql = `SELECT count(*) FROM deliveries AS d
  LEFT JOIN (SELECT delivery_id, count(*) AS n, count(DISTINCT number) AS numbers, max(number) AS last FROM attempts GROUP BY delivery_id) AS a ON a.delivery_id = d.id
  WHERE coalesce(a.n, 0) <> d.attempt_count OR coalesce(a.numbers, 0) <> d.attempt_count OR coalesce(a.last, 0) <> d.attempt_count`;
