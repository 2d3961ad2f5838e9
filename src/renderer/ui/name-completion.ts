/** What can be completed at the caret of a field whose text may name values in braces. */
export interface NameCompletion {
  /** Names that fit what was typed of one, the first ones. */
  readonly options: readonly string[];
  /** The characters that a chosen name takes the place of, the braces included. */
  readonly from: number;
  readonly to: number;
}

/** More than anybody reads through. */
const shownOptions = 12;

/** The names that fit at the caret; null where it is not in an output that has begun, or where a name is complete. */
export function completionAt(text: string, caret: number, names: readonly string[]): NameCompletion | null {
  const from = text.lastIndexOf('{{', caret - 1);
  if (from === -1 || from + 2 > caret) return null;
  const typed = /^-?\s*([\w.-]*)$/.exec(text.slice(from + 2, caret));
  if (typed === null) return null;
  const wanted = (typed[1] ?? '').toLowerCase();
  const begins = names.filter((name) => name.toLowerCase().startsWith(wanted));
  const holds = names.filter((name) => !begins.includes(name) && name.toLowerCase().includes(wanted));
  const options = [...begins, ...holds].slice(0, shownOptions);
  if (options.length === 0) return null;
  const rest = /^[\w.-]*(?:\s*-?\}\})?/.exec(text.slice(caret))?.[0] ?? '';
  // A name that stands there whole is not offered again, so that Enter and Tab keep their meaning.
  if (options.length === 1 && options[0] === typed[1] && rest.endsWith('}}')) return null;
  return { options, from, to: caret + rest.length };
}

/** The text with a name in the place of what was typed of it, and where the caret then stands. */
export function withName(text: string, { from, to }: Pick<NameCompletion, 'from' | 'to'>, name: string): { text: string; caret: number } {
  const output = `{{ ${name} }}`;
  return { text: text.slice(0, from) + output + text.slice(to), caret: from + output.length };
}
