import type BetterSqlite3 from 'better-sqlite3';
import { Refusal } from '../base/refusal.ts';
import type { Connection } from './connection.ts';
import type { Writer } from './database.ts';
import { problemRefusal, type StoreProblem } from './store-problem.ts';

/** Whether the file itself is damaged, so that no write into it can be trusted. */
export function isDamage(code: string): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(code);
}

/** A write waiting for its group. */
export interface QueuedWrite {
  readonly work: (writer: Writer) => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Runs writes in one transaction, so that many share one wait for the disk, and settles each once it is durable. A write
 * that throws is undone alone. When the store itself fails (disk full, I/O) all are rejected with a Refusal, whose
 * problem is the answer; null when the group is on the disk.
 */
export function commitGroup(connection: Connection, writes: readonly QueuedWrite[]): StoreProblem | null {
  return commit(connection, writes, runAlone);
}

/**
 * {@link commitGroup} for writes that may be run twice, having no effect but on the store: since hardly ever one throws,
 * they share the transaction without a savepoint each, which would cost about as much as the statements between. If one
 * throws, the group is undone and run again with them.
 */
export function commitRepeatable(connection: Connection, writes: readonly QueuedWrite[]): StoreProblem | null {
  try {
    return commit(connection, writes, runAmong);
  } catch (error) {
    if (error !== anyThrew) throw error;
    return commit(connection, writes, runAlone);
  }
}

/** One write of a group threw, and the whole group was rolled back. */
const anyThrew = Symbol('a write threw');

type RunOne = (connection: Connection, write: QueuedWrite) => () => void;

function commit(connection: Connection, writes: readonly QueuedWrite[], runOne: RunOne): StoreProblem | null {
  const { prepare } = connection;
  const settled: (() => void)[] = [];
  try {
    prepare('BEGIN IMMEDIATE').run();
    const lost = connection.lost();
    if (lost !== null) {
      rollBack(connection.sqlite);
      return rejectAll(writes, lost);
    }
    for (const write of writes) settled.push(runOne(connection, write));
    prepare('COMMIT').run();
  } catch (error) {
    rollBack(connection.sqlite);
    if (error === anyThrew) throw error;
    const refusal = storeRefusal(error);
    for (const write of writes) write.reject(refusal);
    return { code: sqliteCode(error), message: refusal instanceof Error ? refusal.message : String(refusal) };
  }
  // That a journal was emptied shows only in what was written into it.
  const lost = connection.lost();
  if (lost !== null) return rejectAll(writes, lost);
  for (const settle of settled) settle();
  return null;
}

function rejectAll(writes: readonly QueuedWrite[], problem: StoreProblem): StoreProblem {
  for (const write of writes) write.reject(problemRefusal(problem));
  return problem;
}

/** Ends a transaction that failed. A disk that cannot be written may refuse this too; the next BEGIN then fails and says so. */
function rollBack(sqlite: BetterSqlite3.Database): void {
  try {
    if (sqlite.inTransaction) sqlite.exec('ROLLBACK');
  } catch {
    // The original failure is the one to report.
  }
}

/**
 * Runs one write inside a savepoint, so that one that throws leaves its neighbours in the transaction. An error of the
 * store itself (disk full, I/O) ends the whole group and is thrown.
 */
function runAlone({ sqlite, writer, prepare }: Connection, write: QueuedWrite): () => void {
  prepare('SAVEPOINT one').run();
  try {
    const value = write.work(writer);
    prepare('RELEASE one').run();
    return () => write.resolve(value);
  } catch (error) {
    if (!sqlite.inTransaction || isStoreFailure(error)) throw error;
    sqlite.exec('ROLLBACK TO one; RELEASE one');
    return () => write.reject(error);
  }
}

function runAmong({ sqlite, writer }: Connection, write: QueuedWrite): () => void {
  try {
    const value = write.work(writer);
    return () => write.resolve(value);
  } catch (error) {
    throw !sqlite.inTransaction || isStoreFailure(error) ? error : anyThrew;
  }
}

/** SQLite's code of an error; empty for others. */
export function sqliteCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function isStoreFailure(error: unknown): boolean {
  return /^SQLITE_(FULL|IOERR|CORRUPT|NOTADB|READONLY|CANTOPEN|NOMEM)/.test(sqliteCode(error));
}

function storeRefusal(error: unknown): unknown {
  const code = sqliteCode(error);
  if (!code.startsWith('SQLITE_')) return error;
  if (isDamage(code)) return damageRefusal(code);
  return new Refusal('STORE_UNAVAILABLE', `${reasonOf(code)}, then try again. Nothing was accepted.`, { reason: code });
}

function reasonOf(code: string): string {
  if (code.startsWith('SQLITE_FULL')) return 'The disk is full: free some space';
  if (code.startsWith('SQLITE_READONLY')) return 'The data file has become read-only: give yourself write access to it';
  if (code.startsWith('SQLITE_BUSY')) return `Another program has locked the data file (${code}): close it there`;
  if (code.startsWith('SQLITE_IOERR')) return `The disk failed to read or write the data file (${code}): check the disk`;
  return `The data file cannot be written (${code})`;
}

/** The refusal of a read that the disk failed; null for other errors. */
export function readRefusal(code: string): Refusal<'STORE_UNAVAILABLE'> | null {
  if (isDamage(code)) return damageRefusal(code);
  if (!/^SQLITE_(IOERR|CANTOPEN)/.test(code)) return null;
  return new Refusal('STORE_UNAVAILABLE', `The data file could not be read (${code}): check the disk and the files of the data folder.`, {
    reason: code,
  });
}

/** The refusal of everything once the file is found to be damaged. */
function damageRefusal(code: string): Refusal<'STORE_UNAVAILABLE'> {
  return new Refusal(
    'STORE_UNAVAILABLE',
    `The data file is damaged (${code}), so nothing more is accepted. Stop Hookyard, keep the file for a look, and put back a copy.`,
    { reason: code },
  );
}
