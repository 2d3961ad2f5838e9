import { dirname } from 'node:path';
import { workerData } from 'node:worker_threads';
import BetterSqlite3 from 'better-sqlite3';
import { copyJournal, createConnection, setUpConnection } from '../store/connection.ts';
import { lostProblem } from '../store/held-files.ts';
import { createWriteTurns } from '../store/write-turns.ts';
import { sqliteCode } from '../store/group-commit.ts';
import { releaseReserve } from '../store/reserve.ts';
import { cleanUp, type CleanUpOrder } from './clean-up.ts';
import type { Progress } from './clean-up-deps.ts';
import { measure } from './measure.ts';
import { flags, type RetentionAnswer, type RetentionRequest, type RetentionThreadOrder } from './thread-messages.ts';

// The retention thread: it goes over whole tables, for which neither the main thread nor the writer thread has time.
const { file, held, turns: memory, flags: flagMemory, port } = workerData as RetentionThreadOrder;
const flag = new Int32Array(flagMemory);
const turns = createWriteTurns(memory);
const sqlite = new BetterSqlite3(file);
setUpConnection(sqlite);
sqlite.pragma('foreign_keys = OFF');
// The other writers checkpoint this thread's commits as well; here a checkpoint would lengthen a step.
sqlite.pragma('wal_autocheckpoint = 0');
// The log is read once, so it need not stay in memory.
sqlite.pragma('cache_size = -4000');
const connection = createConnection(sqlite, () => (held === null ? null : lostProblem(held)));
const answer = (message: RetentionAnswer) => port.postMessage(message);
const stopped = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

const stepsBetweenCopies = 50;
let stepsSinceCopy = 0;

class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

port.on('message', (request: RetentionRequest) => {
  try {
    run(request);
  } catch (error) {
    if (error instanceof Cancelled) return answer({ kind: 'cleanedUp', isCancelled: true });
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    answer({ kind: 'failed', code, message: error instanceof Error ? error.message : String(error) });
  }
});

function run(request: RetentionRequest): void {
  switch (request.kind) {
    case 'measure':
      return answer({ kind: 'measured', stored: measure(connection, request, checkpoint) });
    case 'cleanUp':
      cleanUpInRoom(request);
      return answer({ kind: 'cleanedUp', isCancelled: false });
    case 'close':
      sqlite.close();
      port.close();
  }
}

/** What a transaction removed is reported once it is committed. */
let untold: Progress[] | null = null;

function tell(step: Progress): void {
  if (untold !== null) untold.push(step);
  else answer({ kind: 'progress', step });
}

/** How many rows a step has on a full disk; its room in the journal is freed after each step. */
const rowsWhenFull = 4;
let isDiskFull = false;

/**
 * On a disk that is full, the room that was reserved is given up, commits are copied back so that the journal takes none, and
 * the clean-up begins again in small steps: it goes by what is in the file, so nothing is done twice.
 */
function cleanUpInRoom(order: CleanUpOrder): void {
  const deps = { connection, inTransaction, pause, checkpoint, progress: tell, shift: Math.floor(Math.random() * 9) };
  try {
    cleanUp(deps, order);
    copyJournal(connection);
    return;
  } catch (error) {
    if (!isFull(error)) throw error;
  }
  releaseReserve(dirname(file));
  isDiskFull = true;
  shortenJournal();
  cleanUp({ ...deps, firstRows: rowsWhenFull }, order);
}

function isFull(error: unknown): boolean {
  return sqliteCode(error).startsWith('SQLITE_FULL');
}

function shortenJournal(): void {
  turns.beginBlocking();
  Atomics.store(flag, flags.hasTurn, 1);
  try {
    assertInPlace();
    sqlite.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    if (!isFull(error)) throw error;
  } finally {
    Atomics.store(flag, flags.hasTurn, 0);
    turns.end();
  }
}

function inTransaction(work: () => void): number {
  turns.beginBlocking();
  Atomics.store(flag, flags.hasTurn, 1);
  const startedMs = performance.now();
  const told: Progress[] = [];
  untold = told;
  try {
    sqlite.exec('BEGIN IMMEDIATE');
    assertInPlace();
    work();
    sqlite.exec('COMMIT');
  } catch (error) {
    told.length = 0;
    if (sqlite.inTransaction) sqlite.exec('ROLLBACK');
    throw error;
  } finally {
    untold = null;
    Atomics.store(flag, flags.hasTurn, 0);
    turns.end();
  }
  const tookMs = performance.now() - startedMs;
  for (const step of told) tell(step);
  if (isDiskFull) shortenJournal();
  stepsSinceCopy += 1;
  if (stepsSinceCopy >= stepsBetweenCopies) {
    stepsSinceCopy = 0;
    // Nobody waits for it: it takes no lock that a writer needs.
    copyJournal(connection);
  }
  return tookMs;
}

/** This connection may be younger than the journal that has its name, of which a copy would spoil the data file. */
function assertInPlace(): void {
  const lost = connection.lost();
  if (lost !== null) throw Object.assign(new Error(lost.message), { code: lost.code });
}

function pause(ms: number): void {
  Atomics.wait(stopped, 0, 0, ms);
}

function checkpoint(): void {
  if (Atomics.load(flag, flags.isEnding) === 1) throw new Cancelled('The clean-up was cancelled.');
}
