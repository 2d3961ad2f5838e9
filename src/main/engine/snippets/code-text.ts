import type { SnippetPiece, SnippetRecipe } from './recipe.ts';

/** Lines of code; null leaves a line out, a nested list is more lines of the same block. */
export type Lines = readonly (string | null | Lines)[];

/** Lines as text. Nested lists are flattened, so that a template can join parts. */
export function code(lines: Lines): string {
  return `${flat(lines).join('\n')}\n`;
}

function flat(lines: Lines): readonly string[] {
  return lines.flatMap((line) => (line === null ? [] : typeof line === 'string' ? [line] : flat(line)));
}

/** Indents lines by one or more steps. */
export function indent(step: string, lines: Lines): readonly string[] {
  return flat(lines).map((line) => (line === '' ? '' : `${step}${line}`));
}

/** The lines, or none of them. */
export function when(condition: boolean, ...lines: Lines): Lines {
  return condition ? lines : [];
}

/** Words as people list them: `a`, `a and b`, `a, b and c`. */
export function inWords(words: readonly string[], joint: 'and' | 'or'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${joint} ${words.at(-1) ?? ''}`;
}

/** Text of one comment, in lines of at most 110 characters behind a mark such as `//`. */
export function comment(mark: string, text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 1 <= 110) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => `${mark} ${line}`);
}

/** The comment at the top of a program: what it verifies, and what to look out for. */
export function heading(mark: string, { title, scheme, description, notes }: SnippetRecipe, more: readonly string[]): readonly string[] {
  return [`Verifies webhooks of ${title} (${scheme}). ${description}`, ...notes, ...more].flatMap((sentence) => comment(mark, sentence));
}

/** Text in double quotes with the escapes that Go, Java, C# and Python share with JSON. */
export function doubleQuoted(text: string): string {
  return JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/** A run of signed pieces: text that is joined with its neighbours, or bytes. */
export type SignedRun = { readonly kind: 'text'; readonly expressions: readonly string[] } | { readonly kind: 'body' };

/** The pieces as runs, so that a language joins neighbouring texts before it turns them into bytes. */
export function runsOf(signed: readonly SnippetPiece[], expressionOf: (piece: SnippetPiece) => string): readonly SignedRun[] {
  const runs: SignedRun[] = [];
  for (const piece of signed) {
    const last = runs.at(-1);
    if (piece.kind === 'body') runs.push({ kind: 'body' });
    else if (last?.kind === 'text') runs[runs.length - 1] = { kind: 'text', expressions: [...last.expressions, expressionOf(piece)] };
    else runs.push({ kind: 'text', expressions: [expressionOf(piece)] });
  }
  return runs;
}
