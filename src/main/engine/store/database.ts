import type { Compilable, Kysely } from 'kysely';
import type { Tables } from './schema.ts';

/** What runs queries, at once. */
export interface Reader {
  /** Builds typed queries; it runs none itself. */
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
   * Runs `work` inside the next group commit and answers once that is durable. Work that throws is rolled back alone
   * (its neighbours stay) and rejects. Work must be quick, synchronous and touch nothing but the writer.
   */
  readonly write: <T>(work: (writer: Writer) => T) => Promise<T>;
  /** Makes a write on the path of every message in a thread of its own, so that nothing waits for the disk here. */
  readonly hot: <I, O>(write: HotWrite<I, O>, input: I) => Promise<O>;
}

/**
 * A write on the path of every message, attempt or capture, or a step of one that grows with the log. It is made in the
 * thread that writes, so its input and its result cross over: plain data, and bytes in arrays of their own.
 */
export interface HotWrite<I, O> {
  /** Tells it apart in the thread, to which no function can cross. */
  readonly name: string;
  readonly make: (writer: Writer, input: I) => O;
  /** Nobody waits for its result, so that it may gather with others for the next group. */
  readonly canWait: boolean;
}

/** Inside a write: statements run in order within the transaction. */
export interface Writer extends Reader {
  /** Rows changed. */
  readonly run: (query: Compilable<unknown>) => number;
  /** Hand-written SQL for hot statements; rows changed. */
  readonly runRaw: (sql: string, parameters: readonly unknown[]) => number;
  /** Keeps bytes, once where they are many or came lately; answers the key that they are kept under. */
  readonly putBody: (bytes: Uint8Array) => Uint8Array;
}
