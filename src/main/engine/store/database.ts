import type { Compilable, Kysely } from 'kysely';
import type { Tables } from './schema.ts';

/** Runs queries synchronously. */
export interface Reader {
  /** Builds typed queries; it does not run them. */
  readonly sql: Kysely<Tables>;
  readonly all: <T>(query: Compilable<T>) => readonly T[];
  readonly first: <T>(query: Compilable<T>) => T | undefined;
  /** Runs hand-written SQL that reads; rows come as given. */
  readonly raw: <T>(sql: string, parameters: readonly unknown[]) => readonly T[];
  /** The same with each row as the list of its values. */
  readonly values: <T extends readonly unknown[]>(sql: string, parameters: readonly unknown[]) => readonly T[];
}

/**
 * The door to the data file. Queries are built with Kysely and run at once on the connection; writes are queued and
 * committed together, so a write's promise settles only after its transaction is on disk.
 */
export interface Database extends Reader {
  /**
   * Runs `work` inside the next group commit and resolves once that is durable. Work that throws is rolled back alone
   * (its neighbours stay) and rejects. Work must be quick, synchronous and touch nothing but the writer.
   */
  readonly write: <T>(work: (writer: Writer) => T) => Promise<T>;
  /** Makes a hot write in the writer thread, so that nothing waits for the disk here. */
  readonly hot: <I, O>(write: HotWrite<I, O>, input: I) => Promise<O>;
}

/**
 * A write on the path of every message, attempt or capture, or a step of one that grows with the log. It is made in the
 * thread that writes, so its input and its result cross over: plain data, and bytes in arrays of their own.
 */
export interface HotWrite<I, O> {
  /** Identifies the write in the thread, since a function cannot cross over. */
  readonly name: string;
  readonly make: (writer: Writer, input: I) => O;
  /** Nobody waits for its result, so it may be delayed to join the next group. */
  readonly canWait: boolean;
}

/** Inside a write: statements run in order within the transaction. */
export interface Writer extends Reader {
  /** Rows changed. */
  readonly run: (query: Compilable<unknown>) => number;
  /** Hand-written SQL for hot statements; rows changed. */
  readonly runRaw: (sql: string, parameters: readonly unknown[]) => number;
  /** The same for one new row; its row number. */
  readonly insertRaw: (sql: string, parameters: readonly unknown[]) => number;
  /** Stores bytes, only once when they are many or were stored recently; returns their key. */
  readonly putBody: (bytes: Uint8Array) => Uint8Array;
}
