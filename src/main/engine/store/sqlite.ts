import { createHash } from 'node:crypto';
import type BetterSqlite3 from 'better-sqlite3';
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, type Compilable } from 'kysely';
import { Refusal } from '../refusal.ts';
import type { Database, Writer } from './database.ts';
import type { Tables } from './schema.ts';

export interface ClosableDatabase extends Database {
  /** Why the last writes were refused, as a sentence; null once writes succeed again. */
  readonly problem: () => string | null;
  /** Commits what is queued, then closes the file; later calls are refused. */
  readonly close: () => void;
}

interface QueuedWrite {
  readonly work: (writer: Writer) => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Statements kept prepared; generated SQL has few shapes, so running over means someone built SQL from data. */
const statementLimit = 500;

/** A database over an open connection. Kysely only builds the SQL here, since better-sqlite3 answers at once. */
export function createDatabase(sqlite: BetterSqlite3.Database): ClosableDatabase {
  const sql = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
  const prepare = createStatementCache(sqlite);
  const raw = <T>(text: string, parameters: readonly unknown[]) => prepare(text).all(...parameters) as T[];
  const all = <T>(query: Compilable<T>) => {
    const compiled = query.compile();
    return raw<T>(compiled.sql, compiled.parameters);
  };
  const first = <T>(query: Compilable<T>) => {
    const compiled = query.compile();
    return prepare(compiled.sql).get(...compiled.parameters) as T | undefined;
  };
  const runRaw = (text: string, parameters: readonly unknown[]) => prepare(text).run(...parameters).changes;
  const writer: Writer = {
    all,
    first,
    run: (query) => {
      const compiled = query.compile();
      return runRaw(compiled.sql, compiled.parameters);
    },
    runRaw,
    putBody: (bytes) => {
      const hash = createHash('sha256').update(bytes).digest();
      runRaw('INSERT OR IGNORE INTO bodies (hash, size, bytes) VALUES (?, ?, ?)', [hash, bytes.byteLength, bytes]);
      return hash;
    },
  };
  const commits = createGroupCommit(sqlite, writer, prepare);
  return { sql, all, first, raw, write: commits.write, problem: commits.problem, close: commits.close };
}

/** A statement for this SQL, made once. */
type Prepare = (text: string) => BetterSqlite3.Statement<unknown[]>;

function createStatementCache(sqlite: BetterSqlite3.Database): Prepare {
  const statements = new Map<string, BetterSqlite3.Statement<unknown[]>>();
  return (text) => {
    const known = statements.get(text);
    if (known !== undefined) return known;
    if (statements.size >= statementLimit) statements.clear();
    const statement = sqlite.prepare<unknown[]>(text);
    statements.set(text, statement);
    return statement;
  };
}

/** Collects the writes of one turn of the event loop into one transaction, so that many share one wait for the disk. */
function createGroupCommit(
  sqlite: BetterSqlite3.Database,
  writer: Writer,
  prepare: Prepare,
): Pick<ClosableDatabase, 'write' | 'problem' | 'close'> {
  let queue: QueuedWrite[] = [];
  let isClosed = false;
  let problem: string | null = null;

  const flush = () => {
    const writes = queue;
    queue = [];
    if (writes.length === 0) return;
    const settled: (() => void)[] = [];
    try {
      prepare('BEGIN IMMEDIATE').run();
      for (const write of writes) settled.push(runAlone(sqlite, writer, prepare, write));
      prepare('COMMIT').run();
    } catch (error) {
      rollBack(sqlite);
      const refusal = storeRefusal(error);
      problem = refusal instanceof Error ? refusal.message : String(refusal);
      for (const write of writes) write.reject(refusal);
      return;
    }
    problem = null;
    for (const settle of settled) settle();
  };

  return {
    write: <T>(work: (writer: Writer) => T) =>
      new Promise<T>((resolve, reject) => {
        if (isClosed) {
          reject(new Refusal('STORE_UNAVAILABLE', 'Hookyard is stopping; send this again when it runs.', { reason: 'closed' }));
          return;
        }
        if (queue.length === 0) setImmediate(flush);
        queue.push({ work, resolve: (value) => resolve(value as T), reject });
      }),
    problem: () => problem,
    close: () => {
      if (isClosed) return;
      flush();
      isClosed = true;
      sqlite.close();
    },
  };
}

/** Ends a transaction that failed. A disk that cannot be written may refuse this too; the next BEGIN then fails and says so. */
function rollBack(sqlite: BetterSqlite3.Database): void {
  try {
    if (sqlite.inTransaction) sqlite.exec('ROLLBACK');
  } catch {
    // The failure that led here is the one to tell.
  }
}

/**
 * Runs one write inside a savepoint, so that one that throws leaves its neighbours in the transaction. An error of the
 * store itself (disk full, I/O) ends the whole group and is thrown.
 */
function runAlone(sqlite: BetterSqlite3.Database, writer: Writer, prepare: Prepare, write: QueuedWrite): () => void {
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

function sqliteCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function isStoreFailure(error: unknown): boolean {
  return /^SQLITE_(FULL|IOERR|CORRUPT|NOTADB|READONLY|CANTOPEN|NOMEM)/.test(sqliteCode(error));
}

function storeRefusal(error: unknown): unknown {
  const code = sqliteCode(error);
  if (!code.startsWith('SQLITE_')) return error;
  const reason = code.startsWith('SQLITE_FULL')
    ? 'The disk is full: free some space'
    : code.startsWith('SQLITE_READONLY')
      ? 'The data file has become read-only: give yourself write access to it'
      : `The data file cannot be written (${code})`;
  return new Refusal('STORE_UNAVAILABLE', `${reason}, then try again. Nothing was accepted.`, { reason: code });
}
