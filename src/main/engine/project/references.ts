import type { ProjectKind } from '#shared/contract/project-file.ts';
import type { ReadEntry } from './read-project.ts';
import { entryReferences } from './secrets.ts';

/** References as projects that were applied had them, by what they stand at. */
export type KeptReferences = Readonly<Record<string, string>>;

/** What a reference stands at: a secret of one thing. */
export function referenceKey(kind: ProjectKind, name: string, path: string): string {
  return [kind, name, path].join('\n');
}

/** The references of a project that is applied, over those that were there. */
export function keptReferences(before: KeptReferences, entries: readonly ReadEntry[]): KeptReferences {
  const given = entries.flatMap(({ kind, name, fields }) =>
    entryReferences({ kind, fields }).map(({ reference, path }) => [referenceKey(kind, name, path), reference]),
  );
  return { ...before, ...Object.fromEntries(given) };
}

/** Gives each secret a reference: the one it had in a project, else an environment variable that is called like it. */
export function createReferences(known: KeptReferences) {
  const used = new Set<string>();
  // One that a project gave to a secret is no name for another.
  const taken = new Set(Object.values(known));
  return {
    of: (key: string): string => {
      const found = known[key] ?? freshName(key, taken);
      taken.add(found);
      used.add(found);
      return found;
    },
    all: (): readonly string[] => [...used],
  };
}

function freshName(key: string, taken: ReadonlySet<string>): string {
  const [kind = '', name = '', path = ''] = key.split('\n');
  // Of a variable its name says enough, and so does the field of a part.
  const field =
    kind === 'environments'
      ? path.replace(/^variables\./, '').replace(/\.secret$/, '')
      : path.replace(/^parts\.\d+\./, '').replace(/^secrets\.0$/, 'secret');
  const word = `${name}_${field.replace(/^secretHeaders\.|^answers\./, '')}`
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .toUpperCase();
  const base = `env:${/^[0-9]/.test(word) || word === '' ? '_' : ''}${word}`;
  for (let count = 1; ; count += 1) {
    const candidate = count === 1 ? base : `${base}_${count}`;
    if (!taken.has(candidate)) return candidate;
  }
}
