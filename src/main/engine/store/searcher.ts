import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AskedTask, Background, Lane } from '../background/background.ts';
import { createSearchMemory, type SearchMemory } from '../bodies/body-looks.ts';
import type { Reader } from './database.ts';
import { sqliteCode } from './group-commit.ts';
import type { SeqRange } from './in-steps.ts';
import type { FoundRow, Look, LookLimits } from './look-back.ts';
import type { ClosableDatabase } from './sqlite.ts';

/**
 * A look that may go into every body of a range of rows, or into a body that is packed. It is made in a thread with a
 * connection of its own, so its input and its result are plain data.
 */
export interface Search<I, O> {
  /** Identifies the search in the thread, since a function cannot cross over. */
  readonly name: string;
  readonly look: (reader: Reader, input: I, memory: SearchMemory) => O;
  /** The thread that it runs in; searches that take seconds have one of their own. */
  readonly lane: Lane;
  /** Of a search that is short for some inputs and takes seconds for others: those run in a lane of their own. */
  readonly long?: LongLooks<I> | undefined;
}

/** Which looks of a search are long, and where they run, so that short ones do not wait behind them. */
export interface LongLooks<I> {
  readonly lane: Lane;
  /** Asked in the thread of the short ones, so it has to be quick itself. */
  readonly isLong: (reader: Reader, input: I) => boolean | Promise<boolean>;
  /** Whether the input alone tells that it is long, so that it is handed over once. Asked where other calls wait. */
  readonly isLongAtSight: (input: I) => boolean;
}

/** Defines a search for the thread that runs it; that thread's list has to contain it too. */
export function search<I, O>(name: string, look: Search<I, O>['look'], lane: Lane = 'searches', long?: LongLooks<I>): Search<I, O> {
  return { name, look, lane, long };
}

/** A search to run in a thread, by name. */
export interface SearchOrder {
  readonly file: string;
  readonly name: string;
  readonly input: unknown;
  /** It is made however long it takes. */
  readonly mayBeLong: boolean;
}

/** Runs any of the searches in a thread, which knows all of them. */
export const askedSearch: AskedTask<SearchOrder, Promise<Looked>> = { name: 'search' };

/** What came of a look; `long` where it was left for the lane of long ones. */
export type Looked = 'long' | { readonly found: unknown };

/** Makes a look in a thread, unless it is long and that is not the lane for it. */
export async function lookFor(
  { look, long }: Search<never, unknown>,
  { input, mayBeLong }: SearchOrder,
  reader: Reader,
  memory: SearchMemory,
): Promise<Looked> {
  if (!mayBeLong && (await long?.isLong(reader, input as never)) === true) return 'long';
  return { found: await look(reader, input as never, memory) };
}

/** Runs the looks of a search where they block nothing else. */
export interface Searcher {
  /** A look is given up, and rejects with the signal's reason, once that aborts. */
  readonly look: <I, O>(search: Search<I, O>, input: I, signal?: AbortSignal) => Promise<Awaited<O>>;
  /** How long one look may take. */
  readonly budgetMs: number;
}

export interface SearcherDeps {
  readonly database: Pick<ClosableDatabase, 'shared' | 'readRefusal'> & Reader;
  readonly background: Background;
}

/** In a thread, a look delays only its own cancelling and other searches. */
const threadBudgetMs = 60;
const ownBudgetMs = 8;

/** Runs looks in a thread, or here when the data file is open only in this thread. */
export function createSearcher({ database, background }: SearcherDeps): Searcher {
  const { shared } = database;
  const memory = createSearchMemory();
  return {
    budgetMs: shared === null ? ownBudgetMs : threadBudgetMs,
    look: async <I, O>({ name, look, lane, long }: Search<I, O>, input: I, signal?: AbortSignal): Promise<Awaited<O>> => {
      if (shared === null) return await look(database, input, memory);
      const { file } = shared;
      const lookIn = (where: Lane, mayBeLong: boolean) =>
        background.run(where, askedSearch, { file, name, input, mayBeLong }, [], { signal });
      try {
        const looked = long?.isLongAtSight(input) === true ? 'long' : await lookIn(lane, long === undefined);
        const made = looked === 'long' && long !== undefined ? await lookIn(long.lane, true) : looked;
        if (made === 'long') throw new Error(`The search ${name} was left for another lane twice.`);
        return made.found as Awaited<O>;
      } catch (error) {
        throw database.readRefusal(sqliteCode(error)) ?? error;
      }
    },
  };
}

/** What a search found on its way. */
export interface Searched<Row> {
  readonly found: readonly Row[];
  /** How many bodies could be searched only in part. */
  readonly searchedInPart: number;
}

/**
 * Goes through a range from its newest row on, look by look, and passes on what each of them found until `take` returns
 * false or the signal aborts. Returns how many bodies could be searched only in part.
 */
export async function eachLook<I extends SeqRange, Place>(
  searcher: Searcher,
  textSearch: Search<I & LookLimits, Promise<Look<FoundRow<Place>>>>,
  input: I,
  signal: AbortSignal | undefined,
  { limit, take }: { readonly limit: () => number; readonly take: (found: readonly FoundRow<Place>[]) => boolean },
): Promise<number> {
  const inPart = new Set<string>();
  let before = input.beforeSeq;
  while (before > input.fromSeq && signal?.aborted !== true) {
    const asked = { ...input, beforeSeq: before, limit: limit(), budgetMs: searcher.budgetMs };
    const look = await searcher.look(textSearch, asked);
    for (const hash of look.inPart) inPart.add(hash);
    if (look.found.length > 0 && !take(look.found)) break;
    before = look.fromSeq;
    // Looks that run here let other work in between.
    await nextTurn();
  }
  return inPart.size;
}
