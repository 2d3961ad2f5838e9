import { mostKnownReads } from '#shared/contract/project.ts';
import type { SettingsBook } from '../settings/settings.ts';
import type { Database } from '../store/database.ts';

interface KnownReadsDeps {
  readonly database: Pick<Database, 'write'>;
  readonly settings: Pick<SettingsBook, 'recall' | 'remember'>;
}

/** Keys of what was read, by the place of the project; the project of which something was added last is the last. */
type Kept = Readonly<Record<string, readonly string[]>>;

const setting = 'internal.projectReads';

/** Projects whose reads are known at most: the one that was longest without a new one goes first. */
const mostProjects = 100;

/** What was read before for the projects that were applied or run on this workspace: no values, and no names. */
export function createKnownReads({ database, settings }: KnownReadsDeps) {
  const kept = () => new Map(Object.entries(settings.recall<Kept>(setting) ?? {}));
  return {
    of: (at: string | undefined): ReadonlySet<string> => new Set(at === undefined ? [] : kept().get(at)),
    /** Returns how many are known of this project then. */
    add: async (at: string, keys: readonly string[]): Promise<number> =>
      await database.write((writer) => {
        const all = kept();
        const known = [...new Set([...(all.get(at) ?? []), ...keys])].slice(-mostKnownReads);
        all.delete(at);
        settings.remember(writer, setting, Object.fromEntries([...all.set(at, known)].slice(-mostProjects)));
        return known.length;
      }),
  };
}
