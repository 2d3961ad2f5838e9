import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Background } from '../background/background.ts';
import { createSearchMemory } from '../bodies/body-looks.ts';
import { damageRefusal, isDamage, sqliteCode } from './group-commit.ts';
import type { FoundRow, Look, LookLimits } from './look-back.ts';
import type { SeqRange } from './in-steps.ts';
import { runSearch, type SearchInput, type SearchName, type SearchOutput } from './searches.ts';
import type { ClosableDatabase } from './sqlite.ts';

/** Makes the looks of a search where they hold nobody up. */
export interface Searcher {
  readonly look: <N extends SearchName>(name: N, input: SearchInput<N>) => Promise<SearchOutput<N>>;
  /** How long one look may take. */
  readonly budgetMs: number;
}

/** In a thread a look only makes those wait who cancel it, or search as well. */
const threadBudgetMs = 60;
const ownBudgetMs = 8;

/** Looks in a thread, or here where the data file is open in this one only. */
export function createSearcher(
  database: Pick<ClosableDatabase, 'shared'> & Parameters<typeof runSearch>[0],
  background: Background,
): Searcher {
  const { shared } = database;
  const memory = createSearchMemory();
  return {
    budgetMs: shared === null ? ownBudgetMs : threadBudgetMs,
    look: async <N extends SearchName>(name: N, input: SearchInput<N>) => {
      if (shared === null) return (await runSearch(database, name, input, memory)) as SearchOutput<N>;
      try {
        return (await background.run('searches', 'search', { file: shared.file, name, input })) as SearchOutput<N>;
      } catch (error) {
        const code = sqliteCode(error);
        throw isDamage(code) ? damageRefusal(code) : error;
      }
    },
  };
}

/** What a search found on its way. */
export interface Searched<Row> {
  readonly found: readonly Row[];
  /** How many bodies on the way could be looked at in part only. */
  readonly searchedInPart: number;
}

/** Searches that look for text in rows. */
type TextSearch = 'deliveries' | 'captures';

/**
 * Goes through a range from its newest row on, look by look, and hands over what each of them found until `take` answers
 * false or the signal aborts. Answers how many bodies could be looked at in part only.
 */
export async function eachLook<N extends TextSearch>(
  searcher: Searcher,
  name: N,
  { beforeSeq, ...input }: Omit<SearchInput<N>, keyof LookLimits | 'beforeSeq'> & SeqRange,
  signal: AbortSignal | undefined,
  { limit, take }: { readonly limit: () => number; readonly take: (found: readonly FoundRow[]) => boolean },
): Promise<number> {
  const inPart = new Set<string>();
  let before = beforeSeq;
  while (before > input.fromSeq && signal?.aborted !== true) {
    const asked = { ...input, beforeSeq: before, limit: limit(), budgetMs: searcher.budgetMs };
    const look: Look<FoundRow> = await searcher.look<TextSearch>(name, asked as unknown as SearchInput<TextSearch>);
    for (const hash of look.inPart) inPart.add(hash);
    if (look.found.length > 0 && !take(look.found)) break;
    before = look.fromSeq;
    // Looks that are made here let other work in between.
    await nextTurn();
  }
  return inPart.size;
}
