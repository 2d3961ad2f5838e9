import type { Background } from '../background/background.ts';
import { damageRefusal, isDamage, sqliteCode } from './group-commit.ts';
import { runSearch, type SearchInput, type SearchName, type SearchOutput } from './searches.ts';
import type { ClosableDatabase } from './sqlite.ts';

/** Makes the looks of a search where they hold nobody up. */
export interface Searcher {
  readonly look: <N extends SearchName>(name: N, input: SearchInput<N>) => Promise<SearchOutput<N>>;
}

/** Looks in a thread, or here where the data file is open in this one only. */
export function createSearcher(
  database: Pick<ClosableDatabase, 'shared'> & Parameters<typeof runSearch>[0],
  background: Background,
): Searcher {
  const { shared } = database;
  return {
    look: async <N extends SearchName>(name: N, input: SearchInput<N>) => {
      if (shared === null) return runSearch(database, name, input) as SearchOutput<N>;
      try {
        return (await background.run('searches', 'search', { file: shared.file, name, input })) as SearchOutput<N>;
      } catch (error) {
        const code = sqliteCode(error);
        throw isDamage(code) ? damageRefusal(code) : error;
      }
    },
  };
}
