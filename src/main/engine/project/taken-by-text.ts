import { variablesOfText } from '../templates/text-variables.ts';

/** Says whether a text may take a variable. */
export type Taking = (text: string, variable: string) => boolean;

/** Reads each text once. */
export function createTaking(): Taking {
  const read = new Map<string, ReadonlySet<string> | null>();
  return (text, variable) => {
    const known = read.get(text);
    const names = known === undefined ? variablesOfText(text) : known;
    read.set(text, names);
    return names === null || names.has(variable);
  };
}

/** Texts with templates, however deep they are. */
export function templatesIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return /\{\{|\{%/.test(value) ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(templatesIn) : [];
}
