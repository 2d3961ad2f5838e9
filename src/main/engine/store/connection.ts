import type BetterSqlite3 from 'better-sqlite3';
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, type Compilable } from 'kysely';
import { createBodyKeys } from './body-keys.ts';
import type { Reader, Writer } from './database.ts';
import type { StoreProblem } from './store-problem.ts';
import type { Tables } from './schema.ts';

/** A statement for this SQL, made once. */
export type Prepare = (text: string) => BetterSqlite3.Statement<unknown[]>;

/** One connection to the data file: statements kept prepared, and how to read and write over them. */
export interface Connection extends Reader {
  readonly sqlite: BetterSqlite3.Database;
  readonly prepare: Prepare;
  readonly writer: Writer;
  /** Why nothing may be written, as the files are no longer in their place; null while they are. */
  readonly lost: () => StoreProblem | null;
}

/** The most prepared statements; generated SQL has few shapes, so exceeding this means that someone built SQL from data. */
const statementLimit = 500;

/** Settings that every connection to the data file has. */
export function setUpConnection(sqlite: BetterSqlite3.Database): void {
  // FULL: a commit is on disk, not only in the operating system's cache, before anything is reported as accepted.
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('temp_store = MEMORY');
  sqlite.pragma('cache_size = -32000');
  // Pages that are written repeatedly, such as those of an index, are copied back less often.
  sqlite.pragma('wal_autocheckpoint = 2000');
}

/**
 * Copies what is only in the journal into the data file, waiting for nobody; returns whether all of it is there now. With the
 * files out of their place it does nothing, unless `mayBeLost`.
 */
export function copyJournal({ sqlite, lost }: Pick<Connection, 'sqlite' | 'lost'>, { mayBeLost = false } = {}): boolean {
  if (!mayBeLost && lost() !== null) return false;
  try {
    const [done] = sqlite.pragma('wal_checkpoint(PASSIVE)') as readonly { busy: number; log: number; checkpointed: number }[];
    return done?.busy === 0 && done.log === done.checkpointed;
  } catch {
    // A full disk has no room for it yet; the journal still has everything.
    return false;
  }
}

/** Wraps an open connection. Kysely only builds the SQL here, since better-sqlite3 answers at once. */
export function createConnection(sqlite: BetterSqlite3.Database, lost: Connection['lost'] = () => null): Connection {
  const sql = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
  const prepare = createStatementCache(sqlite, (statement) => statement);
  // Apart from the others: to change a statement to lists and back costs as much as a short read.
  const prepareForValues = createStatementCache(sqlite, (statement) => statement.raw(true));
  const raw = <T>(text: string, parameters: readonly unknown[]) => prepare(text).all(...parameters) as T[];
  const all = <T>(query: Compilable<T>) => {
    const compiled = query.compile();
    return raw<T>(compiled.sql, compiled.parameters);
  };
  const first = <T>(query: Compilable<T>) => {
    const compiled = query.compile();
    return prepare(compiled.sql).get(...compiled.parameters) as T | undefined;
  };
  const values = <T extends readonly unknown[]>(text: string, parameters: readonly unknown[]) =>
    prepareForValues(text).all(...parameters) as T[];
  const runRaw = (text: string, parameters: readonly unknown[]) => prepare(text).run(...parameters).changes;
  const keyOf = createBodyKeys(() => values<readonly [number]>('SELECT coalesce(max(rowid), 0) FROM bodies', [])[0]?.[0] ?? 0);
  const reader: Reader = { sql, all, first, raw, values };
  const writer: Writer = {
    ...reader,
    run: (query) => {
      const compiled = query.compile();
      return runRaw(compiled.sql, compiled.parameters);
    },
    runRaw,
    insertRaw: (text, parameters) => Number(prepare(text).run(...parameters).lastInsertRowid),
    putBody: (bytes) => {
      const hash = keyOf(bytes);
      runRaw('INSERT OR IGNORE INTO bodies (hash, size, bytes) VALUES (?, ?, ?)', [hash, bytes.byteLength, bytes]);
      return hash;
    },
  };
  return { sqlite, prepare, ...reader, writer, lost };
}

type Statement = BetterSqlite3.Statement<unknown[]>;

function createStatementCache(sqlite: BetterSqlite3.Database, setUp: (statement: Statement) => Statement): Prepare {
  const statements = new Map<string, Statement>();
  return (text) => {
    const known = statements.get(text);
    if (known !== undefined) return known;
    if (statements.size >= statementLimit) statements.clear();
    const statement = setUp(sqlite.prepare<unknown[]>(text));
    statements.set(text, statement);
    return statement;
  };
}
