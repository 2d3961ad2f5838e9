import type BetterSqlite3 from 'better-sqlite3';
import { stopping, type Refusal } from '../base/refusal.ts';
import { copyJournal, createConnection, type Connection } from './connection.ts';
import type { Database, HotWrite, Writer } from './database.ts';
import { commitGroup, isDamage, readRefusal, sqliteCode, type QueuedWrite } from './group-commit.ts';
import { problemRefusal, takenAwayCode, writerLostCode, type StoreProblem } from './store-problem.ts';
import { emptyIfCut, lostProblem, type HeldFiles } from './held-files.ts';
import { createHotWriter, writerStartCode, type HotWriter } from './hot-writer.ts';
import { createTurnsMemory, createWriteTurns } from './write-turns.ts';

export interface ClosableDatabase extends Database {
  /** The data file and the turns for writing to it, for another writing thread; null when hot writes are made here. */
  readonly shared: { readonly file: string; readonly held: HeldFiles | null; readonly turns: SharedArrayBuffer } | null;
  /** Why the last writes were refused, as a sentence; null once writes succeed again. */
  readonly problem: () => string | null;
  /** Calls back whenever {@link ClosableDatabase.problem} has changed. */
  readonly followProblem: (listener: () => void) => void;
  /** Refuses all writes from now on, for this reason. */
  readonly giveUp: (problem: StoreProblem) => void;
  /** How many groups of writes are on the disk. */
  readonly commits: () => number;
  /** Copies the journal into the data file, where nothing waits for it; resolves with whether all of it is there now. */
  readonly copyJournal: () => Promise<boolean>;
  /** The same at once, from the journal that is open although its name is lost: it goes with this process otherwise. */
  readonly rescueJournal: () => boolean;
  /** The refusal of a read that failed with this code of SQLite; null when that says nothing about the file. */
  readonly readRefusal: (code: string) => Refusal<'STORE_UNAVAILABLE'> | null;
  /** Commits what is queued, then closes the file; later calls are refused. */
  readonly close: () => Promise<void>;
}

export interface DatabaseOptions {
  /** The data file and the code of the thread that makes hot writes; null makes them here, between the others. */
  readonly writerThread: { readonly file: string; readonly code: URL } | null;
  /** The files that are open; null where they are not watched. */
  readonly held?: HeldFiles | null;
  /** Called when the file is closed, to give it up to others. */
  readonly onClosed: () => void;
}

/** A database over an open connection. */
export function createDatabase(sqlite: BetterSqlite3.Database, { writerThread, held = null, onClosed }: DatabaseOptions): ClosableDatabase {
  const lost = () => (held === null ? null : lostProblem(held));
  const connection = createConnection(sqlite, lost);
  let commitCount = 0;
  let problem: StoreProblem | null = null;
  const listeners: (() => void)[] = [];
  const setProblem = (next: StoreProblem | null) => {
    problem = next;
    for (const tell of listeners) {
      // One of them may have found out more, which all were told then.
      if (problem !== next) return;
      tell();
    }
  };
  const onGroup = (refused: StoreProblem | null) => {
    if (refused === null) commitCount += 1;
    // Until the thread runs nothing can be accepted, even if other writes succeed.
    if (refused === null && problem?.code === writerStartCode) return;
    if (problem?.message === refused?.message || (problem !== null && isLasting(problem))) return;
    setProblem(refused);
  };
  const onWriterReady = () => {
    if (problem?.code !== writerStartCode) return;
    setProblem(null);
  };
  const refused = () => {
    if (problem === null || problem.code === writerLostCode || !isLasting(problem)) return null;
    return Promise.reject(problemRefusal(problem));
  };
  /** A read may be the first to find damage, or that a file is gone. */
  const refusalOfRead = (code: string) => {
    const refusal = readRefusal(code);
    const taken = refusal === null || isDamage(code) ? null : lost();
    if (refusal !== null && isDamage(code)) onGroup({ code, message: refusal.message });
    if (taken === null) return refusal;
    onGroup(taken);
    return problemRefusal(taken);
  };
  const watched =
    <A extends readonly unknown[], R>(read: (...given: A) => R) =>
    (...given: A): R => {
      try {
        return read(...given);
      } catch (error) {
        throw refusalOfRead(sqliteCode(error)) ?? error;
      }
    };
  const memory = createTurnsMemory();
  const hotWriter =
    writerThread === null
      ? null
      : createHotWriter({ file: writerThread.file, held, threadCode: writerThread.code, turns: memory, onGroup, onReady: onWriterReady });
  const commits = createGroupCommit(connection, createTurnTaker(memory, hotWriter), onGroup);
  const hot = <I, O>(write: HotWrite<I, O>, input: I) =>
    hotWriter === null ? commits.write((writer) => write.make(writer, input)) : hotWriter.write(write, input);
  let closing: Promise<void> | null = null;
  const close = async () => {
    commits.refuseMore();
    await hotWriter?.close();
    commits.flush();
    if (held !== null) emptyIfCut(held);
    sqlite.close();
    onClosed();
  };
  const { sql, all, first, raw, values } = connection;
  return {
    sql,
    all: watched(all) as Database['all'],
    first: watched(first) as Database['first'],
    raw: watched(raw) as Database['raw'],
    values: watched(values) as Database['values'],
    write: (work) => refused() ?? commits.write(work),
    hot: (write, input) => refused() ?? hot(write, input),
    shared: writerThread === null ? null : { file: writerThread.file, held, turns: memory },
    problem: () => problem?.message ?? null,
    followProblem: (listener) => void listeners.push(listener),
    giveUp: (next) => {
      if (problem?.message !== next.message) setProblem(next);
    },
    commits: () => commitCount,
    copyJournal: async () => (hotWriter === null ? copyJournal(connection) : await hotWriter.copy()),
    rescueJournal: () => copyJournal(connection, { mayBeLost: true }),
    readRefusal: refusalOfRead,
    close: () => (closing ??= close()),
  };
}

