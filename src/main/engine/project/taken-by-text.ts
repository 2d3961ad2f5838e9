import { variablesOfText } from '../templates/text-variables.ts';

/** Says whether a text may take a variable. */
export type Taking = (text: string, variable: string) => boolean;

/** Reads each text once. */
export function createTaking(): Taking {
  const names = createReader();
  return (text, variable) => names(text)?.has(variable) ?? true;
}

function createReader() {
  const read = new Map<string, ReadonlySet<string> | null>();
  return (text: string): ReadonlySet<string> | null => {
    const known = read.get(text);
    const names = known === undefined ? variablesOfText(text) : known;
    read.set(text, names);
    return names;
  };
}

/** What has texts, by the variables that these may take. */
export interface Takers<T> {
  readonly add: (texts: readonly string[], taker: T) => void;
  readonly of: (variable: string) => readonly T[];
}

/** Finds what may take a variable without going through all texts each time. */
export function createTakers<T>(): Takers<T> {
  const names = createReader();
  const byName = new Map<string, Set<T>>();
  const ofAny = new Set<T>();
  return {
    add: (texts, taker) => {
      for (const text of texts) {
        const found = names(text);
        if (found === null) ofAny.add(taker);
        for (const name of found ?? []) byName.set(name, (byName.get(name) ?? new Set()).add(taker));
      }
    },
    of: (variable) => [...(byName.get(variable) ?? []), ...ofAny],
  };
}

/** Texts with templates, however deep they are. */
export function templatesIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return /\{\{|\{%/.test(value) ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(templatesIn) : [];
}
