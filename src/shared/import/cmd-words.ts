import { wordLimit } from './limits.ts';
import type { ShellReading, ShellToken } from './shell-words.ts';

/**
 * Cuts a command line of the Windows command prompt into words, in its two steps: the prompt takes carets out, then the
 * program's start-up code reads quotes and backslashes.
 */
export function readCmdWords(binary: string): ShellReading {
  const { lines, notes } = takeCaretsOut(binary);
  const tokens = lines.flatMap((line, index): readonly ShellToken[] => [
    ...(index === 0 ? [] : [{ kind: 'operator', text: '&' } as const]),
    ...splitArguments(line).map((text) => ({ kind: 'word', text }) as const),
  ]);
  const problem = tokens.length > wordLimit ? `The command has more than ${wordLimit} words, which is too many to read.` : null;
  return { tokens: tokens.slice(0, wordLimit), notes, unfilled: [], problem };
}

/** The commands, one a line, as the programs get them. */
function takeCaretsOut(binary: string): { readonly lines: readonly string[]; readonly notes: readonly string[] } {
  const lines: string[] = [];
  let pieces: string[] = [];
  const notes: string[] = [];
  const token = /[^"^\r\n&|<>]+|\^(?:\r?\n(?:\r?\n|[\s\S]|$)|[\s\S]|$)|[\s\S]/y;
  let isQuoted = false;
  let isLeftOut = false;
  const endLine = (): void => {
    if (pieces.some((piece) => piece.trim() !== '')) lines.push(pieces.join(''));
    pieces = [];
    isLeftOut = false;
  };
  for (let found = token.exec(binary); found !== null; found = token.exec(binary)) {
    const text = found[0];
    if (isQuoted && text.startsWith('^')) {
      // Inside quotes a caret is itself, and so is what follows it.
      pieces.push('^');
      token.lastIndex = found.index + 1;
    } else if (!isQuoted && /^[\r\n&]$/.test(text)) endLine();
    else if (!isQuoted && /^[|<>]$/.test(text)) {
      if (!isLeftOut) notes.push(`What follows the command was left out: ${binary.slice(found.index, found.index + 40).trim()}`);
      isLeftOut = true;
    } else if (isLeftOut) continue;
    else if (text.startsWith('^')) pieces.push(escapedBy(text));
    else {
      if (text === '"') isQuoted = !isQuoted;
      pieces.push(text);
    }
  }
  endLine();
  const variable = /%[A-Za-z_]\w{0,60}%/.exec(binary)?.[0];
  if (variable !== undefined) notes.push(`${variable} is filled in by the command prompt; the paste does not contain its value.`);
  return { lines, notes };
}

/** What a caret with what follows it stands for: a line break is passed over, and what comes after it is taken as it is. */
function escapedBy(text: string): string {
  const escaped = text.slice(1);
  const behindBreak = /^\r?\n([\s\S]*)$/.exec(escaped);
  if (behindBreak === null) return escaped;
  return behindBreak[1] === '\r\n' ? '\n' : (behindBreak[1] ?? '');
}

/** The rules of the C runtime of Windows: backslashes count only before a quote, and `""` inside quotes is a quote. */
function splitArguments(line: string): readonly string[] {
  const words: string[] = [];
  const token = /[^\\" \t\n]+|\\+"?|"|[ \t\n]+/y;
  let pieces: string[] | null = null;
  let isQuoted = false;
  for (let found = token.exec(line); found !== null; found = token.exec(line)) {
    const text = found[0];
    if (!isQuoted && /^\s/.test(text)) {
      if (pieces !== null) words.push(pieces.join(''));
      pieces = null;
      continue;
    }
    pieces ??= [];
    if (text === '"') {
      if (isQuoted && line[token.lastIndex] === '"') {
        pieces.push('"');
        token.lastIndex += 1;
      } else isQuoted = !isQuoted;
    } else if (text.startsWith('\\') && text.endsWith('"')) {
      const count = text.length - 1;
      pieces.push('\\'.repeat(Math.floor(count / 2)));
      if (count % 2 === 1) pieces.push('"');
      else token.lastIndex -= 1;
    } else pieces.push(text);
  }
  if (pieces !== null) words.push(pieces.join(''));
  return words;
}