/** Problems that do not pass, such as damage or an ended thread, even if other writes to the file still succeed. */
function isLasting({ code }: StoreProblem): boolean {
  return code === writerLostCode || code === takenAwayCode || isDamage(code);
}

/** A turn to write, after all hot writes that were requested before; `tryBegin` returns whether it was free at once. */
interface TurnTaker {
  readonly tryBegin: () => boolean;
  readonly begin: () => Promise<void>;
  readonly end: () => void;
}

function createTurnTaker(memory: SharedArrayBuffer, hotWriter: HotWriter | null): TurnTaker {
  const turns = createWriteTurns(memory);
  // A failed thread may have had the turn; nothing else writes any more, so no turn is needed.
  let isAlone = hotWriter === null;
  const left = hotWriter?.lost.then(() => void (isAlone = true));
  return {
    tryBegin: () => isAlone || (hotWriter?.isSettled() === true && turns.tryBegin()),
    begin: async () => {
      await hotWriter?.settled();
      if (!isAlone) await Promise.race([turns.begin(), left]);
    },
    end: () => {
      if (!isAlone) turns.end();
    },
  };
}

interface GroupCommit extends Pick<ClosableDatabase, 'write'> {
  readonly refuseMore: () => void;
  /** Commits what is queued at once; only when nobody else can be writing. */
  readonly flush: () => void;
}

/** Collects the writes of one turn of the event loop into one transaction. */
function createGroupCommit(connection: Connection, turn: TurnTaker, onGroup: (problem: StoreProblem | null) => void): GroupCommit {
  let queue: QueuedWrite[] = [];
  let isClosed = false;

  const flush = () => {
    const writes = queue;
    queue = [];
    if (writes.length > 0) onGroup(commitGroup(connection, writes));
  };

  const flushInTurn = () => {
    if (turn.tryBegin()) flushAndEnd();
    // Writes that are requested until the turn comes join this transaction.
    else void turn.begin().then(flushAndEnd);
  };

  const flushAndEnd = () => {
    try {
      flush();
    } finally {
      turn.end();
    }
  };

  return {
    write: <T>(work: (writer: Writer) => T) =>
      new Promise<T>((resolve, reject) => {
        if (isClosed) {
          reject(stopping());
          return;
        }
        if (queue.length === 0) setImmediate(flushInTurn);
        queue.push({ work, resolve: (value) => resolve(value as T), reject });
      }),
    refuseMore: () => {
      isClosed = true;
    },
    flush,
  };
}
